import { z } from 'zod';
import { programmeProblems, type ProgrammeProblem } from './programme-check.ts';
import { programme, type Programme } from './programme.ts';
import { err, ok, type Result } from './result.ts';
import { spellOut, writtenPath } from './short-forms.ts';

/** A programme that loaded, with what its author should know. */
export interface LoadedProgramme {
  readonly programme: Programme;
  readonly warnings: readonly ProgrammeProblem[];
}

/**
 * Reads a programme document.
 *
 * Either the whole document is right, or nothing is loaded and every mistake is told with its path
 * (`rules.2.effect.perMinor`) and the fix. Short forms are spelled out first (`short-forms.ts`).
 */
export function parseProgramme(
  document: unknown,
): Result<LoadedProgramme, readonly ProgrammeProblem[]> {
  const parsed = programme.safeParse(spellOut(document));
  if (!parsed.success) {
    return err(
      parsed.error.issues.slice(0, 50).map((issue) => ({
        path: writtenPath(document, issue.path),
        message: issue.message,
      })),
    );
  }
  const found = programmeProblems(parsed.data);
  const told = (problem: ProgrammeProblem): ProgrammeProblem => ({
    ...problem,
    path: writtenPath(document, problem.path.split('.')),
  });
  const [errors, warnings] = [found.errors.map(told), found.warnings.map(told)];
  return errors.length > 0 ? err(errors) : ok({ programme: parsed.data, warnings });
}

/** The programme document as JSON Schema (draft 2020-12), for editors and other tools. */
export function programmeJsonSchema(): unknown {
  return z.toJSONSchema(programme, { io: 'input' });
}
