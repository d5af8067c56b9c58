import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { SetupDone } from '#contract/setup.ts';
import type { ProgrammesCommand, SetUpCommand } from '#server/setup/commands.ts';
import type { ApproveCommand } from '#server/manager/approval.ts';
import type { NoteCommand, NoteDoneCommand } from '#server/manager/follow-ups.ts';
import type { AdjustCommand, DeedOutcome, MergeCommand } from '#server/manager/member-deeds.ts';
import type { KudosCommand } from '#server/manager/staff.ts';
import type { SettleCommand } from '#server/manager/settle.ts';
import type { StaffCommand } from '#server/setup/staff.ts';
import type { NightStep } from '#server/night/jobs.ts';
import type { ShopCommand } from '#server/shop.ts';
import type { FenceRefusal } from '#journal/fence-plan.ts';
import type { PushHead } from '#journal/posting-batch.ts';
import type { Message } from '#contract/till-state.ts';
import type { Result } from '#loyalty/result.ts';
import type { ConsentRecord, MemberProfile } from '#contract/member.ts';
import type { Erased } from '#server/members/erase.ts';
import type { MergeWrite, TwinWrite } from '#server/members/profile-plan.ts';
import type { SealedProfile } from '#server/members/sealed-profiles.ts';

/** A push as it is kept: what the till sent and signed, its texts packed by `packTexts`. */
export interface PushedBatch extends PushHead {
  readonly till: string;
  readonly headSignature: string;
  readonly packed: string;
}

/** Entries of journals of one store's tills: whatever waited, posted together. */
export interface PushCommand {
  readonly kind: 'push';
  readonly nowMs: number;
  readonly pushes: readonly PushedBatch[];
}

/** A till asks for points to spend; `grant` is the reference it gets where it gets any. */
export interface GrantCommand {
  readonly kind: 'grant';
  readonly nowMs: number;
  readonly till: string;
  readonly grant: string;
  readonly input: SyncInput<'grant'>;
}

/** Personal data beside the journal. */
export interface ProfileCommand {
  readonly kind: 'profile';
  readonly nowMs: number;
  readonly tenant: string;
  readonly till: string;
  readonly day: string;
  readonly profiles: readonly MemberProfile[];
}

/** A sealed profile as the command log keeps it. */
export interface LoggedProfile extends SealedProfile {
  /**
   * Places, from 0, of its identifiers that find somebody else afterwards. Left out: none, or a log of
   * before they were kept.
   */
  readonly elsewhere?: readonly number[];
}

/**
 * The same as the command log keeps it: sealed, with the merges and twins that identifiers in it caused.
 *
 * A log that is run again after somebody was erased cannot open what was theirs, and must still come
 * to the same ledger.
 */
export interface SealedProfilesCommand extends Omit<ProfileCommand, 'kind' | 'profiles'> {
  readonly kind: 'sealed-profiles';
  readonly profiles: readonly LoggedProfile[];
  readonly merges: readonly MergeWrite[];
  /** Left out by a log of before there were any. */
  readonly twins?: readonly TwinWrite[];
}

/** A member changes the answer to one question. */
export interface ConsentCommand {
  readonly kind: 'consent';
  readonly tenant: string;
  readonly member: string;
  readonly consent: ConsentRecord;
}

/** What is known of a member as a person goes; the key that sealed it is destroyed after it. */
export interface EraseCommand {
  readonly kind: 'erase';
  readonly nowMs: number;
  readonly tenant: string;
  readonly member: string;
  readonly day: string;
  /** Who ordered it: a person's reference or name at the till, or of the operator. */
  readonly by: string;
}

/** A code with which one till may join a store. */
export interface PairingCommand {
  readonly kind: 'pairing';
  readonly tenant: string;
  readonly store: string;
  readonly codeHash: string;
  readonly expiresAtMs: number;
}

/** A till joins with a code; `till` is the reference it gets. */
export interface EnrolCommand {
  readonly kind: 'enrol';
  readonly nowMs: number;
  readonly codeHash: string;
  readonly till: string;
  readonly publicKey: string;
  readonly name: string;
}

/** Two journals of one till were seen: nothing more is taken from it until a person looked. */
export interface QuarantineCommand {
  readonly kind: 'quarantine';
  readonly nowMs: number;
  readonly till: string;
  readonly at: number;
}

/** Two people say that a till is lost: its key is refused, its open grants are written off. */
export interface FenceCommand {
  readonly kind: 'fence';
  readonly nowMs: number;
  readonly tenant: string;
  readonly till: string;
  readonly day: string;
  readonly by: readonly [string, string];
}

