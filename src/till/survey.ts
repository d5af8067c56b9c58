import { usualSurveyRules } from '#contract/survey.ts';
import { isOnScale, journalEntry, surveyQuestions, type SurveyQuestion } from '#journal/entry.ts';
import { commit, wallMs, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';

const DAY_MS = 86_400_000;

/** A member is being asked about the shop, after a sale of theirs. */
export interface OpenSurvey {
  readonly saleId: string;
  readonly member: string;
  /** The next question's place; past the last one all were answered. */
  readonly at: number;
}

/**
 * Begins to ask the member of the sale that was just settled; false where nobody is to be asked.
 *
 * Nobody without a membership, nobody whose points still wait to be claimed, nobody twice within the
 * shop's days. That somebody was asked is journalled, so that every till knows and a silence counts.
 */
export function beginSurvey(core: Core, saleId: string): boolean {
  const { counter, ports, config } = core;
  const { everyDays } = config.survey ?? usualSurveyRules;
  if (everyDays === 0 || counter.lastTx !== saleId || counter.display.connected === 0) return false;
  const member = memberOfSale(core, saleId);
  const known = member === null ? null : ports.database.read.member(member);
  if (known === null || known.status !== 'active' || known.provisional) return false;
  const nowMs = wallMs(core);
  const lastMs = known.surveyedAtMs ?? null;
  if (lastMs !== null && nowMs - lastMs < everyDays * DAY_MS) return false;
  const asked = commit(core, (writes) => {
    appendEntries(core, writes, ports.ids.uuid(), [
      { kind: 'survey-asked', member: known.member, of: saleId },
    ]);
    writes.saveSurveyed(known.member, nowMs);
  });
  if (!asked.ok) return false;
  counter.display.survey = { saleId, member: known.member, at: 0 };
  core.followUp();
  return true;
}

/** The question that is open for the sale; null once all are answered or it is another sale's. */
export function openQuestion(core: Core, saleId: string): SurveyQuestion | null {
  const { survey } = core.counter.display;
  return survey?.saleId === saleId ? (surveyQuestions[survey.at] ?? null) : null;
}

/** Journals one answer and goes on to the next question; a second tap on the same one changes nothing. */
export function answerSurvey(
  core: Core,
  saleId: string,
  question: SurveyQuestion,
  answer: number,
): boolean {
  const { survey } = core.counter.display;
  if (survey === null || openQuestion(core, saleId) !== question) return false;
  if (!isOnScale(question, answer)) return false;
  const body = {
    kind: 'survey-answer',
    member: survey.member,
    of: saleId,
    question,
    answer,
  } as const;
  const written = commit(core, (writes) =>
    appendEntries(core, writes, core.ports.ids.uuid(), [body]),
  );
  if (!written.ok) return false;
  core.counter.display.survey = { ...survey, at: survey.at + 1 };
  core.followUp();
  return true;
}

/** Nobody is asked any more; what was answered stays. */
export function endSurvey(core: Core): void {
  core.counter.display.survey = null;
}

/** Whose sale it was, read from what was written; null without a member who earned at once. */
function memberOfSale(core: Core, tx: string): string | null {
  const { read } = core.ports.database;
  const row = read.saleByTx(tx);
  if (row === null || row.kind !== 'sale') return null;
  const [first] = read.entriesBetween(row.seq, row.seq);
  const body = first === undefined ? null : journalEntry.parse(JSON.parse(first.text)).body;
  if (body?.kind !== 'sale' || body.member === null || body.snapshot.claimable.length > 0)
    return null;
  return body.member;
}
