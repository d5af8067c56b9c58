import { describe, expect, it } from 'vitest';
import { issueCard } from '#loyalty/ledger-cards.ts';
import { spendable } from '#loyalty/ledger.ts';
import { balance, got, ledgerOf } from './arrange-ledger.ts';
import { noonMs, programmeOf } from './arrange.ts';

describe('a card that is issued', () => {
  it('gets its points itself, whatever account the request was made from', () => {
    const moving = { account: spendable('anna', 'club'), points: 30, source: 's', atMs: noonMs };
    const card = { ...moving, code: 'GIFT', programme: 'club' };
    const ledger = got(issueCard(ledgerOf(programmeOf()), card));
    expect([balance(ledger, 'GIFT'), balance(ledger, 'anna')]).toEqual([30, 0]);
  });
});
