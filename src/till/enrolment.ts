import type { ConsentChannel, ConsentRecord, MemberProfile } from '#contract/member.ts';
import type { EnrolInput } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import { cardNumberFromBytes } from '#loyalty/card.ts';
import type { ProofLevel } from '#loyalty/proof.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import { commit, randomRef, saveSession, wallMs, type Core } from './core.ts';
import type { CachedMember, TillWrites } from './database.ts';
import { closeHeld } from './grants.ts';
import { appendEntries } from './journal-writer.ts';
import {
  attachMember,
  currentMember,
  emptyRecord,
  findCached,
  keepRecord,
  LOOKUP_TIMEOUT_MS,
} from './members.ts';
import { masked, readPhone, type PhoneNumber } from './phone.ts';
import { rescueIssuedCard } from './card-issue.ts';
import { queuedJob } from './print-job.ts';
import { cardSlip } from './receipt/card-slip.ts';
import { remembering } from './history.ts';
import { attach, isSameShopper, refusal, type Session } from './session.ts';
import { sameActor } from './staff.ts';

/** What a typed number is, before anybody joins with it. */
export type PhoneCheck =
  | {
      readonly outcome: 'free';
      readonly e164: string;
      readonly takesSms: boolean;
      readonly unusual: boolean;
    }
  | {
      readonly outcome: 'existing';
      readonly e164: string;
      readonly displayName: string | null;
      readonly masked: string;
    }
  | { readonly outcome: 'refused'; readonly refusal: Message };

/** By whose hand somebody joins, and whether that is still wanted once a slow answer is there. */
export interface JoinedBy {
  readonly channel: ConsentChannel;
  readonly isWanted: () => boolean;
}

/** What is refused where the question was of a sale that is over by the time of its answer. */
export const SALE_IS_OVER = 'sale-is-over';

/** Whether the sale and its member are still those of now, once a slow answer is there. */
function whileSame(core: Core): () => boolean {
  const asked = core.counter.session;
  return () => isSameShopper(asked, core.counter.session);
}

/** Longest display name, in UTF-16 units; the contract's bound. */
const DISPLAY_NAME_MAX = 64;
/** Random bytes of a card number. */
const CARD_BYTES = 8;

/** Reads a number and looks whether it is somebody's: here first, then at the server. */
export async function checkPhone(core: Core, text: string): Promise<PhoneCheck> {
  const phone = readPhone(text, core.config.market);
  if (!phone.ok) return { outcome: 'refused', refusal: refusal(phone.error.code) };
  const { e164, takesSms, unusual } = phone.value;
  const existing = await findByPhone(core, e164);
  return existing === null
    ? { outcome: 'free', e164, takesSms, unusual }
    : {
        outcome: 'existing',
        e164,
        displayName: existing.displayName,
        masked: masked(e164),
      };
}

/** Whoever has the number, as far as this till and, within a moment, the server know. */
async function findByPhone(core: Core, e164: string): Promise<CachedMember | null> {
  const cached = findCached(core, 'phone', e164);
  if (cached !== null || !core.link.online) return cached;
  const hash = core.ports.crypto.identifierHash('phone', e164);
  const { server, timer } = core.ports;
  const answer = await askServer(server, timer, 'find-member', { hash }, LOOKUP_TIMEOUT_MS);
  if (!answer.ok || answer.value.record === null) return null;
  return currentMember(core, keepRecord(core, answer.value.record));
}

/** Attaches the member who has the number, instead of making a twin. */
export async function useExisting(
  core: Core,
  text: string,
  isWanted: () => boolean = whileSame(core),
): Promise<Result<null, Message>> {
  const phone = readPhone(text, core.config.market);
  if (!phone.ok) return err(refusal(phone.error.code));
  const existing = await findByPhone(core, phone.value.e164);
  if (!isWanted()) return err(refusal(SALE_IS_OVER));
  if (existing === null) return err(refusal('member-not-found'));
  attachMember(core, {
    member: existing.member,
    proof: 'declared',
    masked: masked(phone.value.e164),
  });
  return ok(null);
}

