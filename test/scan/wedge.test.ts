import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCandidates } from '#scan/decode.ts';
import { defaultScanSettings, SCAN_LENGTH_MAX } from '#scan/settings.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import type { WedgeOutcome } from '#scan/wedge-outcome.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { createFieldPage, keydown, namedKey, pressText } from '#test/scan/support/keyboard.ts';
import type { LayoutTable } from '#test/scan/support/keyboard.ts';

const LINK = 'https://p.ex/m?id=Iq-9';

/** `event.key` for the link above, as measured in Chromium under each layout of the PC. */
const layouts: Readonly<Record<string, LayoutTable>> = {
  'Turkish Q': tableOf(LINK, 'httpsŞ..pçex.m:ıd-Iq*9'),
  'Turkish F': tableOf(LINK, 'toopiY,,p.ğö,s;ne-Nf/9'),
  AZERTY: tableOf(`${LINK}8690504000013`, `httpsM!!p:ex!,§id=Ia)ç_-çà(à'àààà&"`),
  US: {},
};
const TRACKS =
  '%B4111111111111111^TEST/CARD^30121010000000000000?;4111111111111111=30121010000000000000?';

describe('a scanner that types as on a US keyboard', () => {
  for (const [name, layout] of Object.entries(layouts)) {
    for (const capsLock of [false, true]) {
      it(`is read right on ${name}${capsLock ? ' with CapsLock' : ''}`, () => {
        const page = createFieldPage(createWedge(), 'kept');
        pressText(page, LINK, 0, gaps(LINK, 16), 16, { layout, capsLock });
        pressText(page, '8690504000013', 2_000, gaps('8690504000013', 16), 16, {
          layout,
          capsLock,
        });
        expect(page.scans).toEqual([LINK, '8690504000013']);
        expect(page.field).toBe('kept');
      });
    }
  }

  it('is read by its keys’ own letters when it is set to the PC’s layout instead', () => {
    const outcome = scanOf((press) => {
      for (const [index, digit] of [...'8690504000013'].entries()) {
        const place = keydown(digit, index * 10);
        press({ ...place, shift: true, key: digit });
      }
      press(namedKey('Enter', 130));
    });
    expect(outcome.text).toBe('*^()%)$))))!#');
    expect(
      decodeCandidates([outcome.text, ...outcome.alternatives], 'keyboard', defaultScanSettings),
    ).toEqual({
      kind: 'product',
      gtin: '08690504000013',
      symbology: 'none',
    });
  });

  it('is read with its letters’ case turned when it allows for CapsLock by itself', () => {
    const outcome = scanOf((press) => {
      for (const [index, letter] of [...'abcdeF-99'].entries()) {
        press({
          ...keydown(letter, index * 10),
          capsLock: true,
          key: letter === 'F' ? 'f' : letter.toUpperCase(),
        });
      }
      press(namedKey('Enter', 90));
    });
    expect([outcome.text, ...outcome.alternatives]).toEqual(['abcdeF-99', 'ABCDEf-99']);
  });

  it('sends GS as Ctrl+] and its end as Ctrl+M, and no shortcut fires', () => {
    const wedge = createWedge();
    const replies = ['0108690504000013', '10LOT1', 'G', '21SER9', 'M'].flatMap((part, block) =>
      (part === 'G' || part === 'M' ? [part] : [...part]).map((character, index) => {
        const timeMs = block * 400 + index * 20;
        const control = { G: 'BracketRight', M: 'KeyM' }[part];
        return control === undefined
          ? { ...keydown(character, timeMs) }
          : { ...keydown('a', timeMs), code: control, key: control, ctrl: true };
      }),
    );
    const even = replies.map((record, index) => ({ ...record, timeMs: index * 20 }));
    const answers = even.map((record) => wedge.key(record, false));
    expect(answers.at(-1)?.outcome).toMatchObject({
      kind: 'scan',
      text: '010869050400001310LOT1\u001d21SER9',
    });
    expect(answers.filter((_, index) => even[index]?.ctrl).map((answer) => answer.prevent)).toEqual(
      [true, true],
    );
  });

  it('sends CR and LF, and the LF goes nowhere', () => {
    const page = createFieldPage(createWedge());
    const endMs = pressText(page, '8690504000013', 0, gaps('8690504000013', 10), 10);
    const lineFeed = page.press({ ...namedKey('KeyJ', endMs + 10), ctrl: true });
    expect(lineFeed).toMatchObject({ prevent: true, outcome: null });
    const enterOfPerson = page.press(namedKey('Enter', endMs + 900));
    expect(enterOfPerson).toMatchObject({ prevent: false, outcome: null });
  });

  it('in Windows’ Alt mode is put together from the number pad', () => {
    const outcome = scanOf((press) => {
      let timeMs = 0;
      for (const character of '8690504000013') {
        press({ ...namedKey('AltLeft', (timeMs += 4)), alt: true });
        for (const digit of `0${character.charCodeAt(0)}`.padStart(4, '0')) {
          press({ ...keydown(digit, (timeMs += 4), { numpad: true }), alt: true });
        }
      }
      press(namedKey('Enter', timeMs + 4));
    });
    expect(outcome.text).toBe('8690504000013');
  });

  it('shows a payment card to the decoder, which refuses it, and nothing stays in the field', () => {
    for (const paceMs of [2, 16, 60]) {
      const page = createFieldPage(createWedge(), '12');
      pressText(page, TRACKS, 0, gaps(TRACKS, paceMs), paceMs, {
        layout: layouts['Turkish Q'] ?? {},
      });
      const scan = page.outcomes.at(-1);
      if (scan?.kind !== 'scan') throw new Error('no scan');
      expect(
        decodeCandidates([scan.text, ...scan.alternatives], 'keyboard', defaultScanSettings),
      ).toEqual({
        kind: 'payment-card',
      });
      expect(page.field).toBe('12');
    }
  });

  it('with an enormous code ends as too long, in bounded memory', () => {
    const wedge = createWedge();
    let outcome: WedgeOutcome | null = null;
    for (let index = 0; index < 6_000; index += 1) wedge.key(keydown('7', index * 3), false);
    outcome = wedge.key(namedKey('Enter', 18_000), false).outcome;
    if (outcome?.kind !== 'scan') throw new Error('no scan');
    expect(outcome.text.length).toBe(SCAN_LENGTH_MAX + 1);
    expect(decodeCandidates([outcome.text], 'keyboard', defaultScanSettings)).toEqual({
      kind: 'unreadable',
      reason: 'too-long',
    });
  });
});

