import { readFileSync } from 'node:fs';
import { type Fields, fields, isFields, list, text } from './notation/fields.ts';
import { memberVerbs } from './member-verbs.ts';
import { figureVerbs } from './metrics.ts';
import { pointVerbs } from './point-verbs.ts';
import { saleVerbs, type Verbs } from './sale-verbs.ts';
import { accountShown, everyBalance, issuedShown, sameAs } from './shown.ts';
import { keysOf } from './step-keys.ts';
import { NotTranslated, type Shown, World } from './world.ts';

const verbs: Verbs = { ...saleVerbs, ...pointVerbs, ...memberVerbs, ...figureVerbs };

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
  if (!isFields(wanted)) return wanted === shown;
  if (!isFields(shown)) return false;
  return Object.entries(wanted).every(([key, value]) => same(value, shown[key], tolerance));
}

/** Names of refusals that cases call otherwise. */
const errorNames: Readonly<Record<string, string>> = {
  'minimum-amount': 'minimum_not_met',
  'products-missing': 'not_eligible',
};

function shownFor(key: string, value: unknown, shown: Shown): unknown {
  if (key === 'balance' && isFields(value)) return shown['every_balance'];
  const found = shown[key in shown ? key : (sameAs[key] ?? key)];
  if (key !== 'error' || typeof found !== 'string') return found;
  return errorNames[found] ?? found.replaceAll('-', '_');
}

function compare(wanted: Fields, shown: Shown): string[] {
  const { tolerance = 0.005, ...rest } = wanted;
  return Object.entries(rest).flatMap(([key, value]) => {
    const found = shownFor(key, value, shown);
    if (key.endsWith('_peer') || same(value, found, Number(tolerance))) return [];
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

/** Performs one step and shows everything about whom and what it concerned. */
function perform(world: World, step: Fields): Shown {
  const verb = text(step, 'do') ?? 'order';
  const act = verbs[verb];
  if (act === undefined) throw new NotTranslated(`no verb ${verb}`);
  const known = keysOf(verb);
  const unknown = Object.keys(step).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new NotTranslated(`keys ${unknown.join(', ')}`);
  world.nowMs = world.at(step);
  const before = world.ledger;
  const shown = act(world, step) ?? {};
  const id = text(step, 'order') ?? text(step, 'id') ?? '';
  const ref = text(step, 'member') ?? text(shown, 'member') ?? world.orders.get(id)?.member ?? 'm';
  const account = { ...accountShown(world, ref), every_balance: everyBalance(world) };
  if (verb !== 'order' && step['variant'] !== undefined) world.ledger = before;
  return { ...account, ...issuedShown(world, id), ...shown };
}

/** Plays one case; what it expects, or one of the accepted outcomes, must be shown. */
export function play(of: Fields): Played {
  const id = text(of, 'id') ?? '';
  let world;
  try {
    world = new World(fields(of, 'program'));
    for (const step of list(of, 'steps'))
      world.shown.set(text(step, 'id') ?? '', perform(world, step));
  } catch (error) {
    return { id, problems: [String(error).slice(0, 400)] };
  }
  const { shown } = world;
  const last = [...shown.values()].at(-1) ?? {};
  const missed = (change: Fields): string[] =>
    Object.entries(fields(of, 'expect')).flatMap(([step, wanted]) => {
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
