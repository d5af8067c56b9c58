import { afterAll, describe, expect, test } from 'vitest';
import { SCREEN_KEYS, screenKeyCode, type ScreenKey } from '#scan/screen-key.ts';
import { decodeScan } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { aTill, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

describe('printed keys of the screen', () => {
  test('are read from every reader, in any case, and never from what is typed', () => {
    for (const key of SCREEN_KEYS) {
      for (const source of ['keyboard', 'serial', 'hid'] as const)
        for (const text of [screenKeyCode(key), screenKeyCode(key).toLowerCase()])
          expect(decodeScan(text, source, defaultScanSettings)).toEqual({
            kind: 'screen-key',
            key,
          });
      expect(decodeScan(screenKeyCode(key), 'typed', defaultScanSettings).kind).not.toBe(
        'screen-key',
      );
    }
    expect(decodeScan('K:NONE-SUCH', 'hid', defaultScanSettings).kind).toBe('unknown');
  });

  test('press the page that was opened last, once; without a page the reader says no', async () => {
    const till = await aTill();
    const pressed: string[] = [];
    const scan = async (key: ScreenKey): Promise<void> => {
      till.devices.emit({ kind: 'scan', code: { kind: 'screen-key', key }, source: 'hid' });
      await till.time.settle();
    };
    await scan('day');
    expect(till.devices.beeps).toEqual(['error']);
    const closeFirst = till.till.onScreenKey((key) => void pressed.push(`first ${key}`));
    const closeSecond = till.till.onScreenKey((key) => void pressed.push(`second ${key}`));
    await scan('pay');
    // The same key in the same instant is a double reading.
    await scan('undo');
    await scan('undo');
    closeSecond();
    await scan('cash');
    closeFirst();
    expect(pressed).toEqual(['second pay', 'second undo', 'first cash']);
    expect(till.devices.beeps).toEqual(['error', 'good', 'good', 'good']);
    await till.close();
  });

  test('are printed with their words, each with a code that reads back as it', async () => {
    const till = await aTill();
    const keys = SCREEN_KEYS.map((key) => ({ key, words: `the key ${key}` }));
    expect(await till.call['screen-keys.print']({ language: 'en', title: 'Keys', keys })).toEqual({
      outcome: 'done',
    });
    await till.time.settle();
    const lines = till.devices.printed.at(-1)?.document.lines ?? [];
    const codes = lines.flatMap((line) => (line.kind === 'barcode' ? [line.content] : []));
    expect(codes.map((code) => decodeScan(code, 'keyboard', defaultScanSettings))).toEqual(
      SCREEN_KEYS.map((key) => ({ kind: 'screen-key', key })),
    );
    expect(JSON.stringify(lines)).toContain('the key take-back');
    await till.close();
  });
});
