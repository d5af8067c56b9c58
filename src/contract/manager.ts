import { z } from 'zod';
import { businessDay, ref } from '#journal/entry.ts';
import { askedDay } from './day.ts';
import { settlementWays } from '#journal/settlement.ts';
import {
  figuresAsk,
  groupAsk,
  groupPage,
  kudosAsk,
  loyaltyReport,
  staffReport,
} from './manager-figures.ts';
import { asked, managerPin, memberLabel, pageCursor, told } from './manager-parts.ts';
import {
  adjustAsk,
  eraseAnswer,
  eraseAsk,
  followUp,
  memberDetail,
  membersAsk,
  membersPage,
  mergeAsk,
  noteAsk,
} from './manager-members.ts';

/** Most rows of one page of a list: a frame holds them whatever their names. */
export const MANAGER_PAGE_MAX = 100;
const params = z.record(z.string().max(32), z.union([z.string().max(600), z.number()]));

/** An exception with what may be done about it, or what was. */
export const exceptionView = z.strictObject({
  id: z.string().max(160),
  code: z.string().max(64),
  params,
  till: ref,
  tillName: z.string().max(64),
  atMs: z.int(),
  member: memberLabel.nullable(),
  /** Another member it names, into whom that one can be merged; null where it names none. */
  other: memberLabel.nullable(),
  /** Empty once it is settled. */
  ways: z
    .array(
      z.strictObject({
        way: z.enum(settlementWays),
        points: z.int(),
        needsPin: z.boolean(),
      }),
    )
    .max(5),
  settled: z
    .strictObject({
      way: z.enum(settlementWays),
      points: z.int(),
      by: ref,
      /** Whose manager's PIN confirmed it; null where none had to. */
      approvedBy: ref.nullable(),
      atMs: z.int(),
    })
    .nullable(),
});
export type ExceptionView = z.infer<typeof exceptionView>;

const exceptionsAsk = z.strictObject({ settled: z.boolean(), cursor: pageCursor });
const exceptionsPage = z.strictObject({
  items: z.array(exceptionView).max(MANAGER_PAGE_MAX),
  /** How many wait for somebody, on all days. */
  open: z.int().nonnegative(),
  next: pageCursor,
});

const settleAsk = z.strictObject({
  exception: z.string().max(160),
  way: z.enum(settlementWays),
  pin: managerPin,
  /** For `merge`: whose record the points belong to; null where the exception names them. */
  into: ref.nullable(),
});

/** The figures of a day whose entries can be asked for; `all` is everything of the day. */
export const dayFigures = [
  'sales',
  'with-member',
  'discounts',
  'unproven',
  'returns',
  'new-members',
  'earned',
  'redeemed',
  'expired',
  'other',
  'points',
  'all',
] as const;
export type DayFigure = (typeof dayFigures)[number];

/** Whose entries: of a figure of some days, of an exception, of a member. */
export const entriesFilter = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('figure'),
    figure: z.enum(dayFigures),
    from: askedDay,
    /** The last day, inclusive. */
    through: askedDay,
    store: ref.nullable(),
    till: ref.nullable(),
    cashier: ref.nullable(),
    programme: ref.nullable(),
    /** An hour of the store's clock; of the first day. */
    hour: z.int().min(0).max(23).nullable(),
  }),
  z.strictObject({ kind: z.literal('exception'), exception: z.string().max(160) }),
  z.strictObject({ kind: z.literal('member'), member: ref }),
]);
export type EntriesFilter = z.infer<typeof entriesFilter>;

/** Kinds of journal entries that a manager's list names. */
export const journalEntryKinds = [
  'sale',
  'return',
  'enrol',
  'earn',
  'redeem',
  'reverse',
  'claim',
  'issue',
  'grant-accept',
  'grant-close',
  'clock-jump',
  'pin-wrong',
] as const;

/** What an entry can be: those, what only the ledger writes, and whatever else a journal holds. */
const entryKinds = [...journalEntryKinds, 'expire', 'adjust', 'transfer', 'other'] as const;

