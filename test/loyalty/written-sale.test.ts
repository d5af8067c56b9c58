import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basketLine } from '#loyalty/basket.ts';
import { applyCommand } from '#loyalty/commands-apply.ts';
import { ledgerCommand } from '#loyalty/commands.ts';
import { outcomeFigures } from '#loyalty/quote-figures.ts';
import { askLedger, ledgerQuestion } from '#loyalty/questions.ts';
import { got, ledgerOf, withPoints } from './arrange-ledger.ts';
import { noonMs, programmeOf, runs } from './arrange.ts';

describe('a sale as it is written', () => {
  const pays = programmeOf({
    rewards: [
      { id: 'off', name: { en: 'Off' }, costPoints: 20, value: { kind: 'fixed', amountMinor: 5 } },
      {
        id: 'pay',
        name: { en: 'Pay' },
        costPoints: 1,
        value: { kind: 'per-point', valueMinor: 1 },
        mostPerSale: null,
      },
    ],
  });
  const rich = withPoints(ledgerOf(pays), 'anna', 30);
  const basket = { currency: 'TRY', lines: [{ id: 'l1', unitPriceMinor: 1001 }] };
  const sale = { id: 's9', member: 'anna', basket, atMs: noonMs };
  const asked = (more: object): unknown =>
    askLedger(rich, ledgerQuestion.parse({ ask: 'quote', ...sale, programme: 'club', ...more }));

  it('is quoted as it would be settled, and writes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.boolean(), (unitPriceMinor, claims) => {
        const more = {
          basket: { currency: 'TRY', lines: [{ id: 'l1', unitPriceMinor }] },
          claims: claims ? [{ reward: 'off' }] : [],
        };
        const settle = ledgerCommand.parse({ command: 'settle-sale', ...sale, ...more });
        const { quote } = got(applyCommand(rich, settle)).outcome;
        expect(asked(more)).toMatchObject({ ok: true, value: { quote } });
      }),
      runs,
    );
    expect(rich.sales.size).toBe(0);
  });

  it('may name a reward without its programme, or only points', () => {
    const spent = (claims: unknown): unknown => asked({ claims });
    const took = (points: number) => ({
      value: { sale: { spent: points, availableLeft: 30 - points } },
    });
    expect(spent([{ reward: 'off' }])).toMatchObject(took(20));
    expect(spent([{ points: 7 }])).toMatchObject(took(7));
    expect(spent([{ kind: 'reward', programme: 'club', reward: 'off' }])).toMatchObject(took(20));
    const error = { code: 'unknown-reward', reward: 'moon' };
    expect(spent([{ reward: 'moon' }])).toEqual({ ok: false, error });
    const settle = { command: 'settle-sale', ...sale, claims: [{ reward: 'moon' }] };
    expect(applyCommand(rich, ledgerCommand.parse(settle))).toEqual({ ok: false, error });
    const none = ledgerCommand.parse({ command: 'settle-sale', ...sale, claims: [{}] });
    expect(applyCommand(ledgerOf(programmeOf()), none)).toMatchObject({ error: { reward: null } });
  });

  it('tells what it did to the points of a programme, in plain values', () => {
    const settle = { command: 'settle-sale', ...sale, claims: [{ reward: 'off' }] };
    const sold = got(applyCommand(rich, ledgerCommand.parse(settle))).ledger;
    const back = { command: 'return-goods', sale: 's9', source: 'back', atMs: noonMs };
    const returned = ledgerCommand.parse(back);
    const { outcome } = got(applyCommand(sold, returned));
    expect(outcomeFigures(outcome, 'club')).toEqual({ takenBack: 10, givenBack: 20 });
    expect(outcomeFigures(outcome, 'other')).toEqual({ takenBack: 0, givenBack: 0 });
    const event = { command: 'record-event', member: 'anna', type: 'x', source: 'e', atMs: noonMs };
    const none = got(applyCommand(sold, ledgerCommand.parse(event))).outcome;
    expect(outcomeFigures(none, 'club')).toMatchObject({ earned: 0 });
  });

  it('numbers its lines and leaves out what was taken out again', () => {
    const lines = [{ unitPriceMinor: 300 }, { unitPriceMinor: 900, voided: true }, { sku: 'A' }];
    const { basket: read } = ledgerCommand.parse({
      ...{ command: 'settle-sale', ...sale, basket: { currency: 'TRY', lines } },
    }) as { basket: { lines: { id: string }[] } };
    expect(read.lines.map(({ id }) => id)).toEqual(['l0', 'l2']);
    expect(read.lines[0]).toEqual(basketLine({ id: 'l0', unitPriceMinor: 300 }));
  });

  it('may be under another price list, rounded half up', () => {
    const half = { basket: { ...basket, priceFactor: '0.5' } };
    expect(asked(half)).toMatchObject({ value: { quote: { totalMinor: 501 } } });
    expect(() => asked({ basket: { ...basket, priceFactor: '-1' } })).toThrow('basket');
  });
});
