import { body, TODAY, txOf } from '#test/journal/support/test-till.ts';
import { signHeadHash } from '#node/ed25519.ts';
import { oneOf } from '#test/faults/fault.ts';
import type { Attack } from './attacks.ts';
import type { HostileStage } from './stage.ts';

/** Texts that are harmless as values and harmful as anything else. */
const TEXTS = [
  "'; drop table ledger; --",
  "' or '1'='1",
  '$1); delete from account; --',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor("return process")()}}',
  '../../../../etc/passwd',
  '\u0000\u0001\u202E\uFFFF',
  '\uD800',
  '%s%n%x',
] as const;

/** A good input of each call that changes or finds something. */
function inputs(stage: HostileStage): Readonly<Record<string, unknown>> {
  const number = stage.next();
  const { journal, privateKey } = stage.hostile;
  const tx = txOf(number);
  journal.append(tx, body.enrol(`mallory-${number}`), body.sale(number, `mallory-${number}`));
  const { texts, ...batch } = journal.batch(journal.entries.length - 1);
  return {
    hello: {
      inc: 1,
      headSeq: 0,
      headHash: '0'.repeat(64),
      epochSeen: 1,
      settled: true,
      app: 'test',
      wallMs: 0,
    },
    push: { ...batch, entries: texts, headSignature: signHeadHash(batch.headHash, privateKey) },
    grant: { requestId: crypto.randomUUID(), member: 'victim', programme: 'points', want: 1 },
    pull: { cursor: 'cursor', limit: 10 },
    'find-member': { hash: 'ab'.repeat(32) },
    'find-sale': { receipt: '000000001' },
    day: { day: TODAY },
    profile: {
      profiles: [
        {
          member: `mallory-${number}`,
          version: 1,
          name: 'Mallory',
          phone: null,
          phoneTakesSms: false,
          language: 'en',
          identifiers: [{ kind: 'card', hash: 'cd'.repeat(32), masked: '··67' }],
          consents: [],
        },
      ],
    },
  };
}

/** SQL and HTML in every string of every call, one string at a time, rightly signed. */
export const injection: Attack = {
  name: 'SQL and HTML in every string of every call',
  answer: 'taken as text or refused',
  async run(stage) {
    for (const [call, input] of Object.entries(inputs(stage))) {
      const leaves = countTexts(input);
      for (let leaf = 0; leaf < leaves; leaf += 1) {
        const text = oneOf(TEXTS);
        const bad = JSON.stringify(withText(input, leaf, text));
        const { status, body: answer } = await stage.hostile.send(call, bad);
        if (status >= 500) return `${call} answered ${status} to ${JSON.stringify(text)}`;
        if (status >= 400 && JSON.stringify(answer).includes(text)) return `${call} sends it back`;
      }
    }
    const left = stage.hostile.journal.entries.length;
    const taken = await stage.hostile.push();
    return taken.outcome === 'acknowledged' && taken.ackSeq === left
      ? 'taken as text or refused'
      : `afterwards a good push is ${taken.outcome}`;
  },
};

function countTexts(value: unknown): number {
  let count = 0;
  mapTexts(value, (text) => {
    count += 1;
    return text;
  });
  return count;
}

/** The same value with another text at one of its strings. */
function withText(value: unknown, leaf: number, text: string): unknown {
  let at = -1;
  return mapTexts(value, (found) => {
    at += 1;
    return at === leaf ? text : found;
  });
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]),
  );
}
