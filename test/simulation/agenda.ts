/** What is to happen, by simulated time; what is due at one moment happens in the order it was said. */
export interface Agenda {
  readonly nowMs: number;
  /** Returns what takes it off the agenda again. */
  after(delayMs: number, run: () => void): Due;
  /** Runs the next event; false where there is none before `untilMs`, and then it is `untilMs`. */
  step(untilMs: number): boolean;
  /** Events that ran. */
  readonly ran: number;
}

export interface Due {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Makes an agenda: a binary heap. */
export function createAgenda(): Agenda {
  const heap: Due[] = [];
  let nowMs = 0;
  let orders = 0;
  let ran = 0;

  const before = (left: Due, right: Due): boolean =>
    left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  const rise = (from: number): void => {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!swapIf(index, parent)) return;
      index = parent;
    }
  };
  const swapIf = (child: number, parent: number): boolean => {
    const low = heap[child];
    const high = heap[parent];
    if (low === undefined || high === undefined || !before(low, high)) return false;
    heap[child] = high;
    heap[parent] = low;
    return true;
  };
  const sink = (): void => {
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const right = left + 1;
      const leftDue = heap[left];
      if (leftDue === undefined) return;
      const rightDue = heap[right];
      const child = rightDue !== undefined && before(rightDue, leftDue) ? right : left;
      if (!swapIf(child, index)) return;
      index = child;
    }
  };
  const take = (): Due | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    sink();
    return first;
  };

  return {
    get nowMs() {
      return nowMs;
    },
    get ran() {
      return ran;
    },
    after(delayMs, run) {
      const due: Due = { atMs: nowMs + Math.max(0, delayMs), order: (orders += 1), run };
      heap.push(due);
      rise(heap.length - 1);
      return due;
    },
    step(untilMs) {
      const next = heap[0];
      if (next === undefined || next.atMs > untilMs) {
        nowMs = Math.max(nowMs, untilMs);
        return false;
      }
      take();
      nowMs = next.atMs;
      if (next.run !== null) {
        ran += 1;
        next.run();
      }
      return true;
    },
  };
}
