import type { StaffState } from '#contract/staff.ts';
import {
  tillState,
  type MemberView,
  type OfferView,
  type ReturnView,
  type TillState,
} from '#contract/till-state.ts';

/** Who works in the shop of the scenes, Elif K. among them. */
export const aStaff: StaffState = {
  signedIn: { cashier: 'staff-1', role: 'cashier' },
  people: [
    { cashier: 'staff-1', name: 'Elif K.', role: 'cashier', hasPin: true, waitMs: 0 },
    { cashier: 'staff-2', name: 'Mehmet Ali Yıldırım', role: 'cashier', hasPin: true, waitMs: 0 },
    { cashier: 'staff-3', name: 'Deniz', role: 'cashier', hasPin: false, waitMs: 0 },
    { cashier: 'staff-4', name: 'Selin', role: 'supervisor', hasPin: true, waitMs: 0 },
    { cashier: 'staff-5', name: 'عمر الحربي', role: 'manager', hasPin: true, waitMs: 0 },
  ],
  badge: null,
  rules: { autoLockMinutes: 5, refundMaxMinor: 100_000 },
};

/** Saturday 21 November 2026, 14:32 in Istanbul. */
export const galleryNowMs = Date.UTC(2026, 10, 21, 11, 32);
export const saleId = '019a6a3e-0000-7000-8000-000000000001';
export const nextSaleId = '019a6a3e-0000-7000-8000-000000000002';

export const named = (
  en: string,
  tr: string,
  de: string,
  ar: string,
): { en: string; tr: string; de: string; ar: string } => ({ en, tr, de, ar });

export const flatWhite = named('Flat white', 'Flat white', 'Flat White', 'فلات وايت');
export const simit = named('Simit, sesame', 'Simit, susamlı', 'Simit, Sesam', 'سيميت بالسمسم');
export const beans = named(
  'Filter beans 250 g',
  'Filtre çekirdek 250 g',
  'Filterbohnen 250 g',
  'بن للترشيح 250 غ',
);
const gold = named('Gold', 'Altın', 'Gold', 'ذهبي');
const platinum = named('Platinum', 'Platin', 'Platin', 'بلاتيني');
const points = named('Points', 'Puan', 'Punkte', 'نقاط');

/** Names as parameters of a message. */
export const simitWords = JSON.stringify(simit);
export const goldWords = JSON.stringify(gold);
const freeSimitWords = JSON.stringify(
  named('Free simit', 'Simit hediye', 'Gratis-Simit', 'سيميت مجاني'),
);
const baseWords = JSON.stringify(
  named('1 point per ₺1', 'Her ₺1 için 1 puan', '1 Punkt je ₺1', 'نقطة لكل ₺1'),
);
const beansWords = JSON.stringify(
  named('Beans week', 'Çekirdek haftası', 'Bohnenwoche', 'أسبوع البن'),
);
const inWords = {
  programme: JSON.stringify(points),
  unit: JSON.stringify(named('points', 'puan', 'Punkte', 'نقطة')),
};

/** A till with nothing on the counter; `change` replaces parts. Checked by the contract's own schema. */
export function aState(change: Partial<TillState> = {}): TillState {
  return tillState.parse({
    revision: 1,
    nowMs: galleryNowMs,
    shop: {
      storeName: 'Moda Kahve',
      tillName: 'Till 2',
      timeZone: 'Europe/Istanbul',
      currency: 'TRY',
      market: 'TR',
      language: 'en',
    },
    cashierName: 'Elif K.',
    staff: aStaff,
    link: {
      state: 'online',
      waiting: 0,
      lastContactMs: galleryNowMs,
      problem: null,
      isClockWrong: false,
    },
    printer: { address: 'virtual', state: 'ready', problem: null, detail: '' },
    scanners: [],
    basket: emptyBasket(saleId),
    member: null,
    lookingUp: false,
    unknown: null,
    undo: null,
    offers: [],
    vouchers: [],
    undoable: null,
    parked: [],
    notice: null,
    returning: null,
    lastSale: null,
    shift: { openedAtMs: galleryNowMs - 6 * 3_600_000, sales: 41, isFloatCounted: true },
    display: { connected: false, joining: null },
    ...change,
  } satisfies TillState);
}

/** Whole points. */
export const inPoints = { kind: 'points', scale: 0 } as const;

export function emptyBasket(sale: string): TillState['basket'] {
  return {
    saleId: sale,
    lines: [],
    rewards: [],
    codes: [],
    subtotalMinor: 0,
    discountMinor: 0,
    totalMinor: 0,
    dueMinor: 0,
    earns: [],
    claimable: false,
    trace: [],
  };
}

