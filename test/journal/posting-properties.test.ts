import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryServer, type MemoryServer } from './support/memory-server.ts';
import { body, createTestTill, txOf, type TestTill } from './support/test-till.ts';

const TILLS = ['till_1', 'till_2', 'till_3'] as const;
const MEMBERS = ['anna', 'bea', 'card7'] as const;

/** One thing a till writes. Transactions are shared on purpose: returns meet sales of other tills. */
const fact = fc.record({
  till: fc.nat(TILLS.length - 1),
  member: fc.constantFrom(...MEMBERS),
  kind: fc.constantFrom(
    'sale',
    'redeem',
    'take-back',
    'put-back',
    'give-back',
    'accept',
    'close',
    'late',
  ),
  tx: fc.integer({ min: 1, max: 6 }),
  points: fc.integer({ min: 1, max: 50 }),
  grant: fc.nat(3),
});
type Fact = typeof fact extends fc.Arbitrary<infer Value> ? Value : never;

/** The tills' journals that a list of facts makes. */
function journals(facts: readonly Fact[]): readonly TestTill[] {
  const tills = TILLS.map((till) => createTestTill({ till }));
  for (const till of tills) till.append(txOf(99), ...MEMBERS.map((member) => body.enrol(member)));
  facts.forEach(({ till, member, kind, tx, points, grant }, index) => {
    const here = tills[till];
    if (here === undefined) return;
    const own = txOf(1000 + index);
    const sold = txOf(tx * 10 + till);
    const grantRef = `g${grant}`;
    switch (kind) {
      case 'sale':
        return here.append(
          sold,
          body.sale(tx * 10 + till, member),
          body.earn(member, sold, points),
        );
      case 'late':
        return here.append(sold, body.earn(member, sold, points, Date.UTC(2027, 0, 1)));
      case 'redeem':
        return here.append(sold, body.redeem(member, sold, points, grantRef));
      case 'take-back':
        return here.append(
          own,
          body.reverse(member, own, { source: txOf(tx * 10), type: 'earn' }, -points),
        );
      case 'put-back':
        return here.append(
          own,
          body.reverse(member, own, { source: txOf(tx * 10), type: 'earn' }, points),
        );
      case 'give-back':
        return here.append(
          own,
          body.reverse(member, own, { source: txOf(tx * 10 + 1), type: 'redeem' }, points),
        );
      case 'accept':
        return here.append(own, body.accept(grantRef, member, points));
      case 'close':
        return here.append(own, body.close(grantRef));
    }
  });
  return tills;
}

/** A server that knows the tills and has issued some grants out of an opening balance. */
function serverWithGrants(): MemoryServer {
  const server = createMemoryServer();
  for (const till of [...TILLS, 'till_0']) server.addTill(till);
  const opening = createTestTill({ till: 'till_0' });
  opening.append(txOf(0), ...MEMBERS.map((member) => body.enrol(member)));
  MEMBERS.forEach((member, index) =>
    opening.append(txOf(500 + index), body.earn(member, txOf(500 + index), 100)),
  );
  server.push('till_0', opening.batch());
  for (let index = 0; index < 4; index += 1) {
    server.grant(`g${index}`, TILLS[index % 3] ?? '', MEMBERS[index % 2] ?? '', 20 + index);
  }
  return server;
}

/** Ways to cut and repeat a journal: each push starts at most where the last one ended. */
const cuts = fc.array(
  fc.record({
    till: fc.nat(TILLS.length - 1),
    back: fc.nat(4),
    size: fc.integer({ min: 1, max: 5 }),
  }),
  {
    maxLength: 30,
  },
);
type Cuts = typeof cuts extends fc.Arbitrary<infer Value> ? Value : never;

