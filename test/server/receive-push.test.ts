import { expect, test } from 'vitest';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import { readTexts, type ChainOutcome } from '#journal/posting-batch.ts';
import { ok } from '#loyalty/result.ts';
import { TooManyWaiting, WAITING_MAX } from '#server/commands/push-queue.ts';
import { createPushReceiver, type PushInput } from '#server/commands/receive-push.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { body, createTestTill, txOf } from '#test/journal/support/test-till.ts';

/** Sales enough for several slices. */
const journal = createTestTill();
for (let sale = 1; sale <= PUSH_ENTRIES_MAX; sale += 1)
  journal.append(txOf(sale), body.sale(sale, 'anna'));

function aPush(from: number, entries: number, change = (texts: string[]): string[] => texts) {
  const { texts, ...head } = journal.batch(from, from + entries - 1);
  return { ...head, entries: change([...texts]), headSignature: '' } satisfies PushInput;
}

const of = (till: string) => ({ tenant: 'demo', store: 'moda', till });

/** The push read in one go; what explains its sales is in the texts alone. */
function whole(push: PushInput): ChainOutcome {
  const read = readTexts({ ...push, texts: push.entries }, chainHash);
  if (!read.ok) return read;
  return ok(
    read.value.map((stored) => {
      const { body: own } = stored.entry;
      if (own.kind !== 'sale') return stored;
      expect(stored.text).toContain('"trace":[{');
      const told = { ...own, snapshot: { ...own.snapshot, trace: [] } };
      return { ...stored, entry: { ...stored.entry, body: told } };
    }),
  );
}

test('a push that is read in slices says what it says in one go', async () => {
  const receive = createPushReceiver();
  const pushes = [
    aPush(1, PUSH_ENTRIES_MAX),
    aPush(3, 1),
    aPush(1, 400, (texts) => texts.with(350, '{')),
    aPush(1, 400, (texts) => texts.with(350, texts[351] ?? '')),
    aPush(1, 400, (texts) => texts.with(399, 'x'.repeat(2_000_001))),
    aPush(1, 1, () => []),
  ];
  for (const push of pushes) {
    const { chain, batch } = await receive(of('till_1'), push, 7);
    expect(chain).toEqual(whole(push));
    expect(batch).toMatchObject({ till: 'till_1', from: push.from });
  }
});

test('between the slices of a long push others are read, and those of its own till wait', async () => {
  const receive = createPushReceiver();
  const read: string[] = [];
  const note = async (name: string, till: string, push: PushInput): Promise<void> => {
    await receive(of(till), push, 7);
    read.push(name);
  };
  await Promise.all([
    note('long', 'till_1', aPush(1, PUSH_ENTRIES_MAX - 1)),
    note('its next', 'till_1', aPush(PUSH_ENTRIES_MAX, 1)),
    note('another till’s', 'till_2', aPush(1, 1)),
  ]);
  expect(read).toEqual(['another till’s', 'long', 'its next']);
});

test('no more wait to be read than may wait, and there is room again afterwards', async () => {
  const receive = createPushReceiver();
  const asked = Array.from({ length: WAITING_MAX + 1 }, async () =>
    receive(of('till_1'), aPush(1, 1), 7),
  );
  const outcomes = await Promise.allSettled(asked);
  const [last] = outcomes.splice(WAITING_MAX);
  expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(last).toMatchObject({ status: 'rejected', reason: expect.any(TooManyWaiting) });
  await receive(of('till_1'), aPush(1, 1), 7);
});
