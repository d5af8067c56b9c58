import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ref } from '#journal/entry.ts';
import { idField } from '#loyalty/fields.ts';
import { parseProgramme, programmeJsonSchema } from '#loyalty/parse-programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';

const good = {
  id: 'club',
  version: 1,
  name: { en: 'Club' },
  currencies: ['TRY'],
  rules: [
    { id: 'a', name: { en: 'A' }, effect: { kind: 'per-money', points: '1', perMinor: 100 } },
  ],
};

function problems(document: unknown): readonly { path: string; message: string }[] {
  const loaded = parseProgramme(document);
  return loaded.ok ? [] : loaded.error;
}

function reward(more: Record<string, unknown>) {
  return {
    ...good,
    rewards: [
      {
        id: 'w',
        name: { en: 'W' },
        costPoints: 10,
        value: { kind: 'fixed', amountMinor: 100 },
        ...more,
      },
    ],
  };
}

describe('a programme document', () => {
  it('loads with every setting filled in, and loads again from what it became', () => {
    const loaded = parseProgramme(pointsPreset);
    expect(loaded).toMatchObject({ ok: true, value: { warnings: [] } });
    if (!loaded.ok) return;
    expect(loaded.value.programme.earning).toMatchObject({ tax: 'included', rounding: 'floor' });
    const again = parseProgramme(JSON.parse(JSON.stringify(loaded.value.programme)));
    expect(again).toEqual(loaded);
  });

  it.each([
    ['a misspelt setting', { ...good, expirey: {} }, ''],
    ['an id the journal has no room for', { ...good, id: '_club' }, 'id'],
    ['a reward’s id of that kind', reward({ id: '-w' }), 'rewards.0.id'],
    ['no currency', { ...good, currencies: [] }, 'currencies'],
    ['a currency that does not exist', { ...good, currencies: ['XXT'] }, 'currencies.0'],
    ['a name without English', { ...good, name: { tr: 'Kulüp' } }, 'name'],
    [
      'dates the wrong way round',
      { ...good, dates: { from: '2026-05-02', to: '2026-05-01' } },
      'dates.to',
    ],
    ['a day that does not exist', { ...good, dates: { from: '2026-02-30' } }, 'dates.from'],
    [
      'a division by zero',
      {
        ...good,
        rules: [{ ...good.rules[0], effect: { kind: 'per-money', points: '1', perMinor: 0 } }],
      },
      'rules.0.effect.perMinor',
    ],
    ['two rules of one name', { ...good, rules: [...good.rules, ...good.rules] }, 'rules.1.id'],
    [
      'a reward that is not there',
      { ...good, rules: [{ ...good.rules[0], effect: { kind: 'discount', reward: 'x' } }] },
      'rules.0.effect.reward',
    ],
    [
      'a tier that is not there',
      { ...good, rules: [{ ...good.rules[0], conditions: [{ kind: 'tier', in: ['gold'] }] }] },
      'rules.0.conditions.0.in',
    ],
    [
      'a percentage above 100',
      reward({ value: { kind: 'percent', percent: '100.01' } }),
      'rewards.0.value.percent',
    ],
    [
      'money for zero points',
      reward({ costPoints: 0, value: { kind: 'per-point', valueMinor: 1 } }),
      'rewards.0.costPoints',
    ],
    [
      'a tier below the last',
      {
        ...good,
        tiers: [
          { id: 's', name: { en: 'S' }, criteria: { metric: 'visits', atLeast: 10 } },
          { id: 'g', name: { en: 'G' }, criteria: { metric: 'visits', atLeast: 10 } },
        ],
      },
      'tiers.1.criteria',
    ],
    [
      'a wallet in another currency',
      { ...good, unit: { kind: 'money', currency: 'EUR' } },
      'unit.currency',
    ],
    [
      'crossed bounds',
      {
        ...good,
        rules: [{ ...good.rules[0], conditions: [{ kind: 'amount', minMinor: 2, maxMinor: 1 }] }],
      },
      'rules.0.conditions.0',
    ],
  ])('with %s is refused with its path', (_, document, path) => {
    const found = problems(document);
    expect(found.map((problem) => problem.path)).toContain(path);
    for (const { message } of found) expect(message.length).toBeGreaterThan(10);
  });

  it('has ids that the journal can name, and no other', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._:-]{0,66}$/), (id) => {
        if (idField.safeParse(id).success) expect(ref.safeParse(id).success).toBe(true);
      }),
      { examples: [['_club'], ['-club'], ['club_1-a']] },
    );
    expect(idField.safeParse('club_1-a').success).toBe(true);
  });

  it('is described by a JSON Schema that names what is required', () => {
    expect(programmeJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['id', 'version', 'name', 'currencies'],
    });
  });

  it('warns about a reward that nobody can reach', () => {
    const loaded = parseProgramme({ ...reward({ costPoints: 500 }), caps: { balance: 400 } });
    expect(loaded).toMatchObject({
      ok: true,
      value: { warnings: [{ path: 'rewards.0.costPoints' }] },
    });
  });

  it('warns about a code whose letters are taken for digits', () => {
    const document = {
      ...good,
      rules: [{ ...good.rules[0], conditions: [{ kind: 'code', code: 'OIL' }] }],
    };
    expect(parseProgramme(document)).toMatchObject({
      value: { warnings: [{ path: 'rules.0.conditions.0.code' }] },
    });
  });
});

describe('the engine', () => {
  it('names no preset, programme or competitor outside its presets', () => {
    const folder = join(import.meta.dirname, '../../src/loyalty');
    const names =
      /odoo|erpnext|frappe|square|voucherify|talon|setono|loyverse|smile\.io|panera|amazon|prime\b|walmart|sephora|bfearless|north face|xplr|hilton|lego|le pantalon|bolddesk|payback|starbucks/i;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('presets'),
    );
    expect(files.length).toBeGreaterThan(20);
    const guilty = files.filter((name) => names.test(readFileSync(join(folder, name), 'utf8')));
    expect(guilty).toEqual([]);
  });

  it('imports nothing but zod', () => {
    const folder = join(import.meta.dirname, '../../src/loyalty');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const foreign = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/from '([^']+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((from) => !/^(?:zod$|\.\/|#loyalty\/)/.test(from)),
    );
    expect(foreign).toEqual([]);
  });
});
