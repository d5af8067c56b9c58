import { journalEntry, type JournalEntry } from '#journal/entry.ts';
import { isReceiptToken, normaliseCode } from '#loyalty/card.ts';
import type { Programme } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import type { Message } from '#contract/till-state.ts';
import { askServer } from './ask-server.ts';
import { commit, programmeOf, type Core } from './core.ts';
import type { TillReads } from './database.ts';
import { currentMember } from './members.ts';
import { isSaleOf, readSale, type SaleEntries } from './read-sale.ts';
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
 * is up, since another till may have taken some of it back or given its points to somebody.
 */
export async function findSale(core: Core, text: string): Promise<Result<SoldSale, Message>> {
  const token = readToken(text);
  if (!token.ok) return token;
  const there = await toldThere(core, token.value);
  // What is here can come back whatever the server does.
  if (!there.ok && core.ports.database.read.saleByReceipt(token.value) === null) return there;
  return soldSale(core, token.value, there.ok ? there.value : nothingTold);
}

/** The sale as it stands now, with what was known of it before; null where it cannot be had any more. */
export async function lookAgainFor(
  core: Core,
  known: Pick<SoldSale, 'receipt' | 'elsewhere' | 'takenBack'>,
): Promise<SoldSale | null> {
  const there = await toldThere(core, known.receipt);
  const heard = there.ok ? there.value : { ...nothingTold, takenBack: known.takenBack };
  const news = new Set(heard.told.map(({ tx }) => tx));
  const before = known.elsewhere.filter(({ tx }) => !news.has(tx));
  const told = [...before, ...heard.told];
  const found = await soldSale(core, known.receipt, { ...heard, told });
  return found.ok && missingProgramme(core, found.value.snapshot) === null ? found.value : null;
}

/** A sale that was found, with what this till did to it since: another screen may have been faster. */
export function asItStands(core: Core, found: SoldSale): SoldSale {
  const { receipt, elsewhere, takenBack } = found;
  const now = soldSaleFrom(core, receipt, { told: elsewhere, takenBack });
  return now.ok ? now.value : found;
}

type Told = Omit<SaleEntries, 'here'>;

const nothingTold: Told = { told: [], takenBack: [] };

/** What the server has of a sale, and of everything any till or manager did to it. */
async function toldThere(core: Core, receipt: string): Promise<Result<Told, Message>> {
  if (!core.link.online) return err(refusal('receipt-not-here-offline'));
  const { server, timer, database } = core.ports;
  const isHere = database.read.saleByReceipt(receipt) !== null;
  const timeoutMs = isHere ? OWN_SALE_TIMEOUT_MS : FIND_SALE_TIMEOUT_MS;
  const answer = await askServer(server, timer, 'find-sale', { receipt }, timeoutMs);
  if (!answer.ok) return err(refusal('receipt-not-here-offline'));
  const entries = answer.value.entries.map(readEntry);
  const told = entries.filter((entry) => entry !== null);
  if (told.length < entries.length) return err(refusal('receipt-unreadable'));
  return ok({ told, takenBack: answer.value.takenBack });
}

/** A sale from what the server told and this till's own journal, with the programmes it was made under. */
async function soldSale(
  core: Core,
  receipt: string,
  there: Told,
): Promise<Result<SoldSale, Message>> {
  const sold = soldSaleFrom(core, receipt, there);
  if (!sold.ok) return sold;
  await fetchProgrammes(core, sold.value.snapshot);
  // What was done here meanwhile belongs to it.
  return soldSaleFrom(core, receipt, there);
}

function soldSaleFrom(core: Core, receipt: string, there: Told): Result<SoldSale, Message> {
  const { read } = core.ports.database;
  const row = read.saleByReceipt(receipt);
  if (row?.kind === 'return') return err(refusal('receipt-is-a-return'));
  const tx = row?.tx ?? there.told.find((entry) => isSaleOf(entry, receipt))?.tx;
  const here = tx === undefined ? [] : entriesHere(read, tx);
  const sale = readSale(receipt, { here, ...there }, (member) => memberNow(core, member));
  return sale === null ? err(refusal('receipt-unknown')) : ok(sale);
}

/** What this till wrote of a sale: the sale itself, its claim, its returns. */
function entriesHere(read: TillReads, tx: string): readonly JournalEntry[] {
  const sale = read.saleByTx(tx);
  const claim = read.claimOf(tx);
  const parts = [
    ...(sale === null ? [] : [{ firstSeq: sale.seq, lastSeq: sale.lastSeq }]),
    ...(claim === null ? [] : [claim]),
    ...read.returnsOf(tx).map(({ seq, lastSeq }) => ({ firstSeq: seq, lastSeq })),
  ];
  return parts.flatMap(({ firstSeq, lastSeq }) =>
    read.entriesBetween(firstSeq, lastSeq).map(({ text }) => journalEntry.parse(JSON.parse(text))),
  );
}

/** Who a member is today, after merges; unknown here, they stay who they were. */
function memberNow(core: Core, member: string): string {
  return currentMember(core, core.ports.database.read.member(member))?.member ?? member;
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
async function fetchProgrammes(core: Core, sale: SaleSnapshot): Promise<void> {
  const { database, server, timer } = core.ports;
  for (const { programme, version } of versionsOf(sale)) {
    if (database.read.programmeVersion(programme, version) !== null) continue;
    if (!core.link.online) return;
    const asked = { programme, version };
    const answer = await askServer(server, timer, 'find-programme', asked, FIND_SALE_TIMEOUT_MS);
    const found = answer.ok ? answer.value.programme : null;
    if (found === null || found.id !== programme || found.version !== version) continue;
    commit(core, (writes) => writes.saveProgrammeVersion(found));
  }
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
