import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dotAt } from '#hardware/escpos/bitmap.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
import { isRightToLeft, loadRasterText, type RasterText } from '#hardware/printer/raster-text.ts';
import { ARABIC_RECEIPT, pair, text } from './receipts.ts';

async function raster(): Promise<RasterText> {
  return (await loadRasterText()) ?? expect.fail('the canvas does not run here');
}

const LAYOUT_ELSEWHERE = `
  import { createHash } from 'node:crypto';
  import { layoutReceipt } from '#hardware/printer/layout.ts';
  import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
  import { ARABIC_RECEIPT } from '#test/hardware/printer/receipts.ts';
  const { bytes } = await layoutReceipt(ARABIC_RECEIPT, DEFAULT_PROFILE);
  process.stdout.write(createHash('sha256').update(bytes).digest('hex'));
`;

describe('raster text', () => {
  it('comes out the same on a machine without any fonts', async () => {
    const { bytes } = await layoutReceipt(ARABIC_RECEIPT, DEFAULT_PROFILE);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', LAYOUT_ELSEWHERE],
      {
        cwd: new URL('../../..', import.meta.url),
        env: { PATH: process.env['PATH'], DISABLE_SYSTEM_FONTS_LOAD: '1' },
      },
    );
    expect(stdout).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('knows what its fonts have', async () => {
    const { canDraw } = await raster();
    expect(['ğ', '₺', 'م', 'Ω', 'Ж', '٣'].map(canDraw)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['積', '😀', '\u{10FFFE}'].map(canDraw)).toEqual([false, false, false]);
  });

  it('is never wider than the paper, and wraps what is longer', async () => {
    const { text: draw, pair: drawPair } = await raster();
    const long = 'شارع الملك فهد الرياض المملكة العربية السعودية '.repeat(4);
    for (const bitmap of [
      ...draw(text(long), 384, true),
      ...drawPair(pair(long, '36.00'), 384, true),
    ]) {
      expect(bitmap.width).toBeLessThanOrEqual(384);
    }
    expect(draw(text(long), 384, true).length).toBeGreaterThan(3);
    expect(draw(text('م'.repeat(200)), 384, true).length).toBeGreaterThan(2);
  });

  it('starts from the right edge in Arabic, with the value at the left', async () => {
    const { pair: drawPair } = await raster();
    const [row] = drawPair(pair('رصيدك', '335'), 576, true);
    const inked = Array.from({ length: 576 }, (_, x) =>
      Array.from(
        { length: row?.height ?? 0 },
        (__, y) => row !== undefined && dotAt(row, x, y),
      ).some(Boolean),
    );
    expect(inked.indexOf(true)).toBeLessThan(8);
    expect(inked.lastIndexOf(true)).toBeGreaterThan(566);
    expect(inked.slice(80, 480).some(Boolean)).toBe(false);
  });

  it('knows the languages written from the right', () => {
    expect(['ar', 'ar-SA', 'he', 'fa-IR', 'ur'].map(isRightToLeft)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['tr', 'de-DE', 'en', 'art', ''].map(isRightToLeft)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
