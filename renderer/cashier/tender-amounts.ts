import { currencyExponent } from '#loyalty/money.ts';

/** What the typed digits say was handed over; null where nothing was typed. */
export function receivedMinor(entry: string): number | null {
  return /^\d{1,9}$/.test(entry) ? Number(entry) : null;
}

/** Notes people hand over, in major units of two-decimal currencies. */
const notes = [5, 10, 20, 50, 100, 200, 500] as const;
const suggestionsMax = 3;

/**
 * Likely amounts of cash for a total: the next multiples of the notes there are.
 *
 * 45.00 → 50, 100, 200 · 500.00 → 550, 600, 1,000 · 3.20 → 5, 10, 20. Never the total itself.
 */
export function quickCash(totalMinor: number, currency: string): readonly number[] {
  const unit = 10 ** currencyExponent(currency);
  const steps = totalMinor >= 200 * unit ? [...notes.slice(3), 1_000] : notes;
  const amounts = steps
    .map((note) => Math.ceil((totalMinor + 1) / (note * unit)) * note * unit)
    .filter((amount) => amount > totalMinor);
  return [...new Set(amounts)].toSorted((left, right) => left - right).slice(0, suggestionsMax);
}
