import type { UnitView } from '#contract/till-state.ts';
import type { Speech } from '#renderer/i18n/use-text.ts';

/** An amount of a programme as people say it: `500 points`, `4 stamps`, `₺12.50`. */
export function amountText({ t, format }: Speech, unit: UnitView, amount: number): string {
  switch (unit.kind) {
    case 'money':
      return format.money(amount);
    case 'stamps':
      return t('amount.stamps', { points: amount });
    case 'points':
      return t('amount.points', { points: amount / 10 ** unit.scale });
  }
}

/** The same as a figure alone, where a label beside it says what is counted. */
export function amountFigure({ format }: Speech, unit: UnitView, amount: number): string {
  return unit.kind === 'money'
    ? format.money(amount)
    : format.exact(String(amount / 10 ** (unit.kind === 'points' ? unit.scale : 0)));
}

/** What a sale brought and what there is now: `+12 points, now 340`. */
export function earnedWords(
  speech: Speech,
  told: { readonly unit: UnitView; readonly earned: number; readonly balanceAfter: number | null },
): string {
  const { t } = speech;
  const { unit, earned, balanceAfter } = told;
  const amount = amountText(speech, unit, earned);
  if (balanceAfter === null) return t('settled.earned', { amount });
  return earned === 0
    ? t('settled.balance', { balance: amountText(speech, unit, balanceAfter) })
    : t('settled.earned-now', { amount, balance: amountFigure(speech, unit, balanceAfter) });
}
