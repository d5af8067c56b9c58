import { afterAll, describe, expect, test } from 'vitest';
import { err, ok } from '#loyalty/result.ts';
import type { TillDatabase, TillWrites } from '#till/database.ts';
import { aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { GONE, READY, report } from './support/fake-devices.ts';

afterAll(removeFolders);

async function sell(till: TestTill): Promise<string> {
  await till.call['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'card' });
  await till.time.settle();
  return saleId;
}

/** A till whose disk is full for as long as a test says so. */
async function tillOnFullDisk(): Promise<{ till: TestTill; disk: { isFull: boolean } }> {
  const disk = { isFull: false };
  const wrap = (database: TillDatabase): TillDatabase => ({
    ...database,
    write: <Value>(work: (writes: TillWrites) => Value) =>
      disk.isFull ? err({ code: 'disk-full', detail: '' }) : database.write(work),
  });
  return { till: await aTill({ wrap }), disk };
}

const jobOf = (till: TestTill, saleId: string): unknown =>
  till.database.read.printJobsOf(saleId)[0];

describe('the print queue', () => {
  test('a printer that is off holds the receipt; it is tried again, longer each time, and comes out', async () => {
    const till = await aTill();
    let tries = 0;
    till.devices.onPrint((jobId) => {
      tries += 1;
      return ok(report(jobId, 'failed', { sentBytes: 0, problem: 'unreachable' }));
    });
    const saleId = await sell(till);
    expect(till.state().lastSale?.print).toMatchObject({ state: 'queued', problem: 'unreachable' });
    await till.time.advance(7500);
    expect(tries).toBe(4);
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    till.devices.emit({ kind: 'printer', status: { ...READY, state: 'unreachable' } });
    till.devices.emit({ kind: 'printer', status: READY });
    await till.time.settle();
    expect(jobOf(till, saleId)).toMatchObject({ state: 'confirmed', copy: 0 });
    expect(till.devices.printed).toHaveLength(1);
    await till.close();
  });

  test('after the first byte nothing is printed again by itself', async () => {
    const till = await aTill();
    let tries = 0;
    till.devices.onPrint((jobId) => {
      tries += 1;
      return ok(report(jobId, 'failed', { sentBytes: 12, problem: 'connection-lost' }));
    });
    const saleId = await sell(till);
    await till.time.advance(600_000);
    expect(tries).toBe(1);
    expect(jobOf(till, saleId)).toMatchObject({ state: 'failed', sentBytes: 12 });
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    expect(await till.call['print.again']({ saleId })).toEqual({ outcome: 'done' });
    await till.time.settle();
    expect(jobOf(till, saleId)).toMatchObject({ state: 'confirmed', copy: 1 });
    await till.close();
  });

  test('a device process that dies while printing leaves the job unconfirmed, and the next one prints', async () => {
    const till = await aTill();
    till.devices.onPrint(() => GONE);
    const first = await sell(till);
    expect(jobOf(till, first)).toMatchObject({ state: 'unconfirmed', problem: 'connection-lost' });
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    const second = await sell(till);
    expect(jobOf(till, second)).toMatchObject({ state: 'confirmed' });
    await till.close();
  });

  test('after a restart a job that was being sent is unconfirmed, and one that waited is printed', async () => {
    const till = await aTill();
    till.devices.onPrint(() => new Promise(() => {}));
    const first = await sell(till);
    const second = await sell(till);
    expect(jobOf(till, first)).toMatchObject({ state: 'sending' });
    await till.close();
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    const again = await till.restart();
    await again.time.settle();
    expect(jobOf(again, first)).toMatchObject({ state: 'unconfirmed' });
    expect(jobOf(again, second)).toMatchObject({ state: 'confirmed' });
    await again.close();
  });

  test('receipts come out one at a time, in the order of the sales', async () => {
    const till = await aTill();
    const order: string[] = [];
    let busy = 0;
    till.devices.onPrint(async (jobId) => {
      busy += 1;
      expect(busy).toBe(1);
      order.push(jobId);
      await Promise.resolve();
      busy -= 1;
      return ok(report(jobId, 'confirmed'));
    });
    const sales = [await sell(till), await sell(till), await sell(till)];
    await till.time.settle();
    expect(order).toEqual(sales.map((saleId) => till.database.read.printJobsOf(saleId)[0]?.job));
    await till.close();
  });

  test('progress of the device process is kept, and the paper of a virtual printer shown', async () => {
    const till = await aTill();
    const { promise, resolve } = Promise.withResolvers<null>();
    till.devices.onPrint((jobId) => promise.then(() => ok(report(jobId, 'confirmed'))));
    const papers: string[] = [];
    till.till.onPaper(({ svg }) => papers.push(svg));
    const saleId = await sell(till);
    const { jobId } = till.state().lastSale?.print ?? { jobId: '' };
    till.devices.emit({ kind: 'print-job', report: report(jobId, 'sent') });
    expect(till.state().lastSale?.print?.state).toBe('sent');
    till.devices.emit({
      kind: 'paper',
      paper: { jobId, svg: '<svg/>', widthDots: 576, heightDots: 100 },
    });
    resolve(null);
    await till.time.settle();
    expect(await till.call['receipt.view']({ saleId })).toMatchObject({
      job: { state: 'confirmed' },
      paper: { svg: '<svg/>' },
    });
    expect(papers).toEqual(['<svg/>']);
    await till.close();
  });

  test('a copy says so, opens no drawer, repeats the frozen figures and is journalled', async () => {
    const till = await aTill();
    const saleId = await sell(till);
    expect(await till.call['receipt.reprint']({ saleId })).toEqual({ outcome: 'done' });
    await till.time.settle();
    const [original, copy] = till.devices.printed.map(({ document }) => document);
    expect(copy?.lines[0]).toMatchObject({ kind: 'text', text: 'COPY 1' });
    expect(copy?.lines.slice(1)).toEqual(original?.lines);
    expect(copy?.openDrawer).toBe(false);
    expect(till.bodies().at(-1)).toEqual({ kind: 'reprint', of: saleId, copy: 1 });
    expect(
      await till.call['receipt.reprint']({ saleId: '0190aaaa-0000-7000-8000-000000000000' }),
    ).toMatchObject({ refusal: { code: 'no-receipt-here' } });
    await till.close();
  });

  test('a printer that never reads holds nothing up: the job is unconfirmed and the next one prints', async () => {
    const till = await aTill();
    till.devices.onPrint(() => new Promise(() => {}));
    const first = await sell(till);
    const second = await sell(till);
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    await till.time.advance(600_001);
    expect(jobOf(till, first)).toMatchObject({ state: 'unconfirmed' });
    expect(jobOf(till, second)).toMatchObject({ state: 'confirmed' });
    await till.close();
  });

  test('a receipt whose end could not be written is not printed again; only the writing is tried again', async () => {
    const { till, disk } = await tillOnFullDisk();
    till.devices.onPrint((jobId) => {
      disk.isFull = true;
      return ok(report(jobId, 'confirmed'));
    });
    const saleId = await sell(till);
    await till.time.advance(100);
    expect(jobOf(till, saleId)).toMatchObject({ state: 'sending' });
    expect(till.state().lastSale?.print).toMatchObject({ state: 'confirmed' });
    disk.isFull = false;
    await till.time.advance(60_000);
    expect(jobOf(till, saleId)).toMatchObject({ state: 'confirmed' });
    expect(till.devices.printed).toHaveLength(1);
    await till.close();
  });

  test('a receipt that never reached the printer is printed by itself once that could be written', async () => {
    const { till, disk } = await tillOnFullDisk();
    till.devices.onPrint((jobId) => {
      disk.isFull = true;
      return ok(report(jobId, 'failed', { sentBytes: 0, problem: 'unreachable' }));
    });
    const saleId = await sell(till);
    await till.time.advance(2000);
    till.devices.onPrint((jobId) => ok(report(jobId, 'confirmed')));
    disk.isFull = false;
    await till.time.advance(60_000);
    expect(jobOf(till, saleId)).toMatchObject({ state: 'confirmed' });
    expect(till.devices.printed).toHaveLength(1);
    await till.close();
  });

  test('a receipt whose end was never written is unconfirmed at the next start, once that can be written', async () => {
    const { till, disk } = await tillOnFullDisk();
    till.devices.onPrint((jobId) => {
      disk.isFull = true;
      return ok(report(jobId, 'confirmed'));
    });
    const saleId = await sell(till);
    await till.close();
    const again = await till.restart();
    expect(jobOf(again, saleId)).toMatchObject({ state: 'sending' });
    await again.time.advance(60_000);
    disk.isFull = false;
    await again.time.advance(60_000);
    expect(jobOf(again, saleId)).toMatchObject({ state: 'unconfirmed' });
    expect(till.devices.printed).toHaveLength(1);
    await again.close();
  });

  test('a wish to try again that cannot be written is refused, in words', async () => {
    const { till, disk } = await tillOnFullDisk();
    till.devices.onPrint((jobId) => ok(report(jobId, 'failed', { sentBytes: 0 })));
    const saleId = await sell(till);
    disk.isFull = true;
    expect(await till.call['print.again']({ saleId })).toMatchObject({
      refusal: { code: 'not-saved-disk-full' },
    });
    disk.isFull = false;
    till.devices.onPrint((job) => ok(report(job, 'confirmed')));
    expect(await till.call['print.again']({ saleId })).toEqual({ outcome: 'done' });
    await till.time.settle();
    expect(till.state().lastSale?.print).toMatchObject({ state: 'confirmed', copy: 0 });
    await till.close();
  });

  test.each(['sending', 'sent'] as const)(
    'a receipt that is on its way is not sent again by a second tap, nor copied: %s',
    async (state) => {
      const till = await aTill();
      till.devices.onPrint((jobId) =>
        ok(report(jobId, 'failed', { sentBytes: 0, problem: 'printer-error' })),
      );
      const saleId = await sell(till);
      const end = Promise.withResolvers<null>();
      till.devices.onPrint(async (jobId) => {
        till.devices.emit({ kind: 'print-job', report: report(jobId, state) });
        await end.promise;
        return ok(report(jobId, 'sent'));
      });
      expect(await till.call['print.again']({ saleId })).toEqual({ outcome: 'done' });
      expect(till.state().lastSale?.print).toMatchObject({ state, copy: 0 });
      expect(await till.call['print.again']({ saleId })).toEqual({ outcome: 'done' });
      end.resolve(null);
      await till.time.settle();
      expect(jobOf(till, saleId)).toMatchObject({ state: 'sent', copy: 0 });
      // Printed, as far as anybody knows: one more is a copy.
      expect(await till.call['print.again']({ saleId })).toEqual({ outcome: 'done' });
      await till.time.settle();
      expect(jobOf(till, saleId)).toMatchObject({ state: 'sent', copy: 1 });
      await till.close();
    },
  );

  test('a till killed while the printer is asked for its proof says unconfirmed; one that gives none was sent', async () => {
    const till = await aTill();
    till.devices.onPrint((jobId) => ok(report(jobId, 'sent')));
    const first = await sell(till);
    till.devices.onPrint((jobId) => {
      till.devices.emit({ kind: 'print-job', report: report(jobId, 'sent') });
      return new Promise(() => {});
    });
    const second = await sell(till);
    expect(till.state().lastSale?.print).toMatchObject({ state: 'sent' });
    await till.close();
    const again = await till.restart();
    expect(jobOf(again, first)).toMatchObject({ state: 'sent' });
    expect(jobOf(again, second)).toMatchObject({ state: 'unconfirmed' });
    await again.close();
  });
});