/** Four lines and a used reward: the basket of the picture. */
export function aBasket(change: Partial<TillState['basket']> = {}): TillState['basket'] {
  return {
    saleId,
    lines: [
      {
        id: 'l1',
        name: flatWhite,
        sku: 'flat-white',
        quantityMilli: 2000,
        unitPriceMinor: 9000,
        grossMinor: 18000,
      },
      {
        id: 'l2',
        name: simit,
        sku: 'simit',
        quantityMilli: 1000,
        unitPriceMinor: 4500,
        grossMinor: 4500,
      },
      {
        id: 'l3',
        name: beans,
        sku: 'beans',
        quantityMilli: 1000,
        unitPriceMinor: 32000,
        grossMinor: 32000,
      },
    ],
    rewards: [
      {
        reward: 'free-simit',
        name: named('Free simit', 'Simit hediye', 'Gratis-Simit', 'سيميت مجاني'),
        programme: 'points',
        points: 150,
        unit: inPoints,
        valueMinor: 4500,
        stage: 'discount',
        removable: true,
        code: null,
        added: null,
      },
    ],
    codes: [],
    subtotalMinor: 54500,
    discountMinor: 4500,
    totalMinor: 50000,
    dueMinor: 50000,
    earns: [{ programme: 'points', name: points, points: 1025, unit: inPoints }],
    claimable: false,
    trace: [
      { code: 'basket', params: { subtotalMinor: 54500, totalMinor: 50000 } },
      {
        code: 'redeemed',
        params: { ...inWords, reward: freeSimitWords, points: 150, valueMinor: 4500 },
      },
      {
        code: 'earn-per-money',
        params: {
          ...inWords,
          rule: baseWords,
          basisMinor: 50000,
          points: '1',
          perMinor: 100,
          exact: '500',
        },
      },
      { code: 'earn-tier', params: { ...inWords, tier: goldWords, by: '1.25', exact: '625' } },
      { code: 'earn-bonus', params: { ...inWords, rule: beansWords, exact: '400' } },
      { code: 'earn-total', params: { ...inWords, exact: '1025', points: 1025 } },
    ],
    ...change,
  };
}

export function aMember(change: Partial<MemberView> = {}): MemberView {
  return {
    member: 'm-ayse',
    displayName: 'Ayşe Yılmaz',
    masked: '··67',
    proof: 'verified',
    state: 'known',
    tier: {
      id: 'gold',
      name: gold,
      next: { id: 'platinum', name: platinum, remaining: 380, reachedShare: 0.72 },
    },
    balances: [
      {
        programme: 'points',
        name: points,
        posted: 1284,
        pending: 0,
        available: 1284,
        spendableHere: 1284,
        unit: inPoints,
        worthMinor: 12840,
      },
    ],
    memberships: [],
    news: [],
    asOfMs: null,
    ...change,
  };
}

export function someOffers(): readonly OfferView[] {
  return [
    {
      reward: 'free-simit',
      name: named('Free simit', 'Simit hediye', 'Gratis-Simit', 'سيميت مجاني'),
      programme: 'points',
      choices: [],
      unit: inPoints,
      costPoints: 150,
      worthMinor: 4500,
      remainingPoints: 1134,
      state: 'applied',
      reason: null,
    },
    {
      reward: 'fifty-off',
      name: named('₺50 off', '50 TL indirim', '50 ₺ Rabatt', 'خصم 50 ₺'),
      programme: 'points',
      choices: [],
      unit: inPoints,
      costPoints: 500,
      worthMinor: 5000,
      remainingPoints: 634,
      state: 'available',
      reason: null,
    },
    {
      reward: 'cake',
      name: named('Birthday cake', 'Doğum günü pastası', 'Geburtstagstorte', 'كعكة عيد الميلاد'),
      programme: 'points',
      choices: [],
      unit: inPoints,
      costPoints: 1200,
      worthMinor: 12000,
      remainingPoints: -66,
      state: 'unavailable',
      reason: { code: 'minimum-amount', params: { missingMinor: 1200 } },
    },
  ];
}

export function aReturn(change: Partial<ReturnView> = {}): ReturnView {
  return {
    returnId: '019a6a3e-0000-7000-8000-0000000000f1',
    receipt: '7K3M9P2QX',
    soldAtMs: galleryNowMs - 86_400_000,
    memberName: 'Ayşe Yılmaz',
    lines: [
      {
        line: 'l1',
        name: flatWhite,
        soldMilli: 2000,
        returnedBeforeMilli: 1000,
        chosenMilli: 0,
        netMinor: 9000,
      },
      {
        line: 'l2',
        name: simit,
        soldMilli: 1000,
        returnedBeforeMilli: 0,
        chosenMilli: 1000,
        netMinor: 4000,
      },
      {
        line: 'l3',
        name: null,
        soldMilli: 1000,
        returnedBeforeMilli: 1000,
        chosenMilli: 0,
        netMinor: 1500,
      },
    ],
    refundMinor: 4000,
    valueBackMinor: 1500,
    unit: inPoints,
    pointsTakenBack: 12,
    pointsReturned: 250,
    claimable: false,
    ...change,
  };
}

export function aLastSale(
  change: Partial<NonNullable<TillState['lastSale']>> = {},
): NonNullable<TillState['lastSale']> {
  return {
    saleId,
    kind: 'sale',
    receipt: '7K3M9P2QX',
    totalMinor: 50000,
    dueMinor: 50000,
    unit: inPoints,
    earned: 1025,
    claimable: 0,
    redeemed: 150,
    balanceAfter: 2159,
    awards: [],
    print: { jobId: 'job-1', state: 'confirmed', problem: null, copy: 0 },
    ...change,
  };
}
