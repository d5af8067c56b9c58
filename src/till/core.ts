import type { PrinterStatus, ScannerStatus, VirtualPaper } from '#contract/device.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { StaffState } from '#contract/staff.ts';
import type { Message, Notice, TillState } from '#contract/till-state.ts';
import type { Approval } from './approvals.ts';
import type { PrintProgress, TillWrites, WriteProblem } from './database.ts';
import type { TillPorts } from './ports.ts';
import type { Returning } from './return-in-progress.ts';
import type { Session } from './session.ts';
import type { DisplayState } from './shopper-ask.ts';
import type { Programme } from '#loyalty/programme.ts';
import { toldInstant } from '#loyalty/business-day.ts';
import { err, ok, type Result } from '#loyalty/result.ts';

/** Who this till is: given at ENROL, never changed; a new incarnation is a new database. */
export interface TillIdentity {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly inc: number;
}

/** What a till is told once, when it is made. */
export interface TillOptions {
  readonly identity: TillIdentity;
  /** Name of the program and its version, for the journal: `regulars/0.1.0`. */
  readonly app: string;
  /** Epoch of the server as ENROL said. */
  readonly epoch: number;
  /** As ENROL brought it; a newer one in the database wins. */
  readonly config: ShopConfig;
}

/** A code that belongs to nobody, remembered until the next scan so that somebody may join with it. */
export interface UnknownIdentifier {
  readonly kind: 'card' | 'phone';
  readonly hash: string;
  readonly masked: string;
  /** For a number: what `enrol.commit` may use; never shown, never logged, never stored. */
  readonly value: string;
}

/** Whether the server answers, as the counter sees it. */
export interface LinkState {
  online: boolean;
  problem: string | null;
  /** By the server's word the last time it said how late it is. */
  isClockWrong: boolean;
}

/** What the counter shows besides the open sale. None of it outlives the process. */
export interface CounterState {
  session: Session;
  /** Identity of the question to the server whose answer still counts. */
  lookup: string | null;
  unknown: UnknownIdentifier | null;
  undo: { readonly member: NonNullable<Session['member']>; readonly untilMs: number } | null;
  notice: Notice | null;
  /** The badge scanned last: whose name the page chooses. */
  badge: StaffState['badge'];
  returning: Returning | null;
  /** Identity of the question for a receipt whose answer still opens a return. */
  openingReturn: string | null;
  /** Rewards for which the server is being asked for points, each with its programme. */
  readonly requesting: Map<string, string>;
  /** Questions for grants whose answer may still come, by request. */
  readonly asking: Set<string>;
  /** Transaction whose outcome the screen shows; null from the next scan on. */
  lastTx: string | null;
  readonly display: DisplayState;
  /** What its shopper is told besides points. */
  lastAwards: { readonly tx: string; readonly awards: readonly Message[] } | null;
}

/** Somebody who signed in. */
export interface SignIn {
  /** By staff reference. */
  readonly cashier: string;
  /** The salt of the PIN they gave, which is another with each PIN; null where they had none. */
  readonly salt: string | null;
}

