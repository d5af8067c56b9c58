import { answerIn } from '#loyalty/answer-in.ts';
import { claimNamed } from '#loyalty/claim-item.ts';
import { applyCommand } from '#loyalty/commands-apply.ts';
import { ledgerCommand } from '#loyalty/commands.ts';
import * as dialect from '#loyalty/dialect.ts';
import { type Fields, fields, isFields, list, names, text } from '#loyalty/parts.ts';
import { withCommon } from '#loyalty/in-common.ts';
import { emptyLedger, type Ledger } from '#loyalty/ledger.ts';
import { markets } from '#loyalty/market.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import type { PointsUnit } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';
import { askLedger, ledgerQuestion } from '#loyalty/questions.ts';
import { outcomeFigures } from '#loyalty/quote-figures.ts';
import { assert } from '#loyalty/result.ts';
import { addMeasures, type Measures } from '#loyalty/tiers.ts';
import * as cases from './programme.ts';
import { pick, translate, words } from './programme.ts';

/** The world of one case: the ledger, the clock, and what earlier steps named. */
export class World {
  server: Ledger;
  /** The till a step is at while it is offline; `undefined` is the one that is not. */
  till: unknown;
  readonly ledgers = new Map<unknown, Ledger>();
  /** Baskets by id, as their step says with what later steps changed. */
  readonly orders = new Map<unknown, Fields>();
  readonly held = new Set<unknown>();
  /** What each step showed, by its id. */
  readonly shown = new Map<unknown, Fields>();
  nowMs = cases.instant(`${cases.firstDay}T12:00:00`);
  program: Fields;
  private readonly points: PointsUnit;
  private version = 1;
  private sources = 0;

  constructor(program: Fields, points: PointsUnit) {
    this.program = program;
    this.points = points;
    const clock = { timeZone: 'Etc/UTC', cutOverHour: 0, store: 'store', channel: 'pos' };
    const units = { currency: 'EUR', points, whole: {} };
    const { cashRoundingMinor = 1 } = translate('till', pick('till', program), units);
    const settings = { ...clock, market: markets.US, cashRoundingMinor: Number(cashRoundingMinor) };
    this.server = emptyLedger(settings, []);
    this.load({});
  }

  get ledger(): Ledger {
    return this.ledgers.get(this.till) ?? this.ledgers.get(undefined) ?? this.server;
  }
  set ledger(ledger: Ledger) {
    this.ledgers.set(this.till, ledger);
  }

