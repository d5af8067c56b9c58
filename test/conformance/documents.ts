import { type Fields, fields, isFields, list, number } from '#loyalty/notation/fields.ts';
import { programmeFromNotation } from '#loyalty/notation/programme.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { NotTranslated } from './fields.ts';

/** Tiers of a case that names them in its expectations only: thresholds of our own. */
const unstated = [
  { name: 'Bronze', min: 0 },
  { name: 'Gold', min: 100 },
];

function documentOf(program: Fields, id: string): ProgrammeDocument {
  const untold = program['metric'] === 'balance' && !('tiers' in program) && !('levels' in program);
  const read = programmeFromNotation(untold ? { ...program, tiers: unstated } : program, id);
  if (!read.ok)
    throw new NotTranslated(
      read.error.map(({ path, message }) => `${path} ${message}`.trim()).join('; '),
    );
  return read.value;
}

/** All programme documents of a case, with a step's own changes. */
export function documentsOf(
  program: Fields,
  variant: string | null,
  changes: Fields,
): ProgrammeDocument[] {
  const { variants, base, programs_repeat: repeat, each, programs, ...rest } = program;
  if (typeof repeat === 'number')
    return Array.from({ length: repeat }, (_, index) =>
      documentOf(fields({ each }, 'each'), `p${index}`),
    );
  if (programs !== undefined)
    return list(program, 'programs').map((of, index) => documentOf(of, `p${index}`));
  const whole =
    isFields(base) && Array.isArray(base['rewards'])
      ? base
      : { ...rest, ...(base === undefined ? {} : { base }) };
  const chosen = variant === null ? {} : fields(fields({ variants }, 'variants'), variant);
  const onRules = number(chosen, 'min_amount') !== null && list(whole, 'earn').length > 0;
  const varied = onRules
    ? { earn: list(whole, 'earn').map((of) => ({ ...of, ...chosen })) }
    : chosen;
  return [documentOf({ ...whole, ...varied, ...changes }, 'p0')];
}
