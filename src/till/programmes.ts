import {
  ITEM_SKU,
  type ProgrammesView,
  type SetupAnswers,
  type SetupDone,
} from '#contract/setup.ts';
import { askServer } from './ask-server.ts';
import type { Core } from './core.ts';

/** Hashing a PIN takes its time, on purpose. */
const CHANGE_TIMEOUT_MS = 7000;

/** The programme that runs here now, and what examples of it speak of. */
export function programmesView({ config }: Core): ProgrammesView {
  const { choice, currency, market, timeZone, cutOverHour, tax } = config;
  const item = config.products.find(({ kind }) => kind === undefined);
  return {
    choice: choice ?? null,
    currency,
    market,
    timeZone,
    cutOverHour,
    tax: tax ?? null,
    item: {
      sku: item?.sku ?? ITEM_SKU,
      name: item?.name ?? { en: '' },
      priceMinor: item?.unitPriceMinor ?? 1,
    },
  };
}

/**
 * Asks the centre for other programmes, with the manager's PIN.
 *
 * Not while a sale is open here: its prices and points were told to the shopper already.
 */
export async function changeProgrammes(
  core: Core,
  input: { readonly choice: SetupAnswers['choice']; readonly managerPin: string },
): Promise<SetupDone> {
  if (core.counter.session.lines.length > 0) return refused('sale-open');
  const { server, timer } = core.ports;
  const answer = await askServer(server, timer, 'programmes', input, CHANGE_TIMEOUT_MS);
  if (!answer.ok) return refused('server-silent');
  if (answer.value.outcome === 'done') core.wakeSync();
  return answer.value;
}

/** What a till answers to set-up: it has its shop. */
export function alreadySetUp(): SetupDone {
  return refused('already-set-up');
}

function refused(code: string): SetupDone {
  return { outcome: 'refused', problems: [{ path: '', code, params: {} }] };
}