/**
 * Enrols the shopper: member, consents and card in one transaction, and onto the open sale at once.
 *
 * The journal learns a random reference; name, number and consents travel as a profile. Whoever
 * joins with a card alone holds that card; a typed number may be anybody's, so with it the member is
 * only declared, and the market decides what that may earn, until a card or a code is shown.
 */
export async function enrol(
  core: Core,
  input: EnrolInput,
  by: JoinedBy = { channel: 'till', isWanted: whileSame(core) },
): Promise<Result<{ readonly card: string | null }, Message>> {
  if (
    !input.ofAge &&
    (input.phone !== null || input.name !== null || input.consents.some(({ given }) => given))
  ) {
    return err(refusal('under-age-no-data'));
  }
  if (input.noticeVersion.trim() === '') return err(refusal('notice-not-shown'));
  const card = core.counter.unknown;
  const isSameActor = sameActor(core);
  const phone = await freePhone(core, input.phone);
  if (by.channel === 'till' && !isSameActor()) return err(refusal('locked'));
  const isWanted = by.isWanted();
  // A shopper who left sees nothing more of it; the cashier hears what became of the number.
  if (!isWanted && by.channel === 'display') return err(refusal(SALE_IS_OVER));
  if (!phone.ok) return phone;
  // Asking took a moment: somebody may have joined with the number in it, at another screen.
  if (phone.value !== null && findCached(core, 'phone', phone.value.e164) !== null) {
    return err(refusal('phone-already-member', { masked: masked(phone.value.e164) }));
  }
  if (!isWanted) return err(refusal(SALE_IS_OVER));
  const { unknown } = core.counter;
  const isCard = unknown?.kind === 'card' && unknown.hash === card?.hash;
  const scanned = input.useScannedCard && isCard ? unknown : null;
  if (input.useScannedCard && scanned === null) return err(refusal('no-scanned-card'));
  const joined = joining(core, input, phone.value, scanned, by.channel);
  rescueIssuedCard(core, joined.profile.member);
  const tx = core.ports.ids.uuid();
  const open = core.counter.session;
  const next = remembering(open, withJoined(open, joined), wallMs(core));
  const slip =
    joined.card !== null && next.issuedCard === null
      ? queuedJob(core.ports.ids.uuid(), tx, 'card', cardSlip(core, joined.card, input.language))
      : null;
  const written = commit(core, (writes) => {
    appendEntries(core, writes, tx, [
      {
        kind: 'enrol',
        member: joined.profile.member,
        market: core.config.market,
        proof: joined.proof,
        provisional: false,
      },
    ]);
    writes.saveProfile(joined.profile);
    writes.saveMember({
      ...emptyRecord(joined.profile.member, input.language),
      displayName: displayName(input.name),
      identifiers: joined.profile.identifiers,
    });
    closeDropped(core, writes, open, next);
    if (slip !== null) writes.savePrintJob(slip);
    saveSession(writes, next);
  });
  if (!written.ok) return written;
  core.counter.session = next;
  core.counter.unknown = null;
  core.counter.undo = null;
  core.counter.lookup = null;
  core.counter.lastTx = slip === null ? null : tx;
  core.notify('ok', { code: 'enrolled', params: {} });
  core.changed();
  core.followUp();
  return ok({ card: joined.card });
}

/** The open sale with the new member on it; a card they wait for goes on its receipt. */
function withJoined(open: Session, { profile, proof, masked: shown, card }: Joining): Session {
  const next = attach(open, { member: profile.member, proof, masked: shown });
  return card === null || open.lines.length === 0
    ? next
    : { ...next, issuedCard: { member: profile.member, number: card } };
}

/** Rewards of whoever was on the sale before go, and give their points back. */
function closeDropped(core: Core, writes: TillWrites, open: Session, next: Session): void {
  for (const { hold } of open.rewards) {
    if (hold === null || next.rewards.some((kept) => kept.hold?.request === hold.request)) continue;
    const held = writes.grantByRequest(hold.request);
    if (held !== null) closeHeld(core, writes, held, 'reward-removed');
  }
}

