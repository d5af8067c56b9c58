import type { TillState } from '#contract/till-state.ts';
import { commit, saveSession, type Core, type TillOptions } from './core.ts';
import type { TillPorts } from './ports.ts';
import { emptySession, type Session } from './session.ts';
import { parseJson } from '#journal/chain.ts';
import { session as sessionShape } from './session-shape.ts';
import { actor, openCashier } from './staff.ts';
import { deriveState } from './state.ts';

/** What the core may wake; wired after the parts that need the core are made. */
export interface Wiring {
  wakeSync: () => void;
  greetAgain: () => void;
  wakePrinter: () => void;
}

/** Three frames of a 60 Hz screen: "done" is on the glass before paper and network take the processor. */
const FOLLOW_UP_MS = 50;

const NO_PRINTER = { address: 'none', state: 'unreachable', problem: null, detail: '' } as const;

/** Makes what all use cases work on, with the open sale as the last process left it. */
export function createCore(ports: TillPorts, options: TillOptions, wiring: Wiring): Core {
  const listeners = new Set<(state: TillState) => void>();
  const restored = restore(ports);
  let revision = 0;
  let noticeId = 0;
  let telling = false;

  const tell = (): void => {
    telling = false;
    const state = deriveState(core, revision);
    for (const listener of listeners) listener(state);
  };

  const core: Core = {
    ports,
    options,
    counter: {
      session: restored ?? emptySession(ports.ids.uuid()),
      lookup: null,
      unknown: null,
      undo: null,
      notice: null,
      badge: null,
      returning: null,
      openingReturn: null,
      requesting: new Map(),
      asking: new Set(),
      lastTx: null,
      lastAwards: null,
      display: { connected: 0, ask: null, joined: null, survey: null },
    },
    link: { online: false, problem: null, isClockWrong: false },
    devices: { printer: NO_PRINTER, scanners: new Map(), papers: new Map(), jobs: new Map() },
    config: options.config,
    signedInAs: null,
    get cashier() {
      return actor(core).cashier;
    },
    approval: null,
    activeAtMs: ports.clock.monoMs(),
    pins: {
      isChecking: false,
      lastWrongMs: new Map(),
      startedMs: ports.clock.monoMs(),
      shutUntilMs: 0,
    },
    revision: () => revision,
    changed() {
      revision += 1;
      if (telling) return;
      telling = true;
      // Once per turn, however much changed in it.
      Promise.resolve()
        .then(tell)
        .catch((error: unknown) => {
          ports.log.error('state-not-derived', { error: String(error).slice(0, 200) });
        });
    },
    notify(tone, message) {
      noticeId += 1;
      core.counter.notice = { id: noticeId, tone, message };
    },
    wakeSync: () => void ports.timer.after(0, () => wiring.wakeSync()),
    greetAgain: () => wiring.greetAgain(),
    wakePrinter: () => void ports.timer.after(0, () => wiring.wakePrinter()),
    followUp() {
      ports.timer.after(FOLLOW_UP_MS, () => {
        wiring.wakePrinter();
        wiring.wakeSync();
      });
    },
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  begin(core, restored);
  return core;
}

function restore(ports: TillPorts): Session | null {
  const draft = ports.database.read.draft();
  if (draft === null) return null;
  const parsed = sessionShape.safeParse(parseJson(draft));
  if (!parsed.success) {
    ports.log.error('draft-unreadable', { length: draft.length });
    return null;
  }
  const { read } = ports.database;
  if (read.saleByTx(parsed.data.saleId) !== null) return null;
  // The process may have ended between giving points back and saving the sale without them.
  const rewards = parsed.data.rewards.filter(
    ({ hold }) => hold === null || read.grantByRequest(hold.request)?.state === 'accepted',
  );
  const codes = parsed.data.codes.filter(
    ({ voucher }) =>
      voucher === null || read.grantByRequest(voucher.hold.request)?.state === 'accepted',
  );
  return { ...parsed.data, rewards, codes };
}

/** Takes the newer of two configurations and says that the sale is still here. */
function begin(core: Core, restored: Session | null): void {
  const { database } = core.ports;
  const known = database.read.config();
  if (known !== null && known.version >= core.options.config.version) core.config = known;
  const open = openCashier(core.config);
  core.signedInAs = open === null ? null : { cashier: open, salt: null };
  const written = commit(core, (writes) => {
    if (core.config !== known) writes.saveConfig(core.config);
    if (writes.syncState().epoch === 0) writes.saveSyncState({ epoch: core.options.epoch });
    saveSession(writes, core.counter.session);
  });
  if (!written.ok) core.notify('warning', written.error);
  else if (restored !== null && (restored.lines.length > 0 || restored.member !== null)) {
    const name =
      restored.member === null
        ? null
        : (database.read.member(restored.member.member)?.displayName ?? null);
    core.notify('info', {
      code: 'sale-still-here',
      params: { items: restored.lines.length, ...(name === null ? {} : { name }) },
    });
  }
}
