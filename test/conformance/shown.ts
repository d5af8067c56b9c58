import { answerIn, plainly, type Reader, tellIn } from '#loyalty/answer-in.ts';
import { writtenSince } from '#loyalty/commands-apply.ts';
import { type Fields, fields, list, text } from '#loyalty/parts.ts';
import { type Ledger, spendable } from '#loyalty/ledger.ts';
import { messagesDue, type Milestone } from '#loyalty/milestones.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import { translate, words } from './programme.ts';
import type { World } from './world.ts';

/** How expectations write what is found, beside what every dialect has. */
const readers = ({ main }: World): Readonly<Record<string, Reader>> => ({
  short: (balance) => (Number(balance) < 0 ? 'points_already_redeemed' : null),
  promotion: (value) => Object.keys(fields(value)).find((rule) => rule !== 'base'),
  events: (value) =>
    list(value).map(({ kind, to }) => {
      const tier = main.tiers.find(({ id }) => id === to);
      return `tier_${text(kind)}:${text(tier?.name['en'])}`;
    }),
});
/** The words of a table with what they read. */
export const told = (table: string, of: Fields, world: World, name = '', currency = 'EUR') =>
  tellIn(words, table, of, world.units(currency), { name, readers: readers(world) });

/** Everything about an account, its member and an order, and what a step wrote. */
export function accountShown(world: World, ref: string, order: string, before: Ledger): Fields {
  const { main, ledger, nowMs: atMs, program } = world;
  const pageOf = (member: string): Fields => world.ask({ ask: 'member', member, atMs });
  const accountOf = (page: Fields, id = main.id): Fields => fields(fields(page['accounts'])[id]);
  const page = pageOf(ref);
  const account = accountOf(page);
  const totals = world.ask({ ask: 'programme', programme: main.id, atMs });
  const written = writtenSince(before, ledger);
  const members = Object.keys(fields(totals['balances'])).map((member) => {
    const about = pageOf(member);
    return told('member', { about, account: accountOf(about) }, world, member);
  });
  const others = ledger.programmes.map(({ id, name, unit }) => [
    `${name['en']}_balance`,
    plainly(accountOf(page, id)['balance'], smallestPerPoint(unit)),
  ]);
  const milestones = list(program['milestones']).map(
    (each) => translate('milestone', each, world.units()) as unknown as Milestone,
  );
  return {
    ...answerIn({ ...account, ...totals }, world.units()),
    ...Object.assign({}, Object.fromEntries(others), ...members),
    ...told('account', { account, written }, world),
    ...told('issued', world.ask({ ask: 'source', source: order, atMs }), world),
    entry: told('entry', { ...written.entries[0] }, world),
    enrolled: true,
    sent: messagesDue(milestones, spendable(ref, main.id), before, ledger, atMs),
  };
}

/** A quote of a basket, for its programme and as a whole. */
export function quoteShown(world: World, order: Fields, answer: Fields): Fields {
  const currency = text(fields(answer['quote'])['currency']);
  const all = told('quote', answer, world, text(order['id']), currency);
  const rows = { Won: all['earned'], Spent: all['spent'] };
  return {
    ...all,
    receipt_rows: Object.entries(rows).filter(([, of]) => of !== 0),
    allowed_or_explained: all['spent'] !== 0 || 'error' in all,
  };
}
