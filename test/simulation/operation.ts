import { z } from 'zod';
import { PIECES_MAX } from './nobodys-sale.ts';
import { stream } from './random.ts';

const atMs = z.int().nonnegative();
const till = z.int().nonnegative();
const forMs = z.int().nonnegative();
const points = z.int().nonnegative();

/** One thing that happens to the shop, at its own time: taking one out moves no other. */
export const operation = z.discriminatedUnion('kind', [
  z.strictObject({
    atMs,
    kind: z.literal('sell'),
    till,
    card: z.int(),
    earns: points,
    /** Points a reward on it costs; 0 for none. */
    costs: points,
    /** From the first line to settling. */
    takesMs: forMs,
  }),
  z.strictObject({ atMs, kind: z.literal('clear'), till }),
  z.strictObject({ atMs, kind: z.literal('return'), till, back: z.int(), percent: z.int() }),
  /** So many pieces to nobody: the receipt can be claimed. */
  z.strictObject({ atMs, kind: z.literal('sell-to-nobody'), till, pieces: z.int().positive() }),
  /** The receipt of the sale to nobody that was made `back` such sales ago is claimed. */
  z.strictObject({ atMs, kind: z.literal('claim'), till, back: z.int(), card: z.int() }),
  /** Pieces of such a sale come back. */
  z.strictObject({
    atMs,
    kind: z.literal('bring-back'),
    till,
    back: z.int(),
    pieces: z.int().positive(),
  }),
  z.strictObject({ atMs, kind: z.literal('hold'), till, card: z.int(), points }),
  z.strictObject({ atMs, kind: z.literal('risk'), till }),
  z.strictObject({ atMs, kind: z.literal('cut'), till, forMs }),
  z.strictObject({ atMs, kind: z.literal('crash'), till, forMs }),
  z.strictObject({ atMs, kind: z.literal('crash-server'), forMs }),
  z.strictObject({ atMs, kind: z.literal('clock'), till, byMs: z.int() }),
  z.strictObject({ atMs, kind: z.literal('backup') }),
  z.strictObject({ atMs, kind: z.literal('restore') }),
  z.strictObject({ atMs, kind: z.literal('fence'), till }),
  z.strictObject({ atMs, kind: z.literal('expire') }),
  z.strictObject({ atMs, kind: z.literal('snapshot'), till }),
  z.strictObject({ atMs, kind: z.literal('roll-back'), till }),
]);
export type Operation = Readonly<z.infer<typeof operation>>;

export const TILLS = 3;
/** Cards whose members are there from the start; those after them join at the tills. */
export const OLD_CARDS = 2;
const CARDS = 5;

type Kind = Operation['kind'];

/** How often each kind comes where a seed has all of them. */
const WEIGHTS: Readonly<Record<Kind, number>> = {
  sell: 50,
  clear: 4,
  return: 10,
  'sell-to-nobody': 8,
  claim: 10,
  'bring-back': 6,
  hold: 12,
  risk: 5,
  cut: 6,
  crash: 6,
  'crash-server': 3,
  clock: 3,
  backup: 1.5,
  restore: 1,
  fence: 0.4,
  expire: 3,
  snapshot: 0.6,
  'roll-back': 0.6,
};

/** What a seed may leave out, so that some seeds are about little else. */
const OPTIONAL: readonly Kind[] = [
  'clear',
  'return',
  'claim',
  'bring-back',
  'hold',
  'risk',
  'cut',
  'crash',
  'crash-server',
  'clock',
  'restore',
  'fence',
  'expire',
  'roll-back',
];

/** What is done with receipts of sales to nobody; half the seeds have none of it. */
const WITH_RECEIPTS: readonly Kind[] = ['sell-to-nobody', 'claim', 'bring-back'];

/** How often what was done with a receipt is followed at once by more of it, often at another till. */
const AGAIN = 0.4;

/** The operations of a seed: a list that can be read, shortened and run again. */
export function operationsOf(seed: number, count: number): readonly Operation[] {
  const random = stream(seed, 'operations');
  const left = new Set(OPTIONAL.filter(() => random.chance(0.4)));
  if (random.chance(0.5)) for (const kind of WITH_RECEIPTS) left.add(kind);
  const weights = Object.entries(WEIGHTS).filter(([kind]) => !left.has(kind as Kind));
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const dense = random.chance(0.5) ? 900 : 4000;
  let atMs = 1000;
  const operations: Operation[] = [];
  while (operations.length < count) {
    const last = operations.at(-1);
    if ((last?.kind === 'claim' || last?.kind === 'bring-back') && random.chance(AGAIN)) {
      atMs += random.below(dense / 2);
      const again = random.chance(0.6) ? claimOf(random) : bringBackOf(random);
      operations.push({ atMs, ...again, back: last.back });
      continue;
    }
    atMs += random.chance(0.04) ? random.below(90_000) : random.below(dense);
    let point = random.next() * total;
    const kind = (weights.find(([, weight]) => (point -= weight) < 0)?.[0] ?? 'sell') as Kind;
    operations.push({ atMs, ...detailsOf(kind, random) });
  }
  return operations;
}

type Details<Of> = Of extends { readonly atMs: number } ? Omit<Of, 'atMs'> : never;

type Random = ReturnType<typeof stream>;

function claimOf(random: Random): Details<Extract<Operation, { kind: 'claim' }>> {
  const till = random.below(TILLS);
  return { kind: 'claim', till, back: random.below(3), card: random.below(CARDS) };
}

function bringBackOf(random: Random): Details<Extract<Operation, { kind: 'bring-back' }>> {
  const till = random.below(TILLS);
  return { kind: 'bring-back', till, back: random.below(3), pieces: 1 + random.below(PIECES_MAX) };
}

function detailsOf(kind: Kind, random: Random): Details<Operation> {
  const at = random.below(TILLS);
  const lasts = random.chance(0.2) ? random.below(240_000) : random.below(15_000);
  switch (kind) {
    case 'sell':
      return {
        kind,
        till: at,
        card: random.chance(0.7) ? random.below(OLD_CARDS) : random.below(CARDS),
        earns: random.below(60),
        costs: random.chance(0.5) ? 10 * (1 + random.below(10)) : 0,
        takesMs: random.below(5000),
      };
    case 'return':
      return { kind, till: at, back: random.below(6), percent: random.pick([100, 100, 50, 20]) };
    case 'sell-to-nobody':
      return { kind, till: at, pieces: 1 + random.below(PIECES_MAX) };
    case 'claim':
      return claimOf(random);
    case 'bring-back':
      return bringBackOf(random);
    case 'hold':
      return { kind, till: at, card: random.below(OLD_CARDS), points: 20 * (1 + random.below(6)) };
    case 'clear':
    case 'risk':
    case 'fence':
    case 'snapshot':
    case 'roll-back':
      return { kind, till: at };
    case 'cut':
    case 'crash':
      return { kind, till: at, forMs: lasts };
    case 'crash-server':
      return { kind, forMs: lasts };
    case 'clock':
      return { kind, till: at, byMs: random.pick([-3_600_000, 3_600_000, 120_000, -5000]) };
    case 'backup':
    case 'restore':
    case 'expire':
      return { kind };
  }
}
