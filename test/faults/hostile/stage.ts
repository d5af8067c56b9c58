import { join } from 'node:path';
import { createLog } from '#node/log.ts';
import { openEmbedded } from '#server/database/embedded.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import {
  openShopServer,
  type ShopServer,
  type WireTill,
} from '#test/server/support/shop-server.ts';

/** A server that listens, honest tills that work, and a hostile one that was let in. */
export interface HostileStage {
  readonly server: ShopServer;
  /** Where it listens. */
  readonly port: number;
  /** Sells all the time; holds a grant of `victim`'s points. */
  readonly honest: WireTill;
  /** The honest till's grant, open. */
  readonly heldGrant: string;
  /** Enrolled, its key in wrong hands. */
  readonly hostile: WireTill;
  /** A number nobody used before, for transactions, receipts and names. */
  next(): number;
  /** Lets another till in, to be ruined by one attack. */
  join(): Promise<WireTill>;
  /**
   * Everything that is not the hostile tills' own, as one text. What they journal as spent is posted
   * with its exception, since the goods are gone: it is their own.
   */
  fingerprint(): Promise<string>;
  /** Exceptions the manager is told of, for one till. */
  exceptions(till: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const VICTIM = 'victim';
const HELD_POINTS = 50;

/** Opens the stage over the embedded database with its command log. */
export async function openHostileStage(folder: string): Promise<HostileStage> {
  const opened = await openEmbedded(
    join(folder, 'server'),
    createLog({ write: () => undefined, nowMs: () => Date.now() }),
  );
  const server = await openShopServer(opened.database, { log: opened.log });
  const { database } = server;
  const url = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
  const honest = await server.join('Honest');
  const hostile = await server.join('Hostile');
  let number = 100;
  honest.journal.append(
    txOf(1),
    body.enrol(VICTIM),
    body.sale(1, VICTIM),
    body.earn(VICTIM, txOf(1), 1000),
  );
  await honest.push();
  const grant = await honest.grant(VICTIM, HELD_POINTS, crypto.randomUUID());
  if (grant.outcome !== 'granted') throw new Error('The victim has points to hold');
  honest.journal.append(txOf(2), body.accept(grant.grant.grant, VICTIM, HELD_POINTS));
  await honest.push(honest.journal.entries.length);

  const rows = async (sql: string): Promise<string> =>
    JSON.stringify(await database.query(sql, [honest.till]));
  return {
    server,
    port: Number(url.port),
    honest,
    heldGrant: grant.grant.grant,
    hostile,
    next: () => (number += 1),
    join: () => server.join('Ruined'),
    async fingerprint() {
      const texts = [
        await rows('select till, state, inc, ack_seq, ack_hash from terminal where till = $1'),
        await rows('select member, type, source, points from ledger where till = $1 order by 2, 3'),
        await rows('select tx, total_minor from sale where till = $1 order by seq'),
        await rows('select grant_ref, amount, spent, state from point_grant where till = $1'),
        await rows(
          `select owner, granted from account
           where owner in (select member from member where enrolled_till = $1) order by 1`,
        ),
        await rows(
          `select m.member, m.status, p.version, p.sealed from member m
           left join profile p on p.tenant = m.tenant and p.member = m.member
           where m.enrolled_till = $1 or m.member like 'sample-%' order by 1`,
        ),
        await rows('select code, till from posting_exception where till = $1'),
      ];
      return texts.join('\n');
    },
    async exceptions(till) {
      const found = await database.query<{ code: string }>(
        'select code from posting_exception where till = $1 order by seq, code',
        [till],
      );
      return found.map(({ code }) => code);
    },
    async close() {
      await server.app.close();
      await opened.close();
    },
  };
}
