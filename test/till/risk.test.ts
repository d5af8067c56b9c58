import { afterAll, describe, expect, test } from 'vitest';
import {
  aConfig,
  aRecord,
  aTill,
  CARD,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const LATER_MS = 10_000;

const CAPS = {
  programme: 'points',
  perRedemption: 100,
  perMember: 200,
  perTillDay: 300,
  budget: 900,
};

/** A till of a shop with these caps, that knows two members and holds nothing for either. */
async function aRiskyTill(caps: Partial<typeof CAPS> | null): Promise<TestTill> {
  const config = aConfig(caps === null ? {} : { offlineRisk: [{ ...CAPS, ...caps }] });
  const till = await aTill({ config });
  till.member();
  const card = { kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' } as const;
  till.member(aRecord({ member: 'm-mehmet', displayName: 'Mehmet D.', identifiers: [card] }));
  // Idle, with the server there: whatever the till asks ahead, it asks now.
  await till.time.advance(3 * LATER_MS);
  return till;
}

async function goOffline(till: TestTill): Promise<void> {
  till.server.up = false;
  await till.time.advance(LATER_MS);
  expect(till.state().link.state).toBe('offline');
}

/** A sale with the reward that costs 100 points; false where it cannot be had. */
async function redeem(till: TestTill, card = CARD): Promise<boolean> {
  await till.time.advance(2000);
  await till.scanCard(card);
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  const done = await till.call['reward.toggle']({ reward: 'ten-off' });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  return done.outcome === 'done';
}

const risks = (till: TestTill): readonly { grant: string | null; spent: number }[] =>
  till.database.read.openGrants().filter(({ purpose }) => purpose === 'risk');

const asked = (till: TestTill): number =>
  till.server.calls.filter(
    ({ name, input }) => name === 'grant' && JSON.stringify(input).includes('"risk"'),
  ).length;

describe('points spent offline at the shop’s risk', () => {
  test('are not spent by a shop that says nothing of it', async () => {
    const till = await aRiskyTill(null);
    expect(asked(till)).toBe(0);
    await goOffline(till);
    expect(await redeem(till)).toBe(false);
    expect(till.bodies().some(({ kind }) => kind === 'redeem')).toBe(false);
    await till.close();
  });

  test('come from a grant of nobody, within the caps of redemption, member and till', async () => {
    const till = await aRiskyTill({});
    expect(asked(till)).toBe(1);
    expect(risks(till)).toMatchObject([{ grant: 'g1', spent: 0 }]);
    expect(till.bodies()).toContainEqual({
      ...{ kind: 'grant-accept', grant: 'g1', purpose: 'risk' },
      ...{ member: 'risk', programme: 'points', amount: 300 },
    });
    await goOffline(till);
    await till.scanCard();
    expect(till.state().member?.balances[0]).toMatchObject({ posted: 800, spendableHere: 100 });
    expect(await redeem(till)).toBe(true);
    expect(till.bodies().findLast(({ kind }) => kind === 'redeem')).toMatchObject({
      ...{ member: 'm-ayse', points: 100, grant: 'g1' },
    });
    expect(await redeem(till)).toBe(true);
    // 200 of hers are unheard of: no more, whatever is left in the grant.
    expect(await redeem(till)).toBe(false);
    expect(risks(till)).toMatchObject([{ spent: 200 }]);
    expect(await redeem(till, OTHER_CARD)).toBe(true);
    expect(risks(till)).toEqual([]);
    expect(await redeem(till, OTHER_CARD)).toBe(false);
    await till.close();
  });

  test('are no more than the member had when last heard of, and no dearer than one redemption may be', async () => {
    const poor = await aRiskyTill({});
    const balances = [{ programme: 'points', posted: 60, pending: 0, available: 60, version: 9 }];
    poor.member(aRecord({ version: 2, balances }));
    await goOffline(poor);
    await poor.scanCard();
    expect(poor.state().member?.balances[0]?.spendableHere).toBe(60);
    expect(await redeem(poor)).toBe(false);
    await poor.close();

    const strict = await aRiskyTill({ perRedemption: 99 });
    await goOffline(strict);
    expect(await redeem(strict)).toBe(false);
    await strict.close();
  });

  test('are never touched while the server answers, and survive a restart', async () => {
    const till = await aRiskyTill({});
    expect(await redeem(till)).toBe(true);
    expect(till.bodies().findLast(({ kind }) => kind === 'redeem')).not.toMatchObject({
      grant: 'g1',
    });
    expect(risks(till)).toMatchObject([{ grant: 'g1', spent: 0 }]);
    till.server.up = false;
    await till.close();
    const again = await till.restart();
    await goOffline(again);
    expect(risks(again)).toMatchObject([{ grant: 'g1', spent: 0 }]);
    expect(await redeem(again)).toBe(true);
    expect(risks(again)).toMatchObject([{ spent: 100 }]);
    await again.close();
  });
});
