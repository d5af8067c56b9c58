import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Collecting must not throw away compiled code: that would be the cost of asking for it.
setFlagsFromString('--no-flush-bytecode');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Collects this process's garbage, before a clock starts.
 *
 * A day's sales are written here before they are sent; collecting what that left behind takes as long
 * as sending them, and would meet whoever sends when it happens.
 */
export function collectGarbage(): void {
  collect();
}
