import { useEffect, useState } from 'react';
import type { TillClient } from './till-client.ts';
import { useTill, useTillState } from './till-context.ts';

/**
 * What the till answers: asked again with each of its states, so that a change shows when it is here.
 * Null until the first answer; a till that does not answer is told over the whole page.
 */
export function useAsked<Answer>(ask: (till: TillClient) => Promise<Answer>): Answer | null {
  const till = useTill();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const revision = useTillState((state) => state.revision);
  useEffect(() => {
    let current = true;
    ask(till).then(
      (seen) => {
        if (current) setAnswer(seen);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [ask, till, revision]);
  return answer;
}
