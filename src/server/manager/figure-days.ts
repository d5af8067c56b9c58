/** The days that figures are of, the last one included. */
export interface FigureDays {
  readonly from: string;
  readonly through: string;
}

/** How many days there are from the first to the last. */
export function daysOf({ from, through }: FigureDays): number {
  return Math.round((Date.parse(through) - Date.parse(from)) / 86_400_000) + 1;
}
