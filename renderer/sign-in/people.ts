import { mayDo, PIN_LENGTH_MAX, type Right, type StaffView } from '#contract/staff.ts';
import type { Message } from '#contract/till-state.ts';
import { isSilence } from '#renderer/till/core-client.ts';
import { normaliseDigits } from '#loyalty/card.ts';
import type { Counter } from '#renderer/cashier/counter.ts';

/** What the page of names is open for. `null` in the counter's state = it is closed, unless locked. */
export type PeopleWhy =
  | { readonly kind: 'switch' }
  /** Somebody's word for one deed; `granted` hears whether it was given. */
  | {
      readonly kind: 'word';
      readonly right: Right;
      readonly granted: (given: boolean) => void;
    };

/** Why the page of names stands over everything now. */
export type PeopleMode = PeopleWhy | { readonly kind: 'locked' };

/** What the page of names shows: chosen name, typed digits, what went wrong. */
export interface PeopleUi {
  readonly why: PeopleWhy | null;
  readonly chosen: string | null;
  readonly pin: string;
  readonly problem: Message | 'silence' | 'internal' | null;
  readonly isAsking: boolean;
}

/** The page of names, closed. */
export const closedPeople: PeopleUi = {
  why: null,
  chosen: null,
  pin: '',
  problem: null,
  isAsking: false,
};

/** Why the page of names is shown; null while it is not. A locked till always shows it. */
export function peopleMode(counter: Counter): PeopleMode | null {
  const staff = counter.till.snapshot().state?.staff;
  if (staff !== undefined && staff.signedIn === null) return { kind: 'locked' };
  return counter.ui().people.why;
}

/** Whose names are shown: everybody who may sign in, or who may give their word. */
export function peopleFor(mode: PeopleMode, people: readonly StaffView[]): readonly StaffView[] {
  if (mode.kind !== 'word') return people;
  return people.filter(({ role, hasPin }) => hasPin && mayDo(role, mode.right));
}

/** Opens the names, to hand the till over. The open sale stays where it is. */
export function openPeople(counter: Counter): void {
  counter.change({ people: { ...closedPeople, why: { kind: 'switch' } } });
}

/** Asks for the word of somebody who may; resolves with whether it was given. */
export function askForWord(counter: Counter, right: Right): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const why: PeopleWhy = { kind: 'word', right, granted: resolve };
  const only = peopleFor(why, peopleOf(counter));
  const chosen = only.length === 1 ? (only[0]?.cashier ?? null) : null;
  counter.change({ people: { ...closedPeople, why, chosen } });
  return promise;
}

/** The right that a refusal asks somebody's word for; null where it is another refusal. */
export function wordNeeded({ code, params }: Message): Right | null {
  if (code !== 'approval-needed') return null;
  const { right } = params;
  return right === 'refund-over-limit' || right === 'open-drawer' || right === 'close-uncounted'
    ? right
    : null;
}

/** Esc and Back: from the PIN to the names, from the names to where they were opened. */
export function leavePeople(counter: Counter): void {
  const { why, chosen } = counter.ui().people;
  const mode = peopleMode(counter);
  if (chosen !== null && mode !== null && namesAreMany(counter, mode)) {
    counter.change({ people: { ...closedPeople, why } });
    return;
  }
  if (mode?.kind === 'locked') return;
  counter.change({ people: closedPeople });
  if (why?.kind === 'word') why.granted(false);
}

function namesAreMany(counter: Counter, mode: PeopleMode): boolean {
  return peopleFor(mode, peopleOf(counter)).length > 1;
}

/** Chooses a name; whoever has no PIN is signed in with that tap. */
export function choosePerson(counter: Counter, person: StaffView): void {
  const { why } = counter.ui().people;
  counter.change({ people: { ...closedPeople, why, chosen: person.cashier } });
  if (!person.hasPin) void submitPin(counter);
}

/** A scanned badge is a tap on a name: to sign in, to hand over, or to give one's word. */
export function showBadge(counter: Counter, cashier: string): void {
  const mode = peopleMode(counter) ?? { kind: 'switch' };
  const person = peopleFor(mode, peopleOf(counter)).find((known) => known.cashier === cashier);
  if (person === undefined) return;
  if (mode.kind === 'switch') openPeople(counter);
  choosePerson(counter, person);
}

