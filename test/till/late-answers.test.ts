import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { SyncCall, SyncInput } from '#contract/sync.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { soldToNobody } from './support/a-sale.ts';
import {
  aConfig,
  aRecord,
  aTill,
  bora,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';
import { giftCard, giftCards } from './support/gift-card.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const ayseByPhone = aRecord({
  identifiers: [{ kind: 'phone', hash: hashOf('phone', '+4915123456789'), masked: '··89' }],
});
const join = {
  phone: '01512 3456789',
  name: 'Zehra Ünal',
  language: 'de' as const,
  ofAge: true,
  noticeVersion: 'de-1',
  consents: [],
  useScannedCard: false,
};

let till: TestTill;

beforeEach(async () => {
  till = await aTill({
    config: aConfig({ programmes: [programme.parse(pointsPreset), giftCards] }),
  });
  till.server.vouchers.push(giftCard);
  till.server.available = 1_000_000;
});

/** Has the server think about one kind of question until the returned function is called. */
function slowly(name: SyncCall): () => void {
  const { promise, resolve } = Promise.withResolvers<null>();
  till.server.intercept = (asked, input) => {
    if (asked !== name) return null;
    till.server.intercept = null;
    return promise.then(() => till.server.call(asked, input as SyncInput<SyncCall>, 1000));
  };
  return () => resolve(null);
}

async function coffee(quantityMilli = 1000): Promise<void> {
  expect(await till.call['basket.add-product']({ sku: 'coffee', quantityMilli })).toEqual(DONE);
}

async function settle(): Promise<void> {
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
}

/** What happens between a question and its answer. */
async function meanwhile(asked: unknown, deeds: () => Promise<void>, answer: () => void) {
  await till.time.settle();
  await deeds();
  answer();
  const outcome = await asked;
  await till.time.advance(1000);
  return outcome;
}

async function nextShopper(): Promise<void> {
  await settle();
  await coffee(9000);
}

describe('an answer that comes once the next shopper is there changes nothing of theirs', () => {
  test('a gift card is not put on their sale, and all of it stays on it', async () => {
    await coffee();
    const answer = slowly('find-voucher');
    const entering = till.call['code.enter']({ text: 'G1FT99' });
    expect(await meanwhile(entering, nextShopper, answer)).toMatchObject({
      refusal: { code: 'code-too-late' },
    });
    expect(till.state().basket.codes).toEqual([]);
    expect(till.server.open.size).toBe(0);
    await till.close();
  });

  test('nor on a sale that was cleared and begun anew meanwhile', async () => {
    await coffee();
    const answer = slowly('find-voucher');
    const entering = till.call['code.enter']({ text: 'G1FT99' });
    const begunAnew = async (): Promise<void> => {
      await till.call['basket.clear'](null);
      await coffee(2000);
    };
    expect(await meanwhile(entering, begunAnew, answer)).toMatchObject({
      refusal: { code: 'code-too-late' },
    });
    expect(till.state().basket.codes).toEqual([]);
    await till.close();
  });

  test('while goods that come and a card that is shown meanwhile change nothing about it', async () => {
    till.member();
    await coffee();
    const answer = slowly('find-voucher');
    const entering = till.call['code.enter']({ text: 'G1FT99' });
    const goesOn = async (): Promise<void> => {
      await till.scanCard();
      await coffee();
    };
    expect(await meanwhile(entering, goesOn, answer)).toEqual(DONE);
    expect(till.state().basket.codes).toHaveLength(1);
    await till.close();
  });

  test('points of a receipt go to who asked, or to nobody', async () => {
    const { receipt } = await soldToNobody(till);
    await till.time.advance(2000);
    till.member();
    till.member(bora);
    await till.scanCard();
    const answer = slowly('find-sale');
    const claiming = till.call['claim.commit']({ receipt });
    const swapped = async (): Promise<void> => {
      await till.call['member.detach'](null);
      await till.scanCard(OTHER_CARD);
    };
    expect(await meanwhile(claiming, swapped, answer)).toMatchObject({
      refusal: { code: 'claim-too-late' },
    });
    expect(till.bodies().some(({ kind }) => kind === 'claim')).toBe(false);
    await till.close();
  });

  test('somebody who joins is not put on their sale', async () => {
    await coffee();
    const answer = slowly('find-member');
    const joining = till.call['enrol.commit'](join);
    expect(await meanwhile(joining, nextShopper, answer)).toMatchObject({
      refusal: { code: 'sale-is-over' },
    });
    expect(till.state().member).toBeNull();
    expect(till.bodies().some(({ kind }) => kind === 'enrol')).toBe(false);
    await till.close();
  });

  test('nor in the place of a member who was seen meanwhile', async () => {
    till.member();
    await coffee();
    const answer = slowly('find-member');
    const joining = till.call['enrol.commit'](join);
    const seen = async (): Promise<void> => {
      await till.scanCard();
    };
    expect(await meanwhile(joining, seen, answer)).toMatchObject({
      refusal: { code: 'sale-is-over' },
    });
    expect(till.state().member?.member).toBe('m-ayse');
    await till.close();
  });

  test('of two taps on Join the second hears that the number is a member’s', async () => {
    await coffee();
    const outcomes = await Promise.all([
      till.call['enrol.commit'](join),
      till.call['enrol.commit'](join),
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'done' },
      { refusal: { code: 'phone-already-member' } },
    ]);
    expect(till.bodies().filter(({ kind }) => kind === 'enrol')).toHaveLength(1);
    await till.close();
  });

  test('nor somebody who is found by their number', async () => {
    till.server.members.set('m-ayse', ayseByPhone);
    await coffee();
    const answer = slowly('find-member');
    const using = till.call['enrol.use-existing']({ phone: join.phone });
    expect(await meanwhile(using, nextShopper, answer)).toMatchObject({
      refusal: { code: 'sale-is-over' },
    });
    expect(till.state().member).toBeNull();
    await till.close();
  });
});

