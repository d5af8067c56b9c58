import { sealEntry } from '#journal/chain.ts';
import type { EntryBody } from '#journal/entry.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import type { TillDatabase, TillWrites, WriteProblem } from '#till/database.ts';
import { assert, type Result } from '#loyalty/result.ts';

const TX = '01a1fdc7-eb60-763a-a61a-33bd7487b215';

/** Appends one sealed entry inside a transaction. */
export function appendTestEntry(
  writes: TillWrites,
  body: EntryBody = { kind: 'shift-open', floatMinor: 0 },
): void {
  const head = writes.head();
  const sealed = sealEntry(
    {
      v: 1,
      tenant: 'tenant1',
      store: 'store1',
      till: 'till1',
      inc: 1,
      seq: head.seq + 1,
      tx: TX,
      atMs: 0,
      monoMs: 0,
      day: '2026-11-21',
      cashier: 'c1',
      role: 'cashier',
      app: 'test',
      body,
    },
    head,
    chainHash,
  );
  assert(sealed.ok, 'the entry is sealed');
  const { entry, text, hash } = sealed.value;
  writes.appendEntry({
    seq: entry.seq,
    tx: TX,
    kind: body.kind,
    day: '2026-11-21',
    text,
    hash,
  });
}

/** Appends entries, each in a transaction of its own. */
export function appendTestEntries(database: TillDatabase, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const written: Result<void, WriteProblem> = database.write((writes) => appendTestEntry(writes));
    assert(written.ok, 'the entry is written');
  }
}
