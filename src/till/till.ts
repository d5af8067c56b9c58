import type { ScreenKey } from '#scan/screen-key.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import type { Done, TillContract } from '#contract/till.ts';
import type { VirtualPaper } from '#contract/device.ts';
import type { Message, TillState } from '#contract/till-state.ts';
import type { Result } from '#loyalty/result.ts';
import { approve } from './approvals.ts';
import { watchIdle } from './auto-lock.ts';
import { addAmount, addSku, changeQuantity, clearBasket, takeOut } from './basket.ts';
import { changeStaff } from './change-staff.ts';
import { settle } from './checkout.ts';
import { enterCode, removeCode } from './codes.ts';
import { claimReceipt } from './claims.ts';
import type { Core, TillOptions } from './core.ts';
import { createCore } from './create-core.ts';
import { changeConsent, memberConsents } from './consents.ts';
import { dayOf, knownProgrammes } from './day.ts';
import { openDrawer } from './drawer.ts';
import { listenToDevices } from './device-events.ts';
import { checkPhone, enrol, useExisting } from './enrolment.ts';
import { closeOrphans } from './grants.ts';
import { managerHandlers } from './manager.ts';
import { detachMember, findTyped, undoSwap } from './members.ts';
import type { TillPorts } from './ports.ts';
import { alreadySetUp, changeProgrammes, programmesView } from './programmes.ts';
import { createPrintQueue } from './print-queue.ts';
import { printedReceipt, reprint } from './reprint.ts';
import { cancelReturn, chooseLine, commitReturn, openReturn } from './returns.ts';
import { askShopper, shopperSide, stopAsking, type ShopperSide } from './shopper-ask.ts';
import { restartLeases } from './reservations.ts';
import { resumeReturn } from './resume-return.ts';
import { toggleReward } from './rewards.ts';
import { createScanRouter } from './scan-router.ts';
import { watchClock } from './clock-watch.ts';
import { shopRules } from './shop-rules.ts';
import { printX, shiftReports } from './shift-reports.ts';
import { closeShift, openShift, shiftFigures } from './shifts.ts';
import { signIn, signOut } from './sign-in.ts';
import { staffList } from './staff.ts';
import { parkSale, recallSale } from './parked.ts';
import { printScreenKeys } from './screen-keys.ts';
import { deriveState } from './state.ts';
import { createSyncLoop } from './sync-loop.ts';
import { rememberingRewards, undoLast } from './undo.ts';
import { refusingWhenLocked } from './when-locked.ts';

type PressScreenKey = (key: ScreenKey) => void;

/** One till, running. */
export interface Till {
  readonly handlers: HandlersOf<TillContract>;
  /** What the display that faces the shopper may do. */
  readonly shopper: ShopperSide;
  /** Called with the whole state after each change. Returns the function that removes the listener. */
  onState(listener: (state: TillState) => void): () => void;
  /** A strip the virtual printer has drawn. */
  onPaper(listener: (paper: VirtualPaper) => void): () => void;
  /**
   * A key of the screen whose printed code was scanned. Of several pages the one opened last presses
   * it: one scan is one press.
   */
  onScreenKey(listener: PressScreenKey): () => void;
  /** Begins to listen, to print what waits and to talk to the server. */
  start(): void;
  /** Ends all of that; resolves when nothing is under way any more. The database stays open. */
  stop(): Promise<void>;
}

/**
 * Makes a till from its ports: the open sale as it was left, the use cases behind the contract, the
 * print queue and the sync loop.
 */
export function createTill(ports: TillPorts, options: TillOptions): Till {
  const wiring = { wakeSync: () => {}, greetAgain: () => {}, wakePrinter: () => {} };
  const core = createCore(ports, options, wiring);
  const queue = createPrintQueue(core);
  const sync = createSyncLoop(core);
  const presses: PressScreenKey[] = [];
  const router = createScanRouter(core, (key) => {
    const press = presses.at(-1);
    press?.(key);
    return press !== undefined;
  });
  wiring.wakeSync = () => sync.wake();
  wiring.greetAgain = () => sync.greetAgain();
  wiring.wakePrinter = () => queue.wake();
  const papers = new Set<(paper: VirtualPaper) => void>();
  let stopDevices: (() => void) | null = null;
  let stopClock: () => void = () => {};
  let stopIdle: () => void = () => {};

  return {
    handlers: refusingWhenLocked(core, handlersOf(core, { router, queue })),
    shopper: shopperSide(core),
    onState: (listener) => core.onState(listener),
    onPaper(listener) {
      papers.add(listener);
      return () => void papers.delete(listener);
    },
    onScreenKey(listener) {
      presses.push(listener);
      return () => void presses.splice(presses.indexOf(listener), 1);
    },
    start() {
      if (stopDevices !== null) return;
      closeOrphans(core);
      restartLeases(core);
      stopClock = watchClock(core);
      stopIdle = watchIdle(core);
      stopDevices = listenToDevices(core, router, queue, (paper) => {
        for (const listener of papers) listener(paper);
      });
      queue.wake();
      sync.start();
      resumeReturn(core).catch((error: unknown) =>
        core.ports.log.error('return-not-resumed', { error: String(error).slice(0, 200) }),
      );
      core.changed();
    },
    async stop() {
      stopDevices?.();
      stopDevices = null;
      stopClock();
      stopIdle();
      sync.stop();
      await queue.stop();
      await sync.settled();
    },
  };
}

