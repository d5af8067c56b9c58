import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrateKeys,
  calibrateText,
  calibrationText,
  scanSettingsOf,
  wedgeSettingsOf,
  type Calibration,
  type CalibrationResult,
} from '#scan/calibration.ts';
import { createKeyCollector } from '#scan/calibration-pace.ts';
import { decodeCandidates, decodeScan } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { keydown, timingModels } from './support/keyboard.ts';
import { createRandom } from './support/random.ts';
import { layoutNames, named, scanKeys, type ScannerAtPc } from './support/typist.ts';

const PRODUCT = '8690504000013';
const GS1 = `0108690504000013${'10'}LOT-a_1\u001d21SER9`;

interface Around {
  readonly prefix: string;
  readonly suffix: string;
  readonly end: readonly string[];
}

const bare: Around = { prefix: '', suffix: '', end: ['Enter'] };
const arounds: readonly Around[] = [
  bare,
  { prefix: '~', suffix: '', end: ['Enter'] },
  { prefix: '#A', suffix: '@z', end: ['Tab'] },
  { prefix: '', suffix: '!', end: [] },
];

/** Everything the page sees of one scan, ends included. */
function scanOf(set: ScannerAtPc, around: Around, text: string, paceMs = 12): WedgeKey[] {
  const whole = around.prefix + text + around.suffix;
  const keys = scanKeys(set, whole, 1_000, gapsFor(whole, paceMs));
  const lastMs = keys.at(-1)?.timeMs ?? 0;
  const ends = around.end.map((code, at) =>
    named(code, lastMs + (at + 1) * paceMs, set.capsLock ?? false),
  );
  return [...keys, ...ends];
}

function gapsFor(text: string, paceMs: number): readonly number[] {
  return timingModels['jittered']?.(paceMs, text.length, createRandom(text.length)) ?? [];
}

function calibrated(result: CalibrationResult): Calibration {
  if (result.kind !== 'calibrated') throw new Error(`not calibrated: ${result.reason}`);
  return result.calibration;
}

/** A later scan, through the wedge and the decoder under what was learned. */
function readLater(calibration: Calibration, keys: readonly WedgeKey[]): unknown {
  const settings = wedgeSettingsOf(calibration, defaultScanSettings);
  const wedge = createWedge(settings);
  let text: readonly string[] = [];
  for (const key of keys) {
    const { outcome } = wedge.key(key, false);
    if (outcome?.kind === 'scan') text = [outcome.text, ...outcome.alternatives];
  }
  const outcome = wedge.tick(1_000_000);
  if (outcome?.kind === 'scan') text = [outcome.text, ...outcome.alternatives];
  return text.length === 0 ? 'no scan' : decodeCandidates(text, 'keyboard', settings.scan);
}

