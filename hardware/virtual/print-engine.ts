import { decodeByte } from '#hardware/escpos/code-page.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { assertNever } from '#loyalty/result.ts';
import { byteName } from './command-shapes.ts';
import type { Token } from './command-parser.ts';
import { LineComposer } from './line-composer.ts';
import type { PaperStrip } from './paper.ts';
import { PaperRoll } from './paper-roll.ts';
import { defaultSettings, type PrintSettings } from './print-settings.ts';
import type { Trace } from './trace.ts';

/** What of a printer differs between models, as far as this engine cares. */
export interface EngineOptions {
  readonly widthDots: number;
  readonly paperWidthDots: number;
  /** Which table each ESC t number selects. */
  readonly codePages: ReadonlyMap<number, CodePageName>;
}

/** What the engine does beyond marking paper. */
export interface EngineEvents {
  onStrip(strip: PaperStrip): void;
  onDrawer(pin: 2 | 5, onMs: number): void;
  onBeep(): void;
  onAnswer(bytes: Uint8Array): void;
  /** GS a: which changes are to be told unasked. */
  onAutomaticStatus(mask: number): void;
  /** GS r 1: the paper sensor, asked in turn. */
  onPaperAsked(): void;
  /** Bytes for the customer display behind the printer. */
  onDisplay(bytes: Uint8Array): void;
}

/** What each command does to the engine, by the command's name. */
export type CommandEffects = ReadonlyMap<string, (engine: PrintEngine, bytes: Uint8Array) => void>;

/**
 * Obeys one token at a time: the part of the printer that marks paper.
 *
 * Whether it may run at all (paper, cover, buffer) is the printer's business, not the engine's.
 */
export class PrintEngine {
  readonly options: EngineOptions;
  readonly events: EngineEvents;
  readonly trace: Trace;
  readonly roll: PaperRoll;
  readonly line: LineComposer;
  settings: PrintSettings;
  /** A picture GS ( L stored and has not printed yet. */
  stored: { bytes: Uint8Array; scaleX: number; scaleY: number } | null = null;
  /** Whom ESC = chose: what is for the display is passed on unread. */
  selected: 'printer' | 'display' = 'printer';

  readonly #effects: CommandEffects;

  constructor(options: EngineOptions, effects: CommandEffects, events: EngineEvents, trace: Trace) {
    this.#effects = effects;
    this.options = options;
    this.events = events;
    this.trace = trace;
    this.roll = new PaperRoll(options.widthDots, options.paperWidthDots);
    this.line = new LineComposer(this.roll);
    this.settings = defaultSettings(options.widthDots);
  }

  obey(token: Token): void {
    const isChoice = token.kind === 'command' && token.name === 'ESC =';
    if (this.selected === 'display' && !isChoice) {
      if (token.kind !== 'too-long')
        this.events.onDisplay('bytes' in token ? token.bytes : Uint8Array.of(token.byte));
      return;
    }
    switch (token.kind) {
      case 'character':
        this.#character(token.byte);
        return;
      case 'control':
        this.#control(token.byte);
        return;
      case 'command':
        this.#command(token.name, token.bytes);
        return;
      case 'unknown':
        this.problem(`${token.name} is no command of this printer`);
        return;
      case 'too-long':
        this.problem(`${token.name} of ${token.length} bytes is longer than the printer's memory`);
        return;
      default:
        assertNever(token, 'PrintEngine.obey');
    }
  }

  /** ESC @. */
  initialise(): void {
    this.line.clear();
    this.settings = defaultSettings(this.options.widthDots);
    this.stored = null;
  }

  /** Says, in the trace and in the margin of the paper, what was not understood. */
  problem(message: string): void {
    this.trace.problem(message);
    this.roll.put({ kind: 'problem', y: this.roll.y, message });
  }

  cut(how: PaperStrip['cut']): void {
    const strip = this.roll.cut(how);
    if (strip !== null) this.events.onStrip(strip);
  }

  #character(byte: number): void {
    const { page } = this.settings;
    const character =
      byte < 0x80 ? decodeByte('cp437', byte) : page === null ? '\uFFFD' : decodeByte(page, byte);
    this.trace.character(character);
    this.line.character(character, this.settings);
  }

  #control(byte: number): void {
    switch (byte) {
      case 0x0a:
        this.trace.command('LF', []);
        this.line.print(this.settings);
        return;
      case 0x09:
        this.trace.command('HT', []);
        this.line.tab(this.settings);
        return;
      case 0x00:
      case 0x0d:
        return;
      case 0x0c:
        this.trace.command('FF', []);
        if (!this.line.empty) this.line.print(this.settings);
        return;
      default:
        this.problem(`control byte ${byteName(byte)} means nothing here`);
    }
  }

  #command(name: string, bytes: Uint8Array): void {
    const effect = this.#effects.get(name);
    this.trace.command(name, bytes);
    if (effect === undefined) this.problem(`${name} is not drawn by this printer`);
    else effect(this, bytes);
  }
}
