import { type VoucherRecord, voucherFact } from '#contract/facts.ts';
import { CODE_LENGTH_MAX } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import { normaliseCode } from '#loyalty/card.ts';
import type { Refund } from '#loyalty/refund.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { programmeOf, setSession, wallMs, type Core } from './core.ts';
import { closeGrants, type Holding } from './grants.ts';
import { remembering } from './history.ts';
import { isRequesting } from './offer-view.ts';
import { quoteOf } from './pricing.ts';
import { reservePoints } from './reservations.ts';
import type { SoldSale } from './return-in-progress.ts';
import { voucherHolder } from './sale-entries.ts';
import { isSameSale, refusal, type Session } from './session.ts';
import { CODES_MAX, type SessionCode } from './session-shape.ts';

/** How long a code may wait for the server; the sale goes on meanwhile. */
export const FIND_VOUCHER_TIMEOUT_MS = 1500;

/** A code as people write it: no blanks around it or direction marks in it, in capitals. */
export function cleanCode(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toUpperCase();
}

/** Whether a rule of a present programme waits for this code: then it needs no server. */
export function isPromotionCode(core: Core, text: string): boolean {
  const code = normaliseCode(text);
  return core.config.programmes.some(
    ({ enabled, rules }) =>
      enabled &&
      rules.some(
        (rule) =>
          rule.enabled &&
          rule.conditions.some(
            (condition) => condition.kind === 'code' && normaliseCode(condition.code) === code,
          ),
      ),
  );
}

function isSameCode(one: string, other: string): boolean {
  return normaliseCode(one) === normaliseCode(other);
}

/** Under which name the points of a code are asked for. */
export function codeKey({ programme, holder }: Pick<VoucherRecord, 'programme' | 'holder'>): {
  readonly programme: string;
  readonly reward: string;
} {
  return { programme, reward: `code:${holder}`.slice(0, 64) };
}

/**
 * Puts a code on the sale.
 *
 * A promotion's code works without a server; it stays when the basket does not fit it yet, and says
 * what is missing. A coupon or gift card is looked up, and all that is on it is held for this sale,
 * so that nobody spends it elsewhere meanwhile. Whatever is refused leaves nothing behind.
 */
export async function enterCode(core: Core, typed: string): Promise<Result<null, Message>> {
  const text = cleanCode(typed);
  const { session } = core.counter;
  if (normaliseCode(text) === '') return err(refusal('code-empty'));
  if (text.length > CODE_LENGTH_MAX) return err(refusal('code-unknown'));
  if (session.codes.some((code) => isSameCode(code.text, text))) return err(refusal('code-there'));
  if (session.codes.length >= CODES_MAX) return err(refusal('too-many-codes', { max: CODES_MAX }));
  if (isPromotionCode(core, text)) {
    putOn(core, { text, voucher: null });
    return ok(null);
  }
  const found = await findVoucher(core, text);
  // Asking the server took a moment: the next shopper may stand here, whose sale it is not for.
  if (!isSameSale(session, core.counter.session)) return err(refusal('code-too-late'));
  return found.ok ? holdVoucher(core, text, found.value) : found;
}

/** A coupon or gift card: among the member's own, else as the server knows it. */
async function findVoucher(core: Core, text: string): Promise<Result<VoucherRecord, Message>> {
  const { ports, counter } = core;
  const { member } = counter.session;
  const own = member === null ? [] : (ports.database.read.member(member.member)?.vouchers ?? []);
  const mine = own.find(({ code }) => isSameCode(code, text));
  if (mine !== undefined) return ok(mine);
  if (!core.link.online) return err(refusal('code-needs-server'));
  const code = normaliseCode(text);
  const answer = await askServer(
    ports.server,
    ports.timer,
    'find-voucher',
    { code },
    FIND_VOUCHER_TIMEOUT_MS,
  );
  if (!answer.ok) return err(refusal('code-needs-server'));
  return answer.value.outcome === 'found' ? ok(answer.value.voucher) : err(refusal('code-unknown'));
}

