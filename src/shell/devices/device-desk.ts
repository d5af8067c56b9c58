import type { ScannerLesson, VirtualPaper } from '#contract/device.ts';
import type {
  DeviceDone,
  DeviceRefusal,
  DeviceRoles,
  DevicesView,
  FixedRole,
  Trial,
} from '#contract/device-setup.ts';
import type { DeviceSetupContract } from '#contract/page.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import { assertNever } from '#loyalty/result.ts';
import type { Log } from '#till/ports.ts';
import type { DeviceHost } from './device-host.ts';
import { deviceArguments } from './device-arguments.ts';
import { deviceMakes } from './device-makes.ts';
import { permissionFix } from './permission-fix.ts';
import type { RememberedDevices } from './remembered-devices.ts';
import { trialReceipt } from './trial-receipt.ts';

export interface DeviceDeskOptions {
  readonly host: DeviceHost;
  readonly remembered: RememberedDevices;
  /** The udev rules that are shipped. */
  readonly rulesFile: string;
  readonly platform: NodeJS.Platform;
  /** Whether nobody is signed in: then nothing is changed and nothing printed. */
  readonly isLocked: () => Promise<boolean>;
  /** The language of the shop: trial pages speak it. */
  readonly language: () => 'en' | 'tr' | 'de' | 'ar';
  /** A new name for each page that is printed from here. */
  readonly newJobId: () => string;
  /** Writes the report for somebody far away; gives its path, or why there is none. */
  readonly report: (
    view: DevicesView,
  ) => Promise<{ readonly file: string } | { readonly reason: string }>;
  readonly log: Log;
}

/** What the devices' screen asks, answered. */
export interface DeviceDesk {
  readonly handlers: HandlersOf<DeviceSetupContract>;
  stop(): void;
}

/** One scan is waited for as long as somebody may need to find the scanner. */
const LEARN_TIMEOUT_MS = 90_000;
/** Ends a waiting: the shortest the device process takes. */
const LEARN_END_MS = 100;
/** Papers of the virtual printer that are kept for a screen. */
const PAPERS_MAX = 8;

/**
 * Serves the devices' screen: gives roles to devices, remembers them, and starts the drivers with them.
 *
 * Beside the till's core on purpose: a till sells whatever its devices are, and nothing of this is in
 * its journal.
 */
