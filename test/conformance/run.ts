import { readFileSync } from 'node:fs';
import { isFact, playFact } from '#test/hardware/escpos/play-facts.ts';
import { instantAt, onlyWords, saysOf, wordsOf } from './programme.ts';
import { accountShown, issuedShown } from './shown.ts';
import { type Fields, fields, isFields, list, NotTranslated, text } from './table.ts';
import { acts } from './verbs.ts';
import { World } from './world.ts';

/** One case with what went wrong; empty when it passed. */
export interface Played {
  readonly id: string;
  readonly problems: readonly string[];
}

/** What was shown by a word of expectations, or by the one that says the same. */
function found(key: string, wanted: unknown, shown: Fields): unknown {
  const kind = { object: '[]', number: '#' }[String(typeof wanted)] ?? '';
  const others = [...saysOf('same', `${key}${kind}`), ...saysOf('same', key)];
  const name = others.find((other) => other in shown) ?? key;
  const value = shown[name];
  if (!['error', 'reason'].includes(key) || typeof value !== 'string') return value;
  const code = value.replaceAll('-', '_');
  return saysOf(key, code)[0] ?? code;
}

function same(wanted: unknown, shown: unknown, tolerance: number): boolean {
  if (typeof wanted === 'string' && isFields(shown)) return wanted === shown['en'];
  if (typeof wanted === 'boolean' && Array.isArray(shown)) return wanted === shown.length > 0;
  if (typeof wanted === 'number') {
    if (Array.isArray(shown)) return wanted === shown.length;
    return typeof shown === 'number' && Math.abs(wanted - shown) < tolerance;
  }
  if (typeof wanted !== 'object' || wanted === null) return wanted === shown;
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

/** Performs one step and shows everything about whom and what it concerned. */
function perform(world: World, step: Fields): Fields {
  const verb = text(step['do'] ?? 'order');
  if (!wordsOf('verbs').includes(verb)) throw new NotTranslated(`no verb ${verb}`);
  const deeds = saysOf('verbs', verb).map((deed) => deed.split('?'));
  const words = deeds.flatMap(([name = '']) => wordsOf(name));
  const keys = new Set(['id', 'do', 'at', 'member', ...saysOf('keys', verb), ...words]);
  const unknown = Object.keys(step).filter((key) => key.startsWith('.') || !keys.has(key));
  if (unknown.length > 0) throw new NotTranslated(`keys ${unknown.join(', ')}`);
  world.nowMs = instantAt(step['at'], world.nowMs);
  const before = world.ledger;
  if (step['variant'] !== undefined) world.load(step);
  const shown = deeds.reduce((done: Fields, [name = '', word = '']) => {
    const wanted = word === '' || word in step || (word[0] === '!' && !(word.slice(1) in step));
    if (!wanted || done['error'] !== undefined) return done;
    const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
    return { ...done, ...(act ? act(world, step, done) : world.act(name, step)) };
  }, {});
  const id = step['order'] ?? step['id'];
  const ref = step['member'] ?? shown['member'] ?? world.orders.get(id)?.['member'] ?? 'm';
  const all = { ...accountShown(world, text(ref), before), ...issuedShown(world, id), ...shown };
  if (verb !== 'order' && step['variant'] !== undefined) world.ledger = before;
  return all;
}

/** Whether a number in a case's points is not whole. */
function showsDecimals(value: unknown, key = ''): boolean {
  if (typeof value === 'number') return pointWords.test(key) && !Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) =>
    showsDecimals(item, Array.isArray(value) ? key : name),
  );
}
const pointWords = /^(?:cost_|preview_)?(?:points|earned|spent|balance)$/;

/** Plays one case; what it expects, or one of the accepted outcomes, must be shown. */
export function play(of: Fields): Played {
  const id = text(of['id']);
  const expected = fields(of['expect']);
  let shown: World['shown'];
  try {
    onlyWords('case', of);
    const world = new World(fields(of['program']), showsDecimals(of) ? 2 : 0);
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
