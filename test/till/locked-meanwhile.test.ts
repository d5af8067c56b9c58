import { afterAll, describe, expect, test } from 'vitest';
import type { SyncCall } from '#contract/sync.ts';
import { err } from '#loyalty/result.ts';
import { soldToNobody } from './support/a-sale.ts';
import { removeFolders, type TestTill } from './support/a-till.ts';
import { joining } from './support/joining.ts';
import { refused, signIn, withPins } from './support/staff.ts';

afterAll(removeFolders);

/** Has the server think, and gives no answer in the end, until the returned function is called. */
function slowly(till: TestTill, name: SyncCall): () => void {
  const { promise, resolve } = Promise.withResolvers<null>();
  till.server.intercept = (asked) =>
    asked === name ? promise.then(() => err({ code: 'unreachable', detail: 'no route' })) : null;
  return () => resolve(null);
}

const others = [
  ['the till locks', async () => {}],
  ['somebody else takes over', (till: TestTill) => signIn(till, 'ben', '3141')],
] as const;

describe('what waits for the server is not done in another name', () => {
  test.each(others)('a claim, when %s', async (_what, then) => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const { receipt } = await soldToNobody(till);
    till.member();
    await till.time.advance(2000);
    await till.scanCard();
    const answer = slowly(till, 'find-sale');
    const claiming = till.call['claim.commit']({ receipt });
    await till.call['sign-in.lock'](null);
    await then(till);
    answer();
    expect(await claiming).toEqual(refused('locked'));
    expect(till.bodies().some(({ kind }) => kind === 'claim')).toBe(false);
    await till.close();
  });

  test.each(others)('somebody who joins, when %s', async (_what, then) => {
    const till = await withPins();
    await signIn(till, 'ada', '2718');
    const answer = slowly(till, 'find-member');
    const joined = till.call['enrol.commit'](joining());
    await till.call['sign-in.lock'](null);
    await then(till);
    answer();
    expect(await joined).toEqual(refused('locked'));
    expect(till.bodies().some(({ kind }) => kind === 'enrol')).toBe(false);
    await till.close();
  });
});