describe('what is asked for again belongs to the sale and to its member', () => {
  async function withCardAndReward(): Promise<string> {
    till.member();
    till.member(bora);
    await till.time.advance(2000);
    await till.scanCard();
    await coffee(3000);
    expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    return till.state().basket.saleId;
  }

  test('a recalled sale whose member leaves meanwhile asks the next one for no points', async () => {
    const sale = await withCardAndReward();
    await till.call['sale.park'](null);
    await till.time.advance(2000);
    const answer = slowly('find-voucher');
    const recalling = till.call['sale.recall']({ sale });
    const swapped = async (): Promise<void> => {
      await till.scanCard(OTHER_CARD);
    };
    expect(await meanwhile(recalling, swapped, answer)).toMatchObject({
      refusal: { code: 'too-late-to-bring-back' },
    });
    expect(till.state()).toMatchObject({
      member: { member: 'm-bora' },
      basket: { rewards: [{ programme: 'gift-card' }], codes: [{ text: 'G1FT99' }] },
    });
    await till.close();
  });

  test('a recalled sale keeps the reward that was tapped before its turn came', async () => {
    const sale = await withCardAndReward();
    await till.call['sale.park'](null);
    await till.time.advance(2000);
    const answer = slowly('find-voucher');
    const recalling = till.call['sale.recall']({ sale });
    const tapped = async (): Promise<void> => {
      expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    };
    expect(await meanwhile(recalling, tapped, answer)).toEqual(DONE);
    expect(till.state().basket.rewards.map(({ reward }) => reward)).toContain('ten-off');
    await till.close();
  });

  test('undo asks nobody else for the points of a member who left meanwhile', async () => {
    await withCardAndReward();
    await till.call['basket.clear'](null);
    await till.time.advance(2000);
    const answer = slowly('find-voucher');
    const undoing = till.call['basket.undo'](null);
    const swapped = async (): Promise<void> => {
      await till.scanCard(OTHER_CARD);
    };
    expect(await meanwhile(undoing, swapped, answer)).toMatchObject({
      refusal: { code: 'too-late-to-bring-back' },
    });
    expect(till.state().basket.rewards.map(({ reward }) => reward)).not.toContain('ten-off');
    await till.close();
  });
});
