import type { ScannedCode } from './code.ts';

/** How long after a read the same code counts as the same read. */
export interface DuplicateSettings {
  /** Cards, receipts, vouchers and everything else. */
  readonly windowMs: number;
  /**
   * Products. Shorter, because two equal bottles pass a scanner within a second, while a card never
   * has to be read twice.
   */
  readonly productWindowMs: number;
}

/** 1.5 s is longer than any scanner waits before it repeats a code that stays in view. */
export const defaultDuplicateSettings: DuplicateSettings = {
  windowMs: 1_500,
  productWindowMs: 600,
};

/** Tells first reads from repeated ones, per device: two scanners at once do not mix. */
export interface DuplicateFilter {
  /** Whether `device` read this very code a moment ago. Records the read. Time only has to be monotonic. */
  isDuplicate(code: ScannedCode, device: string, timeMs: number): boolean;
}

const READS_REMEMBERED_MAX = 64;

/** Makes a filter that remembers nothing yet. */
export function createDuplicateFilter(
  settings: DuplicateSettings = defaultDuplicateSettings,
): DuplicateFilter {
  const lastReadMs = new Map<string, number>();
  return {
    isDuplicate(code, device, timeMs) {
      const key = JSON.stringify([device, identityOf(code)]);
      const windowMs = code.kind === 'product' ? settings.productWindowMs : settings.windowMs;
      const before = lastReadMs.get(key);
      const duplicate = before !== undefined && timeMs - before < windowMs;
      // A card left lying under the scanner is read again and again: each read restarts the window.
      // A product's window is not restarted, or a fast row of equal items would shrink to one.
      if (!duplicate || code.kind !== 'product') remember(lastReadMs, key, timeMs);
      return duplicate;
    },
  };
}

function remember(lastReadMs: Map<string, number>, key: string, timeMs: number): void {
  lastReadMs.delete(key);
  lastReadMs.set(key, timeMs);
  if (lastReadMs.size <= READS_REMEMBERED_MAX) return;
  const oldest = lastReadMs.keys().next();
  if (!oldest.done) lastReadMs.delete(oldest.value);
}

/** The code without its symbology: the same card as EAN-13 and as QR is the same card. */
function identityOf(code: ScannedCode): readonly [kind: string, value: string] {
  switch (code.kind) {
    case 'card':
      return [code.kind, code.number];
    case 'receipt':
      return [code.kind, code.token];
    case 'voucher':
      return [code.kind, code.code];
    case 'product':
      return [code.kind, code.gtin];
    case 'unknown':
      return [code.kind, code.text];
    case 'screen-key':
      return [code.kind, code.key];
    case 'payment-card':
      return [code.kind, ''];
    case 'unreadable':
      return [code.kind, code.reason];
    default:
      return assertNever(code);
  }
}

function assertNever(value: never): never {
  throw new Error(`identityOf met a code it does not know: ${JSON.stringify(value)}`);
}
