import { describe, expect, it } from 'vitest';
import { err, ok } from '#loyalty/result.ts';
import { invitationText, inviteTill, joinHandlers } from '#shell/invitation.ts';
import type { EndableLink } from '#shell/server-link.ts';

const LAN = { host: '192.0.2.7', port: 7443 };
const CODE = 'ABCD2345-Q7K2-MM9X-04TZ-8WPF-R';
const NOW_MS = 1_000_000;

/** A server that answers this to whatever it is asked. */
function linkThat(answer: object | null): EndableLink & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async call(name) {
      asked.push(name);
      return answer === null ? err({ code: 'unreachable', detail: '' }) : ok(answer);
    },
    hangUp: () => undefined,
  };
}

const open = { code: CODE, lanPort: 7443, expiresAtMs: NOW_MS + 600_000 };
const nowMs = (): number => NOW_MS;

describe('an invitation to another till', () => {
  it('says where this machine is, with the code and how long it is good', async () => {
    const invitation = await inviteTill(linkThat(open), LAN, nowMs);
    expect(invitation).toEqual({
      servers: ['https://192.0.2.7:7443'],
      code: CODE,
      goodForMinutes: 10,
    });
    expect(invitationText(invitation)).toContain(
      `npm start -- --server https://192.0.2.7:7443 --pairing-code ${CODE}`,
    );
    expect(await inviteTill(linkThat(open), { host: '::1', port: 1 }, nowMs)).toMatchObject({
      servers: ['https://[::1]:7443'],
    });
  });

  it('is none where the server is silent, shut to the network, or talks nonsense', async () => {
    for (const answer of [null, { ...open, lanPort: null }, { code: 7 }]) {
      expect(await inviteTill(linkThat(answer), LAN, nowMs)).toBeNull();
    }
    expect(invitationText(null)).toContain('cannot join now');
    expect(invitationText({ servers: [], code: CODE, goodForMinutes: 10 })).toContain('no network');
  });

  it('is a manager’s to give, and only where the till was opened to the network', async () => {
    const link = linkThat(open);
    const ask = (lan: typeof LAN | null, role: 'cashier' | 'manager' | null) =>
      joinHandlers(link, lan, nowMs, async () => (role === null ? null : { cashier: 'c1', role }))[
        'join.invite'
      ](null);
    expect(await ask(null, 'manager')).toEqual({ outcome: 'refused', code: 'lan-off' });
    expect(await ask(LAN, 'cashier')).toEqual({ outcome: 'refused', code: 'manager-needed' });
    expect(await ask(LAN, null)).toEqual({ outcome: 'refused', code: 'manager-needed' });
    expect(link.asked).toEqual([]);
    expect(await ask(LAN, 'manager')).toMatchObject({ outcome: 'invited', code: CODE });
  });
});
