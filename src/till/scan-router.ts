import type { ScannedCode, ScanSource } from '#scan/code.ts';
import type { ScreenKey } from '#scan/screen-key.ts';
import { assertNever } from '#loyalty/result.ts';
import { lockIfIdle, touched } from './auto-lock.ts';
import { badgeHolder, isBadge } from './badges.ts';
import { addProduct } from './basket.ts';
import { enterCode } from './codes.ts';
import type { Core } from './core.ts';
import { identify } from './members.ts';
import { openReturn } from './returns.ts';
import { activeStaff, signedIn } from './staff.ts';

/** The same card or receipt again within this time is a second reading, not a second act. */
export const SAME_CODE_MS = 1500;
/**
 * Two of the same product or key in a row are two, and so is a card on the next sale; only a double
 * reading is one.
 */
export const SAME_PRODUCT_MS = 300;

/** Presses a key on the cashier's screen; false where no screen is open. */
export type PressKey = (key: ScreenKey) => boolean;

/** Decides what a scan means. Anything not understood leaves the basket as it is, and says so. */
export interface ScanRouter {
  route(code: ScannedCode, source: ScanSource): Promise<void>;
}

/**
 * The one way a scan takes, whichever reader it came from.
 *
 * Two readers at once are two calls: each acts on the sale as it is then, and of two questions to
 * the server only the later one's answer counts.
 */
export function createScanRouter(core: Core, press: PressKey): ScanRouter {
  let last: { readonly key: string; readonly atMs: number; readonly sale: string } | null = null;

  const isRepeat = (code: ScannedCode): boolean => {
    const key = keyOf(code);
    if (key === null) return false;
    const nowMs = core.ports.clock.monoMs();
    const sale = core.counter.session.saleId;
    const isMany = code.kind === 'product' || code.kind === 'screen-key';
    const window = isMany || last?.sale !== sale ? SAME_PRODUCT_MS : SAME_CODE_MS;
    const repeat = last !== null && last.key === key && nowMs - last.atMs < window;
    if (!repeat) last = { key, atMs: nowMs, sale };
    return repeat;
  };

  return {
    async route(code, source) {
      if (code.kind === 'unknown' && isBadge(code.text)) return takeBadge(core, code.text);
      lockIfIdle(core);
      if (signedIn(core) === null) {
        core.ports.devices.beep('error');
        return refuse(core, 'locked', {});
      }
      touched(core);
      if (isRepeat(code)) {
        say(core, 'info', 'scanned-twice');
        return;
      }
      await act(core, code, source, press);
    },
  };
}

async function act(
  core: Core,
  code: ScannedCode,
  source: ScanSource,
  press: PressKey,
): Promise<void> {
  switch (code.kind) {
    case 'card': {
      const proof = source === 'typed' ? 'declared' : 'presented';
      const outcome = await identify(core, 'card', code.number, proof);
      core.ports.devices.beep(outcome.ok && outcome.value !== 'unknown' ? 'good' : 'error');
      return;
    }
    case 'product': {
      const outcome = addProduct(core, code.gtin);
      core.ports.devices.beep(outcome.ok ? 'good' : 'error');
      if (!outcome.ok) refuse(core, outcome.error.code, outcome.error.params);
      return;
    }
    case 'receipt': {
      const outcome = await openReturn(core, code.token);
      core.ports.devices.beep(outcome.ok ? 'good' : 'error');
      if (!outcome.ok) refuse(core, outcome.error.code, outcome.error.params);
      return;
    }
    case 'voucher':
      return takeCode(core, code.code, 'code-unknown');
    case 'screen-key': {
      const isPressed = press(code.key);
      core.ports.devices.beep(isPressed ? 'good' : 'error');
      return;
    }
    case 'payment-card':
      core.ports.devices.beep('error');
      return refuse(core, 'payment-card-refused', {});
    case 'unknown':
      return takeCode(core, code.text, 'scan-unknown');
    case 'unreadable':
      core.ports.devices.beep('error');
      return refuse(core, 'scan-unreadable', { reason: code.reason });
    default:
      return assertNever(code, 'scan router');
  }
}

function keyOf(code: ScannedCode): string | null {
  switch (code.kind) {
    case 'card':
      return `card ${code.number}`;
    case 'receipt':
      return `receipt ${code.token}`;
    case 'voucher':
      return `voucher ${code.code}`;
    case 'product':
      return `product ${code.gtin}`;
    case 'screen-key':
      return `key ${code.key}`;
    case 'payment-card':
    case 'unknown':
    case 'unreadable':
      return null;
    default:
      return assertNever(code, 'scan key');
  }
}

/** Says whose badge it is; the page asks for the PIN. Also at a locked till: that is what it is for. */
function takeBadge(core: Core, text: string): void {
  const holder = badgeHolder(core, activeStaff(core.config), text);
  core.ports.devices.beep(holder === null ? 'error' : 'good');
  if (holder === null) return refuse(core, 'badge-unknown', {});
  const scan = (core.counter.badge?.scan ?? 0) + 1;
  core.counter.badge = { cashier: holder.cashier, scan };
  core.changed();
}

/** A coupon, a gift card, or a text that may be a promotion's code; unknown changes nothing. */
async function takeCode(core: Core, text: string, unknown: string): Promise<void> {
  const outcome = await enterCode(core, text);
  core.ports.devices.beep(outcome.ok ? 'good' : 'error');
  if (outcome.ok) return;
  const { code, params } = outcome.error;
  const isUnknown = code === 'code-unknown' || code === 'code-empty';
  refuse(core, isUnknown ? unknown : code, isUnknown ? {} : params);
}

function refuse(core: Core, code: string, params: Readonly<Record<string, string | number>>): void {
  core.notify('refusal', { code, params: { ...params } });
  core.changed();
}

function say(core: Core, tone: 'info', code: string): void {
  core.notify(tone, { code, params: {} });
  core.changed();
}
