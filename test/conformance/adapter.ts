import { instant, onlyWords, saysOf, wordsOf } from './programme.ts';
import { accountShown } from './shown.ts';
import { type Fields, fields, NotTranslated, text } from './table.ts';
import { acts } from './verbs.ts';
import { World } from './world.ts';

const pointWords = /^(?:cost_|preview_)?(?:points|earned|spent|balance)$/;
/** Whether a number in a case's points is not whole. */
function showsDecimals(value: unknown, key = ''): boolean {
  if (typeof value === 'number') return pointWords.test(key) && !Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) =>
    showsDecimals(item, Array.isArray(value) ? key : name),
  );
}

/** The world that a case begins in. */
export function begin(of: Fields): World {
  onlyWords('case', of);
  return new World(fields(of['program']), showsDecimals(of) ? 2 : 0);
}

/** Performs one step and shows everything about whom and what it concerned. */
export function perform(world: World, step: Fields): Fields {
  const verb = text(step['do'] ?? 'order');
  if (!wordsOf('verbs').includes(verb)) throw new NotTranslated(`no verb ${verb}`);
  const said = saysOf('verbs', verb);
  const deeds = said.filter((word) => word[0] !== '+').map((deed) => deed.split('?'));
  const words = [
    ...said.map((word) => word.slice(1)),
    ...deeds.flatMap(([of = '']) => wordsOf(of)),
  ];
  const keys = new Set(['id', 'do', 'at', 'member', ...words]);
  const unknown = Object.keys(step).filter((key) => !keys.has(key));
  if (unknown.length > 0) throw new NotTranslated(`keys ${unknown.join(', ')}`);
  world.nowMs = instant(step['at'], world.nowMs);
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
  const all = { ...accountShown(world, text(ref), id, before), ...shown };
  if (verb !== 'order' && step['variant'] !== undefined) world.ledger = before;
  return all;
}

/** What expectations call by other names: the names of this one, and of a refusal's code. */
export const alike = (key: string, kind: string): readonly string[] => [
  ...saysOf('same', `${key}${kind}`),
  ...saysOf('same', key),
];
export const code = (key: string, value: unknown): unknown => {
  if (!['error', 'reason'].includes(key) || typeof value !== 'string') return value;
  const plain = value.replaceAll('-', '_');
  return saysOf(key, plain)[0] ?? plain;
};
