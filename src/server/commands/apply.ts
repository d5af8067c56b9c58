import { assertNever } from '#loyalty/result.ts';
import type { WritableDb } from '#server/database/database.ts';
import { applyApprove } from '#server/manager/approval.ts';
import { applyNote, applyNoteDone } from '#server/manager/follow-ups.ts';
import { applyAdjust, applyMerge } from '#server/manager/member-deeds.ts';
import { applyKudos } from '#server/manager/staff.ts';
import { applySettle } from '#server/manager/settle.ts';
import { applyProgrammes, applySetUp } from '#server/setup/commands.ts';
import { applyStaff } from '#server/setup/staff.ts';
import { applyShop } from '#server/shop.ts';
import { applyEnrol, applyPairing } from './apply-enrol.ts';
import { applyConsent } from './apply-consent.ts';
import { applyErase } from './apply-erase.ts';
import { applyFence } from './apply-fence.ts';
import { applyJoin, applyRestored } from './apply-life.ts';
import { applyGrant } from './apply-grant.ts';
import { applyNight, applyNightDone } from './apply-night.ts';
import { applyMature, applyOpening } from './apply-opening.ts';
import { applyProfile, applySealedProfiles } from './apply-profile.ts';
import { applyPush, type PushOptions } from './apply-push.ts';
import { applyQuarantine } from './apply-quarantine.ts';
import type { Applied, Command, CommandResults } from './command.ts';

/** Any command's answer. */
export type AnyResult = CommandResults[Command['kind']];

/** Applies a command in the caller's transaction. The same command on the same state does the same. */
export async function applyCommand(
  db: WritableDb,
  command: Command,
  options: PushOptions,
): Promise<Applied<AnyResult>> {
  switch (command.kind) {
    case 'push':
      return applyPush(db, command, options);
    case 'grant':
      return applyGrant(db, command);
    case 'profile':
      return applyProfile(db, command);
    case 'sealed-profiles':
      return applySealedProfiles(db, command);
    case 'consent':
      return applyConsent(db, command);
    case 'erase':
      return applyErase(db, command);
    case 'pairing':
      return applyPairing(db, command);
    case 'enrol':
      return applyEnrol(db, command);
    case 'quarantine':
      return applyQuarantine(db, command);
    case 'fence':
      return applyFence(db, command);
    case 'join':
      return applyJoin(db, command);
    case 'restored':
      return applyRestored(db, command);
    case 'mature':
      return applyMature(db, command);
    case 'night':
      return applyNight(db, command);
    case 'night-done':
      return applyNightDone(db, command);
    case 'opening':
      return applyOpening(db, command);
    case 'settle':
      return applySettle(db, command);
    case 'adjust':
      return applyAdjust(db, command);
    case 'merge':
      return applyMerge(db, command);
    case 'note':
      return applyNote(db, command);
    case 'note-done':
      return applyNoteDone(db, command);
    case 'approve':
      return applyApprove(db, command);
    case 'kudos':
      return applyKudos(db, command);
    case 'shop':
      return { result: null, changed: await applyShop(db, command) };
    case 'set-up':
      return applySetUp(db, command);
    case 'programmes':
      return applyProgrammes(db, command);
    case 'staff':
      return applyStaff(db, command);
    default:
      return assertNever(command, 'applyCommand');
  }
}
