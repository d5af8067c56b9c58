import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { launchTill } from '#test/e2e/support/launch-till.ts';
import { readTillBooks } from './support/books.ts';
import { withFolder } from './support/folder.ts';
import { caughtUp, startSelling, until } from './support/selling.ts';

const SALES = 5;

it('a till whose database is rubbish starts by itself, with every sale its server has', () =>
  withFolder(async (dataFolder) => {
    const acknowledged: string[] = [];
    const flags = ['--printer', 'none'];
    const sell = async (sales: number): Promise<void> => {
      const till = await launchTill({ dataFolder, flags });
      try {
        expect(till.output()).toContain('Till ready');
        const onDone = (saleId: string): void => void acknowledged.push(saleId);
        const selling = await startSelling(till.link, { onDone, pauseMs: 5 });
        await until(() => acknowledged.length >= sales, 'sales are settled');
        await selling.stop();
        await caughtUp(selling.socket);
        selling.socket.end();
      } finally {
        await till.stop();
      }
    };
    await sell(SALES);
    const database = join(dataFolder, 'till', 'till.db');
    writeFileSync(database, Buffer.alloc(statSync(database).size, 0x58));
    await sell(2 * SALES);
    const { sales } = readTillBooks(join(dataFolder, 'till'));
    expect(sales.map(({ tx }) => tx)).toEqual(acknowledged);
    expect(readdirSync(dataFolder)).toContainEqual(expect.stringMatching(/^till\.quarantine-/));
  }));
