import { afterAll, describe, expect, test } from 'vitest';
import { err, ok } from '#loyalty/result.ts';
import { aTill, aRecord, CARD, hashOf, removeFolders, type TestTill } from './support/a-till.ts';
import { joining } from './support/joining.ts';

afterAll(removeFolders);

async function sell(till: TestTill, amountMinor = 5000): Promise<string> {
  await till.call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
  return saleId;
}

const sales = (till: TestTill): string[] =>
  till.server.entries
    .filter(({ entry }) => entry.body.kind === 'sale')
    .map(({ entry }) => entry.tx);

describe('the sync loop', () => {
  test('sends the journal verbatim and shows nothing waiting', async () => {
    const till = await aTill();
    const saleId = await sell(till);
    await till.time.advance(1000);
    expect(sales(till)).toEqual([saleId]);
    expect(till.server.entries.map(({ text }) => text)).toEqual(
      till.database.read.entriesAfter(0, 100).map(({ text }) => text),
    );
    expect(till.state().link).toMatchObject({ state: 'online', waiting: 0, problem: null });
    await till.close();
  });

  test('with the server down the till sells and earns, and catches up when it is back', async () => {
    const till = await aTill();
    till.member();
    till.server.up = false;
    await till.time.advance(4000);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      await till.scanCard();
      await till.time.advance(2000);
      ids.push(await sell(till));
    }
    expect(till.state().link).toMatchObject({
      state: 'offline',
      waiting: 3,
      problem: 'unreachable',
    });
    await till.scanCard();
    expect(till.state().member).toMatchObject({
      balances: [{ posted: 800, pending: 150, available: 800 }],
    });
    expect(till.state().member?.asOfMs).not.toBeNull();
    till.server.up = true;
    await till.time.advance(20_000);
    expect(sales(till)).toEqual(ids);
    expect(till.state().link).toMatchObject({ state: 'online', waiting: 0 });
    expect(till.state().member).toMatchObject({ asOfMs: null });
    await till.close();
  });

  test('an answer that gets lost is found out by the next HELLO, and the server has the sale once', async () => {
    const till = await aTill();
    till.server.intercept = (name, input) => {
      if (name !== 'push') return null;
      till.server.intercept = null;
      return till.server
        .call('push', input as never, 0)
        .then(() => err({ code: 'timeout', detail: 'answer lost' }));
    };
    const saleId = await sell(till);
    await till.time.advance(100);
    expect(till.state().link).toMatchObject({ state: 'offline', waiting: 1 });
    await till.time.advance(30_000);
    expect(sales(till)).toEqual([saleId]);
    expect(till.state().link).toMatchObject({ state: 'online', waiting: 0 });
    await till.close();
  });

  test('a long journal goes in batches of at most 500', async () => {
    const till = await aTill({ start: false });
    for (let count = 0; count < 601; count += 1) await sell(till, 100);
    till.till.start();
    await till.time.advance(5000);
    expect(sales(till)).toHaveLength(601);
    const pushes = till.server.calls.filter(({ name }) => name === 'push');
    expect(pushes.map(({ input }) => (input as { entries: string[] }).entries.length)).toEqual([
      500, 102,
    ]);
    await till.close();
  });

  test('balances of an acknowledgement replace older ones and never newer ones', async () => {
    const till = await aTill();
    till.member();
    const balance = {
      member: 'm-ayse',
      programme: 'points',
      posted: 850,
      pending: 0,
      available: 850,
    };
    let version = 4;
    till.server.intercept = (name, input) => {
      if (name !== 'push') return null;
      till.server.intercept = null;
      return till.server.call('push', input as never, 0).then((answer) => {
        const value = answer.ok ? (answer.value as object) : {};
        return ok({ ...value, balances: [{ ...balance, version }] });
      });
    };
    await sell(till);
    await till.time.advance(1000);
    expect(till.database.read.member('m-ayse')?.balances[0]).toMatchObject({
      posted: 850,
      version: 4,
    });
    version = 2;
    till.database.write((writes) =>
      writes.saveBalance({
        member: 'm-ayse',
        programme: 'points',
        posted: 1,
        pending: 0,
        available: 1,
        version,
      }),
    );
    expect(till.database.read.member('m-ayse')?.balances[0]).toMatchObject({
      posted: 850,
      version: 4,
    });
    await till.close();
  });

  test('profiles travel beside the journal, after the enrolment, and no entry holds a name or number', async () => {
    const till = await aTill();
    const consents = [{ purpose: 'sms', given: false, textVersion: 'de-1' }] as const;
    await till.call['enrol.commit'](joining({ consents: [...consents] }));
    await till.time.advance(1000);
    expect([...till.server.profiles.values()]).toEqual([1]);
    const order = till.server.calls.map(({ name }) => name);
    expect(order.indexOf('push')).toBeLessThan(order.indexOf('profile'));
    const journal = till.database.read
      .entriesAfter(0, 100)
      .map(({ text }) => text)
      .join('\n');
    // Short numbers as words only: a random reference may have any digits in it.
    expect(journal).not.toMatch(/Zehra|Ünal|3456789|(?<![\w+/-])(0?1512|29\d{11})(?![\w+/-])/);
    expect(till.database.read.waitingProfiles(10)).toEqual([]);
    await till.close();
  });

  test('members and programmes arrive by the feed, page after page', async () => {
    const till = await aTill();
    for (let count = 0; count < 1200; count += 1) {
      till.server.changes.push({
        kind: 'member',
        record: aRecord({
          member: `m${count}`,
          identifiers: [{ kind: 'card', hash: hashOf('card', `c${count}`), masked: '··00' }],
        }),
      });
    }
    await till.time.advance(10_000);
    expect(till.database.read.memberByIdentifier(hashOf('card', 'c1199'))?.member).toBe('m1199');
    await till.close();
  });

  test('a merge moves the open sale, the card and what was earned offline to the member it was', async () => {
    const till = await aTill();
    till.server.up = false;
    await till.time.advance(4000);
    await till.scanCard();
    const provisional = till.state().member?.member ?? '';
    expect(till.state().member?.state).toBe('provisional');
    await sell(till);
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    till.server.up = true;
    till.server.changes.push(
      { kind: 'member', record: aRecord() },
      { kind: 'merge', from: provisional, into: 'm-ayse' },
    );
    await till.time.advance(20_000);
    expect(till.state().member).toMatchObject({
      member: 'm-ayse',
      displayName: 'Ayşe K.',
      state: 'known',
    });
    await till.call['member.detach'](null);
    await till.time.advance(2000);
    await till.scanCard(CARD);
    expect(till.state().member?.member).toBe('m-ayse');
    await till.close();
  });

  test.each(['fork', 'fenced', 'rolled-back'] as const)(
    'a server that answers %s is shown, and nothing is dropped',
    async (outcome) => {
      const till = await aTill();
      const detail =
        outcome === 'fork' ? { at: 1 } : outcome === 'rolled-back' ? { ackSeq: 9 } : {};
      till.server.intercept = (name) =>
        name === 'push' || name === 'hello' ? ok({ outcome, ...detail }) : null;
      await sell(till);
      await till.time.advance(2000);
      expect(till.state().link).toMatchObject({ state: 'stopped', problem: outcome, waiting: 1 });
      await sell(till);
      expect(till.state().link).toMatchObject({ state: 'stopped', waiting: 2 });
      till.server.intercept = null;
      await till.time.advance(120_000);
      expect(till.state().link).toMatchObject({ state: 'online', waiting: 0, problem: null });
      await till.close();
    },
  );

  test('an acknowledgement of a journal that is not ours stops the till from sending', async () => {
    const till = await aTill();
    till.server.intercept = (name, input) => {
      if (name !== 'push') return null;
      till.server.intercept = null;
      return till.server
        .call('push', input as never, 0)
        .then((answer) =>
          ok({ ...(answer.ok ? (answer.value as object) : {}), ackHash: 'ab'.repeat(32) }),
        );
    };
    await sell(till);
    await till.time.advance(1000);
    expect(till.state().link).toMatchObject({ state: 'stopped', problem: 'fork' });
    await till.close();
  });

  test('a server restored from a backup gets what it lost again', async () => {
    const till = await aTill();
    await sell(till);
    await till.time.advance(1000);
    const acked = till.database.read.syncState();
    let told = false;
    till.server.intercept = (name) => {
      if (name !== 'push' || told) return null;
      told = true;
      return ok({ outcome: 'gap', expected: 1 });
    };
    await sell(till);
    await till.time.advance(2000);
    expect(told).toBe(true);
    expect(till.database.read.syncState().ackSeq).toBeGreaterThan(acked.ackSeq);
    expect(sales(till)).toHaveLength(2);
    await till.close();
  });
});
