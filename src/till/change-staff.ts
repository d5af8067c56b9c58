import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import { askServer } from './ask-server.ts';
import type { Core } from './core.ts';

/** Hashing PINs takes its time, on purpose: one for each manager, and a new one. */
const CHANGE_TIMEOUT_MS = 7000;

/** Asks the centre to change the store's staff, with a manager's PIN; every till hears of it by PULL. */
export async function changeStaff(
  core: Core,
  input: SyncInput<'staff'>,
): Promise<SyncOutput<'staff'>> {
  const { server, timer } = core.ports;
  const answer = await askServer(server, timer, 'staff', input, CHANGE_TIMEOUT_MS);
  if (!answer.ok) {
    return {
      outcome: 'refused',
      problems: [{ path: '', code: 'server-silent', params: {} }],
    };
  }
  if (answer.value.outcome === 'done') core.wakeSync();
  return answer.value;
}
