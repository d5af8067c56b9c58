import type { DayReport } from '#contract/day.ts';
import type { TillState } from '#contract/till-state.ts';
import {
  aStaff,
  aBasket,
  aLastSale,
  aMember,
  aReturn,
  aState,
  emptyBasket,
  galleryNowMs,
  nextSaleId,
  goldWords,
  simitWords,
  someOffers,
} from './fixtures.ts';
import { aDay } from './day-fixture.ts';
import { aChoice, someAwards, someCodes, someVouchers } from './code-fixtures.ts';

/** One state of the counter that somebody may see. */
export interface Scene {
  readonly state: TillState;
  readonly day?: DayReport;
}

const offers = [...someOffers()];
const known = { member: aMember(), offers, basket: aBasket() };

/** Every state of the counter that the core can bring about, by name. */
export const scenes = {
  empty: { state: aState() },
  parked: {
    state: aState({
      parked: [
        {
          sale: '01a1fdc7-eb60-763a-a61a-33bd7487b2aa',
          atMs: galleryNowMs - 1_300_000,
          lines: 4,
          totalMinor: 72_500,
          displayName: 'Mehmet D.',
        },
        {
          sale: '01a1fdc7-eb60-763a-a61a-33bd7487b2ab',
          atMs: galleryNowMs - 240_000,
          lines: 1,
          totalMinor: 9500,
          displayName: null,
        },
      ],
    }),
  },
  locked: { state: aState({ ...known, cashierName: '', staff: { ...aStaff, signedIn: null } }) },
  'locked-waiting': {
    state: aState({
      cashierName: '',
      staff: {
        ...aStaff,
        signedIn: null,
        people: aStaff.people.map((person) => ({ ...person, waitMs: 754_000 })),
      },
    }),
  },
  known: { state: aState(known) },
  'known-offline': {
    state: aState({
      ...known,
      link: {
        state: 'offline',
        waiting: 3,
        lastContactMs: galleryNowMs - 1_600_000,
        problem: 'unreachable',
        isClockWrong: false,
      },
      member: aMember({
        asOfMs: galleryNowMs - 1_600_000,
        balances: aMember().balances.map((balance) => ({ ...balance, spendableHere: 600 })),
      }),
    }),
  },
  'looking-up': {
    state: aState({
      lookingUp: true,
      basket: aBasket({ rewards: [], discountMinor: 0, totalMinor: 54500 }),
    }),
  },
  'unknown-phone': {
    state: aState({
      unknown: { kind: 'phone', masked: '··67' },
      basket: aBasket({ rewards: [], earns: [], discountMinor: 0, totalMinor: 54500 }),
    }),
  },
  joining: {
    state: aState({
      basket: aBasket({ rewards: [], earns: [], discountMinor: 0, totalMinor: 54500 }),
      display: { connected: true, joining: { step: 'number', hasPhone: false } },
    }),
  },
  'unknown-card': { state: aState({ unknown: { kind: 'card', masked: '··19' } }) },
  'waiting-for-proof': {
    state: aState({
      member: aMember({ state: 'waiting-for-proof', proof: 'declared', balances: [] }),
      basket: aBasket({
        rewards: [],
        earns: [],
        claimable: true,
        discountMinor: 0,
        totalMinor: 54500,
      }),
    }),
  },
  provisional: {
    state: aState({
      member: aMember({ displayName: null, state: 'provisional', tier: null, balances: [] }),
      basket: aBasket({ rewards: [], discountMinor: 0, totalMinor: 54500 }),
    }),
  },
  blocked: {
    state: aState({
      member: aMember({ state: 'blocked', balances: [] }),
      basket: aBasket({ rewards: [], earns: [], discountMinor: 0, totalMinor: 54500 }),
    }),
  },
  swapped: {
    state: aState({
      ...known,
      undo: { displayName: 'Mehmet D.', untilMs: galleryNowMs + 600_000 },
    }),
  },
  refused: {
    state: aState({
      ...known,
      notice: { id: 7, tone: 'refusal', message: { code: 'payment-card-refused', params: {} } },
    }),
  },
  warned: {
    state: aState({
      ...known,
      printer: {
        address: 'tcp://192.0.2.7:9100',
        state: 'paper-out',
        problem: 'paper-out',
        detail: '',
      },
      notice: { id: 8, tone: 'warning', message: { code: 'disk-nearly-full', params: {} } },
      link: {
        state: 'offline',
        waiting: 14,
        lastContactMs: null,
        problem: null,
        isClockWrong: false,
      },
    }),
  },
  requesting: {
    state: aState({
      ...known,
      offers: offers.map((offer) =>
        offer.reward === 'fifty-off' ? { ...offer, state: 'requesting' as const } : offer,
      ),
    }),
  },
  'long-basket': {
    state: aState({
      ...known,
      basket: aBasket({
        lines: Array.from({ length: 14 }, (_, index) => ({
          id: `l${index}`,
          name: { en: `Single origin filter coffee with a long name, number ${index + 1}` },
          sku: `sku-${index}`,
          quantityMilli: 12_000,
          unitPriceMinor: 9_999_00,
          grossMinor: 119_988_00,
        })),
        subtotalMinor: 99_999_999,
        totalMinor: 99_995_499,
      }),
    }),
  },
  codes: {
    state: aState({
      member: aMember({
        memberships: [
          {
            programme: 'prime',
            name: { en: 'Coffee club', tr: 'Kahve kulübü', de: 'Kaffeeklub', ar: 'نادي القهوة' },
            untilMs: galleryNowMs + 300 * 86_400_000,
          },
        ],
      }),
      offers: [...someOffers(), aChoice()],
      vouchers: [...someVouchers()],
      undoable: {
        change: { code: 'undo-line-removed', params: { name: simitWords } },
        atMs: galleryNowMs + 3_600_000,
      },
      basket: aBasket({
        rewards: [],
        codes: [...someCodes()],
        discountMinor: 5450,
        totalMinor: 49050,
        dueMinor: 19050,
      }),
    }),
  },
  'without-member': { state: aState({ basket: aBasket({ rewards: [], earns: [] }) }) },
  'tier-news': {
    state: aState({
      ...known,
      member: aMember({
        news: [{ code: 'award-tier-up', params: { name: goldWords } }],
      }),
    }),
  },
  'sold-with-awards': {
    state: aState({
      basket: emptyBasket(nextSaleId),
      lastSale: aLastSale({ awards: [...someAwards()] }),
    }),
  },
  returning: { state: aState({ returning: aReturn(), member: aMember() }) },
  claimable: {
    state: aState({
      member: aMember(),
      returning: aReturn({
        memberName: null,
        claimable: true,
        refundMinor: 0,
        pointsTakenBack: 0,
        pointsReturned: 0,
        lines: aReturn().lines.map((line) => ({ ...line, chosenMilli: 0 })),
      }),
    }),
  },
  sold: { state: aState({ basket: emptyBasket(nextSaleId), lastSale: aLastSale() }) },
  'day-ties': { state: aState(), day: aDay() },
  'day-differs': {
    state: aState(),
    day: aDay({
      source: 'till',
      points: aDay().points.map((points) => ({ ...points, sumOfBalances: points.closing - 15 })),
    }),
  },
  'day-uncounted': {
    state: aState({
      shift: { openedAtMs: galleryNowMs - 6 * 3_600_000, sales: 41, isFloatCounted: false },
    }),
    day: aDay(),
  },
  'day-empty': {
    state: aState({ shift: null }),
    day: aDay({
      totals: {
        sales: 0,
        salesWithMember: 0,
        salesTotalMinor: 0,
        returns: 0,
        returnsMinor: 0,
        earned: 0,
        redeemed: 0,
        discountMinor: 0,
        newMembers: 0,
        unprovenSales: 0,
      },
      points: aDay().points.map((points) => ({
        ...points,
        opening: 0,
        earned: 0,
        redeemed: 0,
        expired: 0,
        reversed: 0,
        closing: 0,
        sumOfBalances: 0,
      })),
      byHour: [],
      byTill: [],
      exceptions: [],
    }),
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof scenes;