describe('one scan of the calibration QR', () => {
  for (const scanner of layoutNames) {
    for (const capsLock of [false, true]) {
      it(`teaches a scanner set to ${scanner}${capsLock ? ' with CapsLock on' : ''}, on every PC, with anything around its codes`, () => {
        for (const pc of layoutNames) {
          for (const turnsCase of ['never', 'with-capslock', 'always'] as const) {
            for (const around of arounds) {
              const set = { scanner, pc, capsLock, turnsCase };
              const learned = calibrated(calibrateKeys(scanOf(set, around, calibrationText)));
              const turned = turnsCase === 'always' || (turnsCase === 'with-capslock' && capsLock);
              expect([set, learned]).toMatchObject([
                set,
                {
                  prefix: around.prefix,
                  suffix: around.suffix,
                  groupSeparator: { kind: 'sent' },
                  sendsIdentifier: false,
                  keyboard: {
                    layout: scanner,
                    preferredSpelling: 'code',
                    letterCase: !turned ? 'as-read' : capsLock ? 'turned-by-capslock' : 'turned',
                    terminator: around.end[0]?.toLowerCase() ?? 'none',
                  },
                },
              ]);
              expect(readLater(learned, scanOf(set, around, PRODUCT))).toMatchObject({
                kind: 'product',
                gtin: `0${PRODUCT}`,
              });
              const mixed = 'aZ-09/iI?=&_';
              expect(readLater(learned, scanOf(set, around, mixed))).toMatchObject({
                kind: 'unknown',
                text: mixed,
              });
            }
          }
        }
      });
    }
  }

  for (const groupSeparator of ['control', 'F8', '|', 'dropped'] as const) {
    it(`teaches what becomes of GS: ${groupSeparator}`, () => {
      for (const scanner of layoutNames) {
        const set = { scanner, pc: 'tr-q', groupSeparator } as const;
        const learned = calibrated(calibrateKeys(scanOf(set, bare, calibrationText)));
        expect(learned.groupSeparator).toEqual(
          {
            control: { kind: 'sent' },
            F8: { kind: 'key', name: 'F8' },
            '|': { kind: 'sign', text: '|' },
            dropped: { kind: 'dropped' },
          }[groupSeparator],
        );
        if (groupSeparator === 'dropped') continue;
        expect(readLater(learned, scanOf(set, bare, GS1))).toMatchObject({
          kind: 'product',
          gtin: `0${PRODUCT}`,
        });
      }
    });
  }

  it('teaches the pace, at every speed and in every rhythm', () => {
    for (const [name, model] of Object.entries(timingModels)) {
      for (const paceMs of [2, 8, 16, 35, 60, 100]) {
        const gaps = model(paceMs, calibrationText.length, createRandom(paceMs));
        const keys = scanKeys({ scanner: 'us', pc: 'us' }, calibrationText, 0, gaps);
        const { keyboard } = calibrated(calibrateKeys(keys));
        expect([name, keyboard?.paceMs]).toEqual([name, expect.any(Number)]);
        const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
        expect(Math.abs((keyboard?.slowestGapMs ?? 0) - mean)).toBeLessThanOrEqual(16 + mean * 0.2);
      }
    }
  });

  it('teaches an identifier before the code apart from a prefix', () => {
    const set = { scanner: 'qwertz', pc: 'qwertz' } as const;
    const learned = calibrated(calibrateKeys(scanOf(set, bare, `*]Q1${calibrationText}`)));
    expect(learned).toMatchObject({ prefix: '*', sendsIdentifier: true });
    expect(readLater(learned, scanOf(set, bare, `*]E0${PRODUCT}`))).toMatchObject({
      kind: 'product',
      symbology: 'ean',
    });
  });

  it('is read in Alt mode, where no layout matters', () => {
    const keys: WedgeKey[] = [];
    let timeMs = 0;
    for (const character of `$${calibrationText}`) {
      keys.push({ ...named('AltLeft', (timeMs += 3)), alt: true });
      for (const digit of `0${character.charCodeAt(0)}`.padStart(4, '0'))
        keys.push({ ...keydown(digit, (timeMs += 3), { numpad: true }), alt: true });
    }
    expect(calibrated(calibrateKeys([...keys, named('Enter', timeMs + 3)]))).toMatchObject({
      prefix: '$',
      groupSeparator: { kind: 'sent' },
      keyboard: { layout: 'us', terminator: 'enter' },
    });
  });

  it('is read by the PC’s own layout where the scanner believes in a keyboard nobody has a table for', () => {
    const elsewhere = (code: string): string =>
      code.startsWith('Key')
        ? `Key${String.fromCharCode(65 + ((code.charCodeAt(3) - 60) % 26))}`
        : code;
    const typed = (text: string) =>
      scanOf({ scanner: 'us', pc: 'us' }, bare, text).map((key) => ({
        ...key,
        code: elsewhere(key.code),
      }));
    const learned = calibrated(calibrateKeys(typed(calibrationText)));
    expect(learned.keyboard).toMatchObject({ preferredSpelling: 'key' });
    expect(readLater(learned, typed('abc-XYZ'))).toMatchObject({ text: 'abc-XYZ' });
  });
});

