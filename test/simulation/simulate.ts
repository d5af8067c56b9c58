import { createAgenda } from './agenda.ts';
import { Judge } from './judge.ts';
import { createNetwork } from './network.ts';
import { OLD_CARDS, operationsOf, TILLS, type Operation } from './operation.ts';
import { stream } from './random.ts';
import { productPorts, productRules, type Ports, type Rules } from './rules.ts';
import { open } from './server-commands.ts';
import { addTerminal, emptyRows } from './server-rows.ts';
import { SIM_LEASE_MS } from './hashing.ts';
import { SimServer } from './sim-server.ts';
import type { NobodysSale, SoldSale, TillParts } from './machine.ts';
import { SimTill } from './sim-till.ts';
import { Violation } from './violation.ts';

/** What is replaced by a seeded bug. */
export interface Replaced {
  readonly rules?: Partial<Rules>;
  readonly ports?: Partial<Ports>;
}

/** What a run came to. */
export interface Outcome {
  readonly violation: Violation | null;
  /** Journal entries that were written. */
  readonly facts: number;
  readonly events: number;
  readonly simulatedMs: number;
  readonly server: SimServer;
  readonly tills: readonly SimTill[];
}

/** Points each member has at the start. */
export const OPENING_POINTS = 120;
/** A run that is longer is a loop. */
const EVENTS_MAX = 2_000_000;

/** Runs the operations of a seed, or others under the same seed's weather. Same arguments, same run. */
export function simulate(
  seed: number,
  operations: readonly Operation[],
  replaced: Replaced = {},
): Outcome {
  const rules = { ...productRules, ...replaced.rules };
  const ports = { ...productPorts, ...replaced.ports };
  const agenda = createAgenda();
  const judge = new Judge();
  const rows = emptyRows(1);
  for (let till = 1; till <= TILLS; till += 1) addTerminal(rows, `till_${till}`);
  open(
    rows,
    Array.from({ length: OLD_CARDS }, (_, index) => `member_${index}`),
    OPENING_POINTS,
  );
  const server = new SimServer(rows, {
    agenda,
    rules,
    ports,
    judge,
    random: stream(seed, 'server'),
  });
  const network = createNetwork(seed, agenda, server);
  const sold: SoldSale[] = [];
  const nobodys: NobodysSale[] = [];
  let numbers = 0;
  const parts = (name: string): TillParts => ({
    agenda,
    network,
    rules,
    ports,
    judge,
    sold,
    nobodys,
    random: stream(seed, name),
    next: () => (numbers += 1),
  });
  const tills: SimTill[] = [];
  judge.watch(server, tills);
  for (const name of rows.terminals.keys()) tills.push(new SimTill(name, 1, parts(name)));

  const world: World = { agenda, server, tills, sold, nobodys, network };
  for (const operation of operations) {
    agenda.after(operation.atMs, () => perform(world, operation));
  }
  const violation = judged(() => {
    run(world, (operations.at(-1)?.atMs ?? 0) + 5000);
    heal(world);
    judge.final();
  });
  return {
    violation,
    facts: judge.facts,
    events: agenda.ran,
    simulatedMs: agenda.nowMs,
    server,
    tills,
  };
}

/** The run of a seed as the campaign has it. */
export function simulateSeed(seed: number, count: number, replaced: Replaced = {}): Outcome {
  return simulate(seed, operationsOf(seed, count), replaced);
}

interface World {
  readonly agenda: ReturnType<typeof createAgenda>;
  readonly server: SimServer;
  readonly tills: readonly SimTill[];
  readonly sold: readonly SoldSale[];
  readonly nobodys: readonly NobodysSale[];
  readonly network: ReturnType<typeof createNetwork>;
}

function judged(work: () => void): Violation | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

function run({ agenda }: World, untilMs: number): void {
  while (agenda.step(untilMs)) {
    if (agenda.ran > EVENTS_MAX) throw new Violation('I9', 'the run does not come to rest');
  }
}

function perform(world: World, operation: Operation): void {
  const { agenda, server, tills, sold, nobodys, network } = world;
  const till = 'till' in operation ? tills[operation.till] : undefined;
  switch (operation.kind) {
    case 'sell':
      return till?.sell(operation);
    case 'clear':
      return till?.clear();
    case 'return': {
      const sale = sold.at(-1 - operation.back);
      if (sale !== undefined) till?.takeBack(sale, operation.percent);
      return;
    }
    case 'sell-to-nobody':
      return till?.sellToNobody(operation.pieces);
    case 'claim':
    case 'bring-back': {
      const receipt = nobodys.at(-1 - operation.back);
      if (receipt === undefined) return;
      if (operation.kind === 'claim') till?.claim(receipt, operation.card);
      else till?.bringBack(receipt, operation.pieces);
      return;
    }
    case 'hold':
      return till?.hold(operation.card, operation.points);
    case 'risk':
      return till?.takeRisk();
    case 'cut':
      return network.cut(till?.name ?? '', operation.forMs);
    case 'crash':
      return till?.crash(operation.forMs);
    case 'crash-server':
      if (!server.up) return;
      server.crash();
      agenda.after(operation.forMs, () => server.start());
      return;
    case 'clock':
      return till?.setClock(operation.byMs);
    case 'backup':
      return server.saveBackup();
    case 'restore':
      return server.restore();
    case 'fence':
      return server.fence(till?.name ?? '');
    case 'expire':
      return server.expire();
    case 'snapshot':
      return till?.saveSnapshot();
    case 'roll-back':
      return till?.rollBack();
  }
}

/** Everything works again: what is open ends, tills that stopped are given up, leases run out. */
function heal(world: World): void {
  const { agenda, server, tills, network } = world;
  network.heal();
  server.start();
  for (const till of tills) {
    till.start();
    till.calm = true;
    till.settle();
  }
  run(world, agenda.nowMs + 90_000);
  for (const till of tills) {
    const state = server.rows.terminals.get(till.name)?.state;
    if (till.disk.stopped !== null || state === 'forked') server.fence(till.name);
  }
  run(world, agenda.nowMs + SIM_LEASE_MS + 30_000);
}
