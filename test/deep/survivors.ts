import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './root.ts';

/** A seeded fault that no test can or need tell from the right program. */
export interface Survivor {
  /** Under `src/loyalty`. */
  readonly file: string;
  /** The source line it begins on, without its indentation. */
  readonly line: string;
  /** `what stands there → what the fault makes of it`, as the run prints it. */
  readonly change: string;
  readonly reason: string;
}

const written = z.array(
  z.strictObject({
    file: z.string().endsWith('.ts'),
    reason: z.string().min(10),
    /** Source line and change. */
    faults: z.array(z.tuple([z.string(), z.string()])).min(1),
  }),
);

/** Every survivor there is, each with its reason; one that is not listed fails the deep run. */
export async function readSurvivors(): Promise<readonly Survivor[]> {
  const text = await readFile(join(root, 'test/deep/survivors.json'), 'utf8');
  return written
    .parse(JSON.parse(text))
    .flatMap(({ file, reason, faults }) =>
      faults.map(([line, change]) => ({ file, line, change, reason })),
    );
}
