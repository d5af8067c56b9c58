import type { PhoneAnswer, ShopperScene, ShopperState } from '#contract/shopper.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import type { ShopperContract } from '#contract/shopper.ts';
import { aMember, beans, flatWhite, inPoints, simit, someOffers } from './fixtures.ts';

const saleId = '0190a1b2-0000-7000-8000-000000000001';
const ask = '0190a1b2-0000-7000-8000-000000000002';

const shopper = {
  firstName: 'Ayşe',
  masked: '··67',
  state: 'known',
  balance: { name: { en: 'Points' }, points: 1284, unit: inPoints },
  tier: aMember().tier,
} as const;

const basket: ShopperScene = {
  kind: 'basket',
  saleId,
  lines: [flatWhite, simit, beans].map((name, index) => ({
    id: `l${index}`,
    name,
    quantityMilli: 1000 * (index + 1),
    grossMinor: 18_000 * (index + 1),
  })),
  linesBefore: 4,
  totalMinor: 120_000,
  savedMinor: 4_500,
  earns: 102,
  unit: inPoints,
  claimable: false,
  shopper,
  rewards: someOffers().slice(0, 3),
};

const join: ShopperScene = { kind: 'join', saleId, ask, phone: null, endsSoon: false };
const thanks: ShopperScene = {
  kind: 'thanks',
  saleId,
  totalMinor: 120_000,
  unit: inPoints,
  earned: 102,
  claimable: 0,
  balanceAfter: 1386,
  shopper,
  receiptCode: 'R:7K2M9QX4T',
  wasAsked: true,
};
const survey = (question: 'nps' | 'cli-recommend', number: number): ShopperScene => ({
  kind: 'survey',
  saleId,
  question,
  number,
  of: 4,
});

/** What the display that faces the shopper can show, each with as much in it as fits. */
export const shopperScenes = {
  idle: { kind: 'idle' },
  basket,
  'basket of nobody': { ...basket, shopper: null, claimable: true, rewards: [] },
  'basket before proof': {
    ...basket,
    shopper: { ...shopper, state: 'waiting-for-proof', balance: null, tier: null },
    rewards: [],
  },
  'join ends soon': { ...join, endsSoon: true },
  joined: { kind: 'joined', saleId, ask, card: '2900000010013', waitsForProof: true },
  thanks,
  'thanks in money': {
    ...thanks,
    unit: { kind: 'money', scale: 0 },
    earned: 1_205,
    balanceAfter: 1_450_000,
  },
  'thanks to be claimed': {
    ...thanks,
    earned: 0,
    claimable: 102,
    balanceAfter: null,
    shopper: null,
  },
  'survey nps': survey('nps', 1),
  'survey cli': survey('cli-recommend', 2),
} as const satisfies Readonly<Record<string, ShopperScene>>;

export const shopperJoin = join;

/** A shop's display with a scene on it. */
export function aDisplay(scene: ShopperScene): ShopperState {
  return {
    shop: {
      storeName: 'Moda Kahve',
      timeZone: 'Europe/Istanbul',
      currency: 'TRY',
      market: 'TR',
      language: 'en',
    },
    scene,
  };
}

/** The core behind the display: every number is free, every answer is taken. */
export function shopperAnswers(state: () => ShopperState): HandlersOf<ShopperContract> {
  const free: PhoneAnswer = { outcome: 'free', masked: '··67', takesSms: true, unusual: true };
  return {
    state,
    'reward.toggle': () => ({ taken: true }),
    'join.at': () => null,
    'join.phone': () => free,
    'join.existing': () => ({ outcome: 'joined' }),
    'join.answer': () => ({ outcome: 'joined' }),
    'join.decline': () => null,
    'joined.seen': () => null,
    'survey.answer': () => ({ taken: true }),
    touch: () => null,
  };
}