describe('a scan amid typing', () => {
  it('after a typed quantity takes only its own keys out of the field', () => {
    const page = createFieldPage(createWedge());
    const typedMs = pressText(page, '12', 0, [180], null);
    pressText(page, '8690504000013', typedMs + 250, gaps('8690504000013', 12), 12);
    expect(page.scans).toEqual(['8690504000013']);
    expect(page.field).toBe('12');
  });

  it('is begun after few keys, so that the rest never reaches the page', () => {
    const page = createFieldPage(createWedge(), 'x');
    const prevented = [...'8690504000013'].map(
      (digit, index) => page.press(keydown(digit, index * 10)).prevent,
    );
    expect(prevented.indexOf(true)).toBeLessThanOrEqual(4);
    expect(prevented.lastIndexOf(false)).toBe(prevented.indexOf(true) - 1);
    expect(page.outcomes).toEqual([{ kind: 'scan-begun', restoreFrom: 1 }]);
    expect(page.field).toBe('x');
  });

  it('begun by mistake gives back what it kept from the field', () => {
    const page = createFieldPage(createWedge());
    const rolled = pressText(page, 'asdfg', 0, gaps('asdfg', 8), null);
    expect(page.outcomes).toMatchObject([{ kind: 'scan-begun' }]);
    page.press(namedKey('Backspace', rolled + 60));
    expect(page.outcomes.at(-1)).toEqual({ kind: 'typed', lostText: 'asdfg' });
    expect(page.field).toBe('asdfg');
  });

  it('two scans in a row without Enter are two', () => {
    const page = createFieldPage(createWedge());
    const endMs = pressText(page, '8690504000013', 0, gaps('8690504000013', 8), null);
    pressText(page, '4006381333931', endMs + 300, gaps('4006381333931', 8), null);
    page.wait(endMs + 2_000);
    expect(page.scans).toEqual(['8690504000013', '4006381333931']);
  });
});

describe('what is no scan', () => {
  it('a held key repeats evenly and stays in the field', () => {
    const page = createFieldPage(createWedge());
    for (let index = 0; index < 40; index += 1) {
      page.press(keydown('0', index * 30, { repeat: index > 0 }));
    }
    page.wait(5_000);
    expect(page.scans).toEqual([]);
    expect(page.field).toBe('0'.repeat(40));
  });

  it('a key struck steadily ten times stays in the field', () => {
    const page = createFieldPage(createWedge());
    pressText(page, '0000000000', 0, gaps('0000000000', 140), 140, { numpad: true });
    expect(page.scans).toEqual([]);
    expect(page.field).toBe('0000000000');
  });

  it('shortcuts and arrows pass', () => {
    const wedge = createWedge();
    for (const record of [
      { ...keydown('c', 0), ctrl: true },
      { ...keydown('v', 10), ctrl: true },
      namedKey('ArrowLeft', 20),
      namedKey('F10', 30),
      { ...keydown('l', 40), alt: true },
      { ...keydown('7', 50, { numpad: true }), key: 'Home' },
      namedKey('Enter', 60),
      namedKey('Escape', 70),
    ]) {
      expect(wedge.key(record, false)).toMatchObject({ prevent: false, outcome: null });
    }
  });

  it('a space alone presses the button that has the focus, a space inside keys does not', () => {
    const wedge = createWedge();
    expect(wedge.key(keydown(' ', 0), false).prevent).toBe(false);
    wedge.tick(1_000);
    wedge.key(keydown('a', 1_000), false);
    expect(wedge.key(keydown(' ', 1_010), false).prevent).toBe(true);
  });
});

