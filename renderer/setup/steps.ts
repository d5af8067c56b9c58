import type { SetupProblem } from '#contract/setup.ts';

/** The steps of set-up, in their order. */
export const steps = [
  'language',
  'store',
  'money',
  'programme',
  'people',
  'goods',
  'ready',
] as const;
export type Step = (typeof steps)[number];

/** Where a problem is put right; the last step where nobody knows better. */
export function stepOf({ path }: SetupProblem): Step {
  if (/^(storeName|storeAddress)/.test(path)) return 'store';
  if (/^(currency|tax|timeZone|cutOverHour)/.test(path)) return 'money';
  if (/^(item|choice|programme)/.test(path)) return 'programme';
  if (/^(cashiers|manager(?:Name|Pin))/.test(path)) return 'people';
  return path.startsWith('goods') ? 'goods' : 'ready';
}
