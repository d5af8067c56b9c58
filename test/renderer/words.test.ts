import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIntl, type IntlShape } from 'react-intl';
import { describe, expect, test } from 'vitest';
import { reasonCodes } from '#loyalty/reason.ts';
import { traceCodes } from '#loyalty/trace.ts';
import { createFormats } from '#renderer/format/formats.ts';
import type { Speech } from '#renderer/i18n/use-text.ts';
import { wordsFor } from '#renderer/i18n/words.ts';
import { describeWordFiles, type Messages, type WordFiles } from './support/word-files.ts';

const languages = ['en', 'tr', 'de', 'ar'] as const;

function messagesOf(language: string): Messages {
  const file = join(import.meta.dirname, '../../renderer/i18n', `${language}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Messages;
}

const files: WordFiles = {
  en: messagesOf('en'),
  tr: messagesOf('tr'),
  de: messagesOf('de'),
  ar: messagesOf('ar'),
};

describeWordFiles('the counter', files);

/** What the engine and the till send with each code, as they send it. */
const figures: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  basket: { subtotalMinor: 54500, totalMinor: 50000 },
  'minimum-points': { missing: 12 },
  'minimum-amount': { missingMinor: 1200, minMinor: 2000 },
  'maximum-amount': { maxMinor: 9000 },
  'minimum-quantity': { missingMilli: 2000 },
  'maximum-quantity': { maxMilli: 3000 },
  'proof-needed': { needed: 'presented' },
  'not-enough-points': { missing: 66, have: 34, cost: 100 },
  'offline-limit': { spendable: 50, have: 800 },
  'minimum-points-money': { missingMinor: 1200 },
  'not-enough-points-money': { missingMinor: 66, haveMinor: 34, costMinor: 100 },
  'offline-limit-money': { spendableMinor: 5000, haveMinor: 80_000 },
  'reward-refused-not-enough-money': { availableMinor: 50 },
  'highest-allowed': { points: 120, valueMinor: 1200 },
  'age-needed': { min: 18 },
  hours: { from: 9, to: 17 },
  'too-soon': { minutes: 25 },
  'limit-used': { per: 'day', most: 1 },
  'code-refused': { code: 'SPRNG25', reason: 'minimum-amount', missingMinor: 1200 },
  'code-expired': { endedMs: 1795000000000 },
  'cash-rounding': { roundingMinor: 2 },
  'earn-per-money': { ...earn(), basisMinor: 50000, points: '1', perMinor: 100 },
  'earn-per-unit': { ...earn(), points: '1' },
  'earn-per-sale': earn(),
  'earn-percent-back': { ...earn(), basisMinor: 50000, percent: '2.5' },
  'earn-multiplied': { ...earn(), by: '2' },
  'earn-tier': { ...names(), tier: named('Gold'), by: '1.25', exact: '625' },
  'earn-bonus': earn(),
  'earn-replaced': earn(),
  'earn-capped': { ...names(), cap: 'month', points: 500 },
  'earn-total': { ...names(), exact: '125/3', rounding: 'floor', points: 41 },
  'earn-nothing': names(),
  'voucher-issued': { ...names(), points: 500 },
  badge: { ...names(), badge: named('Ten visits') },
  'kept-lines': { ...names(), points: 12 },
  'taken-back': { ...names(), points: 12 },
  'given-back': { ...reward(), points: 12 },
  discount: reward(),
  'free-units': { ...reward(), units: 2 },
  'goods-added': { ...reward(), sku: named('Simit'), units: 1 },
  'price-set': reward(),
  'percent-not-best': reward(),
  redeemed: reward(),
  'paid-with-value': reward(),
  donated: reward(),
  'redeemed-money': { ...reward(), pointsMinor: 1000 },
  'donated-money': { ...reward(), pointsMinor: 1000 },
  'earn-capped-money': { ...names(), cap: 'month', pointsMinor: 500 },
  'earn-total-money': { ...names(), exact: '125/3', pointsMinor: 4167 },
  'earn-total-money-plain': { ...names(), pointsMinor: 4167 },
  benefit: reward(),
};

/** Reasons and steps of programmes that count money. */
const moneyCodes = [
  'minimum-points-money',
  'not-enough-points-money',
  'offline-limit-money',
  'reward-refused-not-enough-money',
  'redeemed-money',
  'donated-money',
  'earn-capped-money',
  'earn-total-money',
  'earn-total-money-plain',
];

function named(text: string): string {
  return JSON.stringify({ en: text });
}
function names(): Readonly<Record<string, string>> {
  return { programme: named('Points'), unit: named('points') };
}
function earn(): Readonly<Record<string, string>> {
  return { ...names(), rule: named('1 point per 1.00'), exact: '500' };
}
function reward(): Readonly<Record<string, string | number>> {
  return { ...names(), reward: named('10.00 off'), points: 100, valueMinor: 1000 };
}

describe.each(languages)('every reason and every step of "why?" in %s', (language) => {
  const messages = files[language];
  const say = (code: string, params: Readonly<Record<string, string | number>>): string => {
    const told: string[] = [];
    const intl = createIntl({
      locale: language,
      messages,
      onError: (error) => void told.push(error.message),
    });
    const text = wordsFor(speechOf(intl, language))({ code, params }, 'info');
    return told.length === 0 ? text : `${code}: ${told[0]}`;
  };

  test.each([...reasonCodes, ...traceCodes, ...moneyCodes])(
    '%s reads as a sentence with its figures in it',
    (code) => {
      const text = say(code, figures[code] ?? {});
      expect(text).not.toMatch(/[{}]|undefined|NaN|: [A-Z][a-z]+ format/);
      expect(text).not.toContain(code.includes('-') ? code : '\u0000');
      expect(text).not.toBe(say('a-code-nobody-knows', {}));
      const fallback = intlText(messages['code.other-info'] ?? '');
      expect(text.startsWith(fallback)).toBe(false);
    },
  );
});

function intlText(template: string): string {
  return template.split('{')[0] ?? template;
}

test('every refusal and every notice of the till has its sentence', () => {
  const folder = join(import.meta.dirname, '../../src/till');
  const codes = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const source = readFileSync(join(folder, name), 'utf8');
      const refusals = source.matchAll(/refusal\('([a-z-]+)'/g);
      const notices = source.matchAll(/notify\('\w+', \{ code: '([a-z-]+)'/g);
      return [...refusals, ...notices].map((match) => match[1] ?? '');
    });
  expect(codes.length).toBeGreaterThan(40);
  const missing = new Set(codes.filter((code) => files.en[`code.${code}`] === undefined));
  expect([...missing]).toEqual([]);
});

/** The page's own speech without its page: the same formats and sentences. */
function speechOf(intl: IntlShape, language: (typeof languages)[number]): Speech {
  let failed = false;
  const t: Speech['t'] = (key, values) => {
    try {
      return intl.formatMessage({ id: key }, values ?? {});
    } catch {
      failed = true;
      return '';
    }
  };
  return {
    language,
    direction: language === 'ar' ? 'rtl' : 'ltr',
    format: createFormats({ locale: language, currency: 'TRY', timeZone: 'Europe/Istanbul' }),
    t,
    tryText(key, values) {
      failed = false;
      const text = t(key, values);
      return failed || /\{\w+/.test(text) ? null : text;
    },
    name: (text) => text[language] ?? text['en'] ?? '',
  };
}
