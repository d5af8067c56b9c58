import type { Hold, Session } from './session-shape.ts';

/** Everything that is on hold for a sale. */
export function holdsOf(open: Session): readonly Hold[] {
  return [
    ...open.rewards.flatMap(({ hold }) => (hold === null ? [] : [hold])),
    ...open.codes.flatMap(({ voucher }) => (voucher === null ? [] : [voucher.hold])),
  ];
}
