import { assertNever } from '#loyalty/result.ts';
import type { EntryBody } from './entry.ts';
import type { ExceptionCode } from './posting-writes.ts';

/** What can be done about an exception. The first three move no points. */
export const settlementWays = [
  'accept',
  'contact',
  'check-till',
  'give',
  'write-off',
  'take',
  'block',
  'unblock',
  'merge',
  'fence',
] as const;
export type SettlementWay = (typeof settlementWays)[number];

/** One lawful way to settle an exception. */
export interface LawfulWay {
  readonly way: SettlementWay;
  /** Change of the member's balance that it posts; 0 where it posts none. */
  readonly points: number;
  /** Whether the manager's PIN must confirm it: whatever moves points or shuts somebody out. */
  readonly needsPin: boolean;
}

type MemberStatus = 'active' | 'blocked' | 'merged' | 'erased';

/** What the rules look at: the exception, the entry it was noted for, and how things stand now. */
export interface ExceptionFacts {
  readonly code: ExceptionCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** The entry at its place; null where there is none. */
  readonly body: EntryBody | null;
  /** The account concerned, as it is now; null where no account is. */
  readonly account: { readonly posted: number; readonly granted: number } | null;
  /** Null where no member is concerned. */
  readonly member: {
    readonly status: MemberStatus;
    readonly provisional: boolean;
  } | null;
  /** The other member it names; null where it names one or none. */
  readonly other: { readonly status: MemberStatus } | null;
  readonly tillState: 'active' | 'fenced' | 'forked' | null;
  /** Points that settling other exceptions of the same entry gave. */
  readonly given: number;
  /** Points of the sale it names that later returns took beyond their own: what an earlier one had left. */
  readonly backSince: number;
}

type Rule = (facts: ExceptionFacts) => readonly LawfulWay[];

const accept: LawfulWay = { way: 'accept', points: 0, needsPin: false };
const contact: LawfulWay = { way: 'contact', points: 0, needsPin: false };
const checkTill: LawfulWay = { way: 'check-till', points: 0, needsPin: false };
const deed = (way: SettlementWay): LawfulWay => ({ way, points: 0, needsPin: true });

/** Gives points; nothing where there are none to give, or nobody to give them to. */
function give(facts: ExceptionFacts, points: number, way: 'give' | 'write-off'): LawfulWay[] {
  if (points <= 0 || facts.account === null) return [];
  return [{ way, points, needsPin: true }];
}

/** Takes points, never more than the member can spend: no correction makes a debt. */
function take(facts: ExceptionFacts, points: number): LawfulWay[] {
  const available = facts.account === null ? 0 : facts.account.posted - facts.account.granted;
  const taken = Math.min(points, available);
  return taken <= 0 ? [] : [{ way: 'take', points: -taken, needsPin: true }];
}

/**
 * Gives points for what an entry did, less what was given for it already: one reward may be the
 * reason of a debt, too, and is forgiven once.
 */
function giveForEntry(
  facts: ExceptionFacts,
  points: number,
  way: 'give' | 'write-off',
): LawfulWay[] {
  return give(facts, points - facts.given, way);
}

/** Changes the balance the way it should have changed. */
function correct(facts: ExceptionFacts, change: number): LawfulWay[] {
  return change > 0 ? give(facts, change, 'give') : take(facts, -change);
}

function number({ params }: ExceptionFacts, name: string): number {
  const value = params[name];
  return typeof value === 'number' ? value : 0;
}

/** What the entry itself put on the balance, or took from it. */
function changeBy({ body }: ExceptionFacts): number {
  if (body === null) return 0;
  if (body.kind === 'earn' || body.kind === 'issue') return body.points;
  if (body.kind === 'redeem') return -body.points;
  return body.kind === 'reverse' ? body.points : 0;
}

/** A reward that no grant of this till covered: the points are taken, the goods are gone. */
const uncovered: Rule = (facts) => [
  accept,
  ...giveForEntry(facts, number(facts, 'points'), 'write-off'),
  checkTill,
];

