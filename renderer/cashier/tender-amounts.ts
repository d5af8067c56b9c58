import { currencyExponent } from '#loyalty/money.ts';

/** What the typed digits say was handed over; null where nothing was typed. */
export function receivedMinor(entry: string): number | null {
  return /^\d{1,9}$/.test(entry) ? Number(entry) : null;
}

/** Notes people hand over, in major units of two-decimal currencies. */
const notes = [5, 10, 20, 50, 100, 200, 500] as const;
/** From here on people hand over several notes, and none of the small ones. */
const severalNotesFrom = 100;
const largeNotes = [50, 100, 200, 500, 1_000] as const;
const suggestionsMax = 3;

/**
 * Likely amounts of cash for a total: the one note that covers it, or the next sums of large notes.
 *
 * 45.00 → 50, 100, 200 · 120.00 → 150, 200, 500 · 500.00 → 550, 600, 1,000. Never the total itself.
 */
export function quickCash(totalMinor: number, currency: string): readonly number[] {
  const unit = 10 ** currencyExponent(currency);
  const amounts =
    totalMinor < severalNotesFrom * unit
      ? notes.map((note) => note * unit).filter((amount) => amount > totalMinor)
      : largeNotes.map((note) => Math.ceil((totalMinor + 1) / (note * unit)) * note * unit);
  return [...new Set(amounts)].toSorted((left, right) => left - right).slice(0, suggestionsMax);
}
