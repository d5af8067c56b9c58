import type { Currency } from './money.ts';
import { type ProofLevel, reaches } from './proof.ts';

/** The markets a shop can be set up for. */
export const marketIds = ['TR', 'DE', 'US', 'SA'] as const;

/** `DE` stands for the European Union's rules with German defaults. */
export type MarketId = (typeof marketIds)[number];

/** What is asked of a shopper, each apart and never ticked beforehand. */
export interface ConsentQuestion {
  readonly purpose: 'personalised-offers' | 'sms' | 'email' | 'call';
  /** Joining never depends on it. */
  readonly required: false;
  /** Key of the sentence the renderer shows; its text version is stored with the answer. */
  readonly wordingKey: string;
  /** Confirmed once more by the shopper after the sale before it counts. */
  readonly doubleOptIn: boolean;
}

/** How phone numbers are written here; lengths are of the national number without the leading 0. */
export interface PhoneCountry {
  readonly region: string;
  readonly callingCode: string;
  readonly nationalLengths: readonly number[];
  /** Digits in groups as people write them, `0` being the trunk prefix. */
  readonly example: string;
  readonly mobilePrefixes: readonly string[];
}

/** What the law and custom of a place say; data, confirmed by the shop's counsel. */
export interface MarketProfile {
  readonly id: MarketId;
  readonly currency: Currency;
  readonly languages: readonly string[];
  readonly timeZone: string;
  /** The least proof with which a sale earns at once. */
  readonly earnFrom: ProofLevel;
  /** The least proof with which points are spent. */
  readonly redeemFrom: ProofLevel;
  /** Years; the question is asked, a birth year is never collected for it. */
  readonly minimumAge: number;
  readonly phone: PhoneCountry;
  /** Read before the first question. */
  readonly noticeKey: string;
  readonly joinKey: string;
  readonly consents: readonly ConsentQuestion[];
  readonly codeMessageKey: string;
  /** Commercial messages wait for the national registry (İYS). */
  readonly messageRegistry: boolean;
}

function consent(
  market: MarketId,
  purpose: ConsentQuestion['purpose'],
  doubleOptIn = false,
): ConsentQuestion {
  return {
    purpose,
    required: false,
    wordingKey: `market.${market.toLowerCase()}.consent.${purpose}`,
    doubleOptIn,
  };
}

function wording(
  market: MarketId,
): Pick<MarketProfile, 'noticeKey' | 'joinKey' | 'codeMessageKey'> {
  const prefix = `market.${market.toLowerCase()}`;
  return {
    noticeKey: `${prefix}.notice`,
    joinKey: `${prefix}.join`,
    codeMessageKey: `${prefix}.code-message`,
  };
}

/**
 * The profiles.
 *
 * Turkey: KVKK 2026/266 (no earning on a declared number) and 2025/1072 (one act, one consent).
 * European Union: GDPR, double opt-in for messages. United States: TCPA. Saudi Arabia: PDPL.
 */
export const markets: Readonly<Record<MarketId, MarketProfile>> = {
  TR: {
    id: 'TR',
    currency: 'TRY',
    languages: ['tr', 'en', 'ar', 'de'],
    timeZone: 'Europe/Istanbul',
    earnFrom: 'presented',
    redeemFrom: 'verified',
    minimumAge: 18,
    phone: {
      region: 'TR',
      callingCode: '90',
      nationalLengths: [10],
      example: '0532 123 45 67',
      mobilePrefixes: ['5'],
    },
    ...wording('TR'),
    consents: [
      consent('TR', 'personalised-offers'),
      consent('TR', 'sms'),
      consent('TR', 'email'),
      consent('TR', 'call'),
    ],
    messageRegistry: true,
  },
  DE: {
    id: 'DE',
    currency: 'EUR',
    languages: ['de', 'en', 'tr', 'ar'],
    timeZone: 'Europe/Berlin',
    earnFrom: 'declared',
    redeemFrom: 'presented',
    minimumAge: 16,
    phone: {
      region: 'DE',
      callingCode: '49',
      nationalLengths: [10, 11],
      example: '01512 3456789',
      mobilePrefixes: ['15', '16', '17'],
    },
    ...wording('DE'),
    consents: [
      consent('DE', 'personalised-offers'),
      consent('DE', 'sms', true),
      consent('DE', 'email', true),
    ],
    messageRegistry: false,
  },
  US: {
    id: 'US',
    currency: 'USD',
    languages: ['en', 'de', 'tr', 'ar'],
    timeZone: 'America/New_York',
    earnFrom: 'declared',
    redeemFrom: 'declared',
    minimumAge: 13,
    phone: {
      region: 'US',
      callingCode: '1',
      nationalLengths: [10],
      example: '(201) 555-0123',
      mobilePrefixes: [],
    },
    ...wording('US'),
    consents: [consent('US', 'personalised-offers'), consent('US', 'sms'), consent('US', 'email')],
    messageRegistry: false,
  },
  SA: {
    id: 'SA',
    currency: 'SAR',
    languages: ['ar', 'en', 'tr', 'de'],
    timeZone: 'Asia/Riyadh',
    earnFrom: 'declared',
    redeemFrom: 'presented',
    minimumAge: 18,
    phone: {
      region: 'SA',
      callingCode: '966',
      nationalLengths: [9],
      example: '051 234 5678',
      mobilePrefixes: ['5'],
    },
    ...wording('SA'),
    consents: [consent('SA', 'personalised-offers'), consent('SA', 'sms'), consent('SA', 'email')],
    messageRegistry: false,
  },
};

/** Whether a member with this proof earns at once; otherwise the sale can be claimed. */
export function mayEarn(market: MarketProfile, proof: ProofLevel): boolean {
  return reaches(proof, market.earnFrom);
}

/** Whether a member with this proof may spend points. */
export function mayRedeem(market: MarketProfile, proof: ProofLevel): boolean {
  return reaches(proof, market.redeemFrom);
}
