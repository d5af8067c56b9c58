import { poleCommands } from '#hardware/pole/pole-commands.ts';
import { encodeText } from '#hardware/escpos/code-page.ts';
import { bytesOf, hex } from './captured.ts';
import { classify, FACT_CALLS, FACT_DECODERS, type Fact, type FactCall } from './fact-calls.ts';
import { READER_DECODERS, READER_PROPERTIES, SYMBOLOGY_NAMES } from './reader-facts.ts';

/** One fact with what went wrong; empty when it holds. */
export interface PlayedFact {
  readonly id: string;
  readonly problems: readonly string[];
}

/** What each property comes to: bytes, or that it was checked and holds. */
const PROPERTIES: Readonly<Record<string, string | boolean>> = {
  'lira-unencodable': '34 30 2C 30 30 20 54 4C',
  'd5-ambiguity': '1B 40 1B 74 0D 8D 0A',
  'reemit-after-init': true,
  'raster-no-realtime': true,
  'qr-empty': '',
  cols: true,
  'wedge-slow': true,
  'wedge-human': true,
};

const POLE_CALLS: Readonly<Record<string, FactCall>> = {
  'pole-clear': () => hex(poleCommands.clear()),
  'pole-init': () => hex(poleCommands.initialize()),
  'pole-pos': () => hex(poleCommands.moveTo(1, 2)),
  'pole-upper': (fact) => hex(poleCommands.line(1, encodeText('cp437', fact.input ?? ''))),
  'pole-select': () => hex(poleCommands.selectDisplay()),
  'pole-printer': () => hex(poleCommands.selectPrinter()),
};

const calls = { ...FACT_CALLS, ...POLE_CALLS, ...READER_PROPERTIES };
const decoders = { ...FACT_DECODERS, ...READER_DECODERS };

/** Whether a case of a file of cases is one of these facts, rather than a shop's story. */
export function isFact(of: object): of is Fact {
  return 'kind' in of && 'desc' in of && 'id' in of;
}

/** Holds one fact against the product's own encoder, parser, or keyboard wedge. */
export function playFact(fact: Fact): PlayedFact {
  try {
    return { id: fact.id, problems: problemsOf(fact) };
  } catch (error) {
    return { id: fact.id, problems: [String(error).slice(0, 400)] };
  }
}

function problemsOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'encode':
      return differences('bytes', fact.bytes, sent(fact));
    case 'encode-part':
      return String(sent(fact)).includes(fact.contains ?? '')
        ? []
        : [`never sends ${fact.contains}`];
    case 'negative':
    case 'property':
      return [...forbiddenIn(fact), ...propertyOf(fact)];
    case 'decode':
      return decoded(fact);
    default:
      return [`no way to play a fact of kind ${fact.kind}`];
  }
}

function sent(fact: Fact): unknown {
  const call = calls[fact.id];
  if (call === undefined) throw new Error(`no call for the fact ${fact.id}`);
  return call(fact);
}

function forbiddenIn(fact: Fact): readonly string[] {
  if (fact.as !== undefined) return [];
  const bytes = String(sent(fact));
  const isEmpty = fact.kind === 'negative' && bytes === '';
  return [
    ...(isEmpty ? ['sends nothing at all'] : []),
    ...(fact.forbidden ?? []).filter((each) => bytes.includes(each)),
    ...(fact.forbidden_prefix ?? []).filter((each) => bytes.startsWith(each)),
    ...(fact.forbidden_suffix ?? []).filter((each) => bytes.endsWith(each)),
  ];
}

function propertyOf(fact: Fact): readonly string[] {
  if (fact.kind === 'negative') return [];
  if (fact.as !== undefined) return decoded(fact);
  const wanted = PROPERTIES[fact.id];
  return wanted === undefined ? ['no such property'] : differences('property', wanted, sent(fact));
}

function decoded(fact: Fact): readonly string[] {
  if (fact.id === 'demux-table') return demuxed(fact);
  const decoder = decoders[fact.as ?? ''];
  if (decoder === undefined) return [`no decoder for ${fact.as}`];
  const wanted = fact.expect ?? fact.expect_bytes;
  const named =
    fact.as === 'aim' && typeof wanted === 'string' ? (SYMBOLOGY_NAMES[wanted] ?? wanted) : wanted;
  return differences('', named, decoder(fact));
}

/** Single bytes are told apart by their fixed bits. */
function demuxed(fact: Fact): readonly string[] {
  return Object.entries(fact.expect as Readonly<Record<string, string>>).flatMap(([byte, kind]) =>
    differences(byte, kind, classify(bytesOf(byte)[0] ?? 0)),
  );
}

/** What is wanted must be there; a wanted object may be a part of what is there. */
function differences(at: string, wanted: unknown, found: unknown): readonly string[] {
  if (isObject(wanted) && isObject(found)) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(at === '' ? key : `${at}.${key}`, value, found[key]),
    );
  }
  const [left, right] = [JSON.stringify(wanted), JSON.stringify(found)];
  return left === right ? [] : [`${at}: wanted ${left}, got ${right}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
