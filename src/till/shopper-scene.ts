import {
  SHOWN_LINES_MAX,
  SHOWN_REWARDS_MAX,
  type ShopperScene,
  type ShownShopper,
} from '#contract/shopper.ts';
import type { MemberView, TillState } from '#contract/till-state.ts';
import { surveyQuestions, type SurveyQuestion } from '#journal/entry.ts';
import { reaches } from '#loyalty/proof.ts';
import type { JoinedShopper, ShopperAsk } from './shopper-ask.ts';
import { unitView } from './unit-view.ts';

export type Basket = Extract<ShopperScene, { kind: 'basket' }>;
export type Thanks = Extract<ShopperScene, { kind: 'thanks' }>;

/** The question of joining; of the number the cashier was told, only its end. */
export function joinScene({ id, saleId, phone }: ShopperAsk, endsSoon: boolean): ShopperScene {
  return {
    kind: 'join',
    saleId,
    ask: id,
    phone: phone === null ? null : { masked: phone.masked, takesSms: phone.takesSms },
    endsSoon,
  };
}

/** One question about the shop. */
export function surveyScene(saleId: string, question: SurveyQuestion): ShopperScene {
  const number = surveyQuestions.indexOf(question) + 1;
  return { kind: 'survey', saleId, question, number, of: surveyQuestions.length };
}

/** The new card, to photograph. */
export function joinedScene(joined: JoinedShopper): ShopperScene {
  const { saleId, ask, card, waitsForProof } = joined;
  return { kind: 'joined', saleId, ask, card, waitsForProof };
}

/** The open sale as its shopper may see it; null while there is none. */
export function basketScene({ basket, member, offers }: TillState): Basket | null {
  if (basket.lines.length === 0 && member === null) return null;
  const shopper = member === null ? null : shownShopper(member);
  return {
    kind: 'basket',
    saleId: basket.saleId,
    lines: basket.lines
      .slice(-SHOWN_LINES_MAX)
      .map(({ id, name, quantityMilli, grossMinor }) => ({ id, name, quantityMilli, grossMinor })),
    linesBefore: Math.max(0, basket.lines.length - SHOWN_LINES_MAX),
    totalMinor: basket.totalMinor,
    savedMinor: basket.discountMinor,
    earns: basket.earns[0]?.points ?? 0,
    unit: basket.earns[0]?.unit ?? member?.balances[0]?.unit ?? unitView(undefined),
    claimable: basket.claimable,
    shopper,
    // What a reward costs and leaves tells the balance, so rewards wait for proof as it does.
    rewards:
      shopper?.balance === null || shopper === null
        ? []
        : offers.filter(({ state }) => state !== 'unavailable').slice(0, SHOWN_REWARDS_MAX),
  };
}

/** The sale that was just settled, if it is the one the display showed; its shopper stays the same. */
export function thanksScene({ lastSale }: TillState, shown: Basket): Thanks | null {
  if (lastSale?.saleId !== shown.saleId || lastSale.kind !== 'sale') return null;
  const mayTell = shown.shopper?.balance !== null && shown.shopper !== null;
  return {
    kind: 'thanks',
    saleId: shown.saleId,
    totalMinor: lastSale.totalMinor,
    unit: lastSale.unit,
    earned: lastSale.earned,
    claimable: lastSale.claimable,
    balanceAfter: mayTell ? lastSale.balanceAfter : null,
    shopper: shown.shopper,
    receiptCode: `R:${lastSale.receipt}`,
    wasAsked: false,
  };
}

function shownShopper(member: MemberView): ShownShopper {
  // A typed number shows nothing about its owner: anybody could have typed it.
  const proven = reaches(member.proof, 'presented') && member.state !== 'blocked';
  const [first] = member.balances;
  return {
    firstName: proven ? firstName(member.displayName) : null,
    masked: member.masked,
    state: member.state,
    balance:
      proven && first !== undefined
        ? { name: first.name, points: first.posted + first.pending, unit: first.unit }
        : null,
    tier: proven ? member.tier : null,
  };
}

/** `Ayşe` of `Ayşe K.`: the initial of the family name is for the cashier alone. */
function firstName(displayName: string | null): string | null {
  return displayName?.replace(/\s+\p{L}\.$/u, '') ?? null;
}
