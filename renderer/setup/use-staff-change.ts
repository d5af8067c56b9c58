import { useState } from 'react';
import type { SetupProblem } from '#contract/setup.ts';
import type { StaffChange } from '#contract/sign-in.ts';
import type { TillClient } from '#renderer/till/till-client.ts';
import { useTill } from '#renderer/till/till-context.ts';
import type { Saving } from './save-footer.tsx';

/** Changes of the store's staff and rules, sent under a manager's PIN, and what came of them. */
export interface StaffChanging extends Saving {
  /** Forgets what came of the last ones: something else is being typed. */
  readonly forget: () => void;
  /** Sends them in their order, up to the first that is refused; resolves to whether all were done. */
  readonly save: (changes: readonly StaffChange[]) => Promise<boolean>;
}

export function useStaffChange(): StaffChanging {
  const till = useTill();
  const [managerPin, setManagerPin] = useState('');
  const [outcome, setOutcome] = useState<Pick<Saving, 'state' | 'problem'>>(nothingYet);
  const save = async (changes: readonly StaffChange[]): Promise<boolean> => {
    setOutcome({ state: 'asking', problem: null });
    try {
      const problem = await firstProblem(till, changes, managerPin);
      setManagerPin('');
      setOutcome({ state: problem === null ? 'done' : 'refused', problem });
      return problem === null;
    } catch {
      setOutcome({ state: 'silent', problem: null });
      return false;
    }
  };
  const forget = (): void => setOutcome(nothingYet);
  return { ...outcome, managerPin, typePin: setManagerPin, forget, save };
}

const nothingYet = { state: null, problem: null } as const;

/** Sends changes in their order; the problem of the first that is refused, null where none is. */
async function firstProblem(
  till: TillClient,
  changes: readonly StaffChange[],
  managerPin: string,
): Promise<SetupProblem | null> {
  for (const change of changes) {
    const done = await till.call['staff.change']({ change, managerPin });
    const [problem] = done.outcome === 'refused' ? done.problems : [];
    if (problem !== undefined) return problem;
  }
  return null;
}
