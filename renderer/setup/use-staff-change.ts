import { useState } from 'react';
import type { SetupProblem } from '#contract/setup.ts';
import type { StaffChange } from '#contract/sign-in.ts';
import { useTill } from '#renderer/till/till-context.ts';
import type { SaveState } from './save-footer.tsx';

/** Changes of the store's staff and rules, sent under a manager's PIN, and what came of them. */
export interface StaffChanging {
  readonly state: SaveState | null;
  readonly problem: SetupProblem | null;
  /** Forgets what came of the last ones: something else is being typed. */
  readonly forget: () => void;
  /** Sends them in their order, up to the first that is refused; resolves to whether all were done. */
  readonly save: (changes: readonly StaffChange[], managerPin: string) => Promise<boolean>;
}

export function useStaffChange(): StaffChanging {
  const till = useTill();
  const [outcome, setOutcome] = useState<Pick<StaffChanging, 'state' | 'problem'>>(nothingYet);
  const save = async (changes: readonly StaffChange[], managerPin: string): Promise<boolean> => {
    setOutcome({ state: 'asking', problem: null });
    try {
      for (const change of changes) {
        const done = await till.call['staff.change']({ change, managerPin });
        const [problem] = done.outcome === 'refused' ? done.problems : [];
        if (problem === undefined) continue;
        setOutcome({ state: 'refused', problem });
        return false;
      }
      setOutcome({ state: 'done', problem: null });
      return true;
    } catch {
      setOutcome({ state: 'silent', problem: null });
      return false;
    }
  };
  return { ...outcome, forget: () => setOutcome(nothingYet), save };
}

const nothingYet = { state: null, problem: null } as const;
