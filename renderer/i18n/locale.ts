import type { TillState } from '#contract/till-state.ts';
import type { Language } from '#renderer/settings/settings-store.ts';

type Market = TillState['shop']['market'];

/**
 * The BCP 47 tag behind a language.
 *
 * Arabic pins Latin digits and the Gregorian calendar, because the paper prints those too; English
 * follows the market's order of day and month.
 */
export function localeTag(language: Language, market: Market): string {
  switch (language) {
    case 'en':
      return market === 'US' ? 'en-US' : 'en-GB';
    case 'tr':
      return 'tr-TR';
    case 'de':
      return 'de-DE';
    case 'ar':
      return 'ar-SA-u-ca-gregory-nu-latn';
  }
}

/** Reading direction of a language. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

const bidiControls = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/;

/** Text from outside without direction controls: they could reorder what stands around it. */
export function withoutBidiControls(text: string): string {
  return text.replace(bidiControls, '');
}

/** A value inside a sentence, isolated where its direction and the sentence's may differ. */
export function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  const clean = withoutBidiControls(value);
  return direction === 'rtl' || rightToLeft.test(clean) ? `\u2068${clean}\u2069` : clean;
}
