import { join } from 'node:path';
import type { TillState } from '#contract/till-state.ts';
import { assert } from '#loyalty/result.ts';
import { readPrivateKey } from '#node/ed25519.ts';
import { enrolTill } from '#shell/enrolment.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import { createServerLink } from '#shell/server-link.ts';
import { createSystemTimer, systemClock, systemIds, tillCrypto } from '#shell/surroundings.ts';
import { openTillDatabase } from '#sqlite/open.ts';
import type { TillDatabase } from '#till/database.ts';
import { createTill, type Till } from '#till/till.ts';
import { MIGRATIONS } from './a-till.ts';
import { fakeDevices, type FakeDevices } from './fake-devices.ts';

/** A log that says nothing. */
export const quiet = { info: () => {}, warn: () => {}, error: () => {} };

const UNTIL_MS = 60_000;

/** A till with a real database, link, clock and timer; only its devices are a test's. */
export interface RealTill {
  readonly till: Till;
  readonly database: TillDatabase;
  readonly devices: FakeDevices;
  state(): TillState;
  /** Waits until it holds; fails with what the till shows then. */
  until(what: string, holds: (state: TillState) => boolean): Promise<TillState>;
  stop(): Promise<void>;
}

export interface Joining {
  /** The till's own folder is made in it. */
  readonly folder: string;
  readonly name: string;
  readonly code: string;
  /** Where the server is now; null while it is down. */
  readonly url: () => URL | null;
}

/** Enrols a till at a real server and starts it. */
export async function aRealTill({ folder, name, code, url }: Joining): Promise<RealTill> {
  const home = join(folder, name);
  const enrolled = await enrolTill({
    link: createServerLink({ baseUrl: url, identity: null, wallMs: systemClock.wallMs }),
    code,
    tillName: name,
    path: `${home}.json`,
    store: fileSecrets(`${home}.secrets`),
  });
  assert(enrolled.ok, `enrolled: ${JSON.stringify(enrolled)}`);
  const { enrolment, secrets } = enrolled.value;
  const { tenant, store, till: keyId, inc, epoch, config } = enrolment;
  const identity = { tenant, store, till: keyId, inc };
  const opened = openTillDatabase({
    directory: home,
    migrationsDirectory: MIGRATIONS,
    identity,
    ballastBytes: 0,
  });
  assert(opened.ok, `opened: ${JSON.stringify(opened)}`);
  const devices = fakeDevices();
  const link = createServerLink({
    baseUrl: url,
    identity: { keyId, privateKey: readPrivateKey(secrets) },
    wallMs: systemClock.wallMs,
  });
  const till = createTill(
    {
      database: opened.value,
      server: link,
      devices,
      clock: systemClock,
      ids: systemIds,
      crypto: tillCrypto(secrets),
      log: quiet,
      timer: createSystemTimer(),
    },
    { identity, app: 'test/1', epoch, config },
  );
  till.start();
  const state = (): TillState => till.handlers.state(null) as TillState;
  return {
    till,
    database: opened.value,
    devices,
    state,
    async until(what, holds) {
      const deadline = Date.now() + UNTIL_MS;
      while (!holds(state())) {
        const { link: wire, member, notice } = state();
        assert(Date.now() < deadline, `${what}: ${JSON.stringify({ wire, member, notice })}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return state();
    },
    async stop() {
      await till.stop();
      link.hangUp();
      opened.value.close();
    },
  };
}