function pushInPieces(server: MemoryServer, tills: readonly TestTill[], pieces: Cuts): void {
  const acknowledged = tills.map(() => 0);
  const push = (index: number, back: number, size: number): void => {
    const till = tills[index];
    const ack = acknowledged[index] ?? 0;
    if (till === undefined) return;
    const from = Math.max(1, ack + 1 - back);
    const to = Math.min(till.entries.length, from + size - 1);
    if (to < from) return;
    const answer = server.push(till.till, till.batch(from, to));
    expect(answer.outcome).toBe('acknowledged');
    if (answer.outcome === 'acknowledged') acknowledged[index] = answer.ackSeq;
  };
  for (const { till, back, size } of pieces) push(till, back, size);
  tills.forEach((till, index) => {
    while ((acknowledged[index] ?? 0) < till.entries.length) push(index, 0, 500);
  });
}

/** What must hold in every state (sync.md I5, I6). */
function expectSound(server: MemoryServer): void {
  for (const account of server.accounts.values()) {
    const rows = [...server.ledger.values()].filter(({ owner }) => owner === account.owner);
    const sum = (counted: boolean): number =>
      rows
        .filter((row) => row.counted === counted)
        .reduce((total, { points }) => total + points, 0);
    expect(account.posted).toBe(sum(true));
    expect(account.pending).toBe(sum(false));
    const open = [...server.grants.values()].filter(
      ({ member, state }) => member === account.owner && state !== 'closed',
    );
    expect(account.granted).toBe(
      open.reduce((total, { amount, spent }) => total + amount - spent, 0),
    );
    expect(account.held).toBeGreaterThanOrEqual(0);
  }
  for (const { spent, amount } of server.grants.values()) {
    expect(spent).toBeGreaterThanOrEqual(0);
    expect(spent).toBeLessThanOrEqual(amount);
  }
  const total = (type: string): number =>
    [...server.ledger.values()]
      .filter((row) => row.type === type)
      .reduce((sum, { points }) => sum + points, 0);
  const outstanding = [...server.accounts.values()].reduce(
    (sum, { posted, pending }) => sum + posted + pending,
    0,
  );
  expect(total('earn') + total('reverse')).toBe(-total('redeem') + outstanding);
}

describe('posting, for any journals', () => {
  test('replay, duplicates and overlaps leave the state as one push each would', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), cuts, (facts, pieces) => {
        const tills = journals(facts);
        const server = serverWithGrants();
        pushInPieces(server, tills, pieces);
        const state = server.state();
        for (const till of tills) server.push(till.till, till.batch());
        pushInPieces(
          server,
          tills,
          pieces.map((piece) => ({ ...piece, back: 500 })),
        );
        expect(server.state()).toBe(state);
      }),
      { numRuns: 200 },
    );
  });

  test('the sum of the ledger is the balance, grants are never overspent, nothing appears or vanishes', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), cuts, (facts, pieces) => {
        const server = serverWithGrants();
        pushInPieces(server, journals(facts), pieces);
        expectSound(server);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever order the tills arrive in, every balance comes out the same', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), cuts, cuts, (facts, some, others) => {
        // A till puts back what it knows to have been taken: here, or by the server's word.
        const tills = journals(facts.filter(({ kind }) => kind !== 'put-back'));
        const balances = [some, others].map((pieces) => {
          const server = serverWithGrants();
          pushInPieces(server, tills, pieces);
          return [...server.accounts.values()]
            .map(({ owner, posted, pending, held, granted }) => ({
              owner,
              posted,
              pending,
              held,
              granted,
            }))
            .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
        });
        expect(balances[0]).toEqual(balances[1]);
      }),
      { numRuns: 300 },
    );
  });

  test('a reversal never gives or takes more than its original did', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), (facts) => {
        const server = serverWithGrants();
        pushInPieces(server, journals(facts), []);
        for (const row of server.ledger.values()) {
          const back = [...server.ledger.values()]
            .filter(
              ({ ofSource, ofType, owner }) =>
                ofSource === row.source && ofType === row.type && owner === row.owner,
            )
            .reduce((sum, { points }) => sum + points, 0);
          expect(Math.abs(back)).toBeLessThanOrEqual(Math.abs(row.points));
          if (row.type === 'earn') expect(back).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
