import { z } from 'zod';
import { ENTRY_LENGTH_MAX } from '#journal/chain.ts';
import { ref, VERSION_MAX } from '#journal/entry.ts';
import { programme, programmesMax } from '#loyalty/programme.ts';
import { askedDay, dayReport, daySpan } from './day.ts';
import { programmeFacts, voucherRecord } from './facts.ts';
import { memberBalance, memberProfile, memberRecord } from './member.ts';
import { memberDataCalls } from './member-data.ts';
import { managerSyncCalls } from './manager.ts';
import { setupSyncCalls } from './setup.ts';
import { shopConfig } from './shop.ts';
import { staffSyncCalls } from './sign-in.ts';

/**
 * Till ↔ server. Every call is `POST /v1/<name>` with a JSON body, signed with the till's Ed25519
 * key (RFC 9421 over method, path and RFC 9530 content digest), except `enrol`, which brings the key.
 * A push may carry its texts packed behind its JSON instead of in it: `src/node/packed-texts.ts`.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().nonnegative();

/** Most entries in one PUSH. */
export const PUSH_ENTRIES_MAX = 500;
/** Most entries of its own a till gets back at a time: of the longest, what one answer may weigh. */
export const OWN_ENTRIES_MAX = 200;
/** Most entries of one sale and of all that was done to it: its articles may come back one by one. */
export const SALE_ENTRIES_MAX = 20_000;
/** Longest request body the server reads, in bytes. */
export const BODY_BYTES_MAX = 4_194_304;

/**
 * `sale`: exactly what one reward costs. `held`: kept across sales, to be spent while the server is
 * away. `risk`: kept too, for members whose points nobody holds here, at the shop's risk.
 */
export const grantPurpose = z.enum(['sale', 'held', 'risk']);

/**
 * A grant: points the server took out of an available quantity for one till to spend. `member` is the
 * account's holder: a member, or the holder of a voucher.
 */
export const grant = z.strictObject({
  grant: ref,
  requestId: z.uuid(),
  member: ref,
  programme: ref,
  amount: z.int().positive(),
  purpose: grantPurpose,
  till: ref,
  inc: z.int().positive(),
  /** How long the till keeps it before closing it itself, on its monotonic clock. */
  leaseMs: z.int().positive(),
});
export type Grant = z.infer<typeof grant>;

/** Points of a claimed sale that a manager took by hand, for a return that took none: whose, and which. */
export const takenBack = z.strictObject({ return: z.uuid(), programme: ref });
export type TakenBack = z.infer<typeof takenBack>;

/** The grants the server counts as open at this till; `list` only after a mismatch. */
const openGrants = z.strictObject({
  count: seq,
  /** SHA-256 over the sorted grant references joined by newline. */
  hash,
  list: z.array(grant).max(1000).nullable(),
  /** Held grants to be given back: somebody wants to spend the points elsewhere. */
  recalled: z.array(ref).max(1000),
});

/** Why the server does not take a till's entries. The entries stay with the till; nothing is dropped. */
const stopped = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('gap'), expected: seq }),
  z.strictObject({ outcome: z.literal('fork'), at: seq }),
  z.strictObject({ outcome: z.literal('fenced') }),
  z.strictObject({ outcome: z.literal('epoch'), epoch: z.int() }),
  z.strictObject({ outcome: z.literal('rolled-back'), ackSeq: seq }),
  z.strictObject({ outcome: z.literal('malformed'), seq, detail: z.string().max(200) }),
]);

const acknowledged = z.strictObject({
  outcome: z.literal('acknowledged'),
  epoch: z.int(),
  ackSeq: seq,
  ackHash: hash,
  /** Everything up to here survives the loss of one machine, by the deployment's own condition. */
  durableSeq: seq,
  balances: z.array(memberBalance).max(2000),
  openGrants,
  serverTimeMs: z.int(),
});

export const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), record: memberRecord }),
  /** Everything of `from` now belongs to `into`: a provisional member resolved, or two records joined. */
  z.strictObject({ kind: z.literal('merge'), from: ref, into: ref }),
  z.strictObject({ kind: z.literal('config'), config: shopConfig }),
  /** Budgets and shared limits of the programmes that have any, whole: what is missing has none. */
  z.strictObject({
    kind: z.literal('facts'),
    asOfMs: z.int(),
    programmes: z.array(programmeFacts).max(programmesMax),
  }),
]);
export type Change = z.infer<typeof change>;