  /** Loads the case's programmes as a step wants them; old versions stay for old sales. */
  load(step: Fields, program = this.program): void {
    const { version } = this;
    const { validity, reward_products_override, variant } = step;
    const stated = cases.programsOf({ ...program, validity, reward_products_override }, variant);
    const own = stated.map((of, place) => cases.programmeFrom(of, `p${place}`, this.points));
    const [currency = ''] = names(own[0]?.['currencies']);
    const unit = { kind: 'money', currency } as const;
    const brought = translate('brought', pick('brought', step), {
      currency,
      points: unit,
      whole: {},
    });
    const base = { holder: 'sale', currencies: [currency], unit };
    for (const [id, of] of Object.entries(brought))
      own.push({ id, name: { en: id }, ...base, ...fields(of) });
    const loaded = own.map((document) => {
      const parsed = parseProgramme({ ...document, version });
      if (parsed.ok) return parsed.value.programme;
      throw new Error(parsed.error.map(({ path, message }) => `${path} ${message}`).join());
    });
    const old = this.ledger.programmes.filter((programme) => programme.version < version);
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

  units(currency = this.main.currencies[0] ?? '', { unit } = this.main): dialect.DialectUnits {
    return { currency, points: unit, whole: this.program };
  }

  /** What goes without saying in a step: where, who and when; what says it otherwise goes first. */
  private about(table: string, step: Fields): Fields {
    const { key, order = key, source = order, lot = source, member, id, program } = step;
    const card = 'code' in step || 'old' in step;
    const found = this.ledger.programmes.find((of) =>
      card ? of.holder === 'bearer' : of.name['en'] === program,
    );
    this.sources += 1;
    const once = `${table}-${this.sources}`;
    const programme = found?.id ?? this.main.id;
    const measures = Object.entries(pick('measures', step))
      .map(([word, value]) => translate('measures', { [word]: value }, this.units()) as Measures)
      .reduce(addMeasures, {});
    const [atMs, day] = [this.nowMs, cases.dayOf(this.nowMs)];
    return {
      ...{ deed: table, atMs, day, measures, programme, member: member ?? 'm' },
      ...{ once, source: text(lot ?? once), fresh: `member-${text(id)}` },
      account: { holder: member ?? 'm', programme },
      last: this.ledger.entries.at(-1)?.effectiveAtMs,
    };
  }

  /** Asks the ledger for what a table makes of a step: to do something, or to tell something. */
  act(table: string, step: Fields): Fields {
    const about = this.about(table, step);
    const programme = this.ledger.programmes.find(({ id }) => id === about['programme']);
    const units = this.units(dialect.saysOf(words, 'units', text(step['do']))[0], programme);
    const whole = { ...this.program, ...step, '@': about };
    const own = table === 'figures' ? table : 'step';
    const said = translate(own, pick(own, step), { ...units, whole });
    const deed = translate('deeds', pick('deeds', { [table]: true }), { ...units, whole });
    const asked = 'figure' in said ? { ask: 'figure', figure: said } : deed;
    const all = withCommon(asked, { ...about, ...said });
    return 'command' in all ? this.run(all) : { ok: true, ...answerIn(this.ask(all), units) };
  }

  /** The answer to a question, or why there is none. */
  ask(question: Fields, ledger = this.ledger): Fields {
    const answer = askLedger(ledger, ledgerQuestion.parse(question));
    if (answer.ok) return answer.value;
    if (answer.error.code === 'unknown-reward') throw new Error(`no reward ${answer.error.reward}`);
    return { ok: false, error: answer.error.code };
  }

  /** Has a command done and shows what came of it, or the refusal. */
  run(command: unknown): Fields {
    const done = applyCommand(this.ledger, ledgerCommand.parse(command));
    if (!done.ok) return { error: done.error.code };
    this.ledger = done.value.ledger;
    const figures = outcomeFigures(done.value.outcome, this.main.id);
    const { reason: error, voucherPoints: vouchersValueMinor = 0, ...of } = figures;
    const all = answerIn({ ...of, vouchersValueMinor }, this.units());
    return { ...all, ...(error && { reason: error, error }) };
  }

  /** The basket a step is about. */
  order(step: Fields): Fields {
    const order = this.orders.get(step['order']);
    if (order === undefined) throw new Error(`no order ${text(step['order'])}`);
    return order;
  }

  /** Loads the programmes for a basket and puts it in the engine's words. */
  sale(order: Fields): Fields {
    this.orders.set(order['id'], order);
    const { code_last, channel, member, claim, codes, id, currency } = order;
    this.load(order);
    const all = [claim ?? []].flat().map((of) => (isFields(of) ? of : { reward: of }));
    const asked = all.map((of) => this.payable(order, of));
    const units = this.units(currency === undefined ? undefined : text(currency));
    const claims = asked.map((of) => translate('claim', of, units));
    const fees = asked.flatMap(({ amount: price }) => (price ? { price, type: 'fee' } : []));
    const lines = order['lines'] && (list(order['lines']).length > 0 ? order['lines'] : fees);
    const basket = translate('basket', pick('basket', { ...order, lines }), units);
    const entered = names(codes).map((code) => ({ kind: 'code', code }));
    return {
      ...{ id: text(id), basket: { currency: units.currency, ...basket }, atMs: this.nowMs },
      member: typeof member === 'string' ? member : null,
      claims: code_last === true ? [...claims, ...entered] : [...entered, ...claims],
      channel: text(channel ?? this.main.channels?.[0] ?? 'pos'),
    };
  }

  /** A claim; where no points can pay, one without a name states a reward of this basket's own. */
  private payable(order: Fields, claim: Fields): Fields {
    const { reward, points: cost_points, value = 'stated' } = claim;
    if (reward !== undefined || claimNamed(this.ledger.programmes, null) !== null) return claim;
    const rewards = [...list(this.program['rewards']), { id: 'stated', cost_points, value }];
    this.load(order, { ...this.program, rewards });
    return { reward: 'stated', ...claim };
  }
}
