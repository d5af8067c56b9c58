import { currentProgrammes, type Ledger } from './ledger.ts';
import { givenPoints } from './ledger-facts.ts';

/** How far a programme is into the points it may give. */
export interface BudgetUse {
  readonly programme: string;
  readonly budgetPoints: number;
  /** Points given so far; what came back counts as given. */
  readonly givenPoints: number;
  /** Points given beyond the budget; 0 while it holds. */
  readonly overPoints: number;
  /** `within`; `spent`: it earns no more; `passed`: it earns on and the manager is warned. */
  readonly state: 'within' | 'spent' | 'passed';
}

/** Every budget of the tenant, for the manager's page. */
export function budgetUses(ledger: Ledger): BudgetUse[] {
  const given = givenPoints(ledger);
  return currentProgrammes(ledger).flatMap(({ id, caps }): BudgetUse[] => {
    const { budgetPoints, onBudget } = caps;
    if (budgetPoints === null) return [];
    const points = given[id] ?? 0;
    const state = points < budgetPoints ? 'within' : onBudget === 'stop' ? 'spent' : 'passed';
    const overPoints = Math.max(0, points - budgetPoints);
    return [{ programme: id, budgetPoints, givenPoints: points, overPoints, state }];
  });
}