describe('a scan that teaches nothing', () => {
  const us = { scanner: 'us', pc: 'us' } as const;
  const reasonOf = (keys: readonly WedgeKey[]): unknown => {
    const result = calibrateKeys(keys);
    return result.kind === 'refused' ? result.reason : result;
  };

  it('says why', () => {
    expect(reasonOf([])).toBe('too-short');
    expect(reasonOf(scanOf(us, bare, PRODUCT))).toBe('too-short');
    expect(reasonOf(scanOf(us, bare, PRODUCT.repeat(8)))).toBe('another-code');
    expect(reasonOf(scanOf(us, bare, calibrationText.toUpperCase()))).toBe('letters-changed');
    expect(reasonOf(scanOf(us, bare, calibrationText.replace('&', '')))).toBe('characters-lost');
  });

  it('never throws, whatever is pressed', () => {
    const record = fc.record({
      code: fc.constantFrom('KeyA', 'Digit1', 'Enter', 'AltLeft', 'Numpad5', 'F8', 'Quote', ''),
      key: fc.string({ maxLength: 2 }),
      shift: fc.boolean(),
      capsLock: fc.boolean(),
      ctrl: fc.boolean(),
      alt: fc.boolean(),
      altGraph: fc.boolean(),
      repeat: fc.boolean(),
      timeMs: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 150 }), (records) => {
        expect(calibrateKeys(records).kind).toBe('refused');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a scanner that sends bytes', () => {
  it('is taught by the text it sends', () => {
    expect(calibrateText(`\u0002*]Q1${calibrationText}#\r\n`)).toEqual({
      kind: 'calibrated',
      calibration: {
        keyboard: null,
        prefix: '*',
        suffix: '#',
        groupSeparator: { kind: 'sent' },
        sendsIdentifier: true,
      },
    });
    expect(calibrateText('x'.repeat(200))).toEqual({ kind: 'refused', reason: 'another-code' });
  });

  it('is then read without what it puts around a code', () => {
    const shown = calibrationText.replace('\u001d', '{GS}');
    const settings = scanSettingsOf(calibrated(calibrateText(`*${shown}#`)), defaultScanSettings);
    expect(settings).toEqual({
      ...defaultScanSettings,
      prefix: '*',
      suffix: '#',
      groupSeparator: '{GS}',
    });
    expect(decodeScan(`*${GS1.replace('\u001d', '{GS}')}#`, 'serial', settings)).toMatchObject({
      kind: 'product',
      gtin: `0${PRODUCT}`,
    });
    expect(
      wedgeSettingsOf(calibrated(calibrateText(calibrationText)), defaultScanSettings),
    ).toEqual(defaultWedgeSettings);
  });
});

describe('the collector of keys', () => {
  it('gives all keys of a scan once it is quiet, CR and LF included', () => {
    const collector = createKeyCollector();
    const keys = scanOf(
      { scanner: 'us', pc: 'us' },
      { ...bare, end: ['Enter', 'KeyJ'] },
      calibrationText,
    );
    expect(collector.deadlineMs()).toBe(null);
    for (const key of keys) {
      expect(collector.take(key.timeMs)).toBe(null);
      collector.push(key);
    }
    const dueMs = collector.deadlineMs() ?? 0;
    expect(collector.take(dueMs - 1)).toBe(null);
    expect(collector.take(dueMs)).toEqual(keys);
    expect(collector.take(dueMs + 1)).toBe(null);
  });

  it('keeps a bounded number of them', () => {
    const collector = createKeyCollector();
    for (let at = 0; at < 5_000; at += 1) collector.push(keydown('7', at));
    expect(collector.take(10_000)?.length).toBe(2_000);
  });
});