/** One entry behind a number. Whatever an entry of that kind has not is null. */
export const entryRow = z.strictObject({
  id: z.string().max(400),
  /** A type of the ledger, or a kind of journal entry. */
  what: z.enum(entryKinds),
  atMs: z.int(),
  day: businessDay,
  /** `0` is the server itself. */
  till: ref,
  tillName: z.string().max(64),
  cashier: ref.nullable(),
  member: memberLabel.nullable(),
  programme: ref.nullable(),
  /** Change of the balance. */
  points: z.int().nullable(),
  /** What was sold, or paid back (negative). */
  moneyMinor: z.int().nullable(),
  receipt: z.string().max(16).nullable(),
});
export type EntryRow = z.infer<typeof entryRow>;

const entriesAsk = z.strictObject({ filter: entriesFilter, cursor: pageCursor });
const entriesPage = z.strictObject({
  rows: z.array(entryRow).max(MANAGER_PAGE_MAX),
  next: pageCursor,
  /** `till` where nobody else could be asked: this till's own entries. */
  source: z.enum(['server', 'till']),
});

const exceptionsOutput = told(exceptionsPage);
const settleOutput = told(exceptionView);
const entriesOutput = told(entriesPage);
const memberAsk = z.strictObject({ member: ref });
const doneAsk = z.strictObject({ id: z.uuid() });
const membersOutput = told(membersPage);
const memberOutput = told(memberDetail);
const followUpsOutput = told(z.strictObject({ items: z.array(followUp).max(MANAGER_PAGE_MAX) }));
const nothing = told(z.null());
const eraseOutput = told(eraseAnswer);
const staffOutput = told(staffReport);
const loyaltyOutput = told(loyaltyReport);
const groupOutput = told(groupPage);

/** What the manager's page asks its till. The till asks the server; alone it says so. */
export const managerCalls = {
  'manager.exceptions': { input: exceptionsAsk, output: exceptionsOutput },
  'manager.settle': { input: settleAsk, output: settleOutput },
  'manager.entries': { input: entriesAsk, output: entriesOutput },
  'manager.members': { input: membersAsk, output: membersOutput },
  'manager.member': { input: memberAsk, output: memberOutput },
  'manager.adjust': { input: adjustAsk, output: memberOutput },
  'manager.merge': { input: mergeAsk, output: memberOutput },
  'manager.note': { input: noteAsk, output: nothing },
  'manager.erase': { input: eraseAsk, output: eraseOutput },
  'manager.note-done': { input: doneAsk, output: nothing },
  'manager.follow-ups': { input: z.null(), output: followUpsOutput },
  'manager.staff': { input: figuresAsk, output: staffOutput },
  'manager.kudos': { input: kudosAsk, output: nothing },
  'manager.loyalty': { input: figuresAsk, output: loyaltyOutput },
  'manager.group': { input: groupAsk, output: groupOutput },
} as const;

/** The same calls between till and server. */
export const managerSyncCalls = {
  'manager.exceptions': { input: asked(exceptionsAsk), output: exceptionsOutput },
  'manager.settle': { input: asked(settleAsk), output: settleOutput },
  'manager.entries': { input: asked(entriesAsk), output: entriesOutput },
  'manager.members': { input: asked(membersAsk), output: membersOutput },
  'manager.member': { input: asked(memberAsk), output: memberOutput },
  'manager.adjust': { input: asked(adjustAsk), output: memberOutput },
  'manager.merge': { input: asked(mergeAsk), output: memberOutput },
  'manager.note': { input: asked(noteAsk), output: nothing },
  'manager.erase': { input: asked(eraseAsk), output: eraseOutput },
  'manager.note-done': { input: asked(doneAsk), output: nothing },
  'manager.follow-ups': { input: asked(z.null()), output: followUpsOutput },
  'manager.staff': { input: asked(figuresAsk), output: staffOutput },
  'manager.kudos': { input: asked(kudosAsk), output: nothing },
  'manager.loyalty': { input: asked(figuresAsk), output: loyaltyOutput },
  'manager.group': { input: asked(groupAsk), output: groupOutput },
} as const;
export type ManagerCall = keyof typeof managerSyncCalls;