/** A till said HELLO after the server was restored: it joins, or has sent again what was missing. */
export interface JoinCommand {
  readonly kind: 'join';
  readonly till: string;
  readonly epoch: number;
  readonly headSeq: number;
  readonly settled: boolean;
}

/** This database is a backup put back: a new life, whose number no life before had. */
export interface RestoredCommand {
  readonly kind: 'restored';
  readonly tenant: string;
  readonly epoch: number;
  /** How many versions of a store's configuration may be lost; none by a log of before they were passed over. */
  readonly versionsLost?: number;
}

/** Points whose time has come begin to count. */
export interface MatureCommand {
  readonly kind: 'mature';
  readonly nowMs: number;
}

/** A page of one step of a store's night; `tx` marks what it writes in the server's journal. */
export interface NightCommand {
  readonly kind: 'night';
  readonly tenant: string;
  readonly store: string;
  /** The business day that begins with it. */
  readonly day: string;
  readonly step: NightStep;
  /** Members after this one. */
  readonly after: string;
  readonly tx: string;
  /** Only in the log: whose birthday it was. Keys that were destroyed since cannot tell again. */
  readonly born?: readonly string[];
}

/** All steps of a store's night were run. */
export interface NightDoneCommand {
  readonly kind: 'night-done';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly day: string;
}

/** A member taken in with the tier it has elsewhere. */
export interface OpeningMember {
  readonly member: string;
  readonly market: string;
  readonly proof: string;
  readonly tier: string | null;
  /** Earned in the tier's window so far. */
  readonly tierProgress: number;
}

/** Members and balances that no till journalled, written by the server as terminal 0. */
export interface OpeningCommand {
  readonly kind: 'opening';
  readonly nowMs: number;
  readonly tenant: string;
  readonly day: string;
  /** Programme whose tiers the members have, and the first day of its window. */
  readonly tiers: { readonly programme: string; readonly since: string };
  readonly members: readonly OpeningMember[];
  readonly adjustments: readonly {
    readonly member: string;
    readonly programme: string;
    readonly version: number;
    readonly points: number;
    readonly source: string;
  }[];
}

/** Everything that changes the server's state. All that is random or timed is inside. */
export type Command =
  | PushCommand
  | GrantCommand
  | ProfileCommand
  | SealedProfilesCommand
  | ConsentCommand
  | EraseCommand
  | PairingCommand
  | EnrolCommand
  | QuarantineCommand
  | FenceCommand
  | JoinCommand
  | RestoredCommand
  | MatureCommand
  | NightCommand
  | NightDoneCommand
  | OpeningCommand
  | SettleCommand
  | AdjustCommand
  | MergeCommand
  | NoteCommand
  | NoteDoneCommand
  | KudosCommand
  | ApproveCommand
  | ShopCommand
  | SetUpCommand
  | ProgrammesCommand
  | StaffCommand;

/** What each command answers. */
export interface CommandResults {
  /** In the order of the pushes. */
  readonly push: readonly SyncOutput<'push'>[];
  readonly grant: SyncOutput<'grant'>;
  readonly profile: SyncOutput<'profile'>;
  readonly 'sealed-profiles': SyncOutput<'profile'>;
  readonly consent: Result<null, { readonly code: 'unknown-member' | 'erased' }>;
  readonly erase: Result<Erased, { readonly code: 'unknown-member' }>;
  readonly pairing: null;
  readonly enrol: SyncOutput<'enrol'>;
  readonly quarantine: null;
  readonly fence: Result<{ readonly exposure: number }, FenceRefusal>;
  readonly join: null;
  readonly restored: null;
  readonly mature: null;
  readonly night: string | null;
  readonly 'night-done': null;
  readonly opening: null;
  readonly settle: SyncOutput<'manager.settle'>;
  readonly adjust: DeedOutcome;
  readonly merge: DeedOutcome;
  readonly note: null;
  readonly 'note-done': null;
  readonly kudos: null;
  readonly approve: Result<string, Message>;
  readonly shop: null;
  readonly 'set-up': SetupDone;
  readonly programmes: SetupDone;
  readonly staff: SetupDone;
}

/** What applying a command came to: its answer, and whether anything changed that must be kept. */
export interface Applied<Result> {
  readonly result: Result;
  readonly changed: boolean;
  /** What the command log keeps instead of the command; left out: the command itself. */
  readonly record?: Command;
}
