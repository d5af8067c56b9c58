import { existsSync } from 'node:fs';
import { err, ok, type Result } from '#loyalty/result.ts';
import { readPrivateKey } from '#node/ed25519.ts';
import { errorText } from '#node/log.ts';
import type { Log } from '#till/ports.ts';
import type { SpawnChild } from './child.ts';
import { composeTill, type ComposedTill } from './compose.ts';
import type { DataFolder } from './data-folder.ts';
import {
  startEmbeddedServer,
  type EmbeddedServer,
  type ServerFailed,
  type ServerReady,
} from './embedded-server.ts';
import { readPairingCode, serverKeyCode } from '#contract/server-key.ts';
import { publicKeyHash } from '#node/self-made-certificate.ts';
import {
  enrolTill,
  readEnrolment,
  writeEnrolment,
  type Enrolment,
  type EnrolProblem,
  type TillSecrets,
} from './enrolment.ts';
import type { Flags } from './flags.ts';
import { inviteTill, type Invitation } from './invitation.ts';
import { meetServer, pinnedFetch } from './pinned-server.ts';
import type { StartProblem } from './problem-page.ts';
import type { Program } from './program.ts';
import type { SecretStore } from './secret-store.ts';
import { openOrRepair } from './repair-till.ts';
import { createServerLink, type EndableLink, type ServerLinkOptions } from './server-link.ts';
import { startSetUp } from './set-up-host.ts';
import {
  databaseProblem,
  demoFolderProblem,
  enrolProblem,
  lostFileProblem,
  serverProblem,
  unreadableProblem,
  type LostFile,
} from './start-problem.ts';
import { hasTillFiles } from '#sqlite/open.ts';
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
export interface StartedTill extends Pick<
  ComposedTill,
  'connect' | 'connectDisplay' | 'shiftOpen'
> {
  /** What the embedded server said first; null where there is none. */
  readonly server: Promise<ServerReady | ServerFailed> | null;
  /** Lets one more till join over the network; null where it cannot now. Only with `--lan`. */
  readonly invite: (() => Promise<Invitation | null>) | null;
  /** Ends till, devices and server, in this order. */
  stop(): Promise<void>;
}

/** The tenant of the demo shop, as the server names it. */
const DEMO_TENANT = 'demo';

type Known = Awaited<ReturnType<typeof readEnrolment>>;

/**
 * Starts a till, the first time by enrolling it, and before that, for a shop of one's own, by set-up.
 *
 * A till that was enrolled before starts without waiting for its server: that is the promise.
 */
