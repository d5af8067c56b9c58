import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
import { SVG_LENGTH_MAX, svgOf } from '#hardware/virtual/svg.ts';
import { ARABIC_RECEIPT, TURKISH_RECEIPT } from '#test/hardware/printer/receipts.ts';
import { bench, bytes } from './workshop.ts';

async function drawn(receipt: typeof TURKISH_RECEIPT): Promise<string> {
  const { printer, strips } = bench();
  printer.receive((await layoutReceipt(receipt, DEFAULT_PROFILE)).bytes);
  return svgOf(strips[0] ?? expect.fail('nothing was printed')).svg;
}

describe('the picture on the screen', () => {
  it('is small, and holds the words as words', async () => {
    const svg = await drawn(TURKISH_RECEIPT);
    expect(svg.length).toBeLessThan(12_000);
    for (const words of [
      'Caferağa Mah. Moda Cad. No 12, Kadıköy',
      '>TOPLAM<',
      '>500,00 TL<',
      'geçmişin',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('needs nothing a strict content policy refuses, and does not grow inside JSON', async () => {
    for (const svg of [await drawn(TURKISH_RECEIPT), await drawn(ARABIC_RECEIPT)]) {
      expect(svg).not.toMatch(/style|<script|\son\w+=|href='(?!data:image\/png)/);
      expect(svg).not.toContain('"');
      expect(JSON.stringify(svg)).toHaveLength(svg.length + 2);
    }
  });

  it('writes names that look like markup as names', () => {
    const { printer, strips } = bench();
    printer.receive(Buffer.concat([Buffer.from('<b>&Co</b>\n'), bytes('1D 56 00')]));
    expect(svgOf(strips[0] ?? expect.fail('no strip')).svg).toContain('&lt;b&gt;&amp;Co&lt;/b&gt;');
  });

  it('leaves pictures out rather than grow over the limit', () => {
    const { printer, strips } = bench();
    const noise = pbkdf2Sync('noise', 'salt', 1, 72 * 2_300, 'sha256');
    printer.receive(Buffer.concat([bytes('1D 76 30 00 48 00 FC 08'), noise, bytes('1D 56 00')]));
    const { svg, heightDots } = svgOf(strips[0] ?? expect.fail('no strip'));
    expect(svg.length).toBeLessThan(SVG_LENGTH_MAX);
    expect([heightDots, svg.includes('<image')]).toEqual([2_356, false]);
  });
});
