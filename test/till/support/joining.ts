import type { EnrolInput } from '#contract/till.ts';

/** What a shopper in Germany says who joins with their number and allows nothing. */
export function joining(more: Partial<EnrolInput> = {}): EnrolInput {
  return {
    phone: '01512 3456789',
    name: 'Zehra Ünal',
    language: 'de',
    ofAge: true,
    noticeVersion: 'de-1',
    consents: [],
    useScannedCard: false,
    ...more,
  };
}
