import { addDays } from '#loyalty/calendar.ts';
import { type Basket, basketLine } from '#loyalty/basket.ts';
import { basketOfTotals, repriceBasket } from '#loyalty/basket-totals.ts';
import { businessDay } from '#loyalty/business-day.ts';
import { type Claim, claimNamed } from '#loyalty/claim-item.ts';
import { applyCommand } from '#loyalty/commands-apply.ts';
import { ledgerCommand } from '#loyalty/commands.ts';
import { emptyLedger, type Ledger } from '#loyalty/ledger.ts';
import { markets } from '#loyalty/market.ts';
import type { Milestone } from '#loyalty/milestones.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { scaleOf } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import { askLedger, ledgerQuestion } from '#loyalty/questions.ts';
import { assert } from '#loyalty/result.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { addMeasures, type Measures } from '#loyalty/tiers.ts';
import {
  decimal,
  firstDay,
  instant,
  money,
  onlyWords,
  points,
  programmeFrom,
  programsOf,
  translate,
  type Units,
  wordsOf,
} from './programme.ts';
import { outcomeShown, shown } from './shown.ts';
import { type Fields, fields, isFields, list, names, NotTranslated, text } from './table.ts';

/** A discount by hand as a programme that only this basket has. */
const byHand = (of: Fields): Fields => ({ kind: 'promotion', trigger: 'auto', rewards: [of] });
const perCent = { discount: 'per_point', value: 1, cost_points: 1 };

/** The world of one case: the ledger, the clock, and what earlier steps named. */
export class World {
  ledger: Ledger;
  server: Ledger;
  /** Ledgers of tills that are offline, by their number. */
  readonly tills = new Map<unknown, Ledger>();
  /** Baskets by id, as their step says with what later steps changed. */
  readonly orders = new Map<unknown, Fields>();
  readonly held = new Set<unknown>();
  readonly redeemed = new Set<unknown>();
  /** What each step showed, by its id. */
  readonly shown = new Map<unknown, Fields>();
  listed: readonly Fields[] = [];
  nowMs = instant(`${firstDay}T12:00:00`);
  program: Fields;
  private readonly scale: number;
  private version = 1;
  private sources = 0;

  constructor(program: Fields, scale: number) {
    this.program = program;
    this.scale = scale;
    const clock = { timeZone: 'Etc/UTC', cutOverHour: 0, store: 'store', channel: 'pos' };
    const { cash_rounding: cash, currency_rounding: step = cash } = program;
    const cashRoundingMinor = step === undefined ? 1 : money(step, { currency: 'EUR' });
    this.ledger = emptyLedger({ ...clock, market: markets.US, cashRoundingMinor }, []);
    this.server = this.ledger;
    this.load({});
  }

  /** Loads the case's programmes as a step wants them; old versions stay for old sales. */
  load(step: Fields, program = this.program, brought: readonly Fields[] = []): void {
    const { version } = this;
    const old = this.ledger.programmes.filter((programme) => programme.version < version);
    const own = programsOf(program, step['variant']).map((of, at) =>
      programmeFrom(of, `p${at}`, this.scale),
    );
    const others = brought.map((of, at) => programmeFrom(of, `brought${at}`, this.scale));
    const loaded = [...own, ...others].map((document) => {
      const parsed = parseProgramme({ ...document, version });
      if (parsed.ok) return parsed.value.programme;
      throw new NotTranslated(parsed.error.map(({ path, message }) => `${path} ${message}`).join());
    });
    this.ledger = { ...this.ledger, programmes: [...old, ...loaded] };
  }

  /** Another programme from now on. */
  change(program: Fields): void {
    this.program = { ...this.program, ...program };
    this.version += 1;
    this.load({});
  }

  /** The programme that "earned" and "balance" are about. */
  get main(): Programme {
    const current = this.ledger.programmes.filter(({ version }) => version === this.version);
    const found = current.find(({ holder }) => holder === 'member') ?? current[0];
    assert(found !== undefined, 'a case has a programme');
    return found;
  }

