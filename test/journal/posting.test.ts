import { beforeEach, describe, expect, test } from 'vitest';
import { accountKey } from '#journal/posting-rows.ts';
import { createMemoryServer, type MemoryServer } from './support/memory-server.ts';
import {
  body,
  createTestTill,
  NOON_MS,
  PROGRAMME,
  sha256Chain,
  txOf,
  type TestTill,
} from './support/test-till.ts';
import { EMPTY_HEAD, readChain } from '#journal/chain.ts';

let server: MemoryServer;
let till: TestTill;
beforeEach(() => {
  server = createMemoryServer();
  till = createTestTill();
  server.addTill('till_1');
  server.addTill('till_2');
});

const account = (member: string) => {
  const row = server.accounts.get(accountKey(member, PROGRAMME));
  return row === undefined
    ? null
    : { posted: row.posted, pending: row.pending, held: row.held, granted: row.granted };
};
const codes = () => [...server.exceptions.values()].map(({ code }) => code);
const push = (from = 1) => server.push('till_1', till.batch(from));

/** A member with 100 points of one sale. */
function member(name = 'anna', points = 100): void {
  till.append(txOf(1), body.enrol(name), body.sale(1, name), body.earn(name, txOf(1), points));
}

describe('posting', () => {
  test('a sale with a member adds its points and nothing else', () => {
    member();
    expect(push()).toEqual({ outcome: 'acknowledged', ackSeq: 3 });
    expect(account('anna')).toEqual({ posted: 100, pending: 0, held: 0, granted: 0 });
    expect(codes()).toEqual([]);
  });

  test('the same batch again, or one that overlaps, changes nothing', () => {
    member();
    push();
    const before = server.state();
    expect(push()).toEqual({ outcome: 'acknowledged', ackSeq: 3 });
    expect(server.state()).toBe(before);
    till.append(txOf(2), body.sale(2, 'anna'), body.earn('anna', txOf(2), 7));
    expect(server.push('till_1', till.batch(2))).toEqual({ outcome: 'acknowledged', ackSeq: 5 });
    expect(account('anna')?.posted).toBe(107);
  });

  test('points that count later are pending', () => {
    till.append(txOf(1), body.enrol('anna'), body.earn('anna', txOf(1), 5, NOON_MS + 86_400_000));
    push();
    expect(account('anna')).toEqual({ posted: 0, pending: 5, held: 0, granted: 0 });
  });

  test('a till whose clock is ahead still earns at once', () => {
    const aheadMs = NOON_MS + 3_600_000;
    till.append(
      { tx: txOf(1), atMs: aheadMs },
      body.enrol('anna'),
      body.earn('anna', txOf(1), 5, aheadMs),
    );
    push();
    expect(account('anna')?.posted).toBe(5);
  });

  test('a member nobody enrolled is taken in as provisional, and a person is told', () => {
    till.append(txOf(1), body.sale(1, 'ghost'), body.earn('ghost', txOf(1), 5));
    push();
    expect(account('ghost')?.posted).toBe(5);
    expect(server.members.get('ghost')).toMatchObject({ provisional: true, enrolled: false });
    expect(codes()).toEqual(['unknown-member']);
  });

  test('points of a programme the shop does not run are posted and noted', () => {
    till.append(txOf(1), body.enrol('anna'), {
      ...body.earn('anna', txOf(1), 5),
      programme: 'stamps',
    });
    push();
    expect(server.accounts.get(accountKey('anna', 'stamps'))?.posted).toBe(5);
    expect(codes()).toEqual(['unknown-programme']);
  });
});