interface Parts {
  readonly router: ReturnType<typeof createScanRouter>;
  readonly queue: ReturnType<typeof createPrintQueue>;
}

function handlersOf(core: Core, { router, queue }: Parts): HandlersOf<TillContract> {
  return {
    state: () => deriveState(core, core.revision()),
    products: () => core.config.products,
    scan: async ({ code, source }) => {
      await router.route(code, source);
      return null;
    },
    'member.find': async ({ text }) => done(await findTyped(core, text)),
    'member.detach': () => done(detachMember(core)),
    'member.undo': () => done(undoSwap(core)),
    'member.consents': () => memberConsents(core),
    'member.consent': async (input) => done(await changeConsent(core, input)),
    'basket.add-amount': ({ amountMinor, quantityMilli }) =>
      done(addAmount(core, amountMinor, quantityMilli)),
    'basket.add-product': ({ sku, quantityMilli }) => done(addSku(core, sku, quantityMilli)),
    'basket.set-quantity': ({ line, quantityMilli }) =>
      done(changeQuantity(core, line, quantityMilli)),
    'basket.remove-line': ({ line }) => done(takeOut(core, line)),
    'basket.clear': () => done(clearBasket(core)),
    'sale.park': () => done(parkSale(core)),
    'sale.recall': async ({ sale }) => done(await recallSale(core, sale)),
    'basket.undo': async () => done(await undoLast(core)),
    'reward.toggle': async ({ reward, programme = null, sku = null }) =>
      done(await rememberingRewards(core, () => toggleReward(core, { reward, programme, sku }))),
    'code.enter': async ({ text }) => done(await enterCode(core, text)),
    'code.remove': ({ text }) => done(removeCode(core, text)),
    'sale.settle': ({ saleId, tender, dueMinor = null }) =>
      done(settle(core, saleId, { tender, dueMinor })),
    'enrol.check': ({ phone }) => checkPhone(core, phone),
    'enrol.ask': async (input) => done(await askShopper(core, input)),
    'enrol.stop': () => done(stopAsking(core)),
    'enrol.commit': async (input) => done(await enrol(core, input)),
    'enrol.use-existing': async ({ phone }) => done(await useExisting(core, phone)),
    'return.open': async ({ receipt }) => done(await openReturn(core, receipt)),
    'return.choose': ({ line, quantityMilli }) => done(chooseLine(core, line, quantityMilli)),
    'return.cancel': () => done(cancelReturn(core)),
    'return.commit': async ({ returnId }) => done(await commitReturn(core, returnId)),
    'claim.commit': async ({ receipt }) => done(await claimReceipt(core, receipt)),
    'receipt.reprint': ({ saleId }) => done(reprint(core, saleId)),
    'receipt.view': ({ saleId }) => {
      const printed = printedReceipt(core, saleId);
      return printed === null
        ? null
        : {
            ...printed,
            document: { ...printed.document, lines: [...printed.document.lines] },
          };
    },
    'print.again': ({ saleId }) => done(queue.sendAgain(saleId) ?? reprint(core, saleId)),
    day: (asked) => dayOf(core, asked),
    'day.programmes': () => [...knownProgrammes(core)],
    'shift.figures': () => {
      const { read } = core.ports.database;
      const shift = read.openShift();
      return shift === null
        ? null
        : { openedAtMs: shift.openedAtMs, figures: shiftFigures(core, shift) };
    },
    'shift.reports': () => [...shiftReports(core)],
    'shift.print-x': async () => done(await printX(core)),
    'shift.open': ({ floatMinor }) => done(openShift(core, floatMinor)),
    'shift.close': ({ countedMinor, floatMinor = null }) => {
      const closed = closeShift(core, countedMinor, floatMinor);
      return closed.ok
        ? { outcome: 'closed', figures: closed.value }
        : { outcome: 'refused', refusal: closed.error };
    },
    ...managerHandlers(core),
    'setup.apply': alreadySetUp,
    'programmes.view': () => programmesView(core),
    'programmes.change': (input) => changeProgrammes(core, input),
    'sign-in': async (input) => done(await signIn(core, input)),
    'sign-in.lock': () => done(signOut(core, 'asked')),
    'sign-in.active': () => null,
    approve: async (input) => done(await approve(core, input)),
    'drawer.open': () => done(openDrawer(core)),
    'staff.list': () => staffList(core),
    'shop.rules': () => shopRules(core),
    'staff.change': (input) => changeStaff(core, input),
    'screen-keys.print': (input) => done(printScreenKeys(core, input)),
    'notice.dismiss': ({ id }) => {
      if (core.counter.notice?.id === id) {
        core.counter.notice = null;
        core.changed();
      }
      return null;
    },
  };
}

function done(outcome: Result<unknown, Message>): Done {
  return outcome.ok ? { outcome: 'done' } : { outcome: 'refused', refusal: outcome.error };
}