  /** Messages that the case sends when something is reached. */
  get milestones(): Milestone[] {
    return list(this.program['milestones']).map(({ on, points: reached = 0, send }) =>
      on === 'create'
        ? { on: 'enrol', send: text(send) }
        : { on: 'balance', points: points(reached, this.units()), send: text(send) },
    );
  }

  get day(): string {
    return businessDay(this.nowMs, this.ledger.settings);
  }

  units(programme = this.main, currency = programme.currencies[0] ?? ''): Units {
    return { currency, scale: scaleOf(programme.unit), whole: this.program };
  }

  /** The programme that a table is about: the one a step names, or that of its cards. */
  private concerned(table: string, { program: name }: Fields): Programme {
    const cards = wordsOf(table).includes('code');
    const found = this.ledger.programmes.find((of) =>
      cards ? of.holder === 'bearer' : of.name['en'] === name,
    );
    return found ?? this.main;
  }

  /** What tables may ask for beside a step's own words; their names begin with a dot. */
  private about(table: string, step: Fields): Fields {
    const { order, source = order, lot = source, member = 'm', id } = step;
    this.sources += 1;
    const once = `${table}-${this.sources}`;
    return {
      ...{ '.do': table, '.now': this.nowMs, '.day': this.day, '.measures': this.measured(step) },
      ...{ '.once': once, '.source': text(lot ?? once), '.main': this.concerned(table, step).id },
      ...{ '.member': member ?? 'm', '.holder': member, '.fresh': `member-${text(id)}` },
      '.last': this.ledger.entries.at(-1)?.effectiveAtMs,
      '.later': instant(addDays(this.day, 30)),
      '.endless': step['expires'] === null ? true : undefined,
    };
  }

  /** What a step says of a member, measured. */
  private measured(step: Fields): Measures {
    const units = this.units();
    return [...new Set(wordsOf('measures'))]
      .map((word) => translate('measures', { [word]: step[word] }, units) as Measures)
      .reduce(addMeasures, {});
  }

  /** Asks the ledger for what a table makes of a step: to do something, or to tell something. */
  act(table: string, step: Fields, currency = 'EUR'): Fields {
    const all = { ...this.about(table, step), ...step };
    const programme = this.concerned(table, step);
    const units = { ...this.units(programme, currency), whole: { ...this.program, ...all } };
    const own = Object.entries(all).filter(([word]) => wordsOf(table).includes(word));
    const said = translate(table, Object.fromEntries(own), units);
    if ('command' in said) return this.run(said);
    const asked = 'figure' in said ? { ask: 'figure', figure: said } : said;
    const answer = askLedger(this.ledger, ledgerQuestion.parse(asked));
    if (!answer.ok) return { ok: false, error: answer.error.code };
    const { tier, ...value } = answer.value;
    return { ok: true, ...shown(this, value, currency), tier: this.tierName(tier) };
  }

  /** Has a command done and shows what came of it, or the refusal. */
  run(command: unknown): Fields {
    const done = applyCommand(this.ledger, ledgerCommand.parse(command));
    if (!done.ok) return { error: done.error.code };
    this.ledger = done.value.ledger;
    return outcomeShown(this, done.value.outcome);
  }

  tierName(tier: unknown): string | null {
    return this.main.tiers.find(({ id }) => id === tier)?.name['en'] ?? null;
  }

  /** The basket a step is about. */
  order(step: Fields): Fields {
    const order = this.orders.get(step['order']);
    if (order === undefined) throw new NotTranslated(`no order ${text(step['order'])}`);
    return order;
  }

  /** The programme's words with what a basket changes for itself. */
  private programFor(order: Fields, claims: readonly Fields[]): Fields {
    const { validity, reward_products_override: products } = order;
    const { from: valid_from, to: valid_to } = fields(validity);
    const dated = validity === undefined ? this.program : { ...this.program, valid_from, valid_to };
    const paying = claimNamed(this.ledger.programmes, null) !== null;
    const stated = claims
      .filter(({ reward }) => reward === undefined && !paying)
      .map(({ points: cost_points, value = 'stated' }) => ({ id: 'stated', cost_points, value }));
    const changed =
      products === undefined ? dated : withRewards(dated, (of) => ({ ...of, products }));
    return stated.length === 0
      ? changed
      : { ...changed, rewards: [...list(changed['rewards']), ...stated] };
  }

