import { err, ok, type Result } from '#loyalty/result.ts';
import { errorText } from '#node/log.ts';
import type { Log, ServerLink } from '#till/ports.ts';
import type { SpawnChild } from './child.ts';
import { composeTill, type ComposedTill } from './compose.ts';
import type { DataFolder } from './data-folder.ts';
import {
  startEmbeddedServer,
  type EmbeddedServer,
  type ServerFailed,
  type ServerReady,
} from './embedded-server.ts';
import { enrolTill, readEnrolment, type Enrolment, type TillSecrets } from './enrolment.ts';
import type { Flags } from './flags.ts';
import type { StartProblem } from './problem-page.ts';
import type { Program } from './program.ts';
import type { SecretStore } from './secret-store.ts';
import { createServerLink } from './server-link.ts';
import { enrolProblem, serverProblem, unreadableProblem } from './start-problem.ts';
import { systemClock } from './surroundings.ts';

export interface StartOptions {
  readonly flags: Flags;
  readonly folder: DataFolder;
  readonly program: Program;
  readonly spawn: SpawnChild;
  readonly secretStore: SecretStore;
  readonly log: Log;
  /** Resolves when a person wants the till to stop, also while it is still starting. */
  readonly stopAsked?: Promise<void>;
}

/** A till that works, with its server where it has one of its own. */
export interface StartedTill extends Pick<ComposedTill, 'connect' | 'shiftOpen'> {
  /** What the embedded server said first; null where there is none. */
  readonly server: Promise<ServerReady | ServerFailed> | null;
  /** Ends till, devices and server, in this order. */
  stop(): Promise<void>;
}

/**
 * Starts a till, the first time by enrolling it.
 *
 * A till that was enrolled before starts without waiting for its server: that is the promise.
 */
export async function startTill(options: StartOptions): Promise<Result<StartedTill, StartProblem>> {
  const { flags, folder, program, spawn, log } = options;
  const embedded =
    flags.server === null
      ? startEmbeddedServer({
          spawn,
          modulePath: program.serverModule,
          dataFolder: folder.server,
          log,
          monoMs: systemClock.monoMs,
        })
      : null;
  const remote = flags.server === null ? null : new URL(flags.server);
  const serverUrl = (): URL | null => remote ?? embedded?.url() ?? null;

  let starting = true;
  const enrolLink = createServerLink({
    baseUrl: serverUrl,
    identity: null,
    wallMs: systemClock.wallMs,
  });
  // A first start waits for its server; without this it would go on waiting for one that hangs.
  void options.stopAsked?.then(() => {
    if (!starting) return;
    enrolLink.hangUp();
    return embedded?.stop();
  });
  const composed = await composeEnrolled(options, embedded, enrolLink, serverUrl);
  starting = false;
  if (!composed.ok) {
    await embedded?.stop();
    return composed;
  }
  const { connect, shiftOpen, stop } = composed.value;
  return ok({
    connect,
    shiftOpen,
    server: embedded?.first ?? null,
    async stop() {
      await stop();
      await embedded?.stop();
    },
  });
}

async function composeEnrolled(
  options: StartOptions,
  embedded: EmbeddedServer | null,
  enrolLink: ServerLink,
  serverUrl: () => URL | null,
): Promise<Result<ComposedTill, StartProblem>> {
  const { flags, folder, log } = options;
  try {
    const known = await readEnrolment(folder.enrolment, options.secretStore);
    const enrolled = known === null ? await enrolFirst(options, embedded, enrolLink) : ok(known);
    if (!enrolled.ok) return enrolled;
    return composeTill({ ...options, ...enrolled.value, serverUrl });
  } catch (error) {
    log.error('start-failed', { error: errorText(error) });
    return err(unreadableProblem(errorText(error), flags.data ?? folder.folder));
  }
}

async function enrolFirst(
  options: StartOptions,
  embedded: EmbeddedServer | null,
  link: ServerLink,
): Promise<Result<{ enrolment: Enrolment; secrets: TillSecrets }, StartProblem>> {
  const { flags, folder } = options;
  const first = await embedded?.first;
  if (first?.kind === 'failed') return err(serverProblem(first.code, first.detail, folder.server));
  const enrolled = await enrolTill({
    link,
    code: flags.pairingCode ?? first?.pairingCode ?? null,
    tillName: flags.tillName,
    path: folder.enrolment,
    store: options.secretStore,
  });
  if (enrolled.ok) return enrolled;
  return err(enrolProblem(enrolled.error, flags.server ?? 'the embedded server'));
}