/** What every use case of the till works on. */
export interface Core {
  readonly ports: TillPorts;
  readonly options: TillOptions;
  readonly counter: CounterState;
  readonly link: LinkState;
  readonly devices: {
    printer: PrinterStatus;
    readonly scanners: Map<string, ScannerStatus>;
    readonly papers: Map<string, VirtualPaper>;
    /** How far print jobs are where the disk does not say it, or not yet. */
    readonly jobs: Map<string, PrintProgress>;
  };
  config: ShopConfig;
  /** Who signed in; whether they still may work here is `signedIn`'s to say. */
  signedInAs: SignIn | null;
  /** Who acts now, as entries name them; `till` while nobody is signed in. */
  readonly cashier: string;
  /** Somebody's word for one deed that whoever is signed in may not do alone. */
  approval: Approval | null;
  /** When somebody last touched the till, on the monotonic clock. */
  activeAtMs: number;
  /** What is known of PINs besides the counts on the disk. */
  readonly pins: {
    isChecking: boolean;
    /** On the monotonic clock: by staff reference, and for the whole till. */
    readonly lastWrongMs: Map<string, number>;
    readonly startedMs: number;
    shutUntilMs: number;
  };
  /** Grows with every change of what can be seen. */
  revision(): number;
  /** Tells everybody who listens that something they may show has changed. */
  changed(): void;
  /** A quiet line; replaces the one before. */
  notify(tone: Notice['tone'], message: Message): void;
  /** Wakes the sync loop: somebody waits for the server's answer. */
  wakeSync(): void;
  /** Has the sync loop ask for the list of open grants: one may be open that nobody here knows of. */
  greetAgain(): void;
  /** Wakes the printer's queue: there is something new to print. */
  wakePrinter(): void;
  /** Prints and sends what was just written, once the cashier has seen that it was. */
  followUp(): void;
  onState(listener: (state: TillState) => void): () => void;
}

/** The open sale's next value: kept in memory, on disk, and told. */
export function setSession(core: Core, next: Session): void {
  core.counter.session = next;
  const saved = core.ports.database.write((writes) => saveSession(writes, next));
  if (!saved.ok) {
    core.ports.log.warn('draft-not-saved', { problem: saved.error.code });
    core.notify('warning', writeRefusal(saved.error));
  }
  core.changed();
}

/** Writes the open sale inside a transaction that does more. */
export function saveSession(writes: TillWrites, next: Session): void {
  writes.saveDraft(JSON.stringify(next));
}

/**
 * Runs a transaction; a problem becomes the refusal that the cashier reads.
 *
 * Where nobody can tell whether it was written, what is on the disk decides: its journal entries, or
 * what `isThere` looks for where it writes none.
 */
export function commit<Value>(
  core: Core,
  work: (writes: TillWrites) => Value,
  isThere: () => boolean = () => false,
): Result<Value, Message> {
  const { database, log } = core.ports;
  const runs: { readonly value: Value; readonly from: string; readonly to: string }[] = [];
  const outcome = database.write((writes) => {
    const from = writes.head().hash;
    const value = work(writes);
    runs.push({ value, from, to: writes.head().hash });
    return value;
  });
  if (outcome.ok) return ok(outcome.value);
  const { code: problem, detail } = outcome.error;
  log.error('write-failed', { problem, detail });
  const run = problem === 'outcome-unknown' ? runs.at(-1) : undefined;
  if (run === undefined) return err(writeRefusal(outcome.error));
  const isWritten = run.from === run.to ? isThere() : database.read.head().hash === run.to;
  return isWritten ? ok(run.value) : err(writeRefusal(outcome.error));
}

/** What the cashier is told when something could not be written; the sale stays on the counter. */
export function writeRefusal(problem: WriteProblem): Message {
  return { code: `not-saved-${problem.code}`, params: {} };
}

const programmesById = new WeakMap<ShopConfig, ReadonlyMap<string, Programme>>();

/** The programme of an id in the present configuration, which never changes in itself. */
export function programmeOf(core: Core, id: string): Programme | undefined {
  const known = programmesById.get(core.config);
  if (known !== undefined) return known.get(id);
  const made = new Map(core.config.programmes.map((programme) => [programme.id, programme]));
  programmesById.set(core.config, made);
  return made.get(id);
}

/** Wall time as a whole number of milliseconds, at which every day has a name: a sale must not fail on a clock. */
export function wallMs(core: Core): number {
  return toldInstant(Math.floor(core.ports.clock.wallMs()));
}

/** A random reference with a letter in front that says what it refers to; no time in it. */
export function randomRef(core: Core, prefix: string): string {
  const bytes = core.ports.ids.randomBytes(16);
  return prefix + [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