describe('redemption', () => {
  beforeEach(() => {
    member();
    push();
    expect(server.grant('g1', 'till_1', 'anna', 60)).toBe(true);
  });

  test('spends its grant and the balance, and a close gives the rest back', () => {
    till.append(txOf(2), body.accept('g1', 'anna', 60), body.redeem('anna', txOf(2), 40, 'g1'));
    push(4);
    expect(account('anna')).toEqual({ posted: 60, pending: 0, held: 0, granted: 20 });
    till.append(txOf(2), body.close('g1'));
    push(6);
    expect(account('anna')).toEqual({ posted: 60, pending: 0, held: 0, granted: 0 });
    expect(codes()).toEqual([]);
  });

  test('beyond its grant is posted, noted, and never spends more than the grant holds', () => {
    till.append(
      txOf(2),
      body.accept('g1', 'anna', 60),
      body.redeem('anna', txOf(2), 40, 'g1'),
      body.redeem('anna', txOf(3), 30, 'g1'),
    );
    push(4);
    expect(server.grants.get('g1')).toMatchObject({ spent: 60 });
    expect(account('anna')).toEqual({ posted: 30, pending: 0, held: 0, granted: 0 });
    expect(codes()).toEqual(['grant-overspent']);
  });

  test.each([
    ['without a grant', 'nothing', 'redeem-without-grant'],
    ['from a grant of another member', 'g2', 'grant-of-another-member'],
    ['from a grant of another till', 'g3', 'grant-of-another-till'],
    ['from a closed grant', 'g4', 'grant-closed'],
  ])('%s is posted and noted', (_what, grant, code) => {
    till.append(txOf(5), body.enrol('bea'), body.earn('bea', txOf(5), 10));
    push(4);
    server.grant('g2', 'till_1', 'bea', 10);
    server.grant('g3', 'till_2', 'anna', 10);
    server.grant('g4', 'till_1', 'anna', 10);
    till.append(txOf(6), body.close('g4'), body.redeem('anna', txOf(6), 10, grant));
    push(6);
    expect(account('anna')?.posted).toBe(90);
    expect(codes()).toContain(code);
  });

  test('that takes the balance below zero is noted with the balance', () => {
    till.append(txOf(6), body.redeem('anna', txOf(6), 130, 'nothing'));
    push(4);
    expect(
      [...server.exceptions.values()].find(({ code }) => code === 'negative-balance')?.params,
    ).toEqual({
      member: 'anna',
      programme: PROGRAMME,
      balance: -30,
    });
  });

  test('a grant of another till cannot be closed or accepted here', () => {
    server.grant('g3', 'till_2', 'anna', 10);
    till.append(txOf(6), body.accept('g3', 'anna', 10), body.close('g3'), body.close('nothing'));
    push(4);
    expect(server.grants.get('g3')).toMatchObject({ state: 'offered' });
    expect(codes()).toEqual(['grant-of-another-till', 'grant-of-another-till', 'unknown-grant']);
  });
});

describe('returns', () => {
  test('take back what was earned, and never more', () => {
    member();
    const of = { source: txOf(1), type: 'earn' as const };
    till.append(
      txOf(2),
      body.return(2, txOf(1), 'anna', 6000),
      body.reverse('anna', txOf(2), of, -60),
    );
    till.append(
      txOf(3),
      body.return(3, txOf(1), 'anna', 6000),
      body.reverse('anna', txOf(3), of, -60),
    );
    push();
    expect(account('anna')?.posted).toBe(0);
    expect(codes()).toEqual(['refund-over-sale', 'reversal-over-original']);
  });

  test('that come before their sale wait for it', () => {
    const other = createTestTill({ till: 'till_2' });
    other.append(
      txOf(2),
      body.enrol('anna'),
      body.reverse('anna', txOf(2), { source: txOf(1), type: 'earn' }, -30),
    );
    server.push('till_2', other.batch());
    expect(account('anna')).toEqual({ posted: 0, pending: 0, held: 0, granted: 0 });
    member();
    push();
    expect(account('anna')?.posted).toBe(70);
    expect(server.held).toEqual([]);
    expect(codes()).toEqual([]);
  });

  test('that give spent points back before the spending arrived are pending until it does', () => {
    const other = createTestTill({ till: 'till_2' });
    member();
    push();
    other.append(txOf(9), body.reverse('anna', txOf(9), { source: txOf(8), type: 'redeem' }, 25));
    server.push('till_2', other.batch());
    expect(account('anna')).toMatchObject({ posted: 100, held: 25 });
    server.grant('g1', 'till_1', 'anna', 20);
    till.append(txOf(8), body.accept('g1', 'anna', 20), body.redeem('anna', txOf(8), 20, 'g1'));
    push(4);
    expect(account('anna')).toMatchObject({ posted: 100, held: 0, granted: 0 });
    expect(codes()).toEqual(['reversal-over-original']);
  });

  test('with the wrong sign change nothing and are noted', () => {
    member();
    server.grant('g1', 'till_1', 'anna', 20);
    till.append(txOf(8), body.accept('g1', 'anna', 20), body.redeem('anna', txOf(8), 20, 'g1'));
    till.append(txOf(9), body.reverse('anna', txOf(9), { source: txOf(8), type: 'redeem' }, -5));
    push();
    expect(account('anna')?.posted).toBe(80);
    expect(codes()).toContain('reversal-wrong-sign');
  });

  test('put back what an earlier one took of an earning, and no more', () => {
    member();
    const of = { source: txOf(1), type: 'earn' } as const;
    till.append(txOf(2), body.reverse('anna', txOf(2), of, -60));
    till.append(txOf(3), body.reverse('anna', txOf(3), of, 25));
    push();
    expect(account('anna')?.posted).toBe(65);
    expect(codes()).toEqual([]);
    till.append(txOf(4), body.reverse('anna', txOf(4), of, 40));
    push();
    expect(account('anna')?.posted).toBe(100);
    expect(codes()).toEqual(['reversal-over-original']);
    till.append(txOf(5), body.reverse('anna', txOf(5), of, -100));
    push();
    expect(account('anna')?.posted).toBe(0);
    expect(codes()).toEqual(['reversal-over-original']);
  });
});