export async function startTill(options: StartOptions): Promise<Result<StartedTill, StartProblem>> {
  const { flags, folder, program, spawn, log } = options;
  const known = await knownEnrolment(options);
  if (!known.ok) return known;
  const tenant = known.value?.enrolment.tenant ?? null;
  if (flags.ownShop && tenant === DEMO_TENANT) return err(demoFolderProblem(folder.folder));
  const embedded =
    flags.server === null
      ? startEmbeddedServer({
          spawn,
          modulePath: program.serverModule,
          dataFolder: folder.server,
          demo: tenant === null ? !flags.ownShop : tenant === DEMO_TENANT,
          lan: flags.lan,
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
  const first: FirstStart = { options, embedded, link: enrolLink, serverUrl, signed: null };
  const composed = await tillOrSetUp(first, known.value);
  starting = false;
  if (!composed.ok) {
    await embedded?.stop();
    return composed;
  }
  const { connect, connectDisplay, shiftOpen, stop } = composed.value;
  return ok({
    connect,
    connectDisplay,
    shiftOpen,
    server: embedded?.first ?? null,
    invite: flags.lan === null ? null : () => invite(first, flags.lan),
    async stop() {
      await stop();
      await embedded?.stop();
    },
  });
}

async function invite(
  { embedded, signed }: FirstStart,
  lan: Flags['lan'],
): Promise<Invitation | null> {
  const first = await embedded?.first;
  if (first?.kind !== 'ready' || signed === null || lan === null) return null;
  return inviteTill(signed, lan, systemClock.wallMs);
}

/** What a start works with. */
interface FirstStart {
  readonly options: StartOptions;
  readonly embedded: EmbeddedServer | null;
  readonly link: EndableLink;
  readonly serverUrl: () => URL | null;
  /** The link signed as this till, once it is one. */
  signed: EndableLink | null;
}

/** Who this till is already; a file that cannot be read is a problem of its own. */
async function knownEnrolment(options: StartOptions): Promise<Result<Known, StartProblem>> {
  const { folder } = options;
  try {
    const known = await readEnrolment(folder.enrolment, options.secretStore);
    const lost = known === null ? lostFile(folder) : null;
    return lost === null ? ok(known) : err(lostFileProblem(lost, folder.folder));
  } catch (error) {
    return err(unreadable(options, error));
  }
}

/**
 * What is missing of a till that was enrolled in this folder: enrolled anew it would be another till, and
 * nobody could bring the sales of the first one to the server any more.
 */
function lostFile(folder: DataFolder): LostFile | null {
  if (existsSync(folder.enrolment)) {
    return existsSync(folder.encryptedSecrets) ? 'key ring' : 'secrets.json or secrets.bin';
  }
  return hasTillFiles(folder.database) ? 'enrolment.json' : null;
}

function unreadable({ flags, folder, log }: StartOptions, error: unknown): StartProblem {
  log.error('start-failed', { error: errorText(error) });
  return unreadableProblem(errorText(error), flags.data ?? folder.folder);
}

/** The till; for a shop of one's own that is not there yet, the set-up in its place. */
async function tillOrSetUp(
  start: FirstStart,
  known: Known,
): Promise<Result<ComposedTill, StartProblem>> {
  const { options, embedded, link } = start;
  const { flags, folder, log } = options;
  if (known !== null || !flags.ownShop) return composeEnrolled(start, known);
  const first = await embedded?.first;
  if (first?.kind === 'failed') return err(serverProblem(first.code, first.detail, folder.server));
  // A set-up that was cut short after the shop was made: the till joins it.
  if (first !== undefined && !first.needsSetUp) return composeEnrolled(start, null);
  return ok(
    startSetUp({
      link,
      code: () => flags.pairingCode ?? embedded?.latest()?.pairingCode ?? null,
      compose: () => composeEnrolled(start, null),
      log,
    }),
  );
}

async function composeEnrolled(
  start: FirstStart,
  known: Known,
): Promise<Result<ComposedTill, StartProblem>> {
  const { options } = start;
  try {
    const enrolled =
      known === null ? await enrolFirst(start) : ok(await withServersKey(options, known));
    if (!enrolled.ok) return enrolled;
    return await composeRepaired(start, enrolled.value);
  } catch (error) {
    return err(unreadable(options, error));
  }
}

/** The till on its database; a damaged one is repaired first, which is when its server is waited for. */
async function composeRepaired(
  start: FirstStart,
  known: { readonly enrolment: Enrolment; readonly secrets: TillSecrets },
): Promise<Result<ComposedTill, StartProblem>> {
  const { options, embedded, serverUrl } = start;
  const { folder, program, log } = options;
  const { tenant, store, till, inc, serverCertificate } = known.enrolment;
  const server = createServerLink({
    baseUrl: serverUrl,
    identity: { keyId: till, privateKey: readPrivateKey(known.secrets) },
    wallMs: systemClock.wallMs,
    ...pinnedTo(options.flags, serverCertificate),
  });
  start.signed = server;
  const opened = await openOrRepair({
    directory: folder.database,
    migrationsDirectory: program.tillMigrations,
    identity: { tenant, store, till, inc },
    server,
    serverStarted: async () => embedded?.first,
    wallMs: systemClock.wallMs,
    log,
  });
  if (!opened.ok) return err(databaseProblem(opened.error, folder.database));
  return ok(composeTill({ ...options, ...known, server, database: opened.value }));
}

async function enrolFirst({
  options,
  embedded,
  link,
  serverUrl,
}: FirstStart): Promise<Result<{ enrolment: Enrolment; secrets: TillSecrets }, StartProblem>> {
  const { flags, folder } = options;
  const server = flags.server ?? 'the embedded server';
  const first = await embedded?.first;
  if (first?.kind === 'failed') return err(serverProblem(first.code, first.detail, folder.server));
  const given = flags.pairingCode === null ? null : readPairingCode(flags.pairingCode);
  if (flags.pairingCode !== null && given === null)
    return err(enrolProblem({ code: 'bad-code' }, server));
  const met = await metServer(serverUrl(), given?.key ?? null);
  if (!met.ok) return err(enrolProblem(met.error, server));
  const pinned = pinnedTo(flags, met.value);
  const enrolled = await enrolTill({
    link:
      met.value === null
        ? link
        : createServerLink({
            baseUrl: serverUrl,
            identity: null,
            wallMs: systemClock.wallMs,
            ...pinned,
          }),
    serverCertificate: met.value,
    code: given?.code ?? embedded?.latest()?.pairingCode ?? null,
    tillName: flags.tillName,
    path: folder.enrolment,
    store: options.secretStore,
  });
  if (enrolled.ok) return enrolled;
  return err(enrolProblem(enrolled.error, server));
}

/**
 * An enrolled till that is given a pairing code again: its server may have another key than the pinned one,
 * as after a restore without it. Only who shows the key of the code is pinned in its place; the till stays
 * who it is, so that what it sold meanwhile can be brought.
 */
async function withServersKey(
  { flags, folder, log }: StartOptions,
  known: NonNullable<Known>,
): Promise<NonNullable<Known>> {
  const given = flags.pairingCode === null ? null : readPairingCode(flags.pairingCode);
  const pinned = known.enrolment.serverCertificate;
  if (flags.server === null || pinned === null || given === null || given.key === null)
    return known;
  if (serverKeyCode(publicKeyHash(pinned)) === given.key) return known;
  const met = await metServer(new URL(flags.server), given.key, MEET_AGAIN_TIMEOUT_MS);
  if (!met.ok || met.value === null) {
    log.warn('server-key-not-renewed', { problem: met.ok ? 'not-encrypted' : met.error.code });
    return known;
  }
  const enrolment = { ...known.enrolment, serverCertificate: met.value };
  writeEnrolment(folder.enrolment, enrolment);
  log.info('server-key-renewed', {});
  return { ...known, enrolment };
}

/** Short: a till that is enrolled starts without its server. */
const MEET_AGAIN_TIMEOUT_MS = 3000;
/** How long whoever is at the server's address may take to show a key. */
const MEET_TIMEOUT_MS = 15_000;

/** The certificate to be pinned where the pairing code says the server's key; null where it does not. */
async function metServer(
  url: URL | null,
  key: string | null,
  timeoutMs = MEET_TIMEOUT_MS,
): Promise<Result<string | null, EnrolProblem>> {
  if (key === null || url?.protocol !== 'https:') return ok(null);
  const met = await meetServer(url, key, timeoutMs);
  if (met.ok) return met;
  const problem = { code: met.error, detail: 'no TLS server answers' } as const;
  return err(
    problem.code === 'wrong-key'
      ? { code: 'wrong-key' }
      : { code: 'no-server', problem: { code: problem.code, detail: problem.detail } },
  );
}

/** A server that was pinned when the till joined it is asked with its certificate and nothing else. */
function pinnedTo({ server }: Flags, certificate: string | null): Pick<ServerLinkOptions, 'fetch'> {
  const isPinned = certificate !== null && server?.startsWith('https:') === true;
  return isPinned ? { fetch: pinnedFetch(certificate) } : {};
}
