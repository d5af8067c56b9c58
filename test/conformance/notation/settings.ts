import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { type Fields, fields, list, named, names, number, text } from './fields.ts';

const roundingWords: Readonly<Record<string, 'floor' | 'toward-zero' | 'half-up'>> = {
  floor: 'floor',
  trunc: 'toward-zero',
  round: 'half-up',
};
const rulesWords: Readonly<Record<string, 'best' | 'first'>> = {
  best: 'best',
  first_match: 'first',
};
const spanUnits: Readonly<Record<string, 'day' | 'month' | 'year'>> = {
  D: 'day',
  M: 'month',
  Y: 'year',
};

/** An ISO 8601 duration of one part: `P12M`, `P1Y`, `P30D`. */
function durationOf(written: string | null) {
  const [, count, word = ''] = /^P(\d+)([DMY])$/.exec(written ?? '') ?? [];
  const unit = spanUnits[word];
  return count === undefined || unit === undefined ? null : { count: Number(count), unit };
}

/** When written points end. */
export function expiryOf(program: Fields): ProgrammeDocument['expiry'] {
  const days = number(program, 'expiry_days') ?? number(program, 'expire_after_days');
  if (days !== null) return { kind: 'after', span: { count: days, unit: 'day' } };
  const expiry = fields(program, 'expiry');
  const idle = number(expiry, 'inactivity_months');
  if (idle !== null) return { kind: 'inactivity', span: { count: idle, unit: 'month' } };
  if (text(expiry, 'moment') === 'end_of_year') return { kind: 'end-of-year' };
  const months = number(expiry, 'months');
  const span =
    months === null
      ? durationOf(text(expiry, 'duration'))
      : { count: months, unit: 'month' as const };
  if (span === null) return { kind: 'never' };
  const first = text(expiry, 'expire_at') === 'first_of_following_month';
  const end = text(expiry, 'round_up') === 'end_of_month';
  return {
    kind: 'after',
    span,
    roundUp: first ? 'first-of-next-month' : end ? 'end-of-month' : 'none',
  };
}

/** What a written programme counts as earning, and how. */
export function earningOf(program: Fields): ProgrammeDocument['earning'] {
  const untaxed =
    text(program, 'tax_mode') === 'before_tax' ||
    text(program, 'taxes') === 'excluded' ||
    names(program, 'exclude')?.includes('tax') === true;
  return {
    tax: untaxed ? 'excluded' : 'included',
    discounts: text(program, 'basis') === 'before_discounts' ? 'before' : 'after',
    ownRedemptionReduces: program['own_redemption_reduces_basis'] === true,
    earnsWhenRedeeming: program['no_earn_when_redeeming'] !== true,
    freeUnitsEarn: program['free_items_earn'] === true,
    rounding: roundingWords[text(program, 'rounding') ?? ''] ?? 'floor',
    rules: rulesWords[text(program, 'rules_mode') ?? ''] ?? 'sum',
    promotions: list(program, 'promotions').length > 0 ? 'one' : 'all',
    lineKinds: text(program, 'basis') === 'order' ? ['goods', 'delivery'] : ['goods'],
  };
}

/** Upper bounds of a written programme. */
export function capsOf(program: Fields): ProgrammeDocument['caps'] {
  const whole = number(program, 'global_cap');
  return {
    balance: number(program, 'max_balance'),
    perSale: number(program, 'max_per_transaction'),
    limits: whole === null ? [] : [{ most: whole, count: 'points', per: 'life' }],
    onCap: text(program, 'on_cap') === 'reject' ? 'reject' : 'reduce',
  };
}

/** What a refund does under a written programme. */
export function refundOf(program: Fields): ProgrammeDocument['refund'] {
  const clamp =
    text(program, 'clawback_policy') === 'clamp_to_zero' ||
    text(program, 'return_policy') === 'within_balance';
  return {
    earned: text(program, 'refund') === 'proportional_to_order_value' ? 'proportional' : 'rerun',
    alreadySpent: clamp ? 'clamp' : 'negative',
  };
}

/** When and how points of a written programme are spent, moved and claimed. */
export function movingOf(
  program: Fields,
): Pick<ProgrammeDocument, 'redemption' | 'transfer' | 'receiptClaim' | 'autoRedeem'> {
  const later = text(program, 'applies') === 'future' || text(program, 'kind') === 'points';
  const atPoints = number(program, 'auto_redeem_at');
  return {
    redemption: {
      ownSalePoints: later ? 'future' : 'current',
      onEnrolSale: program['redeem_not_on_enrol_sale'] !== true,
      onOver: program['redeem'] === undefined ? 'refuse' : 'clamp',
    },
    transfer: { allowed: true, keepsExpiry: fields(program, 'transfer')['resets_expiry'] !== true },
    receiptClaim: { days: number(fields(program, 'receipt_claim'), 'days') ?? 30 },
    autoRedeem: atPoints === null ? null : { reward: 'auto', atPoints },
  };
}

/** The paid membership of a written programme. */
export function membershipOf(program: Fields): ProgrammeDocument['membership'] {
  if (text(program, 'kind') !== 'membership') return null;
  return {
    sku: 'MEMBERSHIP',
    term: durationOf(text(program, 'period')) ?? { count: 1, unit: 'year' },
    autoRenew: program['auto_renew'] === true,
    benefits: (names(program, 'benefits') ?? []).map(named),
  };
}
