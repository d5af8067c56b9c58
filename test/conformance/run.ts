import { readFileSync } from 'node:fs';
import { isFact, playFact } from '#test/hardware/escpos/play-facts.ts';
import { type Fields, fields, isFields, list, text } from '#loyalty/parts.ts';
import { begin, found, perform } from './verbs.ts';

/** One case with what went wrong; empty when it passed. */
export interface Played {
  readonly id: string;
  readonly problems: readonly string[];
}

function same(wanted: unknown, shown: unknown, tolerance: number): boolean {
  if (typeof wanted === 'string' && isFields(shown)) return wanted === shown['en'];
  if (typeof wanted === 'boolean' && Array.isArray(shown)) return wanted === shown.length > 0;
  if (typeof wanted === 'number') {
    if (Array.isArray(shown)) return wanted === shown.length;
    return typeof shown === 'number' && Math.abs(wanted - shown) < tolerance;
  }
  if (typeof wanted !== 'object' || wanted === null)
    return wanted === shown || `${String(wanted)}T23:59:59` === shown;
  if (typeof shown !== 'object' || shown === null) return false;
  const [some, all] = [Object.entries(wanted), Object.keys(shown)];
  const partly = isFields(wanted) && isFields(shown) && some.length > 0;
  if (Array.isArray(wanted) !== Array.isArray(shown)) return false;
  if (!partly && all.length !== some.length) return false;
  const at = (key: string, value: unknown): unknown =>
    isFields(shown) ? found(key, value, shown) : Object(shown)[key];
  return some.every(([key, value]) => same(value, at(key, value), tolerance));
}

function compare({ tolerance = 0.005, ...wanted }: Fields, shown: Fields): string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const got = found(key, value, shown);
    if (key.endsWith('_peer') || same(value, got, Number(tolerance))) return [];
    return [`${key}: wanted ${JSON.stringify(value)}, got ${JSON.stringify(got)}`];
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
  const id = text(of['id']);
  const expected = fields(of['expect']);
  let shown: ReadonlyMap<unknown, Fields>;
  try {
    const world = begin(of);
    for (const step of list(of['steps'])) world.shown.set(step['id'], perform(world, step));
    shown = world.shown;
  } catch (error) {
    return { id, problems: [String(error).slice(0, 400)] };
  }
  const last = [...shown.values()].at(-1) ?? {};
  const missed = (change: Fields): string[] =>
    Object.entries({ ...change, ...expected }).flatMap(([step, wanted]) => {
      if (!isFields(wanted)) return compare({ [step]: change[step] ?? wanted }, last);
      const merged = over(wanted, fields(change[step]));
      return compare(merged, shown.get(step) ?? {}).map((problem) => `${step}.${problem}`);
    });
  const problems = missed({});
  const accepted = list(of['accept']).some((change) => missed(change).length === 0);
  return { id, problems: accepted ? [] : problems };
}

/** Plays every case of a file's text: loyalty through the engine, hardware through its drivers. */
export function playAll(json: string): Played[] {
  const parsed: unknown = JSON.parse(json);
  return list(fields(parsed)['cases']).map((of) => (isFact(of) ? playFact(of) : play(of)));
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Name a file of cases: npm run conformance -- FILE');
  const played = playAll(readFileSync(file, 'utf8'));
  const failed = played.filter(({ problems }) => problems.length > 0);
  for (const { id, problems } of failed) console.log(`${id}\n  ${problems.join('\n  ')}`);
  console.log(`${played.length - failed.length} passed, ${failed.length} failed`);
}
