import { useEffect, useState } from 'react';

/** Longer than the pause inside a double tap, shorter than a decision. */
const armAfterMs = 350;

/**
 * Whether a button that stands where another just stood may be pressed yet.
 *
 * Cash appears in Pay's place and Confirm in Refund's: the second half of a nervous double tap must
 * not settle or pay out. `deed` names what the button does now; a new deed arms anew.
 */
export function useArmed(deed: string): boolean {
  const [armed, setArmed] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setArmed(deed), armAfterMs);
    return () => clearTimeout(timer);
  }, [deed]);
  return armed === deed;
}
