import { networkInterfaces } from 'node:os';
import type { JoinContract } from '#contract/page.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import { mayDo } from '#contract/staff.ts';
import { syncContract } from '#contract/sync.ts';
import type { TillState } from '#contract/till-state.ts';
import type { Flags } from './flags.ts';
import type { EndableLink } from './server-link.ts';

const ASK_TIMEOUT_MS = 10_000;

/** What a person types at another till so that it joins this one's shop. */
export interface Invitation {
  /** Addresses of this machine the other may reach it at, `https://192.168.1.20:7443`. */
  readonly servers: readonly string[];
  readonly code: string;
  readonly goodForMinutes: number;
}

/** Asks this till's own server to let one more till in; null where it cannot now. */
export async function inviteTill(
  link: EndableLink,
  lan: NonNullable<Flags['lan']>,
  wallMs: () => number,
): Promise<Invitation | null> {
  const asked = await link.call('invite-till', {}, ASK_TIMEOUT_MS);
  const answer = asked.ok ? syncContract['invite-till'].output.safeParse(asked.value) : null;
  if (answer?.success !== true || answer.data.lanPort === null) return null;
  const { code, lanPort, expiresAtMs } = answer.data;
  const hosts = lan.host === '0.0.0.0' || lan.host === '::' ? ownAddresses() : [lan.host];
  return {
    servers: hosts.map((host) => `https://${host.includes(':') ? `[${host}]` : host}:${lanPort}`),
    code,
    goodForMinutes: Math.max(1, Math.floor((expiresAtMs - wallMs()) / 60_000)),
  };
}

/** Answers the page that asks for another till. A manager's right: whoever joins sees every member. */
export function joinHandlers(
  link: EndableLink,
  lan: Flags['lan'],
  wallMs: () => number,
  signedIn: () => Promise<TillState['staff']['signedIn']>,
): HandlersOf<JoinContract> {
  return {
    async 'join.invite'() {
      if (lan === null) return { outcome: 'refused', code: 'lan-off' };
      const who = await signedIn();
      if (who === null || !mayDo(who.role, 'manage')) {
        return { outcome: 'refused', code: 'manager-needed' };
      }
      const invitation = await inviteTill(link, lan, wallMs);
      if (invitation === null || invitation.servers.length === 0) {
        return { outcome: 'refused', code: 'not-now' };
      }
      const { servers, code, goodForMinutes } = invitation;
      return { outcome: 'invited', servers: servers.slice(0, SERVERS_MAX), code, goodForMinutes };
    },
  };
}

/** Addresses a page shows: more than a machine of a shop has. */
const SERVERS_MAX = 16;

/** The invitation in words; where this machine is on no network it says so. */
export function invitationText(invitation: Invitation | null): string {
  if (invitation === null) {
    return (
      'Other tills cannot join now: this one has no shop yet, its server is not running, or the address and port ' +
      'for other tills (--lan-host, --lan-port) are not this machine’s or in use. Start it again then.\n'
    );
  }
  const { servers, code, goodForMinutes } = invitation;
  if (servers.length === 0) {
    return 'Other tills cannot join: this machine is on no network. Connect it and start again.\n';
  }
  const lines = servers.map((server) => `  npm start -- --server ${server} --pairing-code ${code}`);
  const which = servers.length > 1 ? ', by one of these addresses' : '';
  return `Another till of this shop joins with${which}:\n${lines.join('\n')}\nThe code lets in one till and is good for ${goodForMinutes} minutes; a new start gives a new one.\n`;
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
