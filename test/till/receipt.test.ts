import { afterAll, describe, expect, test } from 'vitest';
import { receiptDocument } from '#contract/device.ts';
import { stampsPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { receiptWords } from '#till/receipt/words.ts';
import { fill } from '#till/receipt/writing.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

/** The receipt as plain text, one line each. */
function plain({ lines }: ReceiptDocument): string[] {
  return lines.map((line) => {
    switch (line.kind) {
      case 'text':
        return line.text;
      case 'pair':
        return `${line.start} | ${line.end}`;
      case 'qr':
        return `[${line.content.slice(0, 2)}] ${line.caption}`;
      case 'barcode':
        return '[bars]';
      default:
        return `<${line.kind}>`;
    }
  });
}

async function receiptOf(
  till: TestTill,
  tender: 'cash' | 'card' = 'card',
): Promise<ReceiptDocument> {
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender });
  await till.time.settle();
  const printed = till.devices.printed.at(-1);
  if (printed === undefined) throw new Error('a receipt was printed');
  return receiptDocument.parse(printed.document);
}

describe('receipts', () => {
  test('in Turkish, with a reward and a balance, in the order people read', async () => {
    const till = await aTill({ config: aConfig({ language: 'tr' }) });
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    const lines = plain(await receiptOf(till));
    expect(lines).toEqual([
      'Kahve Evi',
      'Moda Cad. 1, Kadıköy',
      '21.11.2026 14:05 | Fiş 1',
      '<rule>',
      'Kahve | 100,00',
      '  2 x 50,00',
      'Pasta | 120,50',
      '10,00 indirim | -10,00',
      '<rule>',
      'Toplam | 210,50 TL',
      'Kart | 210,50',
      '<rule>',
      'Kazandığınız | 242 puan',
      'Kullandığınız | 100 puan = 10,00 TL',
      'Puanınız | 942 puan = 94,20 TL',
      expect.stringMatching(/^Altın üyeliğe kalan \| 1\.\d{3} puan$/),
      '<rule>',
      'Yeni seviyeniz | Gümüş',
      '<space>',
      '[R:] İade için saklayın',
      expect.stringMatching(/^Kod: [0-9A-Z]{4}-[0-9A-Z]{5}$/),
      '<space>',
      'Mali değeri yoktur',
      '<cut>',
    ]);
    await till.close();
  });

  test('offline the balance says as of when', async () => {
    const till = await aTill();
    till.member(aRecord({ language: 'en' }));
    till.server.up = false;
    await till.time.advance(30_000);
    await till.scanCard();
    await till.call['basket.add-amount']({ amountMinor: 2300, quantityMilli: 1000 });
    const lines = plain(await receiptOf(till));
    expect(lines).toContain('You earned | 23 points');
    expect(lines).toContain('Balance, as of 14:05 | 823 points = 82.30 TL');
    await till.close();
  });

  test('the largest line is the total, and a points block has at most five lines', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    const { lines } = await receiptOf(till);
    const huge = lines.filter((line) => 'size' in line && line.size === 'huge');
    expect(huge).toHaveLength(1);
    const rules = lines.flatMap((line, index) => (line.kind === 'rule' ? [index] : []));
    const block = lines.slice((rules.at(-1) ?? 0) + 1).findIndex(({ kind }) => kind !== 'pair');
    expect(block).toBeLessThanOrEqual(5);
    await till.close();
  });

  test('each programme that the sale touched has its block, and no other', async () => {
    const rules = stampsPreset.rules.map((rule) => ({
      ...rule,
      lines: { categories: ['drinks'] },
    }));
    const stamps = { ...stampsPreset, rules, currencies: ['TRY'] };
    const programmes = [pointsPreset, stamps].map((preset) => programme.parse(preset));
    const till = await aTill({ config: aConfig({ programmes }) });
    const balance = { posted: 3, pending: 0, available: 3, version: 3 };
    const balances = programmes.map(({ id }) => ({ ...balance, programme: id }));
    till.member(aRecord({ balances, language: 'en' }));
    const pointsLines = async (): Promise<readonly string[]> =>
      plain(await receiptOf(till)).filter((line) => /point|stamp/.test(line));
    await till.scanCard();
    await till.call['basket.add-amount']({ amountMinor: 2000, quantityMilli: 1000 });
    expect(await pointsLines()).toEqual([
      'You earned | 20 points',
      'Balance | 23 points = 2.30 TL',
      expect.stringMatching(/^To /),
    ]);
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await pointsLines()).toEqual([
      'You earned | 50 points',
      expect.stringMatching(/^Balance \| \d+ points = /),
      expect.stringMatching(/^To /),
      'You earned | 1 stamps',
      expect.stringMatching(/^Balance \| \d+ stamps$/),
    ]);
    await till.close();
  });

  test('each language has every word, and figures in Latin digits', async () => {
    const keys = Object.keys(receiptWords.en).toSorted();
    for (const words of Object.values(receiptWords)) {
      expect(Object.keys(words).toSorted()).toEqual(keys);
      expect(Object.values(words).every((word) => word.trim() !== '')).toBe(true);
      expect(fill(words.asOf, { time: '14:05' })).toContain('14:05');
      expect(fill(words.toTier, { tier: 'X' })).toContain('X');
    }
    for (const language of ['de', 'ar'] as const) {
      const till = await aTill({ config: aConfig({ language }) });
      await till.call['basket.add-amount']({ amountMinor: 123_456, quantityMilli: 1000 });
      const document = await receiptOf(till);
      expect(document.language).toBe(language);
      expect(plain(document).join('\n')).toMatch(language === 'de' ? /1\.234,56/ : /1,234\.56/);
      expect(plain(document).join('\n')).not.toMatch(/[\u0660-\u0669]/);
      await till.close();
    }
  });

  test('no word of Turkish hangs a suffix on a figure', () => {
    for (const word of Object.values(receiptWords.tr)) expect(word).not.toMatch(/\}['’]/);
  });
});