/** One more digit of the PIN; Arabic ones count as theirs. */
export function typePin(counter: Counter, digits: string): void {
  const { people } = counter.ui();
  const pin = (people.pin + normaliseDigits(digits)).slice(0, PIN_LENGTH_MAX);
  counter.change({ people: { ...people, pin, problem: null } });
}

export function erasePin(counter: Counter): void {
  const { people } = counter.ui();
  counter.change({ people: { ...people, pin: people.pin.slice(0, -1) } });
}

/** Signs the chosen person in, or takes their word. A wrong PIN is erased, the name stays chosen. */
export async function submitPin(counter: Counter): Promise<void> {
  const { people } = counter.ui();
  const { chosen: cashier, pin, why, isAsking } = people;
  if (cashier === null || isAsking) return;
  counter.change({ people: { ...people, isAsking: true, problem: null } });
  const failed = (problem: PeopleUi['problem']): void =>
    counter.change({ people: { ...counter.ui().people, pin: '', isAsking: false, problem } });
  try {
    const { call } = counter.till;
    const done =
      why?.kind === 'word'
        ? await call.approve({ right: why.right, cashier, pin })
        : await call['sign-in']({ cashier, pin });
    if (done.outcome === 'refused') return failed(done.refusal);
    counter.change({ people: closedPeople, notice: null });
    if (why?.kind === 'word') why.granted(true);
  } catch (error) {
    failed(isSilence(error) ? 'silence' : 'internal');
  }
}

/** Locks the till; the basket stays, and shows again to whoever signs in. */
export function lockTill(counter: Counter): void {
  counter.till.call['sign-in.lock'](null).catch((error: unknown) => {
    const key = isSilence(error) ? 'problem.silence' : 'problem.internal';
    counter.change({ notice: { from: 'page', key, values: {} } });
  });
}

/** A key while the page of names is shown: everything but moving about belongs to it. */
export function peopleKey(counter: Counter, mode: PeopleMode, event: KeyboardEvent): boolean {
  const { chosen, pin } = counter.ui().people;
  const { key } = event;
  if (key === 'Tab' || key === ' ' || key.startsWith('Arrow')) return false;
  if (key === 'Escape') leavePeople(counter);
  else if (key === 'Backspace') erasePin(counter);
  else if (key === 'Enter') {
    // Without digits Enter presses the key that has the focus, unless the chosen name needs none.
    if (chosen === null || (pin === '' && needsPin(counter, chosen))) return false;
    if (!event.repeat) void submitPin(counter);
  } else if (/^[0-9\u0660-\u0669]$/.test(key) && !event.repeat) {
    if (chosen === null) chooseByPlace(counter, mode, Number(normaliseDigits(key)));
    else typePin(counter, key);
  }
  return true;
}

/**
 * The number keys choose among the first nine names. Enter then signs in whoever has no PIN: a digit
 * alone could be the first of a scan.
 */
function chooseByPlace(counter: Counter, mode: PeopleMode, place: number): void {
  const person = peopleFor(mode, peopleOf(counter))[place - 1];
  if (person === undefined) return;
  const { why } = counter.ui().people;
  counter.change({ people: { ...closedPeople, why, chosen: person.cashier } });
}

function needsPin(counter: Counter, cashier: string): boolean {
  return peopleOf(counter).some((person) => person.cashier === cashier && person.hasPin);
}

function peopleOf(counter: Counter): readonly StaffView[] {
  return counter.till.snapshot().state?.staff.people ?? [];
}

/** What keys have done here so far, so that a scan can take its own out again. */
export function typedHere(counter: Counter): string {
  const { chosen, pin } = counter.ui().people;
  return `${chosen ?? ''} ${pin}`;
}

/** Puts back what was typed, as `typedHere` told it. */
export function restoreHere(counter: Counter, typed: string): void {
  const [chosen = '', pin = ''] = typed.split(' ');
  const { people } = counter.ui();
  counter.change({ people: { ...people, chosen: chosen === '' ? null : chosen, pin } });
}
