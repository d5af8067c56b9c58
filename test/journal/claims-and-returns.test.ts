import { beforeEach, describe, expect, test } from 'vitest';
import { accountKey } from '#journal/posting-rows.ts';
import { createMemoryServer, type MemoryServer } from './support/memory-server.ts';
import { body, createTestTill, PROGRAMME, txOf, type TestTill } from './support/test-till.ts';

const SALE = txOf(1);

let server: MemoryServer;
let till: TestTill;
let other: TestTill;

/** Till 1 sold for 100.00 to nobody; anna and bea have cards. */
beforeEach(() => {
  server = createMemoryServer();
  till = createTestTill();
  other = createTestTill({ till: 'till_2' });
  server.addTill('till_1');
  server.addTill('till_2');
  till.append(SALE, body.enrol('anna'), body.enrol('bea'), body.sale(1, null, 10_000));
  push(till);
});

function push(from: TestTill): void {
  const { till: name } = from;
  expect(server.push(name, from.batch())).toMatchObject({ outcome: 'acknowledged' });
}
/** A claim of so many points, for so much of the sale. */
function claim(at: TestTill, number: number, member: string, points = 100): void {
  at.append(txOf(number), body.claim(1, SALE, member), body.earn(member, SALE, points));
  push(at);
}
/** A return that took no points: its till knew of nobody who had any. */
function takeBack(at: TestTill, number: number, refundMinor: number, member: string | null = null) {
  at.append(txOf(number), body.return(number, SALE, member, refundMinor));
  push(at);
}
const posted = (member: string) => server.accounts.get(accountKey(member, PROGRAMME))?.posted;
const told = () =>
  [...server.exceptions.values()].map(({ code, params, till: at }) => [code, params, at]);

describe('goods that were claimed at one till and came back at another', () => {
  test('that did not know of the claim are told, with the share of the points', () => {
    claim(other, 2, 'anna');
    takeBack(till, 3, 2500);
    expect(posted('anna')).toBe(100);
    const params = { of: SALE, member: 'anna', programme: PROGRAMME, points: 25, back: 0 };
    expect(told()).toEqual([['return-of-claimed-sale', params, 'till_1']]);
  });

  test('in the name of somebody else who wanted the points are told, too', () => {
    claim(other, 2, 'anna');
    takeBack(till, 3, 10_000, 'bea');
    expect(told()).toMatchObject([
      ['return-of-claimed-sale', { member: 'anna', points: 100 }, 'till_1'],
    ]);
  });

  test('are no exception where the return took the points, or nobody has any more', () => {
    claim(other, 2, 'anna');
    other.append(
      txOf(3),
      body.return(3, SALE, 'anna', 10_000),
      body.reverse('anna', txOf(3), { source: SALE, type: 'earn' }, -100),
    );
    push(other);
    takeBack(till, 4, 0);
    expect([posted('anna'), told()]).toEqual([0, []]);
  });

  test('are told once, however often they come', () => {
    claim(other, 2, 'anna');
    takeBack(till, 3, 2500);
    const before = told();
    push(till);
    expect(told()).toEqual(before);
  });
});

describe('goods that came back at one till and were claimed at another', () => {
  test('that did not know of the return are told, with the points that were too many', () => {
    takeBack(till, 2, 2500);
    claim(other, 3, 'anna');
    expect(posted('anna')).toBe(100);
    const params = { of: SALE, member: 'anna', programme: PROGRAMME, points: 25 };
    expect(told()).toEqual([['claim-of-returned-sale', params, 'till_2']]);
  });

  test('are all the points there are where all of the sale came back', () => {
    takeBack(till, 2, 10_000);
    claim(other, 3, 'anna', 7);
    expect(told()).toMatchObject([['claim-of-returned-sale', { points: 7 }, 'till_2']]);
  });

  test('are no exception where the claim went by what was left', () => {
    takeBack(till, 2, 2500);
    claim(other, 3, 'anna', 75);
    expect([posted('anna'), told()]).toEqual([75, []]);
  });
});

describe('goods that came back, of a sale that a restored server gets again only later', () => {
  beforeEach(() => {
    server = createMemoryServer();
    for (const name of ['till_1', 'till_2', 'till_3']) server.addTill(name);
    const back = createTestTill({ till: 'till_3' });
    takeBack(back, 4, 10_000);
  });

  test('and with its claim, are told', () => {
    claim(till, 2, 'anna');
    expect(posted('anna')).toBe(100);
    const params = { of: SALE, member: 'anna', programme: PROGRAMME, points: 100 };
    expect(told()).toEqual([['claim-of-returned-sale', params, 'till_1']]);
  });

  test('and after its claim, are told without points: what the sale was is not known', () => {
    other.append(txOf(5), body.enrol('anna'));
    claim(other, 2, 'anna');
    push(till);
    expect(told()).toEqual([['claim-of-returned-sale', { of: SALE, member: 'anna' }, 'till_2']]);
  });

  test('are told where more of them comes back than was sold', () => {
    push(till);
    takeBack(other, 5, 100);
    expect(told()).toEqual([['refund-over-sale', { of: SALE, over: 100 }, 'till_2']]);
  });
});
