import type { Agenda } from './agenda.ts';
import type { SimAnswer, SimCall } from './messages.ts';
import { stream, type Stream } from './random.ts';
import type { SimServer } from './sim-server.ts';

/** The way between tills and server: late, out of order, twice, or not at all. */
export interface Network {
  /** Sends a call; `reply` may be called later, more than once, or never. */
  send(till: string, call: SimCall, reply: (answer: SimAnswer) => void): void;
  /** Cuts a till off. */
  cut(till: string, forMs: number): void;
  /** From now on everything arrives, once. */
  heal(): void;
}

/** Chances per message. A torn body fails its digest and is as good as lost. */
const LOST = 0.04;
const TWICE = 0.05;
const SLOW = 0.03;

export function createNetwork(seed: number, agenda: Agenda, server: SimServer): Network {
  const links = new Map<string, Stream>();
  const cutUntilMs = new Map<string, number>();
  let healed = false;

  const carry = (till: string, run: () => void): void => {
    let link = links.get(till);
    if (link === undefined) links.set(till, (link = stream(seed, `link ${till}`)));
    const copies = link.chance(LOST) ? 0 : link.chance(TWICE) ? 2 : 1;
    for (let copy = 0; copy < (healed ? 1 : copies); copy += 1) {
      const delayMs = link.chance(SLOW) && !healed ? link.below(20_000) : 2 + link.below(60);
      agenda.after(delayMs, () => {
        if ((cutUntilMs.get(till) ?? 0) <= agenda.nowMs) run();
      });
    }
  };

  return {
    send(till, call, reply) {
      carry(till, () => {
        server.receive(till, call, (answer) => carry(till, () => reply(answer)));
      });
    },
    cut(till, forMs) {
      cutUntilMs.set(till, agenda.nowMs + forMs);
    },
    heal() {
      healed = true;
      cutUntilMs.clear();
    },
  };
}
