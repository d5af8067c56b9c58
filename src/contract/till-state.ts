import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { redemptionsMax } from '#loyalty/quote-types.ts';
import { printerStatus, printJobState, printProblem, scannerStatus } from './device.ts';
import { localText, proofLevel } from './member.ts';
import { staffState } from './staff.ts';

/** Only codes and parameters cross to the renderer; it has the sentences, in four languages. */
export const params = z.record(z.string().max(32), z.union([z.string().max(600), z.number()]));
export const message = z.strictObject({ code: z.string().max(64), params });
export type Message = z.infer<typeof message>;

/** One step of the explanation "why?", in the order it was computed. */
export const traceStep = message;

const minor = z.int();
const count = z.int().nonnegative();

/** What a programme counts in: `money` is minor units, the others have `scale` decimals. */
export const unit = z.strictObject({
  kind: z.enum(['points', 'stamps', 'money']),
  scale: z.int().min(0).max(3),
});
export type UnitView = z.infer<typeof unit>;

const basketLine = z.strictObject({
  id: z.string().max(64),
  /** Null for a typed amount: the renderer says "Amount". */
  name: localText.nullable(),
  sku: ref.nullable(),
  quantityMilli: z.int().positive(),
  unitPriceMinor: minor,
  /** Quantity × price before discounts. */
  grossMinor: minor,
});

/** A reward that is a line of the basket now. */
const appliedReward = z.strictObject({
  reward: ref,
  programme: ref,
  name: localText,
  points: count,
  unit,
  valueMinor: minor.nonnegative(),
  /** `payment` pays from a wallet or gift card; `discount` makes the sale cheaper. */
  stage: z.enum(['discount', 'payment']),
  /** Whether a tap takes it off: not what a code or the shop itself brought. */
  removable: z.boolean(),
  /** The code that brought it; null where a tap or the shop itself did. */
  code: z.string().max(64).nullable(),
  /** Goods handed out beside the basket. */
  added: z.strictObject({ name: localText, units: count }).nullable(),
});

/** A code somebody gave. What it is worth is among the rewards; why it is worth nothing is here. */
const codeView = z.strictObject({
  text: z.string().max(64),
  /** `accepted`: kept, its rules count, nothing is taken off. */
  state: z.enum(['applied', 'accepted', 'refused', 'asking']),
  reason: message.nullable(),
  /** What it is: the reward it opens or the programme it belongs to. */
  name: localText.nullable(),
  /** What it takes off or pays now. */
  valueMinor: minor.nonnegative(),
});
export type CodeView = z.infer<typeof codeView>;

export const basketView = z.strictObject({
  saleId: z.uuid(),
  lines: z.array(basketLine).max(500),
  rewards: z.array(appliedReward).max(redemptionsMax),
  codes: z.array(codeView).max(32),
  subtotalMinor: minor,
  discountMinor: minor.nonnegative(),
  totalMinor: minor.nonnegative(),
  /** What is left to pay once wallets and gift cards have paid. */
  dueMinor: minor.nonnegative(),
  /** What this sale will earn for the attached member; empty where nothing is earned. */
  earns: z.array(z.strictObject({ programme: ref, name: localText, points: count, unit })).max(32),
  /** True where the receipt will carry a claim code because nobody may earn yet. */
  claimable: z.boolean(),
  trace: z.array(traceStep).max(200),
});
export type BasketView = z.infer<typeof basketView>;

const balanceView = z.strictObject({
  programme: ref,
  name: localText,
  posted: z.int(),
  pending: z.int(),
  available: z.int(),
  /** What this till may let the member spend now: offline only what it holds for them. */
  spendableHere: z.int(),
  unit,
  /** What `available` is worth when redeemed. */
  worthMinor: minor,
});

export const memberView = z.strictObject({
  member: ref,
  displayName: z.string().max(64).nullable(),
  masked: z.string().max(16).nullable(),
  proof: proofLevel,
  state: z.enum(['known', 'provisional', 'waiting-for-proof', 'blocked']),
  tier: z
    .strictObject({
      id: z.string().max(64),
      name: localText,
      next: z
        .strictObject({
          id: z.string().max(64),
          name: localText,
          remaining: count,
          reachedShare: z.number().min(0).max(1),
        })
        .nullable(),
    })
    .nullable(),
  balances: z.array(balanceView).max(16),
  /** Paid memberships that hold now; `untilMs` is exclusive. */
  memberships: z
    .array(z.strictObject({ programme: ref, name: localText, untilMs: z.int() }))
    .max(16),
  /** Changes of tier to tell with this sale: they came with no sale of theirs. */
  news: z.array(message).max(16),
  /** Null = as of now; else when the server last said so. */
  asOfMs: z.int().nullable(),
});
export type MemberView = z.infer<typeof memberView>;

/** Something this member can use now, or nearly. Sorted by worth to the shopper. */
export const offerView = z.strictObject({
  reward: ref,
  programme: ref,
  name: localText,
  costPoints: count,
  unit,
  worthMinor: minor.nonnegative(),
  remainingPoints: z.int(),
  state: z.enum(['available', 'applied', 'requesting', 'unavailable']),
  /** Why not, when unavailable: `not-enough-points`, `minimum-amount`, `proof-needed`, `offline`, … */
  reason: message.nullable(),
  /** Products to choose from before it is applied; empty where nothing is to be chosen. */
  choices: z.array(z.strictObject({ sku: ref, name: localText })).max(32),
});
export type OfferView = z.infer<typeof offerView>;

