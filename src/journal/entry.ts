import { z } from 'zod';
import { countedField } from '#loyalty/counted.ts';
import { saleSnapshot } from '#loyalty/sale.ts';

/**
 * One fact in a till's journal.
 *
 * The journal stores the JSON text of an entry verbatim; its hash covers those bytes. Nothing in an
 * entry names a person: members are random references, cashiers too, and there is no free text.
 */
export const ENTRY_VERSION = 1;

/** Random reference of a member, store, till, cashier, grant; or a programme's identifier. */
export const ref = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
/** UUID version 7, lower case: a transaction's identity, made when the basket opens. */
export const transactionId = z.uuid();
/** Calendar date of the store's business day, `2026-11-21`. */
export const businessDay = z.iso.date();
/**
 * Most points or minor units of one entry, a thousand times the dearest basket: a till gone
 * wrong must not be able to make the whole shop's sums into something that is no number any more.
 */
const AMOUNT_MAX = 1_000_000_000_000;
const points = z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX);
const minor = points;
/** Highest version of a profile or a programme, and highest incarnation of a till. */
export const VERSION_MAX = 2_147_483_647;
const version = z.int().positive().max(VERSION_MAX);
const proof = z.enum(['declared', 'presented', 'verified']);

const sale = z.strictObject({
  kind: z.literal('sale'),
  /** Receipt token without its `R` prefix; unique over all tills. */
  receipt: z.string().regex(/^[0-9A-Z]{9}$/),
  member: ref.nullable(),
  proof: proof.nullable(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  subtotalMinor: minor.nonnegative(),
  discountMinor: minor.nonnegative(),
  totalMinor: minor.nonnegative(),
  tender: z.enum(['cash', 'card', 'other']),
  snapshot: saleSnapshot,
});

const earn = z.strictObject({
  kind: z.literal('earn'),
  member: ref,
  programme: ref,
  version,
  /** Transaction whose sale earned; with the account it makes the ledger key. */
  source: transactionId,
  points: points.positive(),
  effectiveAtMs: z.int(),
  expiresAtMs: z.int().nullable(),
  basisMinor: minor,
  breakdown: z.record(z.string().max(64), z.int()),
  /** The part that counts towards a tier; left out where all of it does. */
  qualifyingPoints: points.nonnegative().optional(),
  allocatedMinor: minor.nonnegative(),
});

const redeem = z.strictObject({
  kind: z.literal('redeem'),
  member: ref,
  programme: ref,
  version,
  source: transactionId,
  reward: ref,
  grant: ref,
  points: points.positive(),
  valueMinor: minor.nonnegative(),
});

/** Pieces of a sale's lines, in thousandths. */
const pieces = z
  .array(z.strictObject({ line: z.string().max(64), quantityMilli: z.int().positive() }))
  .max(500);

const returned = z.strictObject({
  kind: z.literal('return'),
  /** Transaction of the original sale. */
  of: transactionId,
  receipt: z.string().regex(/^[0-9A-Z]{9}$/),
  member: ref.nullable(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  refundMinor: minor.nonnegative(),
  lines: pieces,
});

const reverse = z.strictObject({
  kind: z.literal('reverse'),
  member: ref,
  programme: ref,
  version,
  /** The ledger entry taken back: its transaction and its type. */
  of: z.strictObject({ source: transactionId, type: z.enum(['earn', 'redeem']) }),
  /**
   * Change of the balance: negative takes earned points back, positive returns spent ones, or puts
   * back what an earlier return took of an earning.
   */
  points: points.refine((value) => value !== 0),
  /** The part that counts towards a tier; left out where all of it does. */
  qualifyingPoints: points.optional(),
  /** Transaction of the return; with the account and `of.type` it makes the ledger key. */
  source: transactionId,
  /**
   * Exclusive end of spent points that come back after their own, where the programme renews them.
   * Left out: they come back to the lots they were taken from.
   */
  expiresAtMs: z.int().nullable().optional(),
});

const claim = z.strictObject({
  kind: z.literal('claim'),
  of: transactionId,
  receipt: z.string().regex(/^[0-9A-Z]{9}$/),
  member: ref,
  proof,
  /** What the claim went by, in place of the sale's: a later return goes by it, too. */
  counted: countedField,
  /**
   * What other tills had taken back of the sale, as far as its till was told: it earned nothing. Left
   * out where they had taken nothing.
   */
  returned: pieces.optional(),
});

const enrol = z.strictObject({
  kind: z.literal('enrol'),
  member: ref,
  market: z.string().regex(/^[A-Z]{2}$/),
  proof,
  /** True where a card was seen that nobody here knows: the server says later whose it is. */
  provisional: z.boolean(),
});

const grantAccept = z.strictObject({
  kind: z.literal('grant-accept'),
  grant: ref,
  /**
   * `held` and `risk` are kept across sales, to be spent while the server is away: a member's own
   * points, or the shop's readiness to lose some (`member` is then nobody's). Left out: for this sale.
   */
  purpose: z.enum(['sale', 'held', 'risk']).optional(),
  member: ref,
  programme: ref,
  amount: points.positive(),
});

const grantClose = z.strictObject({
  kind: z.literal('grant-close'),
  grant: ref,
  reason: z.enum([
    'spent',
    'reward-removed',
    'basket-cleared',
    'never-accepted',
    'restart',
    'revoked',
    'lease-over',
    'replaced',
  ]),
});

/**
 * A voucher was handed out: `member` is its holder, an account of its own like a member's, and
 * `points` are on it from then on. Redemptions, reversals and grants name that holder. The code is
 * not in the journal: it follows from the holder under the tenant's identifier key.
 */
const issue = z.strictObject({
  kind: z.literal('issue'),
  /** `v-<transaction>-<place among the sale's vouchers>`. */
  member: ref,
  /** Whose it is; null for whoever has the paper. */
  owner: ref.nullable(),
  /** The programme whose reward it opens. */
  programme: ref,
  version,
  /** What gave it. */
  by: z.strictObject({ programme: ref, rule: ref }),
  source: transactionId,
  points: points.positive(),
  effectiveAtMs: z.int(),
  expiresAtMs: z.int().nullable(),
});

/** The member was told of a change of tier that came with no sale; `source` as the record names it. */
const told = z.strictObject({
  kind: z.literal('told'),
  member: ref,
  programme: ref,
  source: z.string().max(160),
});

const shiftOpen = z.strictObject({
  kind: z.literal('shift-open'),
  /** What was in the drawer; 0 where nobody counted it. */
  floatMinor: minor.nonnegative(),
  /** Left out: the shift opened by itself and nobody counted. */
  counted: z.literal(true).optional(),
});

/** How the sales of a shift were paid; they add up to its total. */
const tenders = z.strictObject({
  cashMinor: minor.nonnegative(),
  cardMinor: minor.nonnegative(),
  otherMinor: minor.nonnegative(),
  /** From wallets and gift cards. */
  valueMinor: minor.nonnegative(),
});
export type Tenders = z.infer<typeof tenders>;

/** What a shift came to: the X report while it runs, the Z report when it closes. */
export const shiftFigures = z.strictObject({
  /** Consecutive per till, never reset. */
  number: z.int().positive(),
  sales: z.int().nonnegative(),
  salesWithMember: z.int().nonnegative(),
  totalMinor: minor,
  /** Left out in reports older than this figure. */
  tenders: tenders.optional(),
  /** All of it was paid back from the drawer. */
  returnsMinor: minor.nonnegative(),
  /** In the drawer at the start; left out where nobody counted it, then or at the close. */
  floatMinor: minor.nonnegative().optional(),
  /** What the shift brought into the drawer: cash taken less cash paid back. */
  cashMinor: minor,
  countedMinor: minor.nullable(),
  /** Times the drawer was opened without a sale. */
  drawerOpenings: z.int().nonnegative(),
  /** Goods taken off sales before they were settled, as lines and before discounts; left out in older reports. */
  voids: z.strictObject({ lines: z.int(), amountMinor: minor }).optional(),
  earned: points,
  redeemed: points,
  reversed: points,
});
export type ShiftFigures = z.infer<typeof shiftFigures>;

/** What should be in the drawer. A float that nobody counted is not in it. */
export function expectedCashMinor({ floatMinor, cashMinor }: ShiftFigures): number {
  return (floatMinor ?? 0) + cashMinor;
}

/** What was counted less what should be there; null where nobody counted. */
export function cashDifferenceMinor(figures: ShiftFigures): number | null {
  const { countedMinor } = figures;
  return countedMinor === null ? null : countedMinor - expectedCashMinor(figures);
}

const shiftClose = z.strictObject({ kind: z.literal('shift-close'), ...shiftFigures.shape });
const reprint = z.strictObject({
  kind: z.literal('reprint'),
  of: transactionId,
  copy: z.int().positive(),
});
const clockJump = z.strictObject({ kind: z.literal('clock-jump'), deltaMs: z.int() });

/** What somebody who works here may do: `rights` in the contract says what each may. */
export const staffRole = z.enum(['cashier', 'supervisor', 'manager']);
export type StaffRole = z.infer<typeof staffRole>;

/** Who wrote an entry while nobody was signed in: the till itself, as when a lease ends. */
export const TILL_ITSELF = 'till';

/** Somebody begins to work here; the entry's own `cashier` and `role` say who. */
const signIn = z.strictObject({
  kind: z.literal('sign-in'),
  /** `open` = this person has no PIN. */
  how: z.enum(['pin', 'open']),
});
/** Nobody works here any more, until somebody signs in. */
const signOut = z.strictObject({ kind: z.literal('sign-out'), why: z.enum(['asked', 'idle']) });
/** A wrong PIN under somebody's name. What was typed is nowhere. */
const pinWrong = z.strictObject({
  kind: z.literal('pin-wrong'),
  of: ref,
  purpose: z.enum(['sign-in', 'approval']),
  /** How many wrong ones this makes under that name, since that person's last right one. */
  wrong: z.int().positive(),
  /** The same under any names, since anybody's last right one. */
  wrongAtTill: z.int().positive(),
});
/** The cash drawer was opened without a sale. */
const drawerOpen = z.strictObject({ kind: z.literal('drawer-open') });

/**
 * Goods were taken off an open sale: so many lines, and so much before discounts. Negative where an undo
 * brought them back.
 */
const voided = z.strictObject({ kind: z.literal('void'), lines: z.int(), amountMinor: minor });

/** The questions after a sale, in the order they are asked. Source: loyalty reference, (e). */
export const surveyQuestions = ['nps', 'cli-recommend', 'cli-again', 'cli-other'] as const;
export type SurveyQuestion = (typeof surveyQuestions)[number];

/** Whether an answer is on its question's scale: `nps` 0 (not at all) to 10, the others 1 (certainly) to 6. */
export function isOnScale(question: SurveyQuestion, answer: number): boolean {
  return question === 'nps' ? answer >= 0 && answer <= 10 : answer >= 1 && answer <= 6;
}

/** The member was asked about the shop after a sale; what they say follows, or nothing does. */
const surveyAsked = z.strictObject({
  kind: z.literal('survey-asked'),
  member: ref,
  /** Transaction of the sale. */
  of: transactionId,
});

/** One answer, by the shopper's own hand; a question that was skipped has none. */
const surveyAnswer = z
  .strictObject({
    kind: z.literal('survey-answer'),
    member: ref,
    of: transactionId,
    question: z.enum(surveyQuestions),
    answer: z.int(),
  })
  .refine(({ question, answer }) => isOnScale(question, answer));

/** What happened; `kind` decides the rest. */
export const entryBody = z.discriminatedUnion('kind', [
  sale,
  earn,
  redeem,
  returned,
  reverse,
  claim,
  enrol,
  grantAccept,
  grantClose,
  issue,
  told,
  shiftOpen,
  shiftClose,
  reprint,
  clockJump,
  signIn,
  signOut,
  pinWrong,
  drawerOpen,
  voided,
  surveyAsked,
  surveyAnswer,
]);
export type EntryBody = z.infer<typeof entryBody>;
export type EntryKind = EntryBody['kind'];

/** One entry: who wrote it, where and when, and its body. */
export const journalEntry = z.strictObject({
  v: z.literal(ENTRY_VERSION),
  tenant: ref,
  store: ref,
  till: ref,
  /** Incarnation: grows when a till is fenced, restored or its disk replaced. */
  inc: z.int().positive(),
  /** Contiguous from 1 within one incarnation. */
  seq: z.int().positive(),
  tx: transactionId,
  /** Wall clock, a label only; no safety argument reads it. Milliseconds since 1970. */
  atMs: z.int(),
  /** Monotonic clock of the process that wrote it, milliseconds. */
  monoMs: z.int(),
  day: businessDay,
  /** Staff reference of whoever did it; a random one, never a name. */
  cashier: ref,
  /** What they were when they did it. */
  role: z.enum([...staffRole.options, TILL_ITSELF]),
  /** Who allowed it on the spot, with a PIN, where `cashier` alone may not. */
  approver: z.strictObject({ cashier: ref, role: staffRole }).optional(),
  app: z.string().max(32),
  body: entryBody,
});
export type JournalEntry = z.infer<typeof journalEntry>;

/** An entry with the bytes and the hash it has in its till's journal. */
export interface StoredEntry {
  /** UTF-8 JSON exactly as stored and sent. */
  readonly text: string;
  /** Lower-case hex SHA-256 over the previous hash's bytes and the text's bytes. */
  readonly hash: string;
  readonly entry: JournalEntry;
}
