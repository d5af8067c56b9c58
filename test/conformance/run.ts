import { readFileSync } from 'node:fs';
import { type Fields, fields, isFields, list, only, text } from './fields.ts';
import { Player } from './loyalty.ts';
import type { Shown } from './orders.ts';
import { memberVerbs } from './member-verbs.ts';
import { pointVerbs } from './point-verbs.ts';
import { programmeVerbs } from './programme-verbs.ts';
import { tillVerbs } from './till-verbs.ts';
import { stepKeys } from './step-keys.ts';
import { saleVerbs } from './verbs.ts';

const verbs = { ...saleVerbs, ...pointVerbs, ...memberVerbs, ...programmeVerbs, ...tillVerbs };

/** One case with what went wrong; empty when it passed. */
export interface Played {
  readonly id: string;
  readonly problems: readonly string[];
}

function same(wanted: unknown, shown: unknown, tolerance: number): boolean {
  if (typeof wanted === 'number') {
    if (Array.isArray(shown)) return wanted === shown.length;
    return typeof shown === 'number' && Math.abs(wanted - shown) < tolerance;
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(shown) || shown.length !== wanted.length) return false;
    return wanted.every((item, index) => same(item, shown[index], tolerance));
  }
  if (isFields(wanted)) {
    if (!isFields(shown)) return false;
    return Object.entries(wanted).every(([key, value]) => same(value, shown[key], tolerance));
  }
  return wanted === shown;
}

function compare(wanted: Fields, shown: Shown): string[] {
  const { tolerance, ...rest } = wanted;
  const within = typeof tolerance === 'number' ? tolerance : 0.005;
  return Object.entries(rest).flatMap(([key, value]) => {
    const found = key === 'balance' && isFields(value) ? shown['every_balance'] : shown[key];
    if (key.endsWith('_peer') || same(value, found, within)) return [];
    return [`${key}: wanted ${JSON.stringify(value)}, got ${JSON.stringify(found)}`];
  });
}

/** An accepted outcome over the expected one: its keys replace theirs, variants of them too. */
function over(wanted: Fields, change: Fields): Fields {
  const kept = Object.entries(wanted).filter(
    ([key]) => !Object.keys(change).some((other) => key.startsWith(`${other}_`)),
  );
  return { ...Object.fromEntries(kept), ...change };
}

/** Plays one case; what it expects, or one of the accepted outcomes, must be shown. */
export function play(of: Fields): Played {
  const id = text(of, 'id') ?? '';
  const shown = new Map<string, Shown>();
  try {
    const player = new Player(fields(of, 'program'));
    for (const step of list(of, 'steps')) {
      const verb = text(step, 'do') ?? 'order';
      const perform = verbs[verb];
      if (perform === undefined) return { id, problems: [`no verb ${verb}`] };
      only(step, `id do at member ${stepKeys[verb] ?? ''}`);
      player.nowMs = player.at(step);
      const before = player.ledger;
      const shows = perform(player, step);
      const result = { ...shows, every_balance: player.everyBalance() };
      if (verb !== 'order' && step['variant'] !== undefined) player.ledger = before;
      shown.set(text(step, 'id') ?? '', result);
      player.shown.set(text(step, 'id') ?? '', result);
    }
  } catch (error) {
    return {
      id,
      problems: [
        error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 400) : String(error),
      ],
    };
  }
  const expected = fields(of, 'expect');
  const last = [...shown.values()].at(-1) ?? {};
  const missed = (change: Fields): string[] =>
    Object.entries(expected).flatMap(([step, wanted]) => {
      if (!isFields(wanted))
        return compare({ [step === 'final_balance' ? 'balance' : step]: wanted }, last);
      const merged = isFields(change[step]) ? over(wanted, change[step]) : wanted;
      return compare(merged, shown.get(step) ?? {}).map((problem) => `${step}.${problem}`);
    });
  const problems = missed({});
  const accepted = list(of, 'accept').some((change) => missed(change).length === 0);
  return { id, problems: accepted ? [] : problems };
}

/** Plays every case of a file's text. */
export function playAll(json: string): Played[] {
  const parsed: unknown = JSON.parse(json);
  return isFields(parsed) ? list(parsed, 'cases').map(play) : [];
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Name a file of cases: npm run conformance -- FILE');
  const played = playAll(readFileSync(file, 'utf8'));
  const failed = played.filter(({ problems }) => problems.length > 0);
  for (const { id, problems } of failed) console.log(`${id}\n  ${problems.join('\n  ')}`);
  console.log(`${played.length - failed.length} passed, ${failed.length} failed`);
}
