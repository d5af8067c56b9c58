import { journalEntry, type EntryBody, type JournalEntry } from '#journal/entry.ts';
import { isReceiptToken, normaliseCode } from '#loyalty/card.ts';
import type { QuoteSettings } from '#loyalty/context.ts';
import type { Programme } from '#loyalty/programme.ts';
import { afterRefund, noRefunds, refund, type RefundsBefore } from '#loyalty/refund.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { SaleSnapshot, SoldEarning } from '#loyalty/sale.ts';
import type { Message } from '#contract/till-state.ts';
import { askServer } from './ask-server.ts';
import { commit, programmeOf, type Core } from './core.ts';
import type { TillReads } from './database.ts';
import type { SoldSale } from './return-in-progress.ts';
import { refusal } from './session.ts';
import { words } from './words.ts';

/** How long the counter waits for another till's sale. */
const FIND_SALE_TIMEOUT_MS = 5000;

/** How long it waits to hear what other tills did to its own: it has the sale itself. */
const OWN_SALE_TIMEOUT_MS = 1500;

/** The nine characters of a receipt's code, however it was scanned or typed. */
export function readToken(text: string): Result<string, Message> {
  const plain = normaliseCode(text.replaceAll(':', ''));
  const token = plain.length === 10 && plain.startsWith('R') ? plain.slice(1) : plain;
  return isReceiptToken(token) ? ok(token) : err(refusal('receipt-code-wrong'));
}

/**
 * Finds a sale, with what was done to it since: in this till's journal, and at the server while the link
 * is up, since another till may have taken some of it back or given its points to somebody. With
 * `mustHear` it is not found unless the server was heard.
 */
export async function findSale(
  core: Core,
  text: string,
  { mustHear = false } = {},
): Promise<Result<SoldSale, Message>> {
  const token = readToken(text);
  if (!token.ok) return token;
  const receipt = token.value;
  const { read } = core.ports.database;
  const here = entriesHere(read, receipt);
  if (!here.ok) return here;
  const isHere = here.value.length > 0;
  const there = await entriesThere(
    core,
    receipt,
    isHere ? OWN_SALE_TIMEOUT_MS : FIND_SALE_TIMEOUT_MS,
  );
  // What is here can come back whatever the server does.
  if (!there.ok && (mustHear || !isHere)) return there;
  const known = new Set(here.value.map(({ tx }) => tx));
  const elsewhere = there.ok ? there.value.filter(({ tx }) => !known.has(tx)) : [];
  const sold = soldSaleFrom([...here.value, ...elsewhere], receipt, read);
  return sold.ok ? ok(await withProgrammes(core, sold.value)) : sold;
}

/** The entries of this till's own sale and of its claim; none where it is not its own. */
function entriesHere(read: TillReads, receipt: string): Result<readonly JournalEntry[], Message> {
  const row = read.saleByReceipt(receipt);
  if (row === null) return ok([]);
  if (row.kind === 'return') return err(refusal('receipt-is-a-return'));
  const claim = read.claimOf(row.tx);
  const texts = [
    ...read.entriesBetween(row.seq, row.lastSeq),
    ...(claim === null ? [] : read.entriesBetween(claim.firstSeq, claim.lastSeq)),
  ];
  return ok(texts.map(({ text }) => journalEntry.parse(JSON.parse(text))));
}

/** What the server has of a sale, and of everything any till did to it. */
async function entriesThere(
  core: Core,
  receipt: string,
  timeoutMs: number,
): Promise<Result<readonly JournalEntry[], Message>> {
  if (!core.link.online) return err(refusal('receipt-not-here-offline'));
  const { server, timer } = core.ports;
  const answer = await askServer(server, timer, 'find-sale', { receipt }, timeoutMs);
  if (!answer.ok) return err(refusal('receipt-not-here-offline'));
  const entries = answer.value.entries.map(readEntry);
  const whole = entries.filter((entry) => entry !== null);
  return whole.length < entries.length ? err(refusal('receipt-unreadable')) : ok(whole);
}

function soldSaleFrom(
  entries: readonly JournalEntry[],
  receipt: string,
  read: TillReads,
): Result<SoldSale, Message> {
  const sale = entries.find(({ body }) => body.kind === 'sale' && body.receipt === receipt);
  if (sale?.body.kind !== 'sale') return err(refusal('receipt-unknown'));
  const claim = entries.find(({ body }) => body.kind === 'claim' && body.of === sale.tx);
  const { member: claimedBy, counted } =
    claim?.body.kind === 'claim' ? claim.body : { member: null, counted: null };
  const earnedByClaim = entries.flatMap(({ tx, body }) =>
    body.kind === 'earn' && body.source === sale.tx && tx !== sale.tx ? [soldEarning(body)] : [],
  );
  const { body, tx, atMs } = sale;
  const returned = returnsOf(entries, tx, read);
  return ok({
    tx,
    receipt,
    soldAtMs: atMs,
    member: claimedBy ?? body.member,
    currency: body.currency,
    snapshot:
      counted === null
        ? body.snapshot
        : { ...body.snapshot, ...counted, earnings: earnedByClaim, claimable: [] },
    claimed: claimedBy !== null,
    returns: returned.map(({ body: made }) => (made.kind === 'return' ? made.lines : [])),
    returnsBeforeClaim:
      claim === undefined ? 0 : returned.filter((made) => made.atMs <= claim.atMs).length,
  });
}

