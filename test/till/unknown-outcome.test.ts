import { afterAll, describe, expect, test } from 'vitest';
import { err } from '#loyalty/result.ts';
import type { TillDatabase } from '#till/database.ts';
import { soldToNobody } from './support/a-sale.ts';
import { aConfig, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const UNKNOWN = { refusal: { code: 'not-saved-outcome-unknown' } };

/** What the disk does, and what it says. */
interface Disk {
  says: 'what-it-does' | 'nobody-knows';
  keeps: boolean;
}

/** A till whose disk loses its tongue where a test says so. */
async function aTillOnDisk(): Promise<{ readonly till: TestTill; readonly disk: Disk }> {
  const disk: Disk = { says: 'what-it-does', keeps: true };
  const unknown = err({ code: 'outcome-unknown' as const, detail: 'SQLITE_IOERR' });
  const wrap = (database: TillDatabase): TillDatabase => ({
    ...database,
    write(work) {
      if (disk.says === 'what-it-does') return database.write(work);
      if (disk.keeps) {
        const outcome = database.write(work);
        return outcome.ok ? unknown : outcome;
      }
      try {
        database.write((writes) => {
          work(writes);
          throw new Error('the commit did not reach the disk');
        });
      } catch {
        return unknown;
      }
      return unknown;
    },
  });
  return { till: await aTill({ wrap }), disk };
}

async function coffee(till: TestTill, quantityMilli = 1000): Promise<string> {
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli });
  return till.state().basket.saleId;
}

describe('where nobody can tell whether it was written, what is on the disk decides', () => {
  test.each([true, false])('a claim of a receipt’s points; on the disk: %s', async (keeps) => {
    const { till, disk } = await aTillOnDisk();
    const { receipt } = await soldToNobody(till);
    till.member();
    await till.scanCard();
    till.server.up = false;
    await till.time.advance(4000);
    Object.assign(disk, { says: 'nobody-knows', keeps });
    const claimed = await till.call['claim.commit']({ receipt });
    disk.says = 'what-it-does';
    expect(till.bodies().filter(({ kind }) => kind === 'claim')).toHaveLength(keeps ? 1 : 0);
    if (keeps) expect(claimed).toEqual(DONE);
    else expect(claimed).toMatchObject(UNKNOWN);
    await till.close();
  });

  test.each([true, false])('a sale set aside is in one place; on the disk: %s', async (keeps) => {
    const { till, disk } = await aTillOnDisk();
    const saleId = await coffee(till);
    Object.assign(disk, { says: 'nobody-knows', keeps });
    const parked = await till.call['sale.park'](null);
    disk.says = 'what-it-does';
    expect(parked).toMatchObject(keeps ? DONE : UNKNOWN);
    expect(till.state().parked.map(({ sale }) => sale)).toEqual(keeps ? [saleId] : []);
    expect(till.state().basket.saleId === saleId).toBe(!keeps);
    await till.close();
  });

  test.each([true, false])('so is one that is brought back; on the disk: %s', async (keeps) => {
    const { till, disk } = await aTillOnDisk();
    const saleId = await coffee(till);
    await till.call['sale.park'](null);
    Object.assign(disk, { says: 'nobody-knows', keeps });
    const recalled = await till.call['sale.recall']({ sale: saleId });
    disk.says = 'what-it-does';
    expect(recalled).toMatchObject(keeps ? DONE : UNKNOWN);
    expect(till.state().parked.map(({ sale }) => sale)).toEqual(keeps ? [] : [saleId]);
    expect(till.state().basket.saleId === saleId).toBe(keeps);
    await till.close();
  });

  test.each([true, false])('points set aside for a reward; on the disk: %s', async (keeps) => {
    const { till, disk } = await aTillOnDisk();
    till.member();
    await till.time.advance(2000);
    await till.scanCard();
    const saleId = await coffee(till, 3000);
    till.server.intercept = (name) => {
      if (name === 'grant') Object.assign(disk, { says: 'nobody-knows', keeps });
      return null;
    };
    const toggled = await till.call['reward.toggle']({ reward: 'ten-off' });
    disk.says = 'what-it-does';
    till.server.intercept = null;
    expect(toggled).toMatchObject(keeps ? DONE : UNKNOWN);
    expect(till.state().basket.rewards).toHaveLength(keeps ? 1 : 0);
    await till.time.advance(20_000);
    expect(till.server.open.size).toBe(keeps ? 1 : 0);
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    await till.time.advance(60_000);
    expect(till.server.open.size).toBe(0);
    await till.close();
  });

  test.each([true, false])('a shop’s new rules; on the disk: %s', async (keeps) => {
    const { till, disk } = await aTillOnDisk();
    till.server.changes.push({ kind: 'config', config: aConfig({ version: 2, storeName: 'New' }) });
    till.server.intercept = (name) => {
      if (name === 'pull') Object.assign(disk, { says: 'nobody-knows', keeps });
      return null;
    };
    await till.time.advance(4000);
    disk.says = 'what-it-does';
    till.server.intercept = null;
    if (keeps) expect(till.state().shop.storeName).toBe('New');
    await till.time.advance(30_000);
    expect(till.state().shop.storeName).toBe('New');
    await till.close();
  });
});