/** A coupon or gift card of this member's, to be used with a tap. */
export const voucherView = z.strictObject({
  code: z.string().max(40),
  name: localText,
  /** What it takes off at most; null where that depends on the basket. */
  worthMinor: minor.nonnegative().nullable(),
  /** Exclusive; null never ends. */
  expiresAtMs: z.int().nullable(),
  state: z.enum(['available', 'applied', 'requesting', 'unavailable']),
  reason: message.nullable(),
});
export type VoucherView = z.infer<typeof voucherView>;

/** A quiet line that says what happened and what to do; it never stands between cashier and Pay. */
export const notice = z.strictObject({
  id: z.int(),
  tone: z.enum(['info', 'ok', 'warning', 'refusal']),
  message,
});
export type Notice = z.infer<typeof notice>;

export const linkView = z.strictObject({
  state: z.enum(['online', 'offline', 'stopped']),
  /** Sales and returns the server has not acknowledged yet. */
  waiting: count,
  lastContactMs: z.int().nullable(),
  /** Why the server stopped taking entries (`fork`, `fenced`, …) or does not answer. */
  problem: z.string().max(64).nullable(),
  /** The server's clock says another time by far: somebody has to set this till's. */
  isClockWrong: z.boolean(),
});

export const printView = z.strictObject({
  jobId: z.string().max(64),
  state: printJobState,
  problem: printProblem.nullable(),
  copy: count,
});

export const lastSaleView = z.strictObject({
  saleId: z.uuid(),
  kind: z.enum(['sale', 'return', 'card']),
  receipt: z.string().max(16),
  totalMinor: minor,
  /** What was paid at the till itself; `totalMinor` less what wallets and gift cards paid. */
  dueMinor: minor,
  /** What the points below count in: those of the programme that gave first, or of the main one. */
  unit,
  earned: count,
  /** What the receipt's bearer may still claim; nobody has it yet. */
  claimable: count,
  redeemed: count,
  balanceAfter: z.int().nullable(),
  /** What the shopper is told besides points: a new tier, vouchers, badges, memberships. */
  awards: z.array(message).max(32),
  print: printView.nullable(),
});
export type LastSaleView = z.infer<typeof lastSaleView>;

/** A return being prepared: the old sale's lines and what goes back. */
export const returnView = z.strictObject({
  returnId: z.uuid(),
  receipt: z.string().max(16),
  soldAtMs: z.int(),
  memberName: z.string().max(64).nullable(),
  lines: z
    .array(
      z.strictObject({
        line: z.string().max(64),
        name: localText.nullable(),
        soldMilli: count,
        returnedBeforeMilli: count,
        chosenMilli: count,
        /** What the shopper paid for one line after discounts. */
        netMinor: minor,
      }),
    )
    .max(500),
  refundMinor: minor.nonnegative(),
  /** Stored value that goes back to its card or wallet. */
  valueBackMinor: count,
  /** What the points below count in. */
  unit,
  pointsTakenBack: count,
  pointsReturned: count,
  /** True where nobody earned yet and a scanned member may claim the points. */
  claimable: z.boolean(),
});
export type ReturnView = z.infer<typeof returnView>;

/** How far a shopper is who joins by their own hand. */
export const joinStep = z.enum(['waiting', 'reading', 'number', 'name', 'choices']);
export type JoinStep = z.infer<typeof joinStep>;

/** The display that faces the shopper, as the cashier may know it: never what is typed there. */
export const displayView = z.strictObject({
  connected: z.boolean(),
  /** Null while nobody is asked to join there. */
  joining: z.strictObject({ step: joinStep, hasPhone: z.boolean() }).nullable(),
});

/** Everything the counter shows. The till core holds the truth; a renderer keeps the last one it got. */
export const tillState = z.strictObject({
  revision: count,
  nowMs: z.int(),
  shop: z.strictObject({
    storeName: z.string().max(64),
    tillName: z.string().max(64),
    timeZone: z.string().max(64),
    currency: z.string().regex(/^[A-Z]{3}$/),
    market: z.enum(['TR', 'DE', 'US', 'SA']),
    language: z.enum(['en', 'tr', 'de', 'ar']),
  }),
  /** Empty while the till is locked. */
  cashierName: z.string().max(64),
  staff: staffState,
  link: linkView,
  printer: printerStatus,
  scanners: z.array(scannerStatus).max(16),
  basket: basketView,
  member: memberView.nullable(),
  /** True while the server is asked about a scanned card or typed number. */
  lookingUp: z.boolean(),
  /** A scan or number that belongs to nobody: offer to join with it. */
  unknown: z
    .strictObject({ kind: z.enum(['card', 'phone']), masked: z.string().max(16) })
    .nullable(),
  /** The member who was replaced by the last scan, until `untilMs`. */
  undo: z.strictObject({ displayName: z.string().max(64).nullable(), untilMs: z.int() }).nullable(),
  offers: z.array(offerView).max(32),
  vouchers: z.array(voucherView).max(32),
  /** The last change of the open sale, as Undo would take it back; null where there is none. */
  undoable: z.strictObject({ change: message, atMs: z.int() }).nullable(),
  /** Sales set aside, oldest first; the total is before rewards. */
  parked: z
    .array(
      z.strictObject({
        sale: z.uuid(),
        atMs: z.int(),
        lines: count,
        totalMinor: z.int(),
        displayName: z.string().max(64).nullable(),
      }),
    )
    .max(20),
  notice: notice.nullable(),
  returning: returnView.nullable(),
  lastSale: lastSaleView.nullable(),
  shift: z
    .strictObject({ openedAtMs: z.int(), sales: count, isFloatCounted: z.boolean() })
    .nullable(),
  display: displayView,
});
export type TillState = z.infer<typeof tillState>;
