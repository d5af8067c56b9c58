import type { JoinAnswer, JoinInput, PhoneAnswer } from '#contract/shopper.ts';
import type { JoinStep, Message, TillState } from '#contract/till-state.ts';
import { consentTexts } from '#contract/consent-texts.ts';
import type { SurveyQuestion } from '#journal/entry.ts';
import { mayEarn } from '#loyalty/market.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Core } from './core.ts';
import { checkPhone, enrol, SALE_IS_OVER, useExisting } from './enrolment.ts';
import { shopMarket } from './market.ts';
import { masked } from './phone.ts';
import { refusal } from './session.ts';
import { signedIn } from './staff.ts';
import { answerSurvey, beginSurvey, endSurvey, openQuestion, type OpenSurvey } from './survey.ts';

/** Numbers one shopper may try: a display is no place to find out who is a member here. */
const PHONE_TRIES_MAX = 5;

/** A shopper is being asked to join, on the display that faces them. */
export interface ShopperAsk {
  readonly id: string;
  readonly saleId: string;
  /** Who was on the sale when it was asked; once somebody else is, the question is over. */
  readonly member: string | null;
  /** Hash of the unknown card that becomes theirs; null where they get one. */
  readonly scannedCard: string | null;
  readonly phone: {
    readonly text: string;
    readonly masked: string;
    readonly takesSms: boolean;
  } | null;
  readonly step: JoinStep;
  readonly tries: number;
}

/** Who joined by their own hand, for as long as their sale is open. */
export interface JoinedShopper {
  readonly ask: string;
  readonly saleId: string;
  readonly card: string | null;
  readonly waitsForProof: boolean;
}

/** Displays that are connected, and what one of them asks. None of it outlives the process. */
export interface DisplayState {
  connected: number;
  ask: ShopperAsk | null;
  joined: JoinedShopper | null;
  survey: OpenSurvey | null;
}

/** Why a question ended without an answer. */
export type AskEnd = 'declined' | 'left' | 'gone' | 'stopped';

/** What a display may do at the till. */
export interface ShopperSide {
  /** A display has come; the returned function says that it went. */
  connected(): () => void;
  ask(): ShopperAsk | null;
  joined(): JoinedShopper | null;
  at(ask: string, step: JoinStep): void;
  checkPhone(ask: string, phone: string): Promise<PhoneAnswer>;
  useExisting(ask: string, phone: string): Promise<JoinAnswer>;
  answer(input: JoinInput): Promise<JoinAnswer>;
  end(ask: string, why: AskEnd): void;
  seen(ask: string): void;
  /** Begins the survey after that sale; false where its member is not to be asked. */
  beginSurvey(saleId: string): boolean;
  question(saleId: string): SurveyQuestion | null;
  answerSurvey(saleId: string, question: SurveyQuestion, answer: number): boolean;
  endSurvey(): void;
}

/**
 * The question that is open now.
 *
 * Derived each time: it is over as soon as the sale is another one, somebody else is on it, the card
 * it was about is no longer the one on the counter, or nobody works here any more.
 */
export function openAsk(core: Core): ShopperAsk | null {
  const { display, session, unknown } = core.counter;
  const { ask } = display;
  if (ask === null || display.connected === 0 || signedIn(core) === null) return null;
  if (ask.saleId !== session.saleId || ask.member !== (session.member?.member ?? null)) return null;
  return ask.scannedCard !== null && ask.scannedCard !== unknown?.hash ? null : ask;
}

/** Who joined on the display in the sale that is open. */
export function joinedShopper(core: Core): JoinedShopper | null {
  const { display, session } = core.counter;
  return display.joined?.saleId === session.saleId ? display.joined : null;
}

/** What the cashier sees of it. */
export function displayView(core: Core): TillState['display'] {
  const ask = openAsk(core);
  return {
    connected: core.counter.display.connected > 0,
    joining: ask === null ? null : { step: ask.step, hasPhone: ask.phone !== null },
  };
}

/** Asks the shopper to join; a question that was open is asked anew, with nothing of its answers. */
export async function askShopper(
  core: Core,
  input: { readonly phone: string | null; readonly useScannedCard: boolean },
): Promise<Result<null, Message>> {
  const { display, session, unknown } = core.counter;
  if (display.connected === 0) return err(refusal('no-display'));
  const scanned = input.useScannedCard && unknown?.kind === 'card' ? unknown.hash : null;
  if (input.useScannedCard && scanned === null) return err(refusal('no-scanned-card'));
  const phone = await phoneOf(core, input.phone);
  if (!phone.ok) return phone;
  // Asking the server took a moment: the number was of the sale before.
  if (session.saleId !== core.counter.session.saleId) return err(refusal(SALE_IS_OVER));
  display.joined = null;
  display.ask = {
    id: core.ports.ids.uuid(),
    saleId: session.saleId,
    member: session.member?.member ?? null,
    scannedCard: scanned,
    phone: phone.value,
    step: 'waiting',
    tries: 0,
  };
  core.changed();
  return ok(null);
}

/** Takes the question off the display. */
export function stopAsking(core: Core): Result<null, Message> {
  endAsk(core, 'stopped');
  return ok(null);
}