/** Points a member kept of goods that came back, or may have spent at a till that was lost. */
const kept: Rule = (facts) => [
  accept,
  ...take(facts, number(facts, 'points') - facts.backSince),
  contact,
];

/** What an entry of a programme nobody knows did is undone. */
const undone: Rule = (facts) => {
  const change = changeBy(facts);
  return change < 0 ? giveForEntry(facts, -change, 'give') : take(facts, change);
};

/** What somebody blocked bought: they may be served again. */
const served: Rule = ({ member }) =>
  member?.status === 'blocked' ? [accept, deed('unblock'), contact] : [accept, contact];

/** Every kind of exception and what is lawful then: the one place that decides it. */
const rules: Readonly<Record<ExceptionCode, Rule>> = {
  'unknown-member': (facts) =>
    facts.member?.provisional === true && facts.member.status === 'active'
      ? [accept, deed('merge'), deed('block')]
      : served(facts),
  'unknown-programme': (facts) => [accept, ...undone(facts), checkTill],
  'blocked-member': served,
  'duplicate-transaction': () => [accept, checkTill],
  'duplicate-entry': (facts) => [accept, ...correct(facts, number(facts, 'points')), checkTill],
  'redeem-without-grant': uncovered,
  'grant-of-another-till': uncovered,
  'grant-of-another-member': uncovered,
  'grant-closed': uncovered,
  'grant-not-accepted': () => [accept, checkTill],
  'grant-overspent': (facts) => [
    accept,
    ...giveForEntry(facts, number(facts, 'over'), 'write-off'),
    checkTill,
  ],
  'unknown-grant': () => [accept, checkTill],
  'reversal-over-original': (facts) => [
    accept,
    ...correct(facts, number(facts, 'wanted') - number(facts, 'posted')),
    contact,
  ],
  'reversal-wrong-sign': (facts) => [
    accept,
    ...correct(facts, -number(facts, 'points')),
    checkTill,
  ],
  'refund-over-sale': () => [accept, contact, checkTill],
  // Whose it was is known to nobody any more: the shop pays whoever comes with the receipt, or keeps it.
  'return-to-erased': () => [accept, checkTill],
  'already-claimed': () => [accept, contact],
  'claim-of-member-sale': () => [accept, contact],
  'return-of-claimed-sale': kept,
  'claim-of-returned-sale': kept,
  'earn-without-claim': (facts) => [
    accept,
    ...give(facts, number(facts, 'points'), 'give'),
    checkTill,
  ],
  'negative-balance': (facts) => [
    accept,
    ...give(facts, -(facts.account?.posted ?? 0), 'write-off'),
    contact,
  ],
  'clock-jump': () => [accept, checkTill],
  'pin-guessing': () => [accept, checkTill],
  'twin-merged': () => [accept, contact],
  'same-number': ({ member, other }) =>
    member?.status === 'active' && other?.status === 'active'
      ? [accept, contact, deed('merge')]
      : [accept, contact],
  // Nothing more is taken from it until somebody decides: to leave it so would settle nothing.
  fork: ({ tillState }) =>
    tillState === 'forked' ? [checkTill, deed('fence')] : [accept, checkTill],
  'till-fenced': () => [accept, checkTill],
  'grant-written-off': kept,
};

/** The lawful ways to settle an exception, as things stand now; the least invasive first. */
export function lawfulWays(facts: ExceptionFacts): readonly LawfulWay[] {
  return rules[facts.code](facts);
}

/** Whether a text is the code of an exception that the rules know. */
export function isExceptionCode(code: string): code is ExceptionCode {
  return Object.hasOwn(rules, code);
}

/** Whether a way leaves something for somebody to do later. */
export function leavesFollowUp(way: SettlementWay): boolean {
  switch (way) {
    case 'contact':
    case 'check-till':
      return true;
    case 'accept':
    case 'give':
    case 'write-off':
    case 'take':
    case 'block':
    case 'unblock':
    case 'merge':
    case 'fence':
      return false;
    default:
      return assertNever(way, 'settlement way');
  }
}