/** Why a voucher cannot be used at all, before anything is asked for. */
export function voucherRefusal(core: Core, record: VoucherRecord): Message | null {
  const fact = voucherFact(record);
  if (programmeOf(core, record.programme)?.enabled !== true) return refusal('code-not-eligible');
  if (fact.state === 'blocked') return refusal('code-blocked');
  if (fact.expiresAtMs !== null && fact.expiresAtMs <= wallMs(core)) {
    return refusal('code-expired', { endedMs: fact.expiresAtMs - 1 });
  }
  if (fact.state === 'used') return refusal('code-used');
  // There is something left on it, and somebody holds all of that.
  return fact.available <= 0 ? refusal('code-in-use') : null;
}

async function holdVoucher(
  core: Core,
  text: string,
  record: VoucherRecord,
): Promise<Result<null, Message>> {
  const why = voucherRefusal(core, record);
  if (why !== null) return err(why);
  if (!core.link.online) return err(refusal('code-needs-server'));
  const key = codeKey(record);
  if (isRequesting(core, key)) return err(refusal('reward-requesting'));
  const points = record.available;
  const isOn = (open: Session): boolean =>
    open.codes.some((code) => code.voucher?.record.holder === record.holder);
  if (isOn(core.counter.session)) return err(refusal('code-there'));
  const held = await reservePoints(core, {
    ...key,
    holder: record.holder,
    points,
    isWanted: (open) => !isOn(open) && open.codes.length < CODES_MAX,
    apply(open, hold) {
      const code = { text, voucher: { record, hold: { ...hold, points } } };
      return remembering(open, { ...open, codes: [...open.codes, code] }, wallMs(core));
    },
  });
  if (!held.ok) return err(codeWord(held.error));
  core.counter.lastTx = null;
  sayWhatIsMissing(core, text);
  return held;
}

/** A refusal of points, in the words of a code. */
function codeWord(why: Message): Message {
  switch (why.code) {
    case 'reward-refused-not-enough':
    case 'reward-refused-not-enough-money':
    case 'reward-refused-recalled':
      return refusal('code-in-use');
    case 'reward-refused-blocked':
      return refusal('code-blocked');
    case 'reward-refused-unknown-member':
      return refusal('code-unknown');
    case 'reward-server-silent':
      return refusal('code-needs-server');
    default:
      return why;
  }
}

function putOn(core: Core, code: SessionCode): void {
  const { session } = core.counter;
  core.counter.notice = null;
  core.counter.lastTx = null;
  const next: Session = { ...session, codes: [...session.codes, code] };
  setSession(core, remembering(session, next, wallMs(core)));
  sayWhatIsMissing(core, code.text);
}

/** A code that does nothing yet is no success: the cashier hears what it waits for. */
function sayWhatIsMissing(core: Core, text: string): void {
  const { codes } = quoteOf(core, core.counter.session);
  const why = codes.find((code) => code.code === text)?.reason ?? null;
  if (why === null) return;
  core.notify('info', { code: why.code, params: { ...why.params } });
  core.changed();
}

/** Takes a code off the sale; what was on hold for it goes back. */
export function removeCode(core: Core, text: string): Result<null, Message> {
  const { session } = core.counter;
  const gone = session.codes.filter((code) => isSameCode(code.text, text));
  if (gone.length === 0) return err(refusal('no-such-code'));
  closeGrants(core, gone.map(holding), 'reward-removed');
  core.counter.notice = null;
  const codes = session.codes.filter((code) => !gone.includes(code));
  setSession(core, remembering(session, { ...session, codes }, wallMs(core)));
  return ok(null);
}

/** What a code has on hold. */
export function holding({ voucher }: SessionCode): Holding {
  return { hold: voucher?.hold ?? null };
}

/** The open sale's codes that a return empties: they came with the goods that are brought back. */
export function codesOfReturn(
  { codes }: Session,
  sale: SoldSale,
  { vouchers }: Refund,
): readonly SessionCode[] {
  const emptied = new Set(
    vouchers.flatMap(({ voucher, points }) =>
      points > 0 ? [voucherHolder(sale.tx, voucher)] : [],
    ),
  );
  return codes.filter(({ voucher }) => voucher !== null && emptied.has(voucher.record.holder));
}
