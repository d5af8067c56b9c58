import type { VoucherRecord } from '#contract/facts.ts';
import { giftCardPreset } from '#loyalty/presets/generic.ts';
import { programme, type Programme, type ProgrammeDocument } from '#loyalty/programme.ts';

/** A programme of the shop of the tests, whose money is Turkish lira. */
export function here(document: ProgrammeDocument): Programme {
  return programme.parse({
    ...document,
    currencies: ['TRY'],
    ...(document.unit?.kind === 'money' ? { unit: { kind: 'money', currency: 'TRY' } } : {}),
  });
}

export const giftCards: Programme = here(giftCardPreset);

/** A gift card with 30.00 on it, as the server tells of it. */
export const giftCard: VoucherRecord = {
  code: 'G1FT99',
  programme: 'gift-card',
  holder: 'v-gift',
  name: { en: 'Gift card' },
  available: 3000,
  expiresAtMs: null,
  state: 'active',
};
