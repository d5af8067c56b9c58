import { describe, expect, it } from 'vitest';
import { basketLine, basketLineField } from '#loyalty/basket.ts';
import { claimNamed } from '#loyalty/claim-item.ts';
import { issueCard } from '#loyalty/ledger-cards.ts';
import { spendable } from '#loyalty/ledger.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { balance, got, ledgerOf } from './arrange-ledger.ts';
import { noonMs, programmeOf } from './arrange.ts';

type RewardDocument = NonNullable<ProgrammeDocument['rewards']>[number];

describe('a card that is issued', () => {
  it('gets its points itself, whatever account the request was made from', () => {
    const moving = { account: spendable('anna', 'club'), points: 30, source: 's', atMs: noonMs };
    const card = { ...moving, code: 'GIFT', programme: 'club' };
    const ledger = got(issueCard(ledgerOf(programmeOf()), card));
    expect([balance(ledger, 'GIFT'), balance(ledger, 'anna')]).toEqual([30, 0]);
  });
});

describe('a reward claimed by its name alone', () => {
  const reward = (id: string, value: RewardDocument['value']): RewardDocument => ({
    id,
    name: { en: id },
    costPoints: 10,
    value,
  });
  const programmes = [
    programmeOf({ rewards: [reward('cake', { kind: 'benefit', text: { en: 'cake' } })] }),
    programmeOf({ id: 'other', rewards: [reward('pay', { kind: 'per-point', valueMinor: 5 })] }),
  ];

  it('is that of the first programme that has it, or the way to pay with points', () => {
    expect(claimNamed(programmes, 'cake', { units: 2 })).toMatchObject({
      programme: 'club',
      reward: 'cake',
      units: 2,
    });
    expect(claimNamed(programmes, null)).toMatchObject({ programme: 'other', reward: 'pay' });
  });

  it('is none where no programme has it', () => {
    expect(claimNamed(programmes, 'tea')).toBeNull();
    expect(claimNamed(programmes.slice(0, 1), null)).toBeNull();
  });
});

describe('a line of a basket', () => {
  it('is one piece of goods without tax where nothing else is said', () => {
    const line = basketLine({ id: 'l0', unitPriceMinor: 250 });
    expect(basketLineField.parse(line)).toEqual(line);
    expect(line).toMatchObject({ kind: 'goods', quantityMilli: 1000, taxes: [] });
    expect(basketLine({ ...line, kind: 'delivery' }).kind).toBe('delivery');
  });
});
