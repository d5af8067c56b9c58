import { useEffect, useState } from 'react';

/** Long enough to see a quick tap, and longer than the till usually takes to answer one. */
const lingerMs = 120;

export interface Held {
  readonly 'data-held': true | undefined;
  readonly onPressStart: () => void;
  readonly onPressEnd: () => void;
}

/**
 * The pressed look of a control, a little longer than the press.
 *
 * The shortest tap is seen, and letting go repaints nothing: a frame spent on the release would make
 * the frame with the till's answer wait for the one after it.
 */
export function useHeld(): Held {
  const [held, setHeld] = useState<'no' | 'pressed' | 'lingers'>('no');
  useEffect(() => {
    if (held !== 'lingers') return undefined;
    const timer = setTimeout(() => setHeld('no'), lingerMs);
    return () => clearTimeout(timer);
  }, [held]);
  return {
    'data-held': held === 'no' ? undefined : true,
    onPressStart: () => setHeld('pressed'),
    onPressEnd: () => setHeld('lingers'),
  };
}