function soldEarning(body: Extract<EntryBody, { kind: 'earn' }>): SoldEarning {
  const {
    programme,
    version,
    points,
    qualifyingPoints = points,
    basisMinor,
    breakdown,
    effectiveAtMs,
    expiresAtMs,
    allocatedMinor,
  } = body;
  return {
    programme,
    version,
    points,
    qualifyingPoints,
    basisMinor,
    breakdown: { ...breakdown },
    effectiveAtMs,
    expiresAtMs,
    allocatedMinor,
  };
}

/** Returns this till made and returns the server told of, each once, oldest first. */
function returnsOf(
  entries: readonly JournalEntry[],
  of: string,
  read: TillReads,
): readonly JournalEntry[] {
  const here = read
    .returnsOf(of)
    .flatMap((row) => read.entriesBetween(row.seq, row.seq))
    .map(({ text }) => journalEntry.parse(JSON.parse(text)));
  const byTx = new Map(
    [...entries, ...here]
      .filter(({ body }) => body.kind === 'return' && body.of === of)
      .map((entry) => [entry.tx, entry]),
  );
  return [...byTx.values()].toSorted((a, b) => a.atMs - b.atMs);
}

function readEntry(text: string): JournalEntry | null {
  try {
    const parsed = journalEntry.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Every version of a programme that a sale was made under. */
function versionsOf(
  sale: SaleSnapshot,
): readonly { readonly programme: string; readonly version: number }[] {
  const { earnings, claimable, redemptions, vouchers } = sale;
  return [...earnings, ...claimable, ...redemptions, ...vouchers];
}

/**
 * Fetches the versions this till never had, and keeps them: a sale of another till, or of before this
 * one was set up. Without a server the return or claim says which programme it lacks.
 */
async function withProgrammes(core: Core, sale: SoldSale): Promise<SoldSale> {
  const { database, server, timer } = core.ports;
  for (const { programme, version } of versionsOf(sale.snapshot)) {
    if (database.read.programmeVersion(programme, version) !== null) continue;
    if (!core.link.online) break;
    const asked = { programme, version };
    const answer = await askServer(server, timer, 'find-programme', asked, FIND_SALE_TIMEOUT_MS);
    const found = answer.ok ? answer.value.programme : null;
    if (found === null || found.id !== programme || found.version !== version) continue;
    commit(core, (writes) => writes.saveProgrammeVersion(found));
  }
  return sale;
}

/** The programme of a sale whose version is not here, by the name it has today; null where all are. */
export function missingProgramme(core: Core, sale: SaleSnapshot): string | null {
  const { read } = core.ports.database;
  const missing = versionsOf(sale).find(
    ({ programme, version }) => read.programmeVersion(programme, version) === null,
  );
  if (missing === undefined) return null;
  return words(programmeOf(core, missing.programme)?.name ?? { en: missing.programme });
}

/** The versions a sale was made under, as far as they are here; without one the refund is refused. */
export function programmesOf(core: Core, sale: SaleSnapshot): readonly Programme[] {
  const found = new Map<string, Programme>();
  for (const { programme, version } of versionsOf(sale)) {
    const kept = core.ports.database.read.programmeVersion(programme, version);
    if (kept !== null) found.set(`${programme} ${version}`, kept);
  }
  return [...found.values()];
}

/** What the earlier returns of a sale did, computed the way they were. */
export function refundsBefore(
  sale: SoldSale,
  programmes: readonly Programme[],
  settings: QuoteSettings,
): RefundsBefore {
  return sale.returns.reduce<RefundsBefore>((before, lines, index) => {
    const done = refund({
      sale: sale.snapshot,
      programmes,
      returning: { kind: 'lines', lines },
      before,
      settings,
      available: {},
    });
    if (!done.ok) return before;
    // Nobody had earned yet: the claim gave points for what was left, so none were taken back.
    const unearned = index < sale.returnsBeforeClaim;
    const { reversals } = done.value;
    // What no entry said is said by the next one.
    const written = reversals.filter(({ owed }) => owed !== 0);
    return afterRefund(before, { ...done.value, reversals: unearned ? [] : written });
  }, noRefunds);
}
