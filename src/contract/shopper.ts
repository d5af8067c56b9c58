import { z } from 'zod';
import { ref, surveyQuestions } from '#journal/entry.ts';
import { localText } from './member.ts';
import type { Contract } from './rpc.ts';
import { consentAnswer, enrolInput } from './till.ts';
import { joinStep, memberView, message, offerView, unit } from './till-state.ts';

/**
 * What the shopper's display may know and do.
 *
 * It stands where anybody can read it and touch it: it gets one sale at a time, a first name, two
 * digits of a number, and no balance before the shopper has shown to be that member. Every answer
 * names its sale; one that came too late for it is ignored.
 */
const minor = z.int();
const count = z.int().nonnegative();

/** The shopper of the sale on the display. */
const shownShopper = z.strictObject({
  /** Null where none was given. */
  firstName: z.string().max(64).nullable(),
  /** `··67`; never more of a number. */
  masked: z.string().max(16).nullable(),
  state: memberView.shape.state,
  /** Null before proof, and where the member has no points. */
  balance: z.strictObject({ name: localText, points: z.int(), unit }).nullable(),
  tier: memberView.shape.tier,
});
export type ShownShopper = z.infer<typeof shownShopper>;

/** Most lines the display shows; the newest. */
export const SHOWN_LINES_MAX = 6;
/** Most rewards the display offers; the worthiest. */
export const SHOWN_REWARDS_MAX = 3;

export const shopperScene = z.discriminatedUnion('kind', [
  /** Nothing is sold: the shop's name and how to begin. */
  z.strictObject({ kind: z.literal('idle') }),
  /** Nobody stands here any more. */
  z.strictObject({ kind: z.literal('dark') }),
  z.strictObject({
    kind: z.literal('basket'),
    saleId: z.uuid(),
    lines: z
      .array(
        z.strictObject({
          id: z.string().max(64),
          name: localText.nullable(),
          quantityMilli: z.int().positive(),
          grossMinor: minor,
        }),
      )
      .max(SHOWN_LINES_MAX),
    /** Lines before the ones shown. */
    linesBefore: count,
    totalMinor: minor.nonnegative(),
    savedMinor: minor.nonnegative(),
    /** What the first programme gives, and what that counts in. */
    earns: count,
    unit,
    claimable: z.boolean(),
    shopper: shownShopper.nullable(),
    rewards: z.array(offerView).max(SHOWN_REWARDS_MAX),
  }),
  /** Somebody is asked to join by their own hand. What they type stays in the page until they say Join. */
  z.strictObject({
    kind: z.literal('join'),
    saleId: z.uuid(),
    ask: z.uuid(),
    /** The number the cashier was told: it is not asked for again. Null: the shopper types it, or none. */
    phone: z.strictObject({ masked: z.string().max(16), takesSms: z.boolean() }).nullable(),
    /** The time is nearly up; a touch anywhere gives more. */
    endsSoon: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('joined'),
    saleId: z.uuid(),
    ask: z.uuid(),
    /** Number of the new card, to photograph; null where the shopper brought one. */
    card: z
      .string()
      .regex(/^[0-9]{13}$/)
      .nullable(),
    /** Points wait until a card or a code is shown, as the market wants it. */
    waitsForProof: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('thanks'),
    saleId: z.uuid(),
    totalMinor: minor.nonnegative(),
    unit,
    earned: count,
    /** Points that wait on the receipt for whoever shows it. */
    claimable: count,
    balanceAfter: z.int().nullable(),
    shopper: shownShopper.nullable(),
    /** What the receipt's QR holds, `R:XXXXXXXXX`. */
    receiptCode: z.string().max(16),
    /** The questions after the sale were answered. */
    wasAsked: z.boolean(),
  }),
  /** One question about the shop, after the receipt; it goes with the next sale. */
  z.strictObject({
    kind: z.literal('survey'),
    saleId: z.uuid(),
    question: z.enum(surveyQuestions),
    number: z.int().positive(),
    of: z.int().positive(),
  }),
]);
export type ShopperScene = z.infer<typeof shopperScene>;

export const shopperState = z.strictObject({
  shop: z.strictObject({
    storeName: z.string().max(64),
    timeZone: z.string().max(64),
    currency: z.string().regex(/^[A-Z]{3}$/),
    market: z.enum(['TR', 'DE', 'US', 'SA']),
    language: z.enum(['en', 'tr', 'de', 'ar']),
  }),
  scene: shopperScene,
});
export type ShopperState = z.infer<typeof shopperState>;

/** An answer names the sale and the question it belongs to; one that came too late changes nothing. */
const asked = { saleId: z.uuid(), ask: z.uuid() };
const late = z.strictObject({ outcome: z.literal('late') });
const refused = z.strictObject({ outcome: z.literal('refused'), refusal: message });
const phoneText = enrolInput.shape.phone.unwrap();

/** What a typed number is; whose it may be is not said here. */
const phoneAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('free'),
    masked: z.string().max(16),
    takesSms: z.boolean(),
    /** Unusual length: warn, do not block. */
    unusual: z.boolean(),
  }),
  /** Somebody has joined with it already: use that membership, or another number. */
  z.strictObject({ outcome: z.literal('existing'), masked: z.string().max(16) }),
  refused,
  late,
]);
export type PhoneAnswer = z.infer<typeof phoneAnswer>;

const joinAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('joined') }),
  refused,
  late,
]);
export type JoinAnswer = z.infer<typeof joinAnswer>;

/** Everything a shopper answered, sent once. */
export const joinInput = z.strictObject({
  ...asked,
  /** As typed; null without one, or where the cashier was told it. */
  phone: phoneText.nullable(),
  name: enrolInput.shape.name,
  language: enrolInput.shape.language,
  ofAge: z.boolean(),
  noticeVersion: enrolInput.shape.noticeVersion,
  consents: z.array(consentAnswer).max(8),
});
export type JoinInput = z.infer<typeof joinInput>;

export const shopperContract = {
  calls: {
    state: { input: z.null(), output: shopperState },
    /** The shopper uses a reward, or takes it off again; the cashier sees it at once. */
    'reward.toggle': {
      input: z.strictObject({ saleId: z.uuid(), reward: ref }),
      output: z.strictObject({ taken: z.boolean() }),
    },
    /** How far the shopper is, for the cashier; without anything that was typed. */
    'join.at': { input: z.strictObject({ ...asked, step: joinStep }), output: z.null() },
    'join.phone': { input: z.strictObject({ ...asked, phone: phoneText }), output: phoneAnswer },
    /** Uses the membership the number has already. */
    'join.existing': { input: z.strictObject({ ...asked, phone: phoneText }), output: joinAnswer },
    'join.answer': { input: joinInput, output: joinAnswer },
    'join.decline': { input: z.strictObject(asked), output: z.null() },
    /** The code was photographed: back to the sale. */
    'joined.seen': { input: z.strictObject(asked), output: z.null() },
    /** An answer, or null to be asked no more; a late or repeated one is not taken. */
    'survey.answer': {
      input: z.strictObject({
        saleId: z.uuid(),
        question: z.enum(surveyQuestions),
        answer: z.int().min(0).max(10).nullable(),
      }),
      output: z.strictObject({ taken: z.boolean() }),
    },
    /** Somebody touched the display: it waits longer before it goes dark, or wakes. */
    touch: { input: z.null(), output: z.null() },
  },
  events: { state: shopperState },
} as const satisfies Contract;
export type ShopperContract = typeof shopperContract;
