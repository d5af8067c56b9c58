import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeAtNight } from '#journal/expiry-plan.ts';
import { planFence } from '#journal/fence-plan.ts';
import { planGrant, type GrantRows } from '#journal/grant-plan.ts';
import type { GrantRow, TerminalRow } from '#journal/posting-rows.ts';
import { isRecovering, joinLife } from '#journal/recovery.ts';
import { body, createTestTill, PROGRAMME, txOf } from './support/test-till.ts';
import { createMemoryServer } from './support/memory-server.ts';

const terminal: TerminalRow = {
  tenant: 'demo',
  store: 'moda',
  till: 'till_1',
  inc: 1,
  state: 'active',
  ackSeq: 10,
  ackHash: '',
  forkAt: null,
  epoch: 1,
  recoverThrough: 0,
  recovered: true,
};
const member = {
  member: 'anna',
  owner: 'anna',
  status: 'active',
  provisional: false,
  enrolled: true,
} as const;

function grantRow(more: Partial<GrantRow>): GrantRow {
  return {
    grant: 'g',
    member: 'anna',
    programme: PROGRAMME,
    till: 'till_2',
    inc: 1,
    amount: 50,
    spent: 0,
    state: 'accepted',
    purpose: 'held',
    recalled: false,
    ...more,
  };
}

function rows(posted: number, open: readonly GrantRow[], more: Partial<GrantRows> = {}): GrantRows {
  const granted = open.reduce((sum, { amount, spent }) => sum + amount - spent, 0);
  const account = { owner: 'anna', programme: PROGRAMME, posted, pending: 0, held: 0, granted };
  return { terminal, member, account, openAtTill: 0, open, recovering: false, ...more };
}

const wish = { member: 'anna', programme: PROGRAMME, want: 80, purpose: 'sale' } as const;

describe('a grant', () => {
  const grants = fc.array(
    fc
      .record({
        amount: fc.integer({ min: 1, max: 60 }),
        share: fc.integer({ min: 0, max: 100 }),
        purpose: fc.constantFrom('sale' as const, 'held' as const),
      })
      .map(({ amount, share, purpose }) =>
        grantRow({ amount, spent: Math.floor((amount * share) / 100), purpose }),
      ),
    { maxLength: 6 },
  );

  test('never takes more than is available, and leaves half of it where it is only held', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        grants,
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom('sale' as const, 'held' as const),
        (posted, open, want, purpose) => {
          const given = rows(
            posted,
            open.map((grant, index) => ({ ...grant, grant: `g${index}` })),
          );
          const available = posted - (given.account?.granted ?? 0);
          const planned = planGrant(given, { ...wish, want, purpose });
          if (planned.ok) {
            expect(planned.value.amount).toBeLessThanOrEqual(
              purpose === 'held' ? available / 2 : available,
            );
            expect(planned.value.amount).toBeLessThanOrEqual(want);
            return;
          }
          if (planned.error.code !== 'recalled') return;
          const back = given.open
            .filter(({ grant }) => planned.error.recall.includes(grant))
            .reduce((sum, { amount, spent }) => sum + amount - spent, 0);
          expect(available + back).toBeGreaterThanOrEqual(want);
        },
      ),
    );
  });

  test('asks back what other tills hold for later, the largest first, and no more than is needed', () => {
    const open = [
      grantRow({ grant: 'small', amount: 10 }),
      grantRow({ grant: 'large', amount: 60 }),
      grantRow({ grant: 'selling', amount: 30, purpose: 'sale' }),
    ];
    expect(planGrant(rows(120, open), wish)).toMatchObject({
      error: { code: 'recalled', available: 20, recall: ['large'] },
    });
    expect(planGrant(rows(120, open), { ...wish, want: 100 })).toMatchObject({
      error: { code: 'not-enough', recall: [] },
    });
  });

  test('is given to nobody while a restored server waits for tills', () => {
    expect(planGrant(rows(500, [], { recovering: true }), wish)).toMatchObject({
      error: { code: 'recovering' },
    });
  });
});

