import { expect, vi } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { sampleCards } from '#server/demo/demo.ts';
import type { LaunchedTill } from './launch-till.ts';
import { openTillSocket, type TillSocket } from './till-socket.ts';

const WAIT = { timeout: 30_000, interval: 50 };

/** What a cashier does, over the till's socket and without a browser. */
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

/** Opens another socket to a till. */
export function openCounter(till: LaunchedTill): Promise<CounterSocket> {
  return openCounterAt(till.nextLink());
}

/** Opens a link a till printed. */
export async function openCounterAt(link: string): Promise<CounterSocket> {
  const socket = await openTillSocket(link);
  const { call } = socket;
  const state = (): Promise<TillState> => call.state(null);
  const becomes = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), WAIT);
  return {
    ...socket,
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
