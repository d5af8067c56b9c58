/** One line of a benchmark's report: what was measured, against which limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Null where the figure is stated and has no limit. */
  readonly limit: Limit | null;
}

export interface Limit {
  readonly kind: 'at-least' | 'at-most';
  readonly value: number;
}

/** A benchmark: measures in this process and returns its figures. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

/** The value below which `share` (0–1) of the samples lie; the nearest sample, no interpolation. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

export function withinLimit(figure: Figure): boolean {
  if (figure.limit === null) return true;
  return figure.limit.kind === 'at-least'
    ? figure.value >= figure.limit.value
    : figure.value <= figure.limit.value;
}

/** `settle, ratio to bare inserts   0.83 ×   (at least 0.7)   ok` */
export function describeFigure(figure: Figure): string {
  const value = `${figure.value < 10 ? figure.value.toFixed(3) : figure.value.toFixed(1)} ${figure.unit}`;
  const limit =
    figure.limit === null
      ? ''
      : `(${figure.limit.kind === 'at-least' ? 'at least' : 'at most'} ${figure.limit.value})`;
  const verdict = figure.limit === null ? '' : withinLimit(figure) ? 'ok' : 'MISSED';
  return `${figure.name.padEnd(62)}${value.padStart(16)}   ${limit.padEnd(18)}${verdict}`;
}
