/**
 * How much the rhythm of keys speaks for a scanner, as a log likelihood ratio in nats.
 *
 * Two stories are weighed against each other for the same gaps between keys:
 *
 * - **A scanner** has one pace, from below 1 to about 100 ms per key, and keeps it: gaps lie around
 *   their median with a spread that belongs to the transport (USB polling, Bluetooth, the machine's
 *   load), apart from rare stalls.
 * - **A person** has a tempo, from a very fast 90 ms per key up, and scatters widely around it: a log
 *   normal with a deviation of 0.38, faster rolls of neighbouring fingers, rare simultaneous keys.
 *   A key struck again and again is steadier, but not faster than about 7 times a second.
 *
 * No single gap decides and no threshold on speed exists: five keys 2 ms apart, or thirteen keys
 * 100 ms apart with little spread, reach the same evidence. Under the person's story the chance of
 * reaching evidence `E` is about `exp(-E)`.
 *
 * Sources for the numbers: reference measurements of scanners (2 to 100 ms per key); Dhakal et al.,
 * "Observations on typing from 136 million keystrokes", CHI 2018 (means of 120 to 480 ms).
 */
export function rhythmEvidence(gaps: readonly Gap[]): number {
  if (gaps.length === 0) return 0;
  return scannerLogLikelihood(gaps) - personLogLikelihood(gaps);
}

/** The time between two keydowns, and whether both were the same key. */
export interface Gap {
  readonly ms: number;
  readonly sameKey: boolean;
}

/** Spreads a scanner's transport may have; the best fitting one is taken, at its price. */
const SCANNER_SPREADS_MS = [1.5, 4, 8, 14] as const;
const SCANNER_STALL_SHARE = 0.08;
const SCANNER_STALL_LIMIT_MS = 300;
/** Paces above this get less likely quickly: people who type steadily live there. */
const SCANNER_PACE_MAX_MS = 102;
const SCANNER_PACE_DECAY_MS = 2.5;
/** No scanner is slower; a person striking one key can be as even as a scanner, but not faster. */
const SCANNER_PACE_LIMIT_MS = 118;
/** For choosing pace and spread to fit: ln(4) for the spread, 1 for the pace. */
const SCANNER_FIT_COST = 2.4;

const PERSON_TEMPOS: readonly (readonly [medianMs: number, share: number])[] = [
  [90, 0.02],
  [110, 0.08],
  [135, 0.18],
  [165, 0.22],
  [205, 0.2],
  [260, 0.16],
  [340, 0.14],
];
const PERSON_DEVIATION = 0.38;
const PERSON_ROLL_SHARE = 0.07;
const PERSON_ROLL_MEDIAN_MS = 55;
const PERSON_ROLL_DEVIATION = 0.6;
const PERSON_TOGETHER_SHARE = 0.02;
const PERSON_TOGETHER_LIMIT_MS = 60;
const PERSON_TAP_SHARE = 0.5;
const PERSON_TAP_MEDIAN_MS = 155;
const PERSON_TAP_DEVIATION = 0.14;

/** Gaps are measured in whole or tenths of milliseconds; below this they are all alike. */
const GAP_MIN_MS = 0.5;

function scannerLogLikelihood(gaps: readonly Gap[]): number {
  const pace = medianOf(gaps.map((gap) => gap.ms));
  if (pace > SCANNER_PACE_LIMIT_MS) return Number.NEGATIVE_INFINITY;
  const stall = SCANNER_STALL_SHARE / SCANNER_STALL_LIMIT_MS;
  const best = Math.max(
    ...SCANNER_SPREADS_MS.map((spread) => {
      const height = (1 - SCANNER_STALL_SHARE) / (2 * spread);
      return sumOf(gaps, ({ ms }) =>
        Math.log(height * Math.exp(-Math.abs(ms - pace) / spread) + stall),
      );
    }),
  );
  return best - SCANNER_FIT_COST - Math.max(0, pace - SCANNER_PACE_MAX_MS) / SCANNER_PACE_DECAY_MS;
}

function personLogLikelihood(gaps: readonly Gap[]): number {
  const perTempo = PERSON_TEMPOS.map(
    ([medianMs, share]) =>
      Math.log(share) + sumOf(gaps, (gap) => Math.log(personDensity(gap, medianMs))),
  );
  const best = Math.max(...perTempo);
  return best + Math.log(perTempo.reduce((sum, value) => sum + Math.exp(value - best), 0));
}

function personDensity(gap: Gap, tempoMs: number): number {
  const ms = Math.max(gap.ms, GAP_MIN_MS);
  const roll = PERSON_ROLL_SHARE * logNormal(ms, PERSON_ROLL_MEDIAN_MS, PERSON_ROLL_DEVIATION);
  const together =
    ms <= PERSON_TOGETHER_LIMIT_MS ? PERSON_TOGETHER_SHARE / PERSON_TOGETHER_LIMIT_MS : 0;
  const rest = 1 - PERSON_ROLL_SHARE - PERSON_TOGETHER_SHARE;
  const struck = logNormal(ms, tempoMs, PERSON_DEVIATION);
  if (!gap.sameKey) return rest * struck + roll + together;
  const tapped = logNormal(ms, PERSON_TAP_MEDIAN_MS, PERSON_TAP_DEVIATION);
  return rest * ((1 - PERSON_TAP_SHARE) * struck + PERSON_TAP_SHARE * tapped) + roll + together;
}

function logNormal(value: number, median: number, deviation: number): number {
  const z = Math.log(value / median) / deviation;
  return Math.exp((-z * z) / 2) / (value * deviation * Math.sqrt(2 * Math.PI));
}

/** The middle value; of an even count the lower one. Of nothing, 0. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function sumOf<Value>(values: readonly Value[], measure: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + measure(value), 0);
}