export function createDeviceDesk(options: DeviceDeskOptions): DeviceDesk {
  const { host, remembered, log } = options;
  const { bench, devices } = host;
  const state: DeskState = {
    lesson: null,
    lessons: 0,
    trial: null,
    pole: null,
    papers: [],
    paperNumber: 0,
  };

  const change = async (roles: DeviceRoles, touched: readonly FixedRole[]): Promise<DeviceDone> => {
    if (await options.isLocked()) return refused('locked');
    if (touched.some((role) => remembered.fixed.includes(role))) {
      return refused('given-on-command-line');
    }
    const before = deviceArguments(remembered.roles()).join('\n');
    // What is learnt about a drawer changes nothing for the drivers: they go on.
    const isSame = before === deviceArguments(roles).join('\n');
    if (!isSame && host.isPrinting()) return refused('printing');
    if (!remembered.change(roles)) return refused('not-saved');
    if (isSame) return DONE;
    state.pole = null;
    await host.change(remembered.roles());
    log.info('devices-changed', { printer: roles.printer.address, pole: roles.pole.address });
    return DONE;
  };

  const learn = (): void => {
    state.lessons += 1;
    const mine = state.lessons;
    state.lesson = 'waiting';
    void bench.learn(LEARN_TIMEOUT_MS).then((answer) => {
      const lesson: ScannerLesson = answer.ok ? answer.value : { kind: 'nothing' };
      if (lesson.kind === 'learned') keepLesson(remembered, lesson);
      if (mine === state.lessons) state.lesson = lesson;
    });
  };

  const begin = async (what: Trial): Promise<DeviceDone> => {
    if (await options.isLocked()) return refused('locked');
    if (host.isPrinting()) return refused('printing');
    const jobId = options.newJobId();
    state.trial = { what, jobId, report: null };
    log.info('devices-tried', { what });
    switch (what) {
      case 'pole': {
        const shown = await bench.pole(TRIAL_POLE);
        return shown.ok ? DONE : refused('no-process');
      }
      case 'code-pages':
      case 'widths':
        void bench.pairing(jobId, what).then((answer) => note(state, jobId, answer));
        return DONE;
      case 'receipt':
        void devices
          .print(jobId, trialReceipt(options.language()))
          .then((answer) => note(state, jobId, answer));
        return DONE;
      default:
        return assertNever(what, 'trial');
    }
  };

  const view = async (): Promise<DevicesView> => {
    const status = await devices.status();
    const roles = remembered.roles();
    const { trial } = state;
    return {
      roles,
      fixed: [...remembered.fixed],
      printer: status.ok ? status.value.printer : null,
      scanners: status.ok ? [...status.value.scanners] : [],
      pole: state.pole,
      lesson: state.lesson,
      trial: trial === null ? null : { what: trial.what, report: trial.report },
      permission: permissionFix(options.platform, options.rulesFile),
    };
  };

  const stops = [follow(host, state), host.onPole((status) => void (state.pole = status))];
  return {
    handlers: {
      'devices.view': view,
      async 'devices.find'() {
        const found = await bench.find();
        return found.ok ? found.value : [];
      },
      'devices.makes': () => deviceMakes,
      'devices.choose'({ printer, scanners, pole }) {
        const roles = remembered.roles();
        const touched: FixedRole[] = [
          // What was learnt about a printer may be kept also where its address is given.
          ...(printer !== undefined && isOther(printer, roles.printer) ? ['printer' as const] : []),
          ...(scanners === undefined ? [] : ['scanners' as const]),
          ...(pole === undefined ? [] : ['pole' as const]),
        ];
        return change(
          {
            ...roles,
            ...(printer === undefined ? {} : { printer }),
            ...(scanners === undefined ? {} : { scanners }),
            ...(pole === undefined ? {} : { pole }),
          },
          touched,
        );
      },
      async 'devices.learn'({ on }) {
        if (on && !(await options.isLocked())) learn();
        else if (state.lesson === 'waiting') {
          state.lessons += 1;
          state.lesson = null;
          void bench.learn(LEARN_END_MS);
        }
        return null;
      },
      'devices.forget-scanners': () => change({ ...remembered.roles(), affixes: [] }, []),
      'devices.try': ({ what }) => begin(what),
      async 'devices.drawer'() {
        const asked = await bench.drawer();
        return asked.ok ? asked.value : { level: null };
      },
      async 'devices.hand'(changed) {
        const laid = await bench.hand(changed);
        return laid.ok ? laid.value : null;
      },
      'devices.paper': ({ after }) => state.papers.find(({ number }) => number > after) ?? null,
      async 'devices.report'() {
        if (await options.isLocked()) return { outcome: 'refused', reason: 'nobody is signed in' };
        const written = await options.report(await view());
        return 'file' in written
          ? { outcome: 'done', file: written.file }
          : { outcome: 'refused', reason: written.reason.slice(0, 300) };
      },
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

interface DeskState {
  lesson: DevicesView['lesson'];
  /** Counts lessons: one that ended late is not shown. */
  lessons: number;
  trial: (NonNullable<DevicesView['trial']> & { readonly jobId: string }) | null;
  pole: DevicesView['pole'];
  papers: { readonly number: number; readonly paper: VirtualPaper }[];
  paperNumber: number;
}

const DONE: DeviceDone = { outcome: 'done' };
/** Every place of both lines: what is cut off is seen. */
const TRIAL_POLE = {
  upper: { start: 'Regulars', end: '1234567890' },
  lower: { start: '12345678901234567890', end: '' },
} as const;

function refused(reason: DeviceRefusal): DeviceDone {
  return { outcome: 'refused', reason };
}

function isOther(one: DeviceRoles['printer'], other: DeviceRoles['printer']): boolean {
  return one.address !== other.address || one.profile !== other.profile;
}

/** What a scan has taught is remembered, and in force already. */
function keepLesson(
  remembered: RememberedDevices,
  { affixes }: Extract<ScannerLesson, { kind: 'learned' }>,
): void {
  const roles = remembered.roles();
  const others = roles.affixes.filter(({ device }) => device !== affixes.device);
  remembered.change({ ...roles, affixes: [affixes, ...others].slice(0, AFFIXES_MAX) });
}

const AFFIXES_MAX = 16;

function note(
  state: DeskState,
  jobId: string,
  answer: Awaited<ReturnType<DeviceHost['devices']['print']>>,
): void {
  if (state.trial?.jobId !== jobId) return;
  const gone = {
    jobId,
    state: 'unconfirmed',
    sentBytes: 0,
    totalBytes: 0,
    problem: 'connection-lost',
    detail: 'the device process ended',
  } as const;
  state.trial = { ...state.trial, report: answer.ok ? answer.value : gone };
}

/** Keeps the last papers of the virtual printer, and how far the page that was tried is. */
function follow({ devices }: DeviceHost, state: DeskState): () => void {
  return devices.onEvent((event) => {
    if (event.kind === 'paper') {
      state.paperNumber += 1;
      state.papers = [...state.papers, { number: state.paperNumber, paper: event.paper }].slice(
        -PAPERS_MAX,
      );
    }
    if (event.kind === 'print-job' && event.report.jobId === state.trial?.jobId) {
      state.trial = { ...state.trial, report: event.report };
    }
  });
}
