import { type ReactNode, useMemo } from 'react';
import { ITEM_SKU, type TaxSetting } from '#contract/setup.ts';
import {
  costOf,
  type ExampleWarning,
  type LiveExample,
  liveExample,
} from '#loyalty/live-example.ts';
import { type MarketId, markets } from '#loyalty/market.ts';
import type { Programme } from '#loyalty/programme.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Note } from '#renderer/ui/note.tsx';
import styles from './programme-step.module.css';
import { type Say, useSay } from './setup-text.tsx';

export interface ExampleProps {
  readonly programmes: readonly Programme[];
  readonly market: MarketId;
  readonly currency: string;
  readonly timeZone: string;
  readonly cutOverHour: number;
  readonly tax: TaxSetting | null;
  readonly item: { readonly sku?: string; readonly name: string; readonly priceMinor: number };
}

/** Noon of a day without anything special: the example is the same whenever it is read. */
const START_MS = Date.UTC(2026, 5, 1, 9);

/** What the programme does to what most customers buy, played through the engine itself. */
export function ExampleCard(props: ExampleProps): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const example = useMemo(() => played(props), [props]);
  const { item, programmes } = props;
  return (
    <section
      className={styles.example}
      aria-label={say('example.title')}
      aria-live="polite"
      data-part="example"
      data-earns={example.earns.reduce((sum, { points }) => sum + points, 0)}
      data-visits={example.reward?.visits ?? ''}
    >
      <h2 className={styles.exampleTitle}>{say('example.title')}</h2>
      {linesOf(example, programmes, item.name, say, format).map((line) => (
        <p key={line} className={styles.exampleLine}>
          {line}
        </p>
      ))}
      {example.warnings.map((warning) => (
        <Note
          key={warning.code}
          tone="warning"
          part={`example-${warning.code}`}
          className={styles.warning}
        >
          {warningWords(warning, say)}
        </Note>
      ))}
    </section>
  );
}

function played(props: ExampleProps): LiveExample {
  const { programmes, market, currency, timeZone, cutOverHour, tax, item } = props;
  return liveExample({
    programmes,
    currency,
    taxes: tax === null ? [] : [{ kind: 'rate', ...tax }],
    item: { sku: item.sku ?? ITEM_SKU, priceMinor: item.priceMinor },
    startMs: START_MS,
    settings: {
      timeZone,
      cutOverHour,
      store: 'main',
      channel: 'till',
      market: markets[market],
      cashRoundingMinor: 1,
    },
  });
}

type Format = ReturnType<typeof useSpeech>['format'];

function linesOf(
  example: LiveExample,
  programmes: readonly Programme[],
  item: string,
  say: Say,
  format: Format,
): readonly string[] {
  const price = format.money(example.dueMinor);
  const earned = example.earns.map(({ programme, points }) => {
    const unit = programmes.find(({ id }) => id === programme)?.unit.kind ?? 'points';
    if (unit === 'money')
      return say('example.earns-money', { item, price, amount: format.money(points) });
    if (unit === 'stamps') return say('example.earns-stamps', { item, price, points });
    return say('example.earns', { item, price, points });
  });
  const { reward, voucher, together, code } = example;
  const lines = earned.length === 0 ? [say('example.earns-nothing', { item, price })] : earned;
  if (reward !== null) lines.push(...rewardLines(reward, item, say, format));
  if (voucher !== null) {
    const isMoney = programmes.some(({ unit }) => unit.kind === 'money');
    lines.push(
      isMoney
        ? say('example.voucher-money', {
            visits: voucher.visits,
            amount: format.money(voucher.points),
          })
        : say('example.voucher', { visits: voucher.visits, item }),
    );
  }
  if (together !== null) {
    const discount = format.money(together.discountMinor);
    lines.push(say('example.together', { item, units: together.units, discount }));
  }
  if (code !== null) {
    const discount = format.money(code.discountMinor);
    lines.push(say('example.code', { item, code: code.code, discount }));
  }
  return lines;
}

function rewardLines(
  reward: NonNullable<LiveExample['reward']>,
  item: string,
  say: Say,
  format: Format,
): readonly string[] {
  const { visits, kind, worthMinor, costPoints } = reward;
  const worth = format.money(worthMinor);
  const key =
    kind === 'product'
      ? 'example.reward-free'
      : kind === 'per-point'
        ? 'example.reward-money'
        : 'example.reward';
  const cost = costOf(reward);
  return [
    say(key, { visits, item, worth, cost: costPoints }),
    ...(cost === null ? [] : [say('example.cost', { percent: cost })]),
  ];
}

function warningWords(warning: ExampleWarning, say: Say): string {
  switch (warning.code) {
    case 'many-visits':
      return say('warning.many-visits', { visits: warning.visits, most: warning.most });
    case 'no-reward':
      return say('warning.no-reward', { most: warning.most });
    case 'dear':
      return say('warning.dear', { percent: warning.costPercent, most: warning.most });
    case 'at-once':
      return say('warning.at-once');
  }
}
