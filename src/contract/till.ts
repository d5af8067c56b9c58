import { z } from 'zod';
import { programmesMax } from '#loyalty/programme.ts';
import { ref, shiftFigures } from '#journal/entry.ts';
import { askedPurposes } from './consent-texts.ts';
import { askedDay, dayReport, daySpan, knownProgramme } from './day.ts';
import { printJobReport, receiptDocument, virtualPaper } from './device.ts';
import { managerCalls } from './manager.ts';
import { product } from './product.ts';
import type { Contract } from './rpc.ts';
import { SCREEN_KEYS } from '#scan/screen-key.ts';
import { scannedCode, scanSource } from './scan.ts';
import { shopRuleCalls } from './shop-rules.ts';
import { programmeCalls, setupContract } from './setup.ts';
import { signInCalls, staffCalls } from './sign-in.ts';
import { message, tillState } from './till-state.ts';

/** Highest amount one line may have: 1,000,000.00 in two-decimal currencies. */
export const AMOUNT_MINOR_MAX = 100_000_000;
/** Highest quantity of one line: 9,999 pieces, in thousandths. */
export const QUANTITY_MILLI_MAX = 9_999_000;

/** Longest promotion, coupon or gift card code. */
export const CODE_LENGTH_MAX = 40;

/** Most shifts that are listed. */
export const SHIFT_REPORTS_MAX = 60;

const none = z.null();
const amountMinor = z.int().min(1).max(AMOUNT_MINOR_MAX);
const drawerMinor = z.int().min(0).max(AMOUNT_MINOR_MAX);
const quantityMilli = z.int().min(1).max(QUANTITY_MILLI_MAX);

/** Done, or refused with a reason the renderer can word. A refusal changed nothing. */
const done = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  z.strictObject({ outcome: z.literal('refused'), refusal: message }),
]);
export type Done = z.infer<typeof done>;

/** What the shopper answered, one record per choice shown. Joining works with all of them off. */
export const consentAnswer = z.strictObject({
  purpose: z.enum(['personalised-offers', 'sms', 'email', 'call']),
  given: z.boolean(),
  textVersion: z.string().max(32),
});

export const enrolInput = z.strictObject({
  /** As typed, any of the forms in counter.md §5.3; null = a card without a number. */
  phone: z.string().max(32).nullable(),
  name: z.string().max(80).nullable(),
  language: z.enum(['en', 'tr', 'de', 'ar']),
  /** The shopper said they are old enough; false = a card without phone, name or messages. */
  ofAge: z.boolean(),
  /** Version of the notice that was shown before anything was asked. */
  noticeVersion: z.string().max(32),
  consents: z.array(consentAnswer).max(8),
  /** Take the unknown card that was just scanned as this member's card instead of issuing one. */
  useScannedCard: z.boolean(),
});
export type EnrolInput = z.infer<typeof enrolInput>;

/** What a typed number is, before anybody is enrolled with it. */
const phoneCheck = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('free'),
    e164: z.string().max(16),
    takesSms: z.boolean(),
    /** Valid looking but of an unusual length: warn, do not block. */
    unusual: z.boolean(),
  }),
  z.strictObject({
    outcome: z.literal('existing'),
    e164: z.string().max(16),
    displayName: z.string().max(64).nullable(),
    masked: z.string().max(16),
  }),
  z.strictObject({ outcome: z.literal('refused'), refusal: message }),
]);

/** What a member allows, as they last answered; null was never asked. */
const memberConsents = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('known'),
    member: ref,
    mayGive: z.boolean(),
    consents: z
      .array(
        z.strictObject({
          purpose: z.enum(askedPurposes),
          answer: z.strictObject({ given: z.boolean(), atMs: z.int() }).nullable(),
        }),
      )
      .max(askedPurposes.length),
  }),
  z.strictObject({ outcome: z.literal('refused'), refusal: message }),
]);
export type MemberConsents = z.infer<typeof memberConsents>;

