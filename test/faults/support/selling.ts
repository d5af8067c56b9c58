import { setTimeout as sleep } from 'node:timers/promises';
import { sampleCards } from '#server/demo/demo.ts';
import { openTillSocket, type TillSocket } from '#test/e2e/support/till-socket.ts';

const SALES_MAX = 2000;
const CATCH_UP_TRIES = 600;
const CATCH_UP_PAUSE_MS = 100;
/** After the last entry is sent, the till reads what it changed: balances, and whose a card was. */
const PULL_MS = 1500;

/** A cashier who sells as long as the till answers. */
export interface Selling {
  readonly socket: TillSocket;
  /** Asks it to stop after the sale under way; resolves when it has, also where the till was killed. */
  stop(): Promise<void>;
  /** How many rewards were given so far. */
  rewards(): number;
}

/** How a cashier sells. */
export interface SellingOptions {
  /** Takes the id of each sale whose settling was answered with "done". */
  readonly onDone: (saleId: string) => void;
  /** Between two sales, in milliseconds. */
  readonly pauseMs: number;
  /** A reward is tapped at every so many sales; without it none is. */
  readonly rewardEvery?: number;
}

/** The demo shop's smallest reward. */
const REWARD = 'ten-off';

/** Sells to one sample member after the other, each second sale with a card. */
export async function startSelling(link: string, options: SellingOptions): Promise<Selling> {
  const socket = await openTillSocket(link);
  let stopping = false;
  let rewards = 0;
  const sell = async (count: number): Promise<void> => {
    if (count % 2 === 0) {
      const number = sampleCards[(count / 2) % sampleCards.length]?.number ?? '';
      const code = { kind: 'card', number, symbology: 'ean' } as const;
      await socket.call.scan({ code, source: 'keyboard' });
    }
    await socket.call['basket.add-amount']({ amountMinor: 2000 + count, quantityMilli: 1000 });
    if (options.rewardEvery !== undefined && count % options.rewardEvery === 0) {
      const given = await socket.call['reward.toggle']({ reward: REWARD });
      if (given.outcome === 'done') rewards += 1;
    }
    const { saleId } = (await socket.call.state(null)).basket;
    const outcome = await socket.call['sale.settle']({ saleId, tender: 'cash' });
    if (outcome.outcome === 'done') options.onDone(saleId);
  };
  const ended = (async () => {
    try {
      for (let count = 0; count < SALES_MAX && !stopping; count += 1) {
        await sell(count);
        await sleep(options.pauseMs);
      }
    } catch {
      // The till is gone: an open call fails as closed, and nothing was promised for it.
    }
  })();
  return {
    socket,
    rewards: () => rewards,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}

/** Waits until the server has everything and the till has read it; throws what the link says where it does not come to that. */
export async function caughtUp(socket: TillSocket): Promise<void> {
  let said = '';
  for (let count = 0; count < CATCH_UP_TRIES; count += 1) {
    const { link } = await socket.call.state(null);
    if (link.state === 'online' && link.waiting === 0) {
      await sleep(PULL_MS);
      return;
    }
    said = JSON.stringify(link);
    await sleep(CATCH_UP_PAUSE_MS);
  }
  throw new Error(`The till did not catch up with the server in time: ${said}`);
}

/** Waits until something holds, looking often; gives up after half a minute. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let count = 0; count < 15_000; count += 1) {
    if (holds()) return;
    await sleep(2);
  }
  throw new Error(`It did not come to that: ${what}`);
}
