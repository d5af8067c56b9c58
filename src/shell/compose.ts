import { shopperContract } from '#contract/shopper.ts';
import { pageContract, type JoinContract } from '#contract/page.ts';
import { serve, type Channel, type HandlersOf } from '#contract/rpc.ts';
import { errorText } from '#node/log.ts';
import type { TillDatabase } from '#till/database.ts';
import type { Log } from '#till/ports.ts';
import { createShopperDisplay, type ShopperDisplay } from '#till/shopper-display.ts';
import { createTill, type Till } from '#till/till.ts';
import type { SpawnChild } from './child.ts';
import type { DataFolder } from './data-folder.ts';
import {
  createDeviceDesk,
  type DeviceDesk,
  type DeviceDeskOptions,
} from './devices/device-desk.ts';
import { startDeviceHost, type DeviceHost } from './devices/device-host.ts';
import { endOfLog, writeReport } from './devices/device-report.ts';
import { followWithPole } from './devices/pole-follower.ts';
import { rememberDevices } from './devices/remembered-devices.ts';
import type { Enrolment, TillSecrets } from './enrolment.ts';
import type { Flags } from './flags.ts';
import { joinHandlers } from './invitation.ts';
import type { Program } from './program.ts';
import type { EndableLink } from './server-link.ts';
import { createSystemTimer, systemClock, systemIds, tillCrypto } from './surroundings.ts';

/** Version of the program, for the journal. */
export const APP = 'regulars/0.1.0';

/** How long a stopping till waits for its server's answer; every message is safe to repeat. */
const LAST_WORDS_MS = 2000;

export interface ComposeOptions {
  readonly enrolment: Enrolment;
  readonly secrets: TillSecrets;
  /** Open and whole; closed by `stop`. */
  readonly database: TillDatabase;
  /** Signed as this till. */
  readonly server: EndableLink;
  readonly flags: Flags;
  readonly folder: DataFolder;
  readonly program: Program;
  readonly spawn: SpawnChild;
  readonly log: Log;
}

/** A till with everything it needs, running. */
export interface ComposedTill {
  /** Lets a page work with the till; returns what ends that. */
  connect(channel: Channel): () => void;
  /** Lets a shopper's display follow the till; returns what ends that. */
  connectDisplay(channel: Channel): () => void;
  /** True while a shift is open: an update waits. */
  shiftOpen(): boolean;
  stop(): Promise<void>;
}

/** Puts a till together: the only place that knows which classes stand behind its ports. */
export function composeTill(options: ComposeOptions): ComposedTill {
  const { enrolment, secrets, flags, program, log, database, server } = options;
  const { tenant, store, till: keyId, inc, epoch, config } = enrolment;
  const identity = { tenant, store, till: keyId, inc };
  const remembered = rememberDevices(options.folder.devices, flags, log);
  const deviceHost = startDeviceHost({
    spawn: options.spawn,
    modulePath: program.devicesModule,
    roles: remembered.roles(),
    log,
    monoMs: systemClock.monoMs,
  });
  const timer = createSystemTimer();
  const till = createTill(
    {
      database,
      server,
      devices: deviceHost.devices,
      clock: systemClock,
      ids: systemIds,
      crypto: tillCrypto(secrets),
      log,
      timer,
    },
    { identity, app: APP, epoch, config },
  );
  const display = createShopperDisplay(till, timer);
  const hasPole = (): boolean => remembered.roles().pole.address !== 'none';
  const unfollow = followWithPole(display, deviceHost, hasPole);
  const signedIn = async () => (await till.handlers.state(null)).staff.signedIn;
  const desk = createDeviceDesk({
    host: deviceHost,
    remembered,
    rulesFile: program.deviceRules,
    platform: process.platform,
    isLocked: async () => (await signedIn()) === null,
    language: () => config.language,
    newJobId: () => `trial-${systemIds.uuid()}`,
    report: reporter(options, till, deviceHost),
    log,
  });
  const join = joinHandlers(server, flags.lan, systemClock.wallMs, signedIn);
  till.start();

  return {
    connect: (channel) => connectPage(till, { ...desk.handlers, ...join }, channel, log),
    connectDisplay: (channel) => connectShopper(display, channel, log),
    shiftOpen: () => database.read.openShift() !== null,
    async stop() {
      // First nobody asks any more, then nobody prints, then the journal is closed.
      unfollow();
      desk.stop();
      display.stop();
      const late = setTimeout(() => server.hangUp(), LAST_WORDS_MS);
      await till.stop();
      clearTimeout(late);
      server.hangUp();
      await deviceHost.stop();
      timer.stop();
      database.close();
    },
  };
}

/** Puts together what a report is made of; a report that fails says why instead of ending the till. */
function reporter(
  { folder, flags, database, log }: ComposeOptions,
  till: Till,
  { bench }: DeviceHost,
): DeviceDeskOptions['report'] {
  return async (view) => {
    try {
      const { printer, link, lastSale } = await till.handlers.state(null);
      const found = await bench.find();
      const file = writeReport(folder.reports, {
        app: APP,
        atMs: systemClock.wallMs(),
        // A pairing code opens the server.
        flags: { ...flags, pairingCode: flags.pairingCode === null ? null : 'given' },
        view,
        found: found.ok ? found.value : [],
        printer,
        link,
        lastPrint: lastSale?.print ?? null,
        jobs: (['sending', 'queued'] as const).flatMap((state) =>
          database.read.openPrintJobs(state, REPORT_JOBS_MAX),
        ),
        log: endOfLog(folder.log),
      });
      log.info('report-written', {});
      return { file };
    } catch (error) {
      return { reason: errorText(error) };
    }
  };
}

const REPORT_JOBS_MAX = 100;

function connectPage(
  till: Till,
  shell: DeviceDesk['handlers'] & HandlersOf<JoinContract>,
  channel: Channel,
  log: Log,
): () => void {
  const handlers = { ...till.handlers, ...shell };
  const served = serve(pageContract, channel, handlers, (error, method) =>
    log.error('call-failed', { method, error: errorText(error) }),
  );
  const stops = [
    till.onState((state) => served.emit('state', state)),
    till.onPaper((paper) => served.emit('paper', paper)),
    till.onScreenKey((key) => served.emit('screen-key', { key })),
  ];
  return () => {
    for (const stop of stops) stop();
    served.close();
  };
}

function connectShopper(display: ShopperDisplay, channel: Channel, log: Log): () => void {
  const served = serve(shopperContract, channel, display.handlers, (error, method) =>
    log.error('display-call-failed', { method, error: errorText(error) }),
  );
  const leave = display.connected();
  const stop = display.onState((state) => served.emit('state', state));
  return () => {
    leave();
    stop();
    served.close();
  };
}
