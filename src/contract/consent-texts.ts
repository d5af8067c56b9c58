import type { MarketId } from '#loyalty/market.ts';
import type { ConsentRecord } from './member.ts';

/** What is asked besides joining. No e-mail: no address is taken at the counter. */
export const askedPurposes = [
  'personalised-offers',
  'sms',
  'call',
] as const satisfies readonly ConsentRecord['purpose'][];
export type AskedPurpose = (typeof askedPurposes)[number];

/** What a market asks at the counter, and which version of the words asks it. */
export interface ConsentTexts {
  /** Version of the notice and of every question below it; a changed sentence is a new version. */
  readonly version: string;
  /** In the order they are asked. `needsPhone`: only where messages or calls can reach the number. */
  readonly choices: readonly { readonly purpose: AskedPurpose; readonly needsPhone: boolean }[];
}

const offers = { purpose: 'personalised-offers', needsPhone: false } as const;
const sms = { purpose: 'sms', needsPhone: true } as const;
const call = { purpose: 'call', needsPhone: true } as const;

/**
 * Per market; the core holds the answers of a display to it, the pages have the sentences.
 *
 * Source: counter.md 5.3.
 */
export const consentTexts: Readonly<Record<MarketId, ConsentTexts>> = {
  TR: { version: 'tr-1', choices: [offers, sms, call] },
  DE: { version: 'de-1', choices: [offers, sms] },
  US: { version: 'us-1', choices: [offers, sms] },
  SA: { version: 'sa-1', choices: [offers, sms] },
};
