import type { WedgeKey } from './wedge-keys.ts';

/**
 * What became of a burst of keys.
 *
 * `restoreFrom` is the id of the scan's first key: the page puts its field back to the snapshot it
 * took at that key, so that a scan leaves no trace in a field that happened to have the focus.
 */
export type WedgeOutcome =
  /** Certain before it is over: restore now; the keys to come are prevented. */
  | { readonly kind: 'scan-begun'; readonly restoreFrom: number }
  | {
      readonly kind: 'scan';
      /** Best spelling; hand `[text, ...alternatives]` to `decodeCandidates`. May hold a payment card. */
      readonly text: string;
      readonly alternatives: readonly string[];
      readonly restoreFrom: number;
    }
  /** A person typed. `lostText` was kept out of the field by mistake and belongs at the caret. */
  | { readonly kind: 'typed'; readonly lostText: string };

/** The answer to one key. Handle `outcome` first: it belongs to the keys before, or ends with this one. */
export interface KeyReply {
  readonly keyId: number;
  /** Call `preventDefault` and stop propagation. */
  readonly prevent: boolean;
  /** Take a snapshot of the focused field under `keyId`, before this key changes it. */
  readonly provisional: boolean;
  readonly outcome: WedgeOutcome | null;
}

/**
 * Separates a keyboard scanner from a person at the same keyboard.
 *
 * Feed it every keydown of the page (capture phase) with the event's own time stamp. It holds no
 * timer: call `tick` at `deadlineMs`. A key that arrives after that, but was pressed before, belongs to
 * its burst all the same. Snapshots may be dropped at `scan`; those of the last keys are wanted still
 * after `typed`.
 */
export interface Wedge {
  /** `inTextField`: whether the key would write into a field rather than press a button. */
  key(record: WedgeKey, inTextField: boolean): KeyReply;
  /** Text that came without keys: paste, or `beforeinput` from Bluetooth, IME or remote desktop. */
  text(text: string, timeMs: number): KeyReply;
  /** Ends a burst by silence. Null when there is nothing to say yet. */
  tick(nowMs: number): WedgeOutcome | null;
  /** When `tick` will have something to say; null while no keys are waiting. */
  deadlineMs(): number | null;
}