export const syncContract = {
  enrol: {
    input: z.strictObject({
      /** Single-use pairing code, eight base32 characters. */
      code: z.string().max(32),
      /** Raw Ed25519 public key, base64url. */
      publicKey: z.string().max(64),
      name: z.string().min(1).max(64),
    }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({
        outcome: z.literal('enrolled'),
        tenant: ref,
        store: ref,
        till: ref,
        inc: z.int().positive(),
        epoch: z.int(),
        /** Key of the identifier HMAC, hex; kept with the till's secrets. */
        identifierKey: hash,
        config: shopConfig,
      }),
      z.strictObject({
        outcome: z.literal('refused'),
        code: z.enum(['wrong-code', 'code-used', 'code-expired', 'too-many-tries']),
      }),
    ]),
  },
  hello: {
    input: z.strictObject({
      inc: z.int().positive(),
      headSeq: seq,
      headHash: hash,
      epochSeen: z.int(),
      /** Every profile of this till was accepted by this life of the server. */
      settled: z.boolean(),
      app: z.string().max(32),
      wallMs: z.int(),
    }),
    output: z.discriminatedUnion('outcome', [...stopped.options, acknowledged]),
  },
  push: {
    input: z.strictObject({
      inc: z.int().positive(),
      epoch: z.int(),
      /** Sequence number of the first entry. */
      from: z.int().positive(),
      previousHash: hash,
      /** The stored texts, verbatim. */
      entries: z.array(z.string().max(ENTRY_LENGTH_MAX)).min(1).max(PUSH_ENTRIES_MAX),
      headHash: hash,
      /** Ed25519 over the head hash's bytes, base64url. */
      headSignature: z.string().max(128),
    }),
    output: z.discriminatedUnion('outcome', [...stopped.options, acknowledged]),
  },
  profile: {
    input: z.strictObject({ profiles: z.array(memberProfile).min(1).max(200) }),
    output: z.strictObject({
      accepted: z.array(z.strictObject({ member: ref, version: z.int().positive() })).max(200),
    }),
  },
  grant: {
    input: z.strictObject({
      requestId: z.uuid(),
      member: ref,
      programme: ref,
      want: z.int().positive(),
      purpose: grantPurpose.default('sale'),
    }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({
        outcome: z.literal('granted'),
        grant,
        /** What the account has with the grant taken out; null where it is of no account (`risk`). */
        balance: memberBalance.nullable(),
      }),
      z.strictObject({
        outcome: z.literal('refused'),
        code: z.enum([
          'not-enough',
          'recalled',
          'recovering',
          'unknown-member',
          'blocked',
          'fenced',
          'closed',
        ]),
        available: z.int(),
      }),
    ]),
  },
  pull: {
    input: z.strictObject({
      cursor: z.string().max(64).nullable(),
      limit: z.int().min(1).max(500),
    }),
    output: z.strictObject({
      changes: z.array(change).max(500),
      cursor: z.string().max(64),
      more: z.boolean(),
      epoch: z.int(),
      /** As in an acknowledgement: a till that has nothing to send compares and hears of recalls here. */
      openGrants,
    }),
  },
  'find-member': {
    input: z.strictObject({ hash }),
    output: z.strictObject({ record: memberRecord.nullable() }),
  },
  /** A coupon, gift card or unique code by what stands on it, normalised. It is reserved by `grant`. */
  'find-voucher': {
    input: z.strictObject({ code: z.string().min(1).max(40) }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('found'), voucher: voucherRecord }),
      z.strictObject({ outcome: z.literal('refused'), code: z.enum(['unknown-code']) }),
    ]),
  },
  /** The entries of one sale of any till, for a return or a claim elsewhere. */
  'find-sale': {
    input: z.strictObject({ receipt: z.string().regex(/^[0-9A-Z]{9}$/) }),
    output: z.strictObject({
      entries: z.array(z.string().max(ENTRY_LENGTH_MAX)).max(SALE_ENTRIES_MAX),
      takenBack: z.array(takenBack).max(SALE_ENTRIES_MAX),
    }),
  },
  /** A programme as it was in a version this till never had: an old sale was made under it. */
  'find-programme': {
    input: z.strictObject({ programme: ref, version: z.int().positive().max(VERSION_MAX) }),
    output: z.strictObject({ programme: programme.nullable() }),
  },
  /** This till's own journal as the server has it: a till repairs a damaged database with it. */
  'own-entries': {
    input: z.strictObject({
      inc: z.int().positive().max(VERSION_MAX),
      after: seq,
      limit: z.int().min(1).max(OWN_ENTRIES_MAX),
    }),
    output: z.strictObject({
      inc: z.int().positive(),
      state: z.enum(['active', 'fenced', 'forked']),
      epoch: z.int(),
      ackSeq: seq,
      ackHash: hash,
      /** Verbatim, in order, from `after` + 1 on. */
      entries: z.array(z.string().max(ENTRY_LENGTH_MAX)).max(OWN_ENTRIES_MAX),
    }),
  },
  ...setupSyncCalls,
  ...memberDataCalls,
  /** A code with which one more till may join this one's store. */
  'invite-till': {
    input: z.strictObject({}),
    output: z.strictObject({
      /** With the server's key where it has a door on the shop's network: `ABCD1234-…`. */
      code: z.string().max(64),
      lanPort: z.int().positive().nullable(),
      expiresAtMs: z.int(),
    }),
  },
  ...staffSyncCalls,
  ...managerSyncCalls,
  day: {
    input: z.strictObject({ day: askedDay, ...daySpan }),
    output: dayReport,
  },
} as const;
export type SyncContract = typeof syncContract;
export type SyncCall = keyof SyncContract;
export type SyncInput<Call extends SyncCall> = z.input<SyncContract[Call]['input']>;
export type SyncOutput<Call extends SyncCall> = z.output<SyncContract[Call]['output']>;
