import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { soldElsewhere, soldTo } from './support/a-sale.ts';
import { aConfig, aTill, removeFolders } from './support/a-till.ts';

afterAll(removeFolders);

describe('bringing goods back', () => {
  test('the old receipt shows its lines, and what goes back before the deed', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till, 3000, 'ten-off');
    expect(await till.call['return.open']({ receipt: `R:${receipt}` })).toEqual({
      outcome: 'done',
    });
    const [line] = till.state().returning?.lines ?? [];
    expect(line).toMatchObject({
      soldMilli: 3000,
      returnedBeforeMilli: 0,
      chosenMilli: 0,
      netMinor: 14_000,
      name: { en: 'Coffee' },
    });
    await till.call['return.choose']({ line: line?.line ?? '', quantityMilli: 3000 });
    expect(till.state().returning).toMatchObject({
      refundMinor: 14_000,
      pointsTakenBack: 150,
      pointsReturned: 100,
      memberName: 'Ayşe K.',
    });
    await till.close();
  });

  test('a till that was killed comes back with the return as it was, and makes it once', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till, 3000, 'ten-off');
    await till.call['return.open']({ receipt });
    const [line] = till.state().returning?.lines ?? [];
    await till.call['return.choose']({ line: line?.line ?? '', quantityMilli: 2000 });
    const before = till.state().returning;
    await till.close();
    const again = await till.restart();
    expect(again.state().returning).toEqual(before);
    const returnId = before?.returnId ?? '';
    expect(await again.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    await again.close();
    const third = await again.restart();
    expect(third.state().returning).toBeNull();
    expect(await third.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(third.bodies().filter(({ kind }) => kind === 'return')).toHaveLength(1);
    await third.close();
  });

  test('a return put away before the till was killed does not come back', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.call['return.open']({ receipt });
    await till.call['return.cancel'](null);
    await till.close();
    const again = await till.restart();
    expect(again.state().returning).toBeNull();
    expect(again.state().notice?.message.code).not.toBe('return-not-made');
    await again.close();
  });

  test('a return whose sale cannot be had now is said not to be made, by its receipt', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.call['return.open']({ receipt });
    const [line] = till.state().returning?.lines ?? [];
    await till.call['return.choose']({ line: line?.line ?? '', quantityMilli: 1000 });
    const draft = till.database.read.draftReturn() ?? '';
    await till.close();
    const today = programme.parse({ ...pointsPreset, version: 2 });
    const elsewhere = await aTill({ config: aConfig({ programmes: [today] }) });
    elsewhere.database.write((writes) => writes.saveDraftReturn(draft));
    await elsewhere.close();
    const again = await elsewhere.restart();
    expect(again.state()).toMatchObject({
      returning: null,
      notice: { message: { code: 'return-not-made', params: { receipt } } },
    });
    expect(again.bodies().filter(({ kind }) => kind === 'return')).toEqual([]);
    again.database.write((writes) => writes.saveDraftReturn('{"damaged":true}'));
    await again.close();
    const third = await again.restart();
    expect(third.state().returning).toBeNull();
    expect(third.logged.join()).toContain('return-unreadable');
    await third.close();
  });

  test.each([
    ['renew', true],
    ['keep', false],
  ] as const)(
    'points spent come back as the programme says: %s',
    async (returnedExpired, isNew) => {
      const renewing = programme.parse({
        ...pointsPreset,
        expiry: { kind: 'after', span: { count: 30, unit: 'day' } },
        refund: { returnedExpired },
      });
      const till = await aTill({ config: aConfig({ programmes: [renewing] }) });
      const { receipt } = await soldTo(till, 3000, 'ten-off');
      await till.call['return.open']({ receipt: `R:${receipt}` });
      const [line] = till.state().returning?.lines ?? [];
      await till.call['return.choose']({ line: line?.line ?? '', quantityMilli: 3000 });
      await till.call['return.commit']({ returnId: till.state().returning?.returnId ?? '' });
      const back = till.bodies().find((body) => body.kind === 'reverse' && body.points > 0);
      expect(back).toMatchObject({ kind: 'reverse', points: 100 });
      const end = back?.kind === 'reverse' ? back.expiresAtMs : undefined;
      expect(end !== undefined).toBe(isNew);
      await till.close();
    },
  );

  test('return, reversals and receipt are one transaction, once per return id', async () => {
    const till = await aTill();
    const { saleId, receipt } = await soldTo(till, 2000, 'ten-off');
    await till.call['return.open']({ receipt });
    const returning = till.state().returning;
    const line = returning?.lines[0]?.line ?? '';
    const returnId = returning?.returnId ?? '';
    await till.call['return.choose']({ line, quantityMilli: 2000 });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    await till.time.settle();
    const bodies = till.bodies().slice(-3);
    expect(bodies).toMatchObject([
      { kind: 'return', of: saleId, refundMinor: 9000, lines: [{ line, quantityMilli: 2000 }] },
      { kind: 'reverse', of: { source: saleId, type: 'earn' }, points: -100, source: returnId },
      { kind: 'reverse', of: { source: saleId, type: 'redeem' }, points: 100, source: returnId },
    ]);
    expect(till.state()).toMatchObject({
      returning: null,
      lastSale: { kind: 'return', saleId: returnId, totalMinor: 9000 },
    });
    const paper = till.devices.printed.at(-1)?.document.lines ?? [];
    expect(paper.some((entry) => entry.kind === 'pair' && entry.end.includes('90'))).toBe(true);
    await till.call['return.open']({ receipt });
    expect(await till.call['return.choose']({ line, quantityMilli: 1 })).toMatchObject({
      refusal: { code: 'return-more-than-sold', params: { leftMilli: 0 } },
    });
    await till.close();
  });

  test('however a sale comes back in parts, money and points end at exactly nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (parts, spend) => {
          const till = await aTill();
          const total = parts.reduce((sum, part) => sum + part, 0);
          const { receipt } = await soldTo(till, total * 1000, spend ? 'ten-off' : undefined);
          for (const part of parts) {
            await till.call['return.open']({ receipt });
            const { returning } = till.state();
            await till.call['return.choose']({
              line: returning?.lines[0]?.line ?? '',
              quantityMilli: part * 1000,
            });
            expect(
              await till.call['return.commit']({ returnId: returning?.returnId ?? '' }),
            ).toEqual({ outcome: 'done' });
          }
          const sums = { money: 0, points: 0 };
          for (const body of till.bodies()) {
            if (body.kind === 'sale') sums.money += body.totalMinor;
            if (body.kind === 'return') sums.money -= body.refundMinor;
            if (body.kind === 'earn' || body.kind === 'reverse') sums.points += body.points;
            if (body.kind === 'redeem') sums.points -= body.points;
          }
          expect(sums).toEqual({ money: 0, points: 0 });
          await till.close();
        },
      ),
      { numRuns: 12 },
    );
  });

  test('nothing chosen, an unknown line and an unknown receipt are refused and change nothing', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    const before = till.bodies().length;
    await till.call['return.open']({ receipt });
    const returnId = till.state().returning?.returnId ?? '';
    expect(await till.call['return.commit']({ returnId })).toMatchObject({
      refusal: { code: 'return-nothing-chosen' },
    });
    expect(await till.call['return.choose']({ line: 'l99', quantityMilli: 1000 })).toMatchObject({
      refusal: { code: 'no-such-line' },
    });
    expect(await till.call['return.open']({ receipt: 'ABCDEFGHJ' })).toMatchObject({
      refusal: { code: 'receipt-code-wrong' },
    });
    expect(await till.call['return.open']({ receipt: '000000000' })).toMatchObject({
      refusal: { code: 'receipt-unknown' },
    });
    expect(await till.call['return.cancel'](null)).toEqual({ outcome: 'done' });
    expect(await till.call['return.cancel'](null)).toMatchObject({ outcome: 'refused' });
    expect(till.bodies()).toHaveLength(before);
    await till.close();
  });

  test('a scanned receipt opens the return whatever is in the basket', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till);
    await till.call['basket.add-amount']({ amountMinor: 500, quantityMilli: 1000 });
    await till.call.scan({
      code: { kind: 'receipt', token: receipt, symbology: 'qr' },
      source: 'hid',
    });
    expect(till.state()).toMatchObject({ returning: { receipt }, basket: { totalMinor: 500 } });
    await till.close();
  });

  test('a version of a programme that was never here is fetched, or missed in words', async () => {
    const { receipt, entries } = await soldElsewhere();
    const today = programme.parse({ ...pointsPreset, version: 2 });
    const second = await aTill({ config: aConfig({ programmes: [today] }) });
    second.server.entries.push(...entries);
    expect(await second.call['return.open']({ receipt })).toMatchObject({
      refusal: {
        code: 'programme-version-missing',
        params: { programme: expect.stringContaining('Points') as string },
      },
    });
    expect(second.state().returning).toBeNull();
    second.server.programmes.push(programme.parse(pointsPreset));
    expect(await second.call['return.open']({ receipt })).toEqual({ outcome: 'done' });
    const line = second.state().returning?.lines[0]?.line ?? '';
    await second.call['return.choose']({ line, quantityMilli: 3000 });
    expect(second.state().returning).toMatchObject({ refundMinor: 15_000, pointsTakenBack: 150 });
    expect(second.database.read.programmeVersion('points', 1)).not.toBeNull();
    await second.close();
  });

  test('the programme of the sale decides, not the one of today', async () => {
    const till = await aTill();
    const { receipt } = await soldTo(till, 2000);
    const config = aConfig();
    const generous = programme.parse({
      ...pointsPreset,
      version: 2,
      rules: [
        { ...pointsPreset.rules[0], effect: { kind: 'per-money', points: '9', perMinor: 100 } },
      ],
    });
    till.server.changes.push({
      kind: 'config',
      config: {
        ...config,
        version: 2,
        programmes: [generous],
      },
    });
    await till.time.advance(10_000);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(till.state().basket.claimable).toBe(true);
    await till.call['return.open']({ receipt });
    const line = till.state().returning?.lines[0]?.line ?? '';
    await till.call['return.choose']({ line, quantityMilli: 2000 });
    expect(till.state().returning).toMatchObject({ refundMinor: 10_000, pointsTakenBack: 100 });
    await till.close();
  });
});