describe('a restored server', () => {
  test('waits until each active till has joined, sent its journal and its profiles', () => {
    const before = { ...terminal, ackSeq: 4 };
    expect(isRecovering([before], 2)).toBe(true);
    const joined = { ...before, ...joinLife(before, 2, { headSeq: 10, settled: false }) };
    expect(joined).toMatchObject({ epoch: 2, recoverThrough: 10, recovered: false });
    expect(isRecovering([joined], 2)).toBe(true);
    expect(joinLife(joined, 2, { headSeq: 12, settled: true })).toBeNull();
    const sent = { ...joined, ackSeq: 10 };
    expect(joinLife(sent, 2, { headSeq: 12, settled: false })).toBeNull();
    const back = { ...sent, ...joinLife(sent, 2, { headSeq: 12, settled: true }) };
    expect(isRecovering([back], 2)).toBe(false);
    expect(isRecovering([{ ...before, state: 'fenced' }, back], 2)).toBe(false);
  });

  test('takes a grant in again that it has forgotten, as its till spent it', () => {
    const till = createTestTill();
    till.append(
      txOf(1),
      body.enrol('anna'),
      body.earn('anna', txOf(1), 100),
      { ...body.accept('lost', 'anna', 60), purpose: 'held' },
      body.redeem('anna', txOf(2), 25, 'lost'),
    );
    const server = createMemoryServer();
    server.addTill('till_1', { recoverThrough: 4, recovered: false });
    expect(server.push('till_1', till.batch())).toMatchObject({ outcome: 'acknowledged' });
    expect(server.grants.get('lost')).toMatchObject({
      amount: 60,
      spent: 25,
      state: 'accepted',
      purpose: 'held',
    });
    expect([...server.accounts.values()]).toMatchObject([{ posted: 75, granted: 35 }]);
    expect([...server.exceptions.values()]).toEqual([]);
  });

  test('does not believe in a grant that was accepted after the till had heard of the restore', () => {
    const till = createTestTill();
    till.append(txOf(1), body.enrol('anna'), body.accept('made-up', 'anna', 60));
    const server = createMemoryServer();
    server.addTill('till_1', { recoverThrough: 1, recovered: false });
    server.push('till_1', till.batch());
    expect(server.grants.size).toBe(0);
    expect([...server.exceptions.values()]).toMatchObject([{ code: 'unknown-grant' }]);
  });
});

describe('a lost till', () => {
  const open = [
    { ...grantRow({ grant: 'a', amount: 50, spent: 20 }), owner: 'anna' },
    { ...grantRow({ grant: 'b', amount: 30 }), owner: 'anna' },
  ];
  const people = { day: '2026-11-21', atMs: 0 } as const;

  test('is given up by two people, and what it held goes back with exactly that exposure', () => {
    const plan = planFence({ terminal, open }, { ...people, by: ['manager_1', 'manager_2'] });
    expect(plan).toMatchObject({
      ok: true,
      value: {
        exposure: 60,
        accounts: [{ owner: 'anna', granted: -60 }],
        grants: [
          { grant: 'a', spent: 20, state: 'closed' },
          { grant: 'b', spent: 0, state: 'closed' },
        ],
        exceptions: [
          { code: 'till-fenced', params: { exposure: 60 } },
          { code: 'grant-written-off', params: { grant: 'a', points: 30 } },
          { code: 'grant-written-off', params: { grant: 'b', points: 30 } },
        ],
      },
    });
  });

  test('is not given up by one person, nor twice', () => {
    expect(planFence({ terminal, open }, { ...people, by: ['manager_1', 'manager_1'] })).toEqual({
      ok: false,
      error: { code: 'two-people-needed' },
    });
    expect(
      planFence(
        { terminal: { ...terminal, state: 'fenced' }, open },
        { ...people, by: ['manager_1', 'manager_2'] },
      ),
    ).toEqual({ ok: false, error: { code: 'already-fenced' } });
  });
});

test('the night takes what is available and nothing that a till holds or may hold', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), (posted, granted) => {
      expect(freeAtNight({ posted, granted }, false)).toBe(Math.max(0, posted - granted));
      expect(freeAtNight({ posted, granted }, true)).toBe(0);
    }),
  );
});

describe('spent points that come back', () => {
  test.each([
    ['with an end of their own where the programme renews them', 99, 99],
    ['to their own lots where it does not', undefined, null],
  ])('come back %s', (_, given, stored) => {
    const till = createTestTill();
    const of = { source: txOf(1), type: 'redeem' } as const;
    const back = body.reverse('anna', txOf(2), of, 40);
    till.append(txOf(1), body.enrol('anna'), body.earn('anna', txOf(1), 100));
    // The return arrives before what it reverses: the end must survive the wait.
    till.append(txOf(2), given === undefined ? back : { ...back, expiresAtMs: given });
    till.append(txOf(1), body.redeem('anna', txOf(1), 40, 'none'));
    const server = createMemoryServer();
    server.addTill('till_1');
    server.push('till_1', till.batch());
    const row = [...server.ledger.values()].find(({ type }) => type === 'reverse');
    expect(row).toMatchObject({ points: 40, expiresAtMs: stored });
  });
});