/** Shift close: the Z report's figures, as journalled. */
const shiftClosed = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('closed'),
    figures: shiftFigures,
  }),
  z.strictObject({ outcome: z.literal('refused'), refusal: message }),
]);

/**
 * Renderer ↔ till core: every call and event, in one place.
 *
 * Calls that change something answer with `done` or `refused`; what the screen shows arrives as a
 * whole `state` event after each change, so that the renderer derives and never guesses.
 */
export const tillContract = {
  calls: {
    state: { input: none, output: tillState },
    products: { input: none, output: z.array(product).max(5000) },

    /** A decoded scan from the page's keyboard; scans from devices reach the core by themselves. */
    scan: { input: z.strictObject({ code: scannedCode, source: scanSource }), output: none },
    /** A typed phone number or card number; attaches the member, or offers to join. */
    'member.find': { input: z.strictObject({ text: z.string().max(64) }), output: done },
    'member.detach': { input: none, output: done },
    'member.undo': { input: none, output: done },

    /** What the attached member allows, asked of the centre; one line per question the market asks. */
    'member.consents': { input: none, output: memberConsents },
    /**
     * Withdraws one of them, or gives it again where the member has shown who they are. `member` is
     * whose answers were shown: with another one on the sale by now, nothing changes.
     */
    'member.consent': {
      input: z.strictObject({
        member: ref,
        purpose: z.enum(askedPurposes),
        given: z.boolean(),
        language: z.enum(['en', 'tr', 'de', 'ar']),
      }),
      output: done,
    },

    'basket.add-amount': { input: z.strictObject({ amountMinor, quantityMilli }), output: done },
    'basket.add-product': { input: z.strictObject({ sku: ref, quantityMilli }), output: done },
    'basket.set-quantity': {
      input: z.strictObject({ line: z.string().max(64), quantityMilli }),
      output: done,
    },
    'basket.remove-line': { input: z.strictObject({ line: z.string().max(64) }), output: done },
    'basket.clear': { input: none, output: done },

    /** Sets the open sale aside; what it had on hold is given back until it is recalled. */
    'sale.park': { input: none, output: done },
    /** Brings a sale back that was set aside; an open one with goods takes its place. */
    'sale.recall': { input: z.strictObject({ sale: z.uuid() }), output: done },

    /** Takes back the last change of the open sale: goods, quantity, reward, code or member. */
    'basket.undo': { input: none, output: done },

    /**
     * Applies the reward, or takes it off again. Points are only reserved now, spent at settle.
     * Without a programme: the first that has such a reward. `sku` is the shopper's choice.
     */
    'reward.toggle': {
      input: z.strictObject({
        reward: ref,
        programme: ref.optional(),
        sku: ref.optional(),
      }),
      output: done,
    },
    /** A promotion code, coupon or gift card: applied, kept until the basket fits, or refused. */
    'code.enter': { input: z.strictObject({ text: z.string().max(64) }), output: done },
    'code.remove': {
      input: z.strictObject({ text: z.string().max(CODE_LENGTH_MAX) }),
      output: done,
    },

    /**
     * Idempotent by sale id: a second settle of the same sale answers as the first did. `dueMinor` is
     * what the shopper was asked for: where it is another sum by now, nothing is settled.
     */
    'sale.settle': {
      input: z.strictObject({
        saleId: z.uuid(),
        tender: z.enum(['cash', 'card', 'other']),
        dueMinor: z.int().optional(),
      }),
      output: done,
    },

    'enrol.check': { input: z.strictObject({ phone: z.string().max(32) }), output: phoneCheck },
    /**
     * Asks the shopper on their own display: language, notice, number unless it is given here, choices.
     * How far they are is in the state; the sale goes on, and the question ends with it.
     */
    'enrol.ask': {
      input: z.strictObject({
        phone: z.string().max(32).nullable(),
        useScannedCard: z.boolean(),
      }),
      output: done,
    },
    /** Takes the question off the display again. */
    'enrol.stop': { input: none, output: done },
    'enrol.commit': { input: enrolInput, output: done },
    /** Attaches the member found by `enrol.check` instead of creating a twin. */
    'enrol.use-existing': { input: z.strictObject({ phone: z.string().max(32) }), output: done },

    'return.open': { input: z.strictObject({ receipt: z.string().max(32) }), output: done },
    'return.choose': {
      input: z.strictObject({
        line: z.string().max(64),
        quantityMilli: z.int().min(0).max(QUANTITY_MILLI_MAX),
      }),
      output: done,
    },
    'return.cancel': { input: none, output: done },
    'return.commit': { input: z.strictObject({ returnId: z.uuid() }), output: done },
    /** Gives the points of an old, unclaimed sale to the attached member. */
    'claim.commit': { input: z.strictObject({ receipt: z.string().max(32) }), output: done },

    /** Prints again, marked COPY, with the figures frozen at the time. */
    'receipt.reprint': { input: z.strictObject({ saleId: z.uuid() }), output: done },
    /** The receipt as it was printed; null where this till has not printed that sale. */
    'receipt.view': {
      input: z.strictObject({ saleId: z.uuid() }),
      output: z
        .strictObject({
          document: receiptDocument,
          job: printJobReport.nullable(),
          paper: virtualPaper.nullable(),
        })
        .nullable(),
    },
    /** Sends a receipt of which no byte has left, leaves one on its way alone, copies any other. */
    'print.again': { input: z.strictObject({ saleId: z.uuid() }), output: done },

    /** Null = today. */
    day: { input: z.strictObject({ day: askedDay.nullable(), ...daySpan }), output: dayReport },
    /** The shop's programmes for members, then its others; the first one is its main one. */
    'day.programmes': { input: none, output: z.array(knownProgramme).max(programmesMax) },
    /** X: the open shift's figures; changes nothing. */
    'shift.figures': {
      input: none,
      output: z.strictObject({ openedAtMs: z.int(), figures: shiftFigures }).nullable(),
    },
    /** The open shift as it stands (X), then the closed ones as journalled (Z), newest first. */
    'shift.reports': {
      input: none,
      output: z
        .array(
          z.strictObject({
            /** What `receipt.reprint` takes; null while it is open. */
            tx: z.uuid().nullable(),
            openedAtMs: z.int(),
            closedAtMs: z.int().nullable(),
            figures: shiftFigures,
          }),
        )
        .max(SHIFT_REPORTS_MAX),
    },
    /** Prints the open shift as it stands; stores nothing. */
    'shift.print-x': { input: none, output: done },
    /** With a count of the drawer. Not needed: a sale opens a shift by itself, uncounted. */
    'shift.open': { input: z.strictObject({ floatMinor: drawerMinor }), output: done },
    'shift.close': {
      input: z.strictObject({
        countedMinor: drawerMinor.nullable(),
        /** What was in the drawer at the start; only taken where nobody counted it then. */
        floatMinor: drawerMinor.nullable().optional(),
      }),
      output: shiftClosed,
    },
    /** A till has its shop: it refuses. Only the shell's stand-in, before there is a till, does it. */
    ...setupContract.calls,
    ...programmeCalls,
    ...signInCalls,
    ...staffCalls,
    ...shopRuleCalls,
    ...managerCalls,
    /** Prints a code for each of these keys of the screen, with its words. */
    'screen-keys.print': {
      input: z.strictObject({
        language: z.enum(['en', 'tr', 'de', 'ar']),
        title: z.string().max(80),
        keys: z
          .array(z.strictObject({ key: z.enum(SCREEN_KEYS), words: z.string().max(80) }))
          .min(1)
          .max(SCREEN_KEYS.length),
      }),
      output: done,
    },
    'notice.dismiss': { input: z.strictObject({ id: z.int() }), output: none },
  },
  events: {
    state: tillState,
    paper: virtualPaper,
    /** The code of this key was scanned; sent to the page that was opened last. */
    'screen-key': z.strictObject({ key: z.enum(SCREEN_KEYS) }),
  },
} as const satisfies Contract;
export type TillContract = typeof tillContract;
