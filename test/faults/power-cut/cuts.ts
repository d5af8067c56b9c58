import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomBelow } from '#test/faults/fault.ts';
import { createDisk } from './disk.ts';
import type { FileOperation } from './trace.ts';

/** One power cut: the files as they may be afterwards, and what had been acknowledged. */
export interface Cut {
  readonly folder: string;
  /** What the workload had written into its list of acknowledgements, line by line. */
  readonly acknowledged: readonly string[];
}

/**
 * Replays a trace and cuts the power at random moments after the first acknowledgement.
 *
 * The acknowledgements are what the workload wrote to `acknowledgements`, a file beside the traced
 * folder: their order among the file operations is the order in which things happened.
 */
export async function eachCut(
  options: {
    readonly operations: readonly FileOperation[];
    readonly root: string;
    readonly acknowledgements: string;
    readonly scratch: string;
    readonly count: number;
  },
  look: (cut: Cut) => Promise<void> | void,
): Promise<void> {
  const { operations, root, acknowledgements, scratch, count } = options;
  const firstAck = firstWriteTo(operations, acknowledgements);
  if (firstAck < 0) throw new Error('The workload acknowledged nothing');
  const points = Array.from(
    { length: count },
    () => firstAck + 1 + randomBelow(operations.length - firstAck),
  ).toSorted((left, right) => left - right);
  const disk = createDisk(root);
  let told = '';
  let ackHandle: number | null = null;
  let done = 0;
  for (const [index, point] of points.entries()) {
    for (; done < point; done += 1) {
      const operation = operations[done];
      if (operation === undefined) break;
      if (operation.kind === 'open' && operation.path === acknowledgements) {
        ackHandle = operation.handle;
      } else if (operation.kind === 'write' && operation.handle === ackHandle) {
        told += operation.bytes.toString('utf8');
      } else disk.apply(operation);
    }
    const folder = join(scratch, `cut-${index}`);
    mkdirSync(folder, { recursive: true });
    disk.cutTo(folder);
    await look({ folder, acknowledged: told.split('\n').slice(0, -1) });
    rmSync(folder, { recursive: true, force: true });
  }
}

function firstWriteTo(operations: readonly FileOperation[], path: string): number {
  let handle: number | null = null;
  return operations.findIndex((operation) => {
    if (operation.kind === 'open' && operation.path === path) handle = operation.handle;
    return operation.kind === 'write' && operation.handle === handle;
  });
}
