import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { linesBefore, remembering } from '#till/history.ts';
import { addLine, clearLines, emptySession, removeLine, setQuantity } from '#till/session.ts';
import { HISTORY_MAX, session, type Session } from '#till/session-shape.ts';
import {
  aRecord,
  aTill,
  CARD,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const SALE = '01a1fdc7-eb60-763a-a61a-33bd7487b215';

type Act = (from: Session) => Session;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc
    .record({ sku: fc.constantFrom('a', 'b', 'c', null), price: fc.integer({ min: 1, max: 3 }) })
    .map(({ sku, price }): Act => (from) => {
      const next = addLine(from, {
        sku,
        name: null,
        categories: [],
        kind: 'goods',
        quantityMilli: 1000,
        unitPriceMinor: price * 100,
      });
      return next.ok ? next.value : from;
    }),
  fc
    .tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 5 }))
    .map(([at, pieces]): Act => (from) => {
      const next = setQuantity(from, from.lines[at]?.id ?? '', pieces * 1000);
      return next.ok ? next.value : from;
    }),
  fc.nat({ max: 9 }).map((at): Act => (from) => {
    const next = removeLine(from, from.lines[at]?.id ?? '');
    return next.ok ? next.value : from;
  }),
  fc.constant<Act>(clearLines),
);

describe('the way back', () => {
  test('each change of the lines can be taken back exactly, in the order last first', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        let open = emptySession(SALE);
        const seen: Session['lines'][] = [];
        acts.forEach((change, at) => {
          const next = remembering(open, change(open), at);
          if (next.past.at(-1) !== open.past.at(-1)) seen.push(open.lines);
          open = next;
        });
        expect(session.parse(JSON.parse(JSON.stringify(open)))).toEqual(open);
        expect(open.past.length).toBeLessThanOrEqual(HISTORY_MAX);
        for (let change = open.past.at(-1); change !== undefined; change = open.past.at(-1)) {
          open = { ...open, lines: linesBefore(open, change), past: open.past.slice(0, -1) };
          expect(open.lines).toEqual(seen.pop());
        }
      }),
    );
  });

  test('what comes after a clearing begins anew', () => {
    const line = {
      sku: 'a',
      name: null,
      categories: [],
      kind: 'goods',
      quantityMilli: 1000,
      unitPriceMinor: 100,
    } as const;
    const put = (from: Session): Session => {
      const next = addLine(from, line);
      return remembering(from, next.ok ? next.value : from, 0);
    };
    const full = put(put(emptySession(SALE)));
    const cleared = remembering(full, clearLines(full), 1);
    expect(cleared.past.map(({ what }) => what)).toEqual(['line-added', 'line-changed', 'cleared']);
    expect(put(cleared).past.map(({ what }) => what)).toEqual(['line-added']);
  });
});

const undo = (till: TestTill) => till.call['basket.undo'](null);
const names = (till: TestTill): unknown[] =>
  till.state().basket.lines.map(({ sku, quantityMilli }) => [sku, quantityMilli]);

describe('undo at the till', () => {
  test('goods, quantity, removal and clearing come back one by one, and a refusal ends it', async () => {
    const till = await aTill();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 2000 });
    const [coffee] = till.state().basket.lines;
    await till.call['basket.set-quantity']({ line: coffee?.id ?? '', quantityMilli: 3000 });
    await till.call['basket.clear'](null);
    expect(till.state().undoable).toMatchObject({ change: { code: 'undo-cleared' } });
    expect(await undo(till)).toEqual({ outcome: 'done' });
    expect(names(till)).toEqual([
      ['coffee', 3000],
      ['cake', 2000],
    ]);
    await undo(till);
    expect(names(till)).toEqual([
      ['coffee', 1000],
      ['cake', 2000],
    ]);
    await undo(till);
    expect(names(till)).toEqual([['coffee', 1000]]);
    expect(till.state().undoable?.change.params['name']).toContain('Kahve');
    await undo(till);
    expect(names(till)).toEqual([]);
    expect(await undo(till)).toMatchObject({ refusal: { code: 'nothing-to-undo' } });
    await till.close();
  });

  test('a member who was put on leaves, and one who was taken off comes back', async () => {
    const till = await aTill();
    till.member();
    till.member(
      aRecord({
        member: 'm-mehmet',
        displayName: 'Mehmet D.',
        identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··99' }],
      }),
    );
    await till.scanCard(CARD);
    await till.scanCard(OTHER_CARD);
    await till.call['member.detach'](null);
    await undo(till);
    expect(till.state().member?.displayName).toBe('Mehmet D.');
    await undo(till);
    expect(till.state().member?.displayName).toBe('Ayşe K.');
    await undo(till);
    expect(till.state().member).toBeNull();
    await till.close();
  });

  test('the swap’s own undo takes its change out of the history', async () => {
    const till = await aTill();
    till.member();
    till.member(
      aRecord({
        member: 'm-mehmet',
        identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··99' }],
      }),
    );
    await till.scanCard(CARD);
    await till.scanCard(OTHER_CARD);
    await till.call['member.undo'](null);
    expect(till.state().member?.member).toBe('m-ayse');
    await undo(till);
    expect(till.state().member).toBeNull();
    await till.close();
  });

  test('a reward that was applied goes back with its points, one that was taken off is asked for anew', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 4000 });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(till.state().undoable?.change.code).toBe('undo-reward-applied');
    await undo(till);
    expect(till.state().basket.rewards).toEqual([]);
    expect(till.bodies().map(({ kind }) => kind)).toEqual(['grant-accept', 'grant-close']);
    await till.call['reward.toggle']({ reward: 'ten-off' });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(till.state().basket.rewards).toEqual([]);
    await undo(till);
    expect(till.state().basket.rewards).toMatchObject([{ reward: 'ten-off', valueMinor: 1000 }]);
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'grant-accept', amount: 100 });
    await till.close();
  });

  test('the history outlives the process, and ends with the sale', async () => {
    const till = await aTill();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    await till.close();
    const again = await till.restart();
    await undo(again);
    expect(names(again)).toEqual([['coffee', 1000]]);
    await again.call['sale.settle']({ saleId: again.state().basket.saleId, tender: 'cash' });
    expect(again.state().undoable).toBeNull();
    expect(await undo(again)).toMatchObject({ outcome: 'refused' });
    await again.close();
  });
});

describe('whoever was merged meanwhile comes back as who they are now', () => {
  async function withTwo(): Promise<TestTill> {
    const till = await aTill();
    till.member();
    till.member(
      aRecord({
        member: 'm-cem',
        identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' }],
      }),
    );
    await till.scanCard(CARD);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.scanCard(OTHER_CARD);
    till.server.changes.push(
      { kind: 'member', record: aRecord({ member: 'm-bora', identifiers: [] }) },
      { kind: 'merge', from: 'm-ayse', into: 'm-bora' },
    );
    await till.time.advance(4000);
    return till;
  }

  test.each(['basket.undo', 'member.undo'] as const)('by %s', async (undo) => {
    const till = await withTwo();
    expect(await till.call[undo](null)).toEqual({ outcome: 'done' });
    expect(till.state().member?.member).toBe('m-bora');
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    expect(till.bodies().filter(({ kind }) => kind === 'earn')).toMatchObject([
      { member: 'm-bora', points: 100 },
    ]);
    await till.close();
  });
});
