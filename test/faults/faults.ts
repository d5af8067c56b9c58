import { bitFlips } from './bit-flips.ts';
import { diskThatFails } from './disk-errors.ts';
import type { Fault } from './fault.ts';
import { fullDiskAtServer } from './full-disk.ts';
import { hangingServer } from './hang.ts';
import { hostilePeer } from './hostile/hostile.ts';
import { killAtRandom } from './kill.ts';
import { badNetwork } from './network.ts';
import { postgresFailover, postgresRestart } from './postgres.ts';
import { powerCutAtServer } from './power-cut/server.ts';
import { powerCutAtTill } from './power-cut/till.ts';
import { twoProcesses } from './two-processes.ts';

/** Every fault, in the order of a run. */
export const faults: readonly Fault[] = [
  killAtRandom,
  hangingServer,
  powerCutAtTill,
  powerCutAtServer,
  bitFlips,
  badNetwork,
  fullDiskAtServer,
  diskThatFails,
  twoProcesses,
  hostilePeer,
  postgresRestart,
  postgresFailover,
];