  private claims(asked: readonly Fields[], units: Units): Claim[] {
    return asked.map((of) => {
      const { reward, ...more } = translate('claim', of, units);
      const { programmes } = this.ledger;
      const found =
        reward === undefined
          ? (claimNamed(programmes, null, more) ?? claimNamed(programmes, 'stated', more))
          : claimNamed(programmes, text(reward), more);
      if (found === null) throw new NotTranslated(`no reward ${text(reward)}`);
      return found;
    });
  }

  private basket(order: Fields, asked: readonly Fields[], units: Units): Basket {
    const { currency } = units;
    const sums = Object.entries(order).filter(([word]) => wordsOf('totals').includes(word));
    if (order['lines'] === undefined) {
      const totals = translate('totals', Object.fromEntries(sums), units);
      return basketOfTotals({ currency, goodsMinor: 0, ...totals });
    }
    const paid = asked.filter(({ amount }) => amount !== undefined);
    const written = list(order['lines']);
    const fees: readonly Fields[] = paid.map(({ amount: price }) => ({ price, type: 'fee' }));
    const lines = (written.length > 0 ? written : fees).flatMap((line, at) => {
      const said = { id: `l${at}`, ...translate('line', line, units) };
      return line['voided'] === true ? [] : basketLine(said);
    });
    return repriceBasket({ currency, lines }, decimal(order['factor'] ?? 1));
  }

  /** Loads the programmes for a basket and puts it in the engine's words. */
  request(order: Fields): SaleRequest {
    this.orders.set(order['id'], order);
    const { pay_with, manual_discount: off, discount = off, code_last, channel, member } = order;
    onlyWords('paying', fields(pay_with));
    const asked = [order['claim'] ?? []].flat().map((of) => (isFields(of) ? of : { reward: of }));
    const offs = new Set(
      list(order['lines']).flatMap((line) => line['line_discount_percent'] ?? []),
    );
    const brought = [
      ...[...offs].map((value) => {
        const category = `off:${text(value)}`;
        return byHand({ discount: 'percent', value, scope: 'products', category, cost_points: 0 });
      }),
      ...(discount === undefined ? [] : [byHand({ value: discount, cost_points: 0 })]),
      ...Object.keys(fields(pay_with)).map(() => ({ kind: 'gift_card', rewards: [perCent] })),
    ];
    this.load(order);
    this.load(order, this.programFor(order, asked), brought);
    const units = this.units(this.main, text(order['currency'] ?? this.main.currencies[0]));
    const cards = Object.values(fields(pay_with)).map((amount, at) => {
      const code = `card-${text(order['id'])}-${at}`;
      const programme = this.ledger.programmes.at(-1)?.id ?? '';
      const card = { code, programme, source: code, atMs: this.nowMs };
      if (!this.ledger.vouchers.some((voucher) => voucher.code === code))
        this.run({ command: 'issue-card', ...card, points: money(amount, units) });
      return code;
    });
    const claims = this.claims(asked, units);
    const kind = 'code' as const;
    const codes = [...names(order['codes']), ...cards].map((code) => ({ kind, code }));
    return {
      id: text(order['id']),
      basket: this.basket(order, asked, units),
      member: typeof member === 'string' ? member : null,
      proof: 'verified',
      claims: code_last === true ? [...claims, ...codes] : [...codes, ...claims],
      nowMs: this.nowMs,
      channel: text(channel ?? this.main.channels?.[0] ?? 'pos'),
    };
  }
}

/** A program with every reward changed, in each of its programmes. */
export function withRewards(program: Fields, change: (of: Fields) => Fields): Fields {
  const changed = { rewards: change, programs: (of: Fields) => withRewards(of, change) };
  const lists = Object.entries(changed).filter(([key]) => key in program);
  return {
    ...program,
    ...Object.fromEntries(lists.map(([key, to]) => [key, list(program[key]).map(to)])),
  };
}
