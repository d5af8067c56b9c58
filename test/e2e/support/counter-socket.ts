import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { CallsOf } from '#contract/rpc.ts';
import type { TillContract } from '#contract/till.ts';
import type { TillState } from '#contract/till-state.ts';
import { sampleCards } from '#server/demo/demo.ts';
import type { LaunchedTill } from './launch-till.ts';
import { openTillSocket, type TillSocket } from './till-socket.ts';

/** Long: a till on a busy machine takes its time to find out that its server is gone. */
const WAIT = { timeout: 60_000, interval: 50 };

/**
 * What a cashier does, over the till's socket and without a browser.
 *
 * With a page beside it each call and each wait ends when that page shows what the till then is, so
 * that a test may read the page next.
 */
export interface CounterSocket extends TillSocket {
  state(): Promise<TillState>;
  /** Polls the state until it looks like this. */
  becomes(expected: object): Promise<void>;
  /** Types an amount. */
  amount(amountMinor: number): Promise<void>;
  /** Shows the card of a sample member, by the member's first name. */
  card(name: string): Promise<void>;
  /** Settles the open sale; the sale's id. */
  settle(): Promise<string>;
  /** Everything is at the server, and the server answers. */
  synced(): Promise<void>;
  /** Points of the attached member that may be spent. */
  available(): Promise<number | undefined>;
}

/** Opens another socket to a till; `glass` is the page that shows the same till. */
export function openCounter(till: LaunchedTill, glass?: Page): Promise<CounterSocket> {
  return openCounterAt(till.nextLink(), glass);
}

/** Opens a link a till printed. */
export async function openCounterAt(link: string, glass?: Page): Promise<CounterSocket> {
  const socket = await openTillSocket(link);
  const state = (): Promise<TillState> => socket.call.state(null);
  const isShown = async (): Promise<void> => {
    if (glass === undefined) return;
    const { revision } = await state();
    await vi.waitFor(
      async () => expect(await shownRevision(glass)).toBeGreaterThanOrEqual(revision),
      WAIT,
    );
  };
  const call = shownAfterwards(socket.call, isShown);
  const becomes = async (expected: object): Promise<void> => {
    await vi.waitFor(async () => expect(await state()).toMatchObject(expected), WAIT);
    await isShown();
  };
  return {
    ...socket,
    call,
    state,
    becomes,
    async amount(amountMinor) {
      const added = await call['basket.add-amount']({ amountMinor, quantityMilli: 1000 });
      expect(added).toEqual({ outcome: 'done' });
    },
    async card(name) {
      const number = sampleCards.find((card) => card.name.startsWith(name))?.number ?? '';
      const code = { kind: 'card', number, symbology: 'qr' } as const;
      await call['member.detach'](null);
      // Until it counts: the same card within 1.5 s of its last reading is a second reading.
      await vi.waitFor(async () => {
        await call.scan({ code, source: 'hid' });
        expect((await state()).member?.displayName).toContain(name);
      }, WAIT);
    },
    async settle() {
      const { saleId } = (await state()).basket;
      const settled = await call['sale.settle']({ saleId, tender: 'cash' });
      expect(settled).toEqual({ outcome: 'done' });
      return saleId;
    },
    synced: () => becomes({ link: { state: 'online', waiting: 0 } }),
    async available() {
      return (await state()).member?.balances[0]?.available;
    },
  };
}

/** Which state of the core a page shows; −1 before the first. */
async function shownRevision(page: Page): Promise<number> {
  const shown = await page.evaluate(() => document.documentElement.dataset['revision']);
  return Number(shown ?? -1);
}

/** The same calls; each is over when its consequences are shown. */
function shownAfterwards(
  calls: CallsOf<TillContract>,
  isShown: () => Promise<void>,
): CallsOf<TillContract> {
  const through = (name: keyof typeof calls) => async (input: unknown) => {
    const answer: unknown = await (calls[name] as (given: unknown) => Promise<unknown>)(input);
    await isShown();
    return answer;
  };
  const names = Object.keys(calls) as (keyof typeof calls)[];
  return Object.fromEntries(
    names.map((name) => [name, through(name)]),
  ) as unknown as CallsOf<TillContract>;
}