describe('claims', () => {
  test('give the points of a sale without a member once', () => {
    const other = createTestTill({ till: 'till_2' });
    till.append(txOf(1), body.sale(1, null));
    till.append(
      txOf(2),
      body.enrol('anna'),
      body.claim(1, txOf(1), 'anna'),
      body.earn('anna', txOf(1), 95),
    );
    other.append(
      txOf(3),
      body.enrol('bea'),
      body.claim(1, txOf(1), 'bea'),
      body.earn('bea', txOf(1), 95),
    );
    push();
    server.push('till_2', other.batch());
    expect(account('anna')?.posted).toBe(95);
    expect(account('bea')).toBeNull();
    expect(codes()).toEqual(['already-claimed', 'earn-without-claim']);
  });

  test('of a sale that had a member are noted and give nothing', () => {
    member('bea');
    till.append(
      txOf(2),
      body.enrol('anna'),
      body.claim(1, txOf(1), 'anna'),
      body.earn('anna', txOf(1), 95),
    );
    push();
    expect(account('anna')).toBeNull();
    expect(codes()).toEqual(['claim-of-member-sale', 'earn-without-claim']);
  });
});

describe('a batch that cannot be taken', () => {
  beforeEach(() => {
    member();
    push();
  });

  test('after a gap is told where to go on', () => {
    till.append(txOf(2), body.sale(2, null), body.sale(3, null));
    expect(push(5)).toEqual({ outcome: 'gap', expected: 4 });
  });

  test('with another entry for a number is a fork', () => {
    const clone = createTestTill();
    clone.append(txOf(1), body.enrol('anna'), body.sale(7, 'anna'));
    expect(server.push('till_1', clone.batch())).toEqual({ outcome: 'fork', at: 2 });
    const other = createTestTill();
    other.append(txOf(1), body.enrol('x'), body.enrol('y'), body.enrol('z'), body.enrol('w'));
    expect(server.push('till_1', other.batch(4))).toEqual({ outcome: 'fork', at: 3 });
  });

  test('of another incarnation or epoch is refused by name', () => {
    expect(server.push('till_1', { ...till.batch(), inc: 2 })).toEqual({ outcome: 'fenced' });
    expect(server.push('till_1', { ...till.batch(), epoch: 2 })).toEqual({
      outcome: 'epoch',
      epoch: 1,
    });
  });

  test('that is garbage, of another till, or signed for another head is malformed', () => {
    const batch = till.batch();
    const head = { seq: 3, hash: till.head.hash };
    expect(
      server.push('till_1', { ...batch, from: 4, previousHash: head.hash, texts: ['{"v":1}'] }),
    ).toMatchObject({ outcome: 'malformed', seq: 4 });
    const stray = createTestTill({ till: 'till_2' });
    stray.append(txOf(3), body.sale(3, null));
    expect(server.push('till_2', createTestTill({ till: 'till_9' }).batch())).toMatchObject({
      outcome: 'malformed',
    });
    server.addTill('till_3');
    expect(server.push('till_3', stray.batch())).toEqual({
      outcome: 'malformed',
      seq: 1,
      detail: 'of another till',
    });
    expect(server.push('till_1', { ...batch, headHash: 'ab'.repeat(32) })).toMatchObject({
      outcome: 'malformed',
    });
  });

  test('a changed byte anywhere is never read as the same journal', () => {
    const texts = till.entries.map(({ text }) => text);
    const changed = texts.with(
      1,
      (texts[1] ?? '').replace('"totalMinor":10000', '"totalMinor":10001'),
    );
    expect(changed).not.toEqual(texts);
    const read = readChain(changed, EMPTY_HEAD, sha256Chain);
    expect(read.ok && read.value.at(-1)?.hash).not.toBe(till.head.hash);
  });
});