/** The number of a new member: well formed and nobody else's; null without one. */
async function freePhone(
  core: Core,
  text: string | null,
): Promise<Result<PhoneNumber | null, Message>> {
  if (text === null) return ok(null);
  const phone = readPhone(text, core.config.market);
  if (!phone.ok) return err(refusal(phone.error.code));
  const existing = await findByPhone(core, phone.value.e164);
  return existing === null
    ? ok(phone.value)
    : err(refusal('phone-already-member', { masked: masked(phone.value.e164) }));
}

interface Joining {
  readonly profile: MemberProfile;
  readonly proof: ProofLevel;
  readonly masked: string;
  /** Number of the card to print; null where the shopper brought one. */
  readonly card: string | null;
}

/** Who joins, with what. A provisional member on the sale keeps its reference and its card. */
function joining(
  core: Core,
  input: EnrolInput,
  phone: PhoneNumber | null,
  scanned: { readonly hash: string; readonly masked: string } | null,
  channel: ConsentChannel,
): Joining {
  const { read } = core.ports.database;
  const attached = core.counter.session.member;
  const present = attached === null ? null : read.member(attached.member);
  const earlier = present?.provisional === true ? read.profile(present.member) : null;
  const member = earlier?.member ?? randomRef(core, 'm');
  const brought = scanned !== null || earlier !== null;
  const card = brought ? null : cardNumberFromBytes(core.ports.ids.randomBytes(CARD_BYTES));
  const shown = scanned?.masked ?? attached?.masked ?? '';
  return {
    proof: phone === null || brought ? 'presented' : 'declared',
    masked: phone !== null ? masked(phone.e164) : card !== null ? masked(card) : shown,
    card,
    profile: {
      member,
      version: (earlier?.version ?? 0) + 1,
      market: core.config.market,
      name: input.name === null ? null : cleanName(input.name),
      phone: phone?.e164 ?? null,
      phoneTakesSms: phone?.takesSms ?? false,
      language: input.language,
      identifiers: [
        ...(earlier?.identifiers ?? []),
        ...(scanned === null
          ? []
          : [{ kind: 'card' as const, hash: scanned.hash, masked: scanned.masked }]),
        ...(card === null ? [] : [identifierOf(core, 'card', card)]),
        ...(phone === null ? [] : [identifierOf(core, 'phone', phone.e164)]),
      ],
      consents: consentsOf(core, input, channel),
    },
  };
}

function identifierOf(
  core: Core,
  kind: 'card' | 'phone',
  value: string,
): MemberProfile['identifiers'][number] {
  return { kind, hash: core.ports.crypto.identifierHash(kind, value), masked: masked(value) };
}

/** The notice first, then joining, then each answer: with text version, language, time, till and whose hand. */
function consentsOf(core: Core, input: EnrolInput, channel: ConsentChannel): ConsentRecord[] {
  const record = (
    purpose: ConsentRecord['purpose'],
    given: boolean,
    textVersion: string,
  ): ConsentRecord => ({
    purpose,
    given,
    textVersion,
    language: input.language,
    atMs: wallMs(core),
    till: core.options.identity.till,
    channel,
  });
  return [
    record('notice-shown', true, input.noticeVersion),
    record('membership', true, input.noticeVersion),
    ...input.consents.map(({ purpose, given, textVersion }) => record(purpose, given, textVersion)),
  ];
}

/** Directional marks out, blanks tidy: what is stored is what everybody sees. */
function cleanName(name: string): string | null {
  const clean = name
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
  return clean === '' ? null : clean.slice(0, 80);
}

/** First name and initial: enough to greet by. As the server makes it of the same name. */
export function displayName(name: string | null): string | null {
  const words = (name === null ? null : cleanName(name))?.split(' ') ?? [];
  const [first = null] = words;
  if (first === null) return null;
  const [initial] = words.length > 1 ? (words.at(-1) ?? '') : '';
  const shown = initial === undefined ? first : `${first} ${initial.toLocaleUpperCase('und')}.`;
  return shown.length <= DISPLAY_NAME_MAX
    ? shown
    : `${first.slice(0, DISPLAY_NAME_MAX - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
