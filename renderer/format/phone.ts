import type { TillState } from '#contract/till-state.ts';

type Market = TillState['shop']['market'];

/** How a market writes a national number, and which lengths it has. Source: counter.md 5.3. */
interface PhoneHabit {
  readonly countryCode: string;
  /** `#` is a digit. Chosen by whether the trunk zero was typed. */
  readonly withTrunk: string;
  readonly withoutTrunk: string;
  /** Digits without trunk zero or country code. */
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** First digits a number can have, so that an amount is not taken for a phone. */
  readonly first: RegExp;
}

const habits: Readonly<Record<Market, PhoneHabit>> = {
  TR: {
    countryCode: '+90',
    withTrunk: '#### ### ## ##',
    withoutTrunk: '### ### ## ##',
    lengthMin: 10,
    lengthMax: 10,
    first: /^[2-5]/,
  },
  DE: {
    countryCode: '+49',
    withTrunk: '##### ########',
    withoutTrunk: '#### ########',
    lengthMin: 10,
    lengthMax: 11,
    first: /^[1-9]/,
  },
  US: {
    countryCode: '+1',
    withTrunk: '# (###) ###-####',
    withoutTrunk: '(###) ###-####',
    lengthMin: 10,
    lengthMax: 10,
    first: /^[2-9]/,
  },
  SA: {
    countryCode: '+966',
    withTrunk: '### ### ####',
    withoutTrunk: '## ### ####',
    lengthMin: 9,
    lengthMax: 9,
    first: /^[15]/,
  },
};

/** `+90`: the chip before the number. */
export function countryCode(market: Market): string {
  return habits[market].countryCode;
}

/** Groups digits as they are typed, the national way; more digits than the pattern has follow plain. */
export function groupPhone(digits: string, market: Market): string {
  if (digits.startsWith('+') || digits.startsWith('00')) return digits;
  const habit = habits[market];
  const trunk = market === 'US' ? '1' : '0';
  return fill(digits.startsWith(trunk) ? habit.withTrunk : habit.withoutTrunk, digits);
}

/** Whether digits have a length and a beginning that a phone number of this market has. */
export function looksLikePhone(digits: string, market: Market): boolean {
  if (digits.startsWith('+') || digits.startsWith('00'))
    return digits.replace(/\D/g, '').length >= 8;
  const habit = habits[market];
  const trunk = market === 'US' ? '1' : '0';
  const national = digits.startsWith(trunk) ? digits.slice(1) : digits;
  const fits = national.length >= habit.lengthMin && national.length <= habit.lengthMax;
  return fits && habit.first.test(national);
}

function fill(pattern: string, digits: string): string {
  let next = 0;
  let text = '';
  for (const place of pattern) {
    if (next >= digits.length) break;
    if (place === '#') {
      text += digits.charAt(next);
      next += 1;
    } else text += place;
  }
  return text + digits.slice(next);
}
