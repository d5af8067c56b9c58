import { commands } from '#hardware/escpos/commands.ts';
import { StatusStream, type StatusMessage } from '#hardware/escpos/status-stream.ts';
import type { DrawerLevel } from '#contract/device.ts';
import { assertNever } from '#loyalty/result.ts';
import {
  afterAutomatic,
  afterRealTime,
  problemOf,
  UNKNOWN_CONDITION,
  type PrinterCondition,
} from './status.ts';
import type { PrinterConnection, TransportFailure } from './transport.ts';

/** What the other side of the line may be interested in. */
export interface ConversationEvents {
  onCondition(condition: PrinterCondition): void;
  /** A process id nobody waits for any more: a proof that came late. */
  onLateProof(id: string): void;
  /** The line is gone, whoever ended it. */
  onLost(failure: TransportFailure): void;
}

/**
 * All that is said with a printer over one open line.
 *
 * One question is open at a time, because real-time answers do not say what they answer. Knows the
 * condition, hears proofs, and says when the line ends; sends no document.
 */
export class Conversation {
  readonly connection: PrinterConnection;
  readonly #events: ConversationEvents;
  readonly #stream = new StatusStream();
  #condition = UNKNOWN_CONDITION;
  #question: { readonly which: 1 | 2 | 3 | 4; readonly done: (answered: boolean) => void } | null =
    null;
  #proof: { readonly id: string | null; readonly done: () => void } | null = null;
  #lost: TransportFailure | null = null;
  #heard = false;

  constructor(connection: PrinterConnection, events: ConversationEvents) {
    this.connection = connection;
    this.#events = events;
    connection.onBytes((bytes) => {
      for (const message of this.#stream.push(bytes)) this.#hear(message);
    });
    void connection.ended.then((failure) => {
      this.#lost = failure;
      this.#question?.done(false);
      this.#events.onLost(failure);
    });
  }

  get condition(): PrinterCondition {
    return this.#condition;
  }

  /** Why the line is gone; null while it is there. */
  get lost(): TransportFailure | null {
    return this.#lost;
  }

  /** Whether this printer has ever answered on this line. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Asks all there is to know; false when nothing comes back in `timeoutMs`. */
  async ask(timeoutMs: number): Promise<boolean> {
    if (!(await this.#askOne(1, timeoutMs))) return false;
    if (this.#condition.online === false) {
      await this.#askOne(2, timeoutMs);
      if (this.#condition.error !== null) await this.#askOne(3, timeoutMs);
    }
    await this.#askOne(4, timeoutMs);
    return true;
  }

  /** Asks for the drawer's contact alone; null when nothing comes back in `timeoutMs`. */
  async askDrawer(timeoutMs: number): Promise<DrawerLevel | null> {
    return (await this.#askOne(1, timeoutMs)) ? this.#condition.drawer : null;
  }

  /** Resolves when the proof comes: a process id, or with null an answer in turn. */
  proof(id: string | null): Promise<'proved'> {
    return new Promise((resolve) => {
      this.#proof = { id, done: () => resolve('proved') };
    });
  }

  /** Stops waiting; a process id that still comes is a late proof. */
  forgetProof(): void {
    this.#proof = null;
  }

  async #askOne(which: 1 | 2 | 3 | 4, timeoutMs: number): Promise<boolean> {
    if (this.#lost !== null || this.#question !== null) return false;
    const answered = new Promise<boolean>((resolve) => {
      const timeout = setTimeout(() => this.#question?.done(false), timeoutMs);
      this.#question = {
        which,
        done: (heard) => {
          clearTimeout(timeout);
          this.#question = null;
          resolve(heard);
        },
      };
    });
    void this.connection.send(commands.requestStatus(which));
    return answered;
  }

  #hear(message: StatusMessage): void {
    switch (message.kind) {
      case 'real-time':
        this.#heard = true;
        if (this.#question === null) return;
        this.#learn(afterRealTime(this.#condition, this.#question.which, message.byte));
        this.#question.done(true);
        return;
      case 'automatic':
        this.#heard = true;
        this.#learn(afterAutomatic(message.status));
        return;
      case 'process-id':
        this.#heard = true;
        if (this.#proof !== null && this.#proof.id === message.id) this.#prove(this.#proof.done);
        else this.#events.onLateProof(message.id);
        return;
      case 'in-turn':
        if (this.#proof !== null && this.#proof.id === null) this.#prove(this.#proof.done);
        return;
      case 'block':
      case 'flow':
      case 'garbage':
        return;
      default:
        assertNever(message, 'Conversation');
    }
  }

  #prove(done: () => void): void {
    this.#proof = null;
    done();
  }

  #learn(condition: PrinterCondition): void {
    const before = this.#condition;
    this.#condition = condition;
    const same = problemOf(before) === problemOf(condition) && before.paper === condition.paper;
    if (!same || before.online === null) this.#events.onCondition(condition);
  }
}
