import { randomUUID } from 'node:crypto';
import { MEMBERS_PAGE } from '#contract/manager-members.ts';
import type { Message } from '#contract/till-state.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { eraseMember } from '#server/members/erase.ts';
import { readMainProgramme, readShop } from '#server/shop.ts';
import type { Database } from '#server/database/database.ts';
import { approvalProof } from './approval.ts';
import type { ManagerCalls, ManagerEnvironment } from './calls.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { readFollowUps, sealWords } from './follow-ups.ts';
import { readMemberDetail } from './member-detail.ts';
import type { DeedOutcome } from './member-deeds.ts';
import { listMembers, searchMembers, type MemberBooks } from './members.ts';

type MemberCalls = Pick<
  ManagerCalls,
  | 'manager.members'
  | 'manager.member'
  | 'manager.adjust'
  | 'manager.merge'
  | 'manager.note'
  | 'manager.erase'
  | 'manager.note-done'
  | 'manager.follow-ups'
>;

/** The manager's calls that are about members. */
export function memberCallsOf(environment: ManagerEnvironment): MemberCalls {
  const { database, executor } = environment;
  return {
    async 'manager.members'(till, { ask }) {
      const books = await booksOf(database, till);
      if (ask.text.trim() !== '') {
        const found = await searchMembers(database, books, ask.text, MEMBERS_PAGE);
        return {
          outcome: 'answered',
          answer: { rows: [...found.rows], partly: found.partly, next: null },
        };
      }
      const after = readCursor(ask.cursor);
      const rows = await listMembers(database, books, after, MEMBERS_PAGE + 1);
      const page = rows.slice(0, MEMBERS_PAGE);
      const last = rows.length > page.length ? page.at(-1) : undefined;
      const next =
        last === undefined ? null : writeCursor({ atMs: last.enrolledAtMs, id: last.member });
      return { outcome: 'answered', answer: { rows: page, next, partly: false } };
    },
    'manager.member': (till, { ask }) => detail(database, till, ask.member),
    async 'manager.adjust'(till, { by, ask }) {
      const { member, programme, points, reason, id } = ask;
      const done = await executor.execute<'adjust'>({
        kind: 'adjust',
        nowMs: environment.nowMs(),
        tenant: till.tenant,
        store: till.store,
        by,
        pinProof: await approvalProof(database, till, ask.pin),
        tx: id,
        member,
        programme,
        points,
        reason,
      });
      return after(database, till, done);
    },
    async 'manager.merge'(till, { by, ask }) {
      const done = await executor.execute<'merge'>({
        kind: 'merge',
        nowMs: environment.nowMs(),
        tenant: till.tenant,
        store: till.store,
        by,
        pinProof: await approvalProof(database, till, ask.pin),
        tx: randomUUID(),
        from: ask.from,
        into: ask.into,
      });
      return after(database, till, done);
    },
    async 'manager.erase'(till, { by, ask }) {
      const { tenant, store } = till;
      const { member, confirm } = ask;
      const nowMs = environment.nowMs();
      const config = await readShop(database, tenant, store);
      if (config === null) throw new Error('A till of a store that is not there');
      if (confirm !== null) {
        const pinProof = await approvalProof(database, till, ask.pin);
        const command = { kind: 'approve', nowMs, tenant, store, pinProof } as const;
        const approved = await executor.execute<'approve'>(command);
        if (!approved.ok) return { outcome: 'refused', refusal: approved.error };
      }
      const day = businessDay(nowMs, config);
      const done = await eraseMember(environment, { tenant, member, confirm, by, day });
      if (done.outcome === 'refused') return refused('member-not-found');
      return done.outcome === 'confirm'
        ? { outcome: 'answered', answer: { step: 'confirm', preview: done.preview } }
        : { outcome: 'answered', answer: { step: 'erased', member: done.member } };
    },
    async 'manager.note'(till, { by, ask }) {
      const { tenant } = till;
      const { id, member } = ask;
      if (ask.words.trim() === '') return refused('note-empty');
      if ((await readMemberDetail(database, await booksOf(database, till), member)) === null) {
        return refused('member-not-found');
      }
      const words = await sealWords(database, { tenant, member, id }, ask.words.trim());
      if (words === null) return refused('member-not-found');
      const atMs = environment.nowMs();
      const about = { member, till: null, exception: null };
      await executor.execute<'note'>({ kind: 'note', tenant, id, ...about, words, by, atMs });
      return { outcome: 'answered', answer: null };
    },
    async 'manager.note-done'({ tenant }, { by, ask }) {
      const nowMs = environment.nowMs();
      await executor.execute<'note-done'>({ kind: 'note-done', nowMs, tenant, id: ask.id, by });
      return { outcome: 'answered', answer: null };
    },
    async 'manager.follow-ups'({ tenant }) {
      const items = [...(await readFollowUps(database, tenant, null))];
      return { outcome: 'answered', answer: { items } };
    },
  };
}

/** The till that asks: whose members are meant, and which shop's main programme. */
interface AskingTill {
  readonly tenant: string;
  readonly store: string;
}

async function booksOf(database: Database, till: AskingTill): Promise<MemberBooks> {
  return { tenant: till.tenant, main: await readMainProgramme(database, till) };
}

type MemberAnswer = Awaited<ReturnType<ManagerCalls['manager.member']>>;

async function detail(database: Database, till: AskingTill, member: string): Promise<MemberAnswer> {
  const answer = await readMemberDetail(database, await booksOf(database, till), member);
  return answer === null ? refused('member-not-found') : { outcome: 'answered', answer };
}

async function after(
  database: Database,
  till: AskingTill,
  done: DeedOutcome,
): Promise<MemberAnswer> {
  if (!done.ok) return { outcome: 'refused', refusal: done.error };
  return detail(database, till, done.value.member);
}

function refused(code: string): { readonly outcome: 'refused'; readonly refusal: Message } {
  return { outcome: 'refused', refusal: { code, params: {} } };
}
