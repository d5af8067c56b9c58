import { useEffect, useState } from 'react';
import type { JoinInput, ShopperScene } from '#contract/shopper.ts';
import type { JoinStep, Message } from '#contract/till-state.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import type { ConsentChoice, ConsentProfile } from '#renderer/enrol/consent-profile.ts';
import type { ShopperClient } from './shopper-page.tsx';

export type Join = Extract<ShopperScene, { kind: 'join' }>;

/** One page of the question; one thing is asked on each. */
export type JoinPage = 'language' | 'notice' | 'age' | 'number' | 'existing' | 'name' | 'choices';

/** What went wrong, in the core's words or this page's. */
export type JoinProblem = Message | 'try-again';

/** What is known of the number: whether messages reach it. */
interface KnownNumber {
  readonly masked: string;
  readonly takesSms: boolean;
  readonly unusual: boolean;
}

/** Everything a shopper has said so far. It stands in this page only, until they say Join. */
export interface JoinAnswers {
  readonly page: JoinPage;
  readonly ofAge: boolean | null;
  /** As typed. */
  readonly digits: string;
  /** Null without a number. */
  readonly number: KnownNumber | null;
  readonly name: string;
  readonly given: ReadonlySet<ConsentChoice['purpose']>;
  readonly problem: JoinProblem | null;
  /** The till was asked and has not answered. */
  readonly isAsking: boolean;
}

const nothing: JoinAnswers = {
  page: 'language',
  ofAge: null,
  digits: '',
  number: null,
  name: '',
  given: new Set(),
  problem: null,
  isAsking: false,
};

const steps: Readonly<Record<JoinPage, JoinStep>> = {
  language: 'waiting',
  notice: 'reading',
  age: 'reading',
  number: 'number',
  existing: 'number',
  name: 'name',
  choices: 'choices',
};

/** Longest number somebody can type, with country code and a leading 00. Source: ITU-T E.164. */
const digitsMax = 17;

/** What a shopper can do on the way. */
export interface Joining {
  readonly answers: JoinAnswers;
  readonly change: (change: Partial<JoinAnswers>) => void;
  readonly go: (page: JoinPage) => void;
  readonly back: (() => void) | null;
  readonly type: (digits: string) => void;
  readonly checkNumber: () => Promise<void>;
  readonly useExisting: () => Promise<void>;
  readonly withoutNumber: () => void;
  readonly decline: () => void;
  readonly moreTime: () => void;
  readonly join: (language: Language, profile: ConsentProfile) => Promise<void>;
}

/** The choices that make sense with this number, or without one. */
export function choicesFor(
  { choices }: ConsentProfile,
  number: { readonly takesSms: boolean } | null,
): readonly ConsentChoice[] {
  return choices.filter(({ needsPhone }) => !needsPhone || number?.takesSms === true);
}

/** Holds one shopper's answers; made anew for each question, so nothing of another is ever here. */
export function useJoining(shopper: ShopperClient, scene: Join): Joining {
  const [answers, setAnswers] = useState<JoinAnswers>({
    ...nothing,
    number: scene.phone === null ? null : { ...scene.phone, unusual: false },
  });
  const { saleId, ask } = scene;
  const asked = { saleId, ask };
  const change = (next: Partial<JoinAnswers>): void => setAnswers((now) => ({ ...now, ...next }));
  const go = (page: JoinPage): void => change({ page, problem: null });
  const call = shopper.call;

  const step = steps[answers.page];
  useEffect(() => {
    void call['join.at']({ saleId, ask, step }).catch(() => null);
  }, [call, saleId, ask, step]);

  /** Asks the till once; whatever it says is shown, silence too. */
  const request = async <Answer>(question: () => Promise<Answer>): Promise<Answer | null> => {
    if (answers.isAsking) return null;
    change({ isAsking: true, problem: null });
    try {
      const answer = await question();
      change({ isAsking: false });
      return answer;
    } catch {
      change({ isAsking: false, problem: 'try-again' });
      return null;
    }
  };

  return {
    answers,
    change,
    go,
    back: backFrom(answers, go, scene),
    type: (digits) => change({ digits: (answers.digits + digits).slice(0, digitsMax) }),
    withoutNumber: () => change({ page: 'name', digits: '', number: null, problem: null }),
    async checkNumber() {
      const phone = answers.digits;
      const answer = await request(() => call['join.phone']({ ...asked, phone }));
      if (answer === null) return;
      switch (answer.outcome) {
        case 'free': {
          const { masked, takesSms, unusual } = answer;
          change({ page: 'name', number: { masked, takesSms, unusual } });
          return;
        }
        case 'existing':
          change({
            page: 'existing',
            number: { masked: answer.masked, takesSms: false, unusual: false },
          });
          return;
        case 'refused':
          change({ problem: answer.refusal });
          return;
        case 'late':
          return;
      }
    },
    async useExisting() {
      const phone = answers.digits;
      const answer = await request(() => call['join.existing']({ ...asked, phone }));
      if (answer?.outcome === 'refused') change({ problem: answer.refusal });
    },
    decline: () => void call['join.decline'](asked).catch(() => change({ problem: 'try-again' })),
    moreTime: () => void call.touch(null).catch(() => null),
    async join(language, profile) {
      const answer = await request(() =>
        call['join.answer'](inputOf(scene, answers, language, profile)),
      );
      if (answer?.outcome === 'refused') change({ problem: answer.refusal });
    },
  };
}

function inputOf(
  { saleId, ask, phone }: Join,
  { ofAge, digits, number, name, given }: JoinAnswers,
  language: Language,
  profile: ConsentProfile,
): JoinInput {
  const grown = ofAge === true;
  return {
    saleId,
    ask,
    phone: grown && phone === null && number !== null ? digits : null,
    name: grown && name.trim() !== '' ? name.trim() : null,
    language,
    ofAge: grown,
    noticeVersion: profile.textVersion,
    consents: grown
      ? choicesFor(profile, number).map(({ purpose }) => ({
          purpose,
          given: given.has(purpose),
          textVersion: profile.textVersion,
        }))
      : [],
  };
}

/** The way back, one page at a time; null on the first. */
function backFrom(
  { page, ofAge }: JoinAnswers,
  go: (page: JoinPage) => void,
  { phone }: Join,
): (() => void) | null {
  switch (page) {
    case 'language':
      return null;
    case 'notice':
      return () => go('language');
    case 'age':
      return () => go('notice');
    case 'number':
      return () => go('age');
    case 'existing':
      return () => go('number');
    case 'name':
      return () => go(phone === null ? 'number' : 'age');
    case 'choices':
      return () => go(ofAge === true ? 'name' : 'age');
  }
}
