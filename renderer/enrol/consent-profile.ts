import { type AskedPurpose, consentTexts } from '#contract/consent-texts.ts';
import type { MarketId } from '#loyalty/market.ts';
import type { MessageKey } from '#renderer/i18n/messages.ts';

/** One choice as the shopper sees it: separate, unticked, of no consequence for joining. */
export interface ConsentChoice {
  readonly purpose: AskedPurpose;
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

const titles: Readonly<Record<AskedPurpose, MessageKey>> = {
  'personalised-offers': 'consent.offers',
  sms: 'consent.sms',
  call: 'consent.call',
};
const texts: Readonly<Record<AskedPurpose, MessageKey>> = {
  'personalised-offers': 'consent.offers-text',
  sms: 'consent.sms-text',
  call: 'consent.call-text',
};
const ages: Readonly<Record<MarketId, MessageKey>> = {
  TR: 'enrol.age-18',
  DE: 'enrol.age-16',
  US: 'enrol.age-13',
  SA: 'enrol.age-18',
};

/** The market's order of notice, age and choices, in words. */
export function consentProfile(market: MarketId): ConsentProfile {
  const { version, choices } = consentTexts[market];
  return {
    notice: market === 'TR' ? 'enrol.notice-tr' : 'enrol.notice',
    age: ages[market],
    textVersion: version,
    choices: choices.map(({ purpose, needsPhone }) => ({
      purpose,
      needsPhone,
      title: titles[purpose],
      // The law there wants the seller named, and that no purchase depends on it.
      text: market === 'US' && purpose === 'sms' ? 'consent.sms-text-us' : texts[purpose],
    })),
  };
}
