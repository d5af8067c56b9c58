import { commands } from '#hardware/escpos/commands.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { Conversation, type ConversationEvents } from './conversation.ts';
import type { PrinterTiming } from './timing.ts';
import type { PrinterTransport, TransportFailure } from './transport.ts';

/**
 * The line to the printer between jobs.
 *
 * Serial, USB and virtual lines stay open, so that the printer's news is heard; a network printer serves
 * one caller at a time, so its line is given back soon after a job.
 */
export class PrinterLink {
  readonly #transport: PrinterTransport;
  readonly #timing: PrinterTiming;
  readonly #events: ConversationEvents;
  #open: Conversation | null = null;
  #linger: NodeJS.Timeout | null = null;
  /** On the monotonic clock; a later, shorter wish does not shorten it. */
  #lingerUntilMs = 0;

  constructor(transport: PrinterTransport, timing: PrinterTiming, events: ConversationEvents) {
    this.#transport = transport;
    this.#timing = timing;
    this.#events = events;
  }

  /** The open line, or a new one. */
  async acquire(): Promise<Result<Conversation, TransportFailure>> {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    if (this.#open !== null && this.#open.lost === null) return ok(this.#open);
    const opened = await this.#transport.open();
    if (!opened.ok) return err(opened.error);
    this.#open = new Conversation(opened.value, this.#events);
    return ok(this.#open);
  }

  /** Gives the line back: after lingering for a late answer, or not at all. */
  release(lingerMs: number): void {
    if (this.#transport.keepsOpen || this.#open === null) return;
    const conversation = this.#open;
    const wantedMs = this.#transport.printsAtEnd === true ? 0 : lingerMs;
    this.#lingerUntilMs = Math.max(this.#lingerUntilMs, performance.now() + wantedMs);
    const waitMs = Math.max(0, this.#lingerUntilMs - performance.now());
    this.#linger = setTimeout(() => void this.#hangUp(conversation), waitMs);
  }

  /** Waits for a broken line to be gone, so that the next job finds the device free. */
  async drop(): Promise<void> {
    const conversation = this.#open;
    this.#open = null;
    if (conversation === null) return;
    conversation.connection.abort();
    await conversation.connection.ended;
  }

  /** Ends the line for good. */
  async close(): Promise<void> {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    if (this.#open !== null) await this.#hangUp(this.#open);
  }

  async #hangUp(conversation: Conversation): Promise<void> {
    if (this.#open === conversation) this.#open = null;
    this.#lingerUntilMs = 0;
    if (conversation.lost !== null) return;
    const quiet = !this.#transport.keepsOpen && conversation.heard;
    if (quiet) void conversation.connection.send(commands.automaticStatus(0));
    await conversation.connection.close(this.#timing.closeTimeoutMs);
  }
}
