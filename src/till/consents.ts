import { type AskedPurpose, consentTexts } from '#contract/consent-texts.ts';
import type { MemberConsents } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import { reaches } from '#loyalty/proof.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { askServer } from './ask-server.ts';
import type { Core } from './core.ts';
import { refusal, type AttachedMember } from './session.ts';

/** How long the counter waits for what a member allows. */
const ASK_TIMEOUT_MS = 5000;

/**
 * What the attached member allows, as the centre has it: this till may not have seen their answers.
 *
 * Messages are only spoken of where there is a number, or where they were once allowed.
 */
export async function memberConsents(core: Core): Promise<MemberConsents> {
  const attached = core.counter.session.member;
  if (attached === null) return { outcome: 'refused', refusal: refusal('no-member') };
  const { server, timer } = core.ports;
  const { member } = attached;
  const answer = await askServer(server, timer, 'member-data', { member }, ASK_TIMEOUT_MS);
  if (!answer.ok) return { outcome: 'refused', refusal: refusal('consents-offline') };
  // Whoever has just joined may not have arrived there yet.
  const own = core.ports.database.read.profile(member);
  const centre = answer.value.outcome === 'found' ? answer.value.data : null;
  if (centre === null && own === null) {
    return { outcome: 'refused', refusal: refusal('member-not-found') };
  }
  const consents = [...(own?.consents ?? []), ...(centre?.consents ?? [])].toSorted(
    (a, b) => a.atMs - b.atMs,
  );
  const hasPhone = [...(centre?.profiles ?? []), own].some(
    (known) => (known?.phone ?? null) !== null,
  );
  return {
    outcome: 'known',
    member,
    mayGive: mayGive(attached),
    consents: consentTexts[core.config.market].choices.flatMap(({ purpose, needsPhone }) => {
      const last = consents.findLast((consent) => consent.purpose === purpose);
      if (needsPhone && !hasPhone && last?.given !== true) return [];
      return [
        { purpose, answer: last === undefined ? null : { given: last.given, atMs: last.atMs } },
      ];
    }),
  };
}

/** Withdraws or gives a consent: a new answer beside the old ones, with the text that stands now. */
export async function changeConsent(
  core: Core,
  asked: {
    /** Whose answers the counter showed. */
    readonly member: string;
    readonly purpose: AskedPurpose;
    readonly given: boolean;
    readonly language: string;
  },
): Promise<Result<null, Message>> {
  const attached = core.counter.session.member;
  if (attached === null) return err(refusal('no-member'));
  if (attached.member !== asked.member) return err(refusal('other-member-now'));
  // Anybody may have typed the number: withdrawing harms nobody, allowing might.
  if (asked.given && !mayGive(attached)) return err(refusal('proof-needed-consent'));
  const { server, timer, log } = core.ports;
  const { version: textVersion } = consentTexts[core.config.market];
  const input = { ...asked, textVersion, channel: 'till' } as const;
  const answer = await askServer(server, timer, 'consent', input, ASK_TIMEOUT_MS);
  if (!answer.ok) {
    log.warn('consent-unanswered', { problem: answer.error.code });
    return err(refusal('consents-offline'));
  }
  return answer.value.outcome === 'recorded' ? ok(null) : err(refusal('member-not-found'));
}

function mayGive({ proof }: AttachedMember): boolean {
  return reaches(proof, 'presented');
}
