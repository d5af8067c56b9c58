import type { ReactNode } from 'react';
import type { EnrolStep } from './enrol-step.ts';
import { ExistingMember } from './existing-member.tsx';
import { PhoneStep } from './phone-step.tsx';
import { ShopperStep } from './shopper-step.tsx';

/** Joining, beside the basket: the number by the cashier, the answers by the shopper's own hand. */
export function EnrolPanel(props: {
  readonly step: EnrolStep;
  readonly useScannedCard: boolean;
}): ReactNode {
  const { step, useScannedCard } = props;
  switch (step.at) {
    case 'phone':
      return <PhoneStep useScannedCard={useScannedCard} />;
    case 'existing':
      return <ExistingMember step={step} />;
    case 'shopper':
      return <ShopperStep phone={step.phone} notes={step.notes} useScannedCard={useScannedCard} />;
  }
}
