import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seededBugs } from './bugs.ts';
import { runCampaign, seedsFrom, type Finding } from './campaign.ts';
import { operation, operationsOf } from './operation.ts';
import { simulate, simulateSeed } from './simulate.ts';

const OPERATIONS = 200;
/** Of 1,000 seeds, how many one test runs: so that it is seen which part fails, and time is kept. */
const PART = 125;

/** What a seed found, made small. */
const found = z.strictObject({
  breaks: z.string(),
  foundBySeed: z.int(),
  weather: z.int(),
  operations: z.array(operation),
});

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

/** With the mistake under which each was found. */
const regressions = z
  .array(z.strictObject({ bug: z.string(), ...found.shape }))
  .parse(read('regressions.json'));

/** Mistakes of the product itself that the simulation found. */
const mended = z
  .array(z.strictObject({ what: z.string(), ...found.shape }))
  .parse(read('mended.json'));

function told(finding: Finding | null): string {
  if (finding === null) return 'nothing broke';
  const { seed, weather, outcome, operations } = finding;
  const list = operations.map((one) => JSON.stringify(one)).join('\n');
  return `seed ${seed}, weather ${weather}: ${outcome.violation?.message ?? ''}\n${list}`;
}

describe('the simulated shop', () => {
  const parts = Array.from({ length: 1000 / PART }, (_, part) => 1 + part * PART);
  test.each(parts)(
    'keeps every invariant in the seeds from %i on',
    (first) => {
      const { finding, seeds } = runCampaign(seedsFrom(first, PART), OPERATIONS);
      expect(told(finding)).toBe('nothing broke');
      expect(seeds).toBe(PART);
    },
    120_000,
  );

  test('does the same for the same seed, to the byte', () => {
    const [once, again] = [simulateSeed(7, OPERATIONS), simulateSeed(7, OPERATIONS)];
    const journals = (outcome: typeof once): string[] =>
      outcome.tills.map((till) => till.head().hash);
    expect(journals(once)).toEqual(journals(again));
    expect([once.events, once.facts, once.simulatedMs]).toEqual([
      again.events,
      again.facts,
      again.simulatedMs,
    ]);
  });

  test('spends, claims, holds, recalls, forks, fences and restores: its seeds are about something', () => {
    const seen = new Set<string>();
    for (const seed of seedsFrom(1, 200)) {
      const { server, tills } = simulateSeed(seed, OPERATIONS);
      for (const till of tills) {
        for (const { entry } of till.disk.entries) {
          const { body } = entry;
          seen.add(body.kind === 'grant-close' ? `close ${body.reason}` : body.kind);
          if (body.kind === 'grant-accept') seen.add(body.purpose ?? 'sale');
          if (body.kind === 'redeem' && till.grantOf(body.grant)?.purpose === 'risk') {
            seen.add('spent at risk');
          }
        }
      }
      for (const { code } of server.rows.exceptions.values()) seen.add(code);
      for (const { type } of server.rows.ledger) seen.add(type);
      if (server.rows.merges.length > 0) seen.add('merge');
      if (server.rows.epoch > 1) seen.add('restored');
      if ([...server.rows.terminals.values()].some(({ recoverThrough }) => recoverThrough > 0)) {
        seen.add('rejoined');
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'sale',
        'redeem',
        'reverse',
        'expire',
        'held',
        'risk',
        'spent at risk',
        'negative-balance',
        'close spent',
        'close revoked',
        'close lease-over',
        'close never-accepted',
        'close replaced',
        'reversal-over-original',
        'claim',
        'already-claimed',
        'earn-without-claim',
        'duplicate-entry',
        'return-of-claimed-sale',
        'claim-of-returned-sale',
        'till-fenced',
        'grant-written-off',
        'merge',
        'restored',
        'rejoined',
      ]),
    );
  });
});

describe('a mistake of the product that a seed found', () => {
  test.each(mended.map((known) => [known.what, known] as const))(
    'is mended: %s',
    (_what, { weather, operations }) => {
      expect(simulate(weather, operations).violation).toBeNull();
    },
  );
});

describe('a seeded mistake', () => {
  test.each(regressions.map((known) => [known.bug, known.breaks, known] as const))(
    '%s breaks %s where it was found, and the product does not',
    (name, breaks, { weather, operations }) => {
      const bug = seededBugs.find((known) => known.name === name);
      expect(bug).toBeDefined();
      expect(operations.length).toBeLessThanOrEqual(15);
      expect(simulate(weather, operations, bug).violation?.invariant).toBe(breaks);
      expect(simulate(weather, operations).violation).toBeNull();
    },
  );

  test('is kept for every mistake there is', () => {
    expect(regressions.map(({ bug }) => bug).toSorted()).toEqual(
      seededBugs.map(({ name }) => name).toSorted(),
    );
  });

  test('is found among fresh operations and made small', () => {
    const bug = seededBugs.find(({ name }) => name === 'restore-without-waiting');
    const { finding } = runCampaign(seedsFrom(5000, 300), OPERATIONS, bug);
    expect(finding?.outcome.violation).not.toBeNull();
    expect(finding?.operations.length).toBeLessThanOrEqual(15);
    expect(operationsOf(finding?.seed ?? 0, OPERATIONS).length).toBe(OPERATIONS);
  }, 60_000);
});