describe('text without keys', () => {
  it('pasted or from Bluetooth is a scan when it means something', () => {
    const wedge = createWedge();
    expect(wedge.text('8690504000013\n', 0).outcome).toMatchObject({
      kind: 'scan',
      text: '8690504000013',
    });
    const reply = wedge.text(';4111111111111111=3012?', 1_000);
    expect(reply).toMatchObject({ provisional: true, outcome: null });
    expect(wedge.tick(1_400)).toMatchObject({ kind: 'scan', restoreFrom: reply.keyId });
  });

  it('in pieces is put together', () => {
    const wedge = createWedge();
    const first = wedge.text('86905', 0);
    wedge.text('0400', 20);
    wedge.text('0013', 40);
    expect(wedge.tick(500)).toMatchObject({
      kind: 'scan',
      text: '8690504000013',
      restoreFrom: first.keyId,
    });
  });

  it('that means nothing stays where it was pasted', () => {
    const wedge = createWedge();
    expect(wedge.text('hello there', 0)).toMatchObject({ prevent: false, outcome: null });
    expect(wedge.tick(500)).toEqual({ kind: 'typed', lostText: '' });
    expect(wedge.text('x'.repeat(10_000), 1_000).prevent).toBe(false);
    expect(wedge.tick(2_000)).toEqual({ kind: 'typed', lostText: '' });
  });

  it('by an IME that hides the key is read by place', () => {
    const outcome = scanOf((press) => {
      for (const [index, digit] of [...'8690504000013'].entries()) {
        press({ ...keydown(digit, index * 20), key: 'Process' });
      }
      press(namedKey('Enter', 260));
    });
    expect([outcome.text, ...outcome.alternatives]).toEqual(['8690504000013']);
  });
});

describe('any keys whatever', () => {
  const record = fc.record({
    code: fc.oneof(
      fc.constantFrom(
        'KeyA',
        'Digit1',
        'Numpad5',
        'Enter',
        'Tab',
        'AltLeft',
        'Space',
        'BracketRight',
        'KeyM',
        '',
        'F1',
      ),
      fc.string({ maxLength: 20 }),
    ),
    key: fc.oneof(
      fc.constantFrom('a', '1', 'Enter', 'Process', 'Dead', 'Unidentified', '😀'),
      fc.string({ maxLength: 9 }),
    ),
    shift: fc.boolean(),
    capsLock: fc.boolean(),
    ctrl: fc.boolean(),
    alt: fc.boolean(),
    altGraph: fc.boolean(),
    repeat: fc.boolean(),
    gapMs: fc.oneof(fc.integer({ min: -50, max: 500 }), fc.double({ min: 0, max: 5, noNaN: true })),
  });

  it('never throw, and every scan names a key it was asked about', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 120 }), fc.boolean(), (records, inTextField) => {
        const wedge = createWedge();
        let timeMs = 0;
        let lastKeyId = 0;
        for (const { gapMs, ...fields } of records) {
          timeMs += gapMs;
          const reply = wedge.key({ ...fields, timeMs }, inTextField);
          expect(reply.keyId).toBeGreaterThan(lastKeyId);
          lastKeyId = reply.keyId;
          if (reply.outcome?.kind === 'scan')
            expect(reply.outcome.restoreFrom).toBeLessThanOrEqual(lastKeyId);
        }
        wedge.tick(timeMs + 10_000);
        wedge.tick(timeMs + 20_000);
        expect(wedge.deadlineMs()).toBe(null);
      }),
      { numRuns: 3_000 },
    );
  });

  it('typed at any human pace all stay in the field', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcdefgh 0123456789'), maxLength: 30 });
    const gap = fc.integer({ min: 120, max: 400 });
    fc.assert(
      fc.property(text, fc.array(gap, { minLength: 30, maxLength: 30 }), (typed, gapsMs) => {
        const page = createFieldPage(createWedge(defaultWedgeSettings));
        const endMs = pressText(page, typed, 0, gapsMs, null);
        page.wait(endMs + 1_000);
        expect(page.field).toBe(typed);
        expect(page.scans).toEqual([]);
      }),
    );
  });
});

function gaps(text: string, paceMs: number): readonly number[] {
  return Array.from(text, () => paceMs);
}

/** Which character of the layout each character of the sent text became. */
function tableOf(sent: string, shown: string): LayoutTable {
  const letters = [...shown];
  return Object.fromEntries(
    Array.from(sent, (character, index) => [character, letters[index] ?? character]),
  );
}

function scanOf(
  drive: (press: (record: WedgeKey) => void) => void,
): Extract<WedgeOutcome, { kind: 'scan' }> {
  const wedge = createWedge();
  let scan: WedgeOutcome | null = null;
  drive((record) => {
    scan = wedge.key(record, true).outcome ?? scan;
  });
  const last = scan as WedgeOutcome | null;
  if (last?.kind !== 'scan') throw new Error(`no scan: ${JSON.stringify(last)}`);
  return last;
}