type Late = Extract<JoinAnswer, { outcome: 'late' }>;
type Refused = Extract<JoinAnswer, { outcome: 'refused' }>;

/** The till as its display sees it. */
export function shopperSide(core: Core): ShopperSide {
  const { display } = core.counter;
  const open = (id: string): ShopperAsk | null => {
    const ask = openAsk(core);
    return ask?.id === id ? ask : null;
  };
  /** Counts a number that is tried; says why not where it may not be. */
  const tried = (id: string): Late | Refused | null => {
    const ask = open(id);
    if (ask === null) return { outcome: 'late' };
    if (ask.tries >= PHONE_TRIES_MAX) {
      return { outcome: 'refused', refusal: refusal('too-many-numbers') };
    }
    display.ask = { ...ask, tries: ask.tries + 1 };
    return null;
  };
  return {
    connected: () => connect(core),
    ask: () => openAsk(core),
    joined: () => joinedShopper(core),
    at(id, step) {
      const ask = open(id);
      if (ask === null || ask.step === step) return;
      display.ask = { ...ask, step };
      core.changed();
    },
    async checkPhone(id, phone) {
      const barred = tried(id);
      if (barred !== null) return barred;
      const checked = await checkPhone(core, phone);
      if (open(id) === null) return { outcome: 'late' };
      switch (checked.outcome) {
        case 'free': {
          const { e164, takesSms, unusual } = checked;
          return { outcome: 'free', masked: masked(e164), takesSms, unusual };
        }
        case 'existing':
          return { outcome: 'existing', masked: checked.masked };
        case 'refused':
          return checked;
      }
    },
    async useExisting(id, phone) {
      const barred = tried(id);
      if (barred !== null) return barred;
      const used = await useExisting(core, phone, () => open(id) !== null);
      return answered(used);
    },
    answer: (input) => join(core, input, open),
    end(id, why) {
      if (open(id) !== null) endAsk(core, why);
    },
    seen(id) {
      if (display.joined?.ask !== id) return;
      display.joined = null;
      core.changed();
    },
    beginSurvey: (saleId) => beginSurvey(core, saleId),
    question: (saleId) => openQuestion(core, saleId),
    answerSurvey: (saleId, question, answer) => answerSurvey(core, saleId, question, answer),
    endSurvey: () => endSurvey(core),
  };
}

function connect(core: Core): () => void {
  const { display } = core.counter;
  let here = true;
  display.connected += 1;
  core.changed();
  return () => {
    if (!here) return;
    here = false;
    if (display.connected === 1 && openAsk(core) !== null) endAsk(core, 'gone');
    display.connected -= 1;
    core.changed();
  };
}

async function join(
  core: Core,
  input: JoinInput,
  open: (id: string) => ShopperAsk | null,
): Promise<JoinAnswer> {
  const ask = open(input.ask);
  if (ask === null || ask.saleId !== input.saleId) return { outcome: 'late' };
  const { version, choices } = consentTexts[core.config.market];
  const wasAsked = input.consents.every(
    ({ purpose, textVersion }) =>
      textVersion === version && choices.some((choice) => choice.purpose === purpose),
  );
  // An old page must not store an answer to words that nobody saw.
  if (!wasAsked || input.noticeVersion !== version) {
    return { outcome: 'refused', refusal: refusal('consent-not-asked') };
  }
  const { name, language, ofAge, noticeVersion, consents } = input;
  const phone = ofAge ? (ask.phone?.text ?? input.phone) : input.phone;
  const useScannedCard = ask.scannedCard !== null;
  const enrolled = await enrol(
    core,
    { phone, name, language, ofAge, noticeVersion, consents, useScannedCard },
    { channel: 'display', isWanted: () => open(ask.id) !== null },
  );
  if (enrolled.ok) {
    const proof = core.counter.session.member?.proof ?? 'declared';
    core.counter.display.joined = {
      ask: ask.id,
      saleId: ask.saleId,
      card: enrolled.value.card,
      waitsForProof: !mayEarn(shopMarket(core), proof),
    };
    core.counter.display.ask = null;
    core.changed();
  }
  return answered(enrolled);
}

function answered(outcome: Result<unknown, Message>): JoinAnswer {
  if (outcome.ok) return { outcome: 'joined' };
  return outcome.error.code === SALE_IS_OVER
    ? { outcome: 'late' }
    : { outcome: 'refused', refusal: outcome.error };
}

function endAsk(core: Core, why: AskEnd): void {
  if (core.counter.display.ask === null) return;
  core.counter.display.ask = null;
  if (why !== 'stopped') core.notify('info', { code: `shopper-${why}`, params: {} });
  core.changed();
}

async function phoneOf(
  core: Core,
  text: string | null,
): Promise<Result<ShopperAsk['phone'], Message>> {
  if (text === null) return ok(null);
  const checked = await checkPhone(core, text);
  switch (checked.outcome) {
    case 'free':
      return ok({ text, masked: masked(checked.e164), takesSms: checked.takesSms });
    case 'existing':
      return err(refusal('phone-already-member', { masked: checked.masked }));
    case 'refused':
      return err(checked.refusal);
  }
}
