import type { ManagerCall } from '#contract/manager.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { TillContract } from '#contract/till.ts';
import type { Message } from '#contract/till-state.ts';
import { askServer } from './ask-server.ts';
import type { Core } from './core.ts';
import { isOwnCursor, ownEntries } from './own-entries.ts';

/** How long a manager's question may take before the page says that nobody answered. */
const ASK_TIMEOUT_MS = 5000;

/** Nobody answered: what the page says instead. */
interface Unanswered {
  readonly outcome: 'refused';
  readonly refusal: Message;
}

const OFFLINE: Unanswered = {
  outcome: 'refused',
  refusal: { code: 'offline-manager', params: {} },
};

type Ask<Call extends ManagerCall> = SyncInput<Call>['ask'];

/** Asks the server in the name of whoever is at the till. Alone, a till says so: it has no other's books. */
async function ask<Call extends ManagerCall>(
  core: Core,
  call: Call,
  question: Ask<Call>,
): Promise<SyncOutput<Call> | Unanswered> {
  const { server, timer, log } = core.ports;
  const input = { by: core.cashier, ask: question } as SyncInput<Call>;
  const answer = await askServer(server, timer, call, input, ASK_TIMEOUT_MS);
  if (answer.ok) return answer.value;
  log.warn('manager-unanswered', { call, problem: answer.error.code });
  return OFFLINE;
}

/** The manager's part of the contract. */
export function managerHandlers(core: Core): Pick<HandlersOf<TillContract>, ManagerCall> {
  return {
    'manager.exceptions': (question) => ask(core, 'manager.exceptions', question),
    'manager.entries': async (question) => {
      const isOwn = isOwnCursor(question.cursor);
      const answer = isOwn ? OFFLINE : await ask(core, 'manager.entries', question);
      if (answer.outcome === 'answered') return answer;
      const own = ownEntries(core, question);
      return own === null ? answer : { outcome: 'answered', answer: own };
    },
    'manager.members': (question) => ask(core, 'manager.members', question),
    'manager.member': (question) => ask(core, 'manager.member', question),
    'manager.adjust': (question) => ask(core, 'manager.adjust', question),
    'manager.merge': (question) => ask(core, 'manager.merge', question),
    'manager.erase': (question) => ask(core, 'manager.erase', question),
    'manager.note': (question) => ask(core, 'manager.note', question),
    'manager.note-done': (question) => ask(core, 'manager.note-done', question),
    'manager.follow-ups': (question) => ask(core, 'manager.follow-ups', question),
    'manager.staff': (question) => ask(core, 'manager.staff', question),
    'manager.kudos': (question) => ask(core, 'manager.kudos', question),
    'manager.loyalty': (question) => ask(core, 'manager.loyalty', question),
    'manager.group': (question) => ask(core, 'manager.group', question),
    'manager.settle': (question) => ask(core, 'manager.settle', question),
  };
}
