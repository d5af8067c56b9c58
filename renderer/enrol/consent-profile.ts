import type { TillState } from '#contract/till-state.ts';
import type { EnrolInput } from '#contract/till.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';

type Market = TillState['shop']['market'];
type Purpose = EnrolInput['consents'][number]['purpose'];

/** One choice as the shopper sees it: separate, unticked, of no consequence for joining. */
export interface ConsentChoice {
  readonly purpose: Purpose;
  readonly title: MessageKey;
  readonly text: MessageKey;
  /** True where it needs a number that messages can reach. */
  readonly needsPhone: boolean;
}

/** What a market asks at the counter, in its order. Source: counter.md 5.3. */
export interface ConsentProfile {
  readonly notice: MessageKey;
  readonly age: MessageKey;
  readonly choices: readonly ConsentChoice[];
  /** Versions of the words above; a changed sentence is a new version. */
  readonly textVersion: string;
}

const offers: ConsentChoice = {
  purpose: 'personalised-offers',
  title: 'consent.offers',
  text: 'consent.offers-text',
  needsPhone: false,
};
const sms: ConsentChoice = {
  purpose: 'sms',
  title: 'consent.sms',
  text: 'consent.sms-text',
  needsPhone: true,
};
const smsUnitedStates: ConsentChoice = { ...sms, text: 'consent.sms-text-us' };
const call: ConsentChoice = {
  purpose: 'call',
  title: 'consent.call',
  text: 'consent.call-text',
  needsPhone: true,
};

const profiles: Readonly<Record<Market, ConsentProfile>> = {
  TR: {
    notice: 'enrol.notice-tr',
    age: 'enrol.age-18',
    choices: [offers, sms, call],
    textVersion: 'tr-1',
  },
  DE: { notice: 'enrol.notice', age: 'enrol.age-16', choices: [offers, sms], textVersion: 'de-1' },
  US: {
    notice: 'enrol.notice',
    age: 'enrol.age-13',
    choices: [offers, smsUnitedStates],
    textVersion: 'us-1',
  },
  SA: { notice: 'enrol.notice', age: 'enrol.age-18', choices: [offers, sms], textVersion: 'sa-1' },
};

/** The market's order of notice, age and choices. */
export function consentProfile(market: Market): ConsentProfile {
  return profiles[market];
}
