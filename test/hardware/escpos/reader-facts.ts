import { guessHidPosReport, createHidPosAssembler } from '#hardware/scanner/hid-report.ts';
import { readAimIdentifier, symbologyOfAim } from '#scan/aim.ts';
import type { Symbology } from '#scan/code.ts';
import { decodeCandidates, decodeScan } from '#scan/decode.ts';
import { parseElementString } from '#scan/gs1.ts';
import { cardNumberOf, readMagstripe, type Track } from '#scan/magstripe.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge } from '#scan/wedge.ts';
import { createFieldPage, namedKey, pressText } from '#test/scan/support/keyboard.ts';
import { scanKeys } from '#test/scan/support/typist.ts';
import { bytesOf, hex } from './captured.ts';
import type { Fact, FactCall } from './fact-calls.ts';

/** What a reader's fact expects, by the fact's `as`: the product's own word for the same thing. */
export const READER_DECODERS: Readonly<Record<string, FactCall>> = {
  hidpos: (fact) => hidScan([String(fact.bytes)]),
  'hidpos-sequence': (fact) => hidScan(fact.bytes as readonly string[]),
  aim: (fact) => symbologyOfAim(fact.input ?? ''),
  wedge: wedgeText,
  'wedge-text': wedgeText,
  msr: (fact) => swipe(fact.input ?? ''),
};

/** The symbologies as the facts call them, where the product has another word or does not tell apart. */
export const SYMBOLOGY_NAMES: Readonly<Record<string, Symbology>> = {
  'ean13/upc': 'ean',
  ean8: 'ean',
  'itf (check digit validated)': 'itf',
  'gs1-databar': 'databar',
  'qr model 1': 'qr',
  'datamatrix ecc200': 'datamatrix',
};

/** A reader's facts that are properties: true where they hold. */
export const READER_PROPERTIES: Readonly<Record<string, FactCall>> = {
  'wedge-slow': (fact) =>
    (fact.gaps_ms ?? []).every((gapMs) => {
      const page = createFieldPage(createWedge(), 'kept');
      const replies = [...CODE].map((digit, at) =>
        page.press({ ...namedKey(`Digit${digit}`, at * gapMs), key: digit }),
      );
      page.press(namedKey('Enter', CODE.length * gapMs));
      // A digit is no shortcut of the page; a space or slash among the first would be kept from it.
      const wasWatched = replies.every((reply) => reply.provisional || reply.prevent);
      return wasWatched && page.scans.join() === CODE && page.field === 'kept';
    }),
  'wedge-human': () =>
    [110, 150, 200, 250].every((tempoMs) => {
      const page = createFieldPage(createWedge());
      const gapsMs = [...CODE].map((_, at) => tempoMs * (1 + 0.3 * Math.sin(at * 7)));
      pressText(page, CODE, 0, gapsMs, tempoMs);
      return page.scans.length === 0 && page.field === CODE;
    }),
};

const CODE = '8690504000013';
/** The gift card of the facts is right by Luhn and of a bank's range, so its shop declared the range its own. */
const GIFT_CARD_SHOP = { ...defaultScanSettings, ownIssuerPrefixes: ['603571'] };

function hidScan(reports: readonly string[]): unknown {
  const assembler = createHidPosAssembler();
  let complete = false;
  let text = '';
  for (const report of reports) {
    const taken = guessHidPosReport(bytesOf(report));
    if (taken === null) return 'not a report';
    const whole = assembler.push(taken);
    complete = whole !== null;
    text = whole?.text ?? '';
  }
  const { identifier, payload } = readAimIdentifier(text);
  const elements = parseElementString(payload) ?? [];
  const ai = Object.fromEntries(elements.map((each) => [each.identifier, each.value]));
  return { aim: identifier, text: payload, complete, ai };
}

/** A scanner in US mode at a PC with the fact's layout: what the page gets, read by place. */
function wedgeText(fact: Fact): unknown {
  if (fact.id === 'wedge-ctrl') return controlKeys();
  const [layout, capsLock] = pcOf(fact);
  const wanted = String(fact.expect);
  const keys = scanKeys(
    { scanner: 'us', pc: layout, capsLock },
    wanted,
    0,
    [...wanted].map(() => 16),
  );
  const shown = keys.filter((key) => !key.code.startsWith('Shift')).map((key) => key.key);
  if (shown.join('') !== fact.event_key_text) return `this keyboard shows ${shown.join('')}`;
  const wedge = createWedge();
  for (const key of keys) wedge.key(key, true);
  const { outcome } = wedge.key(namedKey('Enter', 16 * wanted.length), true);
  return outcome?.kind === 'scan' ? outcome.text : outcome;
}

function pcOf(fact: Fact): readonly ['tr-q' | 'tr-f' | 'azerty', boolean] {
  const name = fact.layout ?? fact.id.replace('wedge-', '');
  const layout = ({ tr: 'tr-q', 'tr(f)': 'tr-f', fr: 'azerty' } as const)[name.split('+')[0] ?? ''];
  if (layout === undefined) throw new Error(`no layout for the fact ${fact.id}`);
  return [layout, name.endsWith('+CapsLock')];
}

/** Ctrl+] is GS inside the code; Ctrl+M and Ctrl+J end it and reach nothing on the page. */
function controlKeys(): string {
  const wedge = createWedge();
  const press = (code: string, key: string, timeMs: number, ctrl: boolean) =>
    wedge.key({ ...namedKey(code, timeMs), key, ctrl }, false);
  for (const [at, digit] of [...CODE].entries()) press(`Digit${digit}`, digit, at * 10, false);
  const separator = press('BracketRight', ']', 130, true);
  press('Digit7', '7', 140, false);
  const carriageReturn = press('KeyM', 'm', 150, true);
  const lineFeed = press('KeyJ', 'j', 160, true);
  const { outcome } = carriageReturn;
  const bytes = [
    separator.prevent && outcome?.kind === 'scan' && outcome.text === `${CODE}\u001d7` ? 0x1d : 0,
    carriageReturn.prevent ? 0x0d : 0,
    lineFeed.prevent ? 0x0a : 0,
  ];
  return hex(Uint8Array.from(bytes));
}

function swipe(input: string): unknown {
  const code = decodeScan(input, 'keyboard', GIFT_CARD_SHOP);
  if (code.kind === 'payment-card') {
    const spelt = decodeCandidates([input, 'x'], 'keyboard', GIFT_CARD_SHOP);
    return { refused: JSON.stringify(spelt).includes('4111') ? 'leaks' : code.kind };
  }
  const read = readMagstripe(input.trimEnd());
  if (read === null) return 'no swipe';
  return {
    track1: dataOf(read.track1),
    track1Error: read.track1.state === 'error',
    track2: dataOf(read.track2),
    track3: dataOf(read.track3),
    cardNumber: cardNumberOf(read),
  };
}

function dataOf(track: Track): string | null {
  return track.state === 'read' ? track.data : null;
}
