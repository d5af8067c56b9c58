import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { StatusStream } from '#hardware/escpos/status-stream.ts';
import type { PrinterHost } from '#hardware/printer/create-printer-host.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { ARABIC_RECEIPT, SHORT_RECEIPT, text, TURKISH_RECEIPT } from './receipts.ts';
import { deadAddress, NO_HELP, stageHost, stagePrinter, stageServer } from './stage.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const STATUS_OK = Buffer.from([0x16]);
const PAPER_OK = Buffer.from([0x12]);

const STATUS_ASKED = Buffer.from([0x10, 0x04]);
const PROOF_ASKED = Buffer.from([0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30]);

/** Answers DLE EOT like a healthy printer and hands everything else on. */
function healthy(socket: Socket, onData: (bytes: Buffer) => void): void {
  socket.on('data', (bytes) => {
    for (
      let at = bytes.indexOf(STATUS_ASKED);
      at !== -1;
      at = bytes.indexOf(STATUS_ASKED, at + 1)
    ) {
      socket.write(bytes[at + 2] === 1 ? STATUS_OK : PAPER_OK);
    }
    onData(bytes);
  });
}

/** The answer to a proof asked for in these bytes; null when none is. */
function proofFor(bytes: Buffer): Buffer | null {
  const at = bytes.indexOf(PROOF_ASKED);
  if (at === -1) return null;
  return Buffer.concat([
    Buffer.from([0x37, 0x22]),
    bytes.subarray(at + 7, at + 11),
    Buffer.from([0]),
  ]);
}

function receipt(words: string): ReceiptDocument {
  return { ...SHORT_RECEIPT, lines: [text(words), { kind: 'cut' }] };
}

/** Printed once the printer is free: a job of which nothing was sent is given again. */
async function comesToPrint(host: PrinterHost, jobId: string, words: string): Promise<void> {
  const state = async () => (await host.print(jobId, receipt(words))).state;
  await expect.poll(state, { timeout: PATIENCE_MS }).toBe('confirmed');
}

/** A long receipt: more than a small buffer holds. */
const LONG: ReceiptDocument = {
  ...SHORT_RECEIPT,
  lines: [
    ...Array.from({ length: 200 }, (_, index) => text(`Satır ${index + 1}`)),
    { kind: 'cut' },
  ],
};

describe('a printer that works', () => {
  it('prints once, byte for byte, and the receipt is confirmed by the printer’s own word', async () => {
    const chunks: Buffer[] = [];
    const address = await stageServer((socket) =>
      healthy(socket, (bytes) => {
        chunks.push(bytes);
        const proof = proofFor(bytes);
        if (proof !== null) socket.write(proof);
      }),
    );
    const host = stageHost({ address });
    const report = await host.print('job-1', TURKISH_RECEIPT);
    expect(report).toMatchObject({
      state: 'confirmed',
      problem: null,
      sentBytes: report.totalBytes,
    });
    await host.close();
    const { bytes } = await layoutReceipt(TURKISH_RECEIPT, DEFAULT_PROFILE);
    const sent = Buffer.concat(chunks)
      .toString('hex')
      .replaceAll(/100401|100404/g, '');
    expect(sent).toMatch(
      new RegExp(`^1d610e${bytes.toString('hex')}1d28480600303[0]([0-9a-f]{8})1d6100$`),
    );
    expect(host.told('job-1')).toEqual(['queued', 'sending', 'sent', 'confirmed']);
  });

  it('prints what waits, one after the other, on the same printer', async () => {
    const printer = await stagePrinter();
    const host = stageHost({ address: printer.address });
    const words = ['bir', 'iki', 'üç', 'dört'];
    const reports = await Promise.all(
      words.map((each, index) => host.print(`job-${index}`, receipt(each))),
    );
    expect(reports.map((each) => each.state)).toEqual([
      'confirmed',
      'confirmed',
      'confirmed',
      'confirmed',
    ]);
    expect(printer.receipts).toEqual(words);
  });

  it('gives the line back, so that another till can print', async () => {
    const printer = await stagePrinter();
    const first = stageHost({ address: printer.address });
    const second = stageHost({ address: printer.address });
    await first.print('a', receipt('first'));
    await comesToPrint(second, 'b', 'second');
    expect(printer.receipts).toEqual(['first', 'second']);
  });

  it('is not told twice to print one job: asked again, it says what became of it', async () => {
    const printer = await stagePrinter();
    const host = stageHost({ address: printer.address });
    const [once, twice] = await Promise.all([
      host.print('a', receipt('once')),
      host.print('a', receipt('once')),
    ]);
    const again = await host.print('a', receipt('once'));
    expect([once.state, twice, again]).toEqual(['confirmed', once, once]);
    expect(printer.receipts).toEqual(['once']);
  });
});

describe('before the first byte, a job fails with nothing sent and may be given again', () => {
  it('a printer that is off', async () => {
    const host = stageHost({ address: await deadAddress() });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
    expect(host.status()).toMatchObject({ state: 'unreachable', problem: 'unreachable' });
  });

  it('a printer that refuses: it hangs up on every call', async () => {
    const host = stageHost({ address: await stageServer((socket) => socket.destroy()) });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'busy',
      sentBytes: 0,
    });
  });

  it('a printer that is serving another till, and then is free', async () => {
    const printer = await stagePrinter();
    const other = stageHost({ address: printer.address, timing: { lingerMs: 60_000 } });
    await other.print('other', receipt('other till'));
    const host = stageHost({ address: printer.address });
    expect(await host.print('a', receipt('mine'))).toMatchObject({
      state: 'failed',
      problem: 'busy',
      sentBytes: 0,
    });
    await other.close();
    await comesToPrint(host, 'a', 'mine');
    expect(printer.receipts).toEqual(['other till', 'mine']);
  });

  it.each([
    ['out of paper', { paper: 'out' }, 'paper-out'],
    ['with its cover open', { coverOpen: true }, 'cover-open'],
    ['with its cutter jammed', { cutterJammed: true }, 'printer-error'],
    ['with a hot head', { headHot: true }, 'printer-error'],
  ] as const)(
    'a printer %s: the job waits at the till, and prints once when all is well',
    async (_, wrong, problem) => {
      const printer = await stagePrinter();
      printer.printer.setMechanism(wrong);
      const host = stageHost({ address: printer.address });
      expect(await host.print('a', receipt('once'))).toMatchObject({
        state: 'failed',
        problem,
        sentBytes: 0,
      });
      printer.printer.setMechanism({
        paper: 'ok',
        coverOpen: false,
        cutterJammed: false,
        headHot: false,
      });
      expect((await host.print('a', receipt('once'))).state).toBe('confirmed');
      expect(printer.receipts).toEqual(['once']);
    },
  );

  it('a printer that answered before and is silent now', async () => {
    let silent = false;
    const address = await stageServer((socket) => {
      if (!silent) healthy(socket, () => undefined);
    });
    // Where a stall swallows the first answer, it is asked again.
    const timing = { statusTimeoutMs: 400, troublePollMs: 50, idlePollMs: 50, lingerMs: 0 };
    const host = stageHost({ address, timing });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    silent = true;
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'no-answer',
      sentBytes: 0,
    });
  });
});

describe('after the first byte, nothing is repeated and nothing is called printed that is not known to be', () => {
  it('a printer that never reads is never called confirmed', async () => {
    const host = stageHost({
      address: await stageServer((socket) => socket.pause()),
      timing: { statusTimeoutMs: 400 },
    });
    const report = await host.print('a', TURKISH_RECEIPT);
    expect(report).toMatchObject({
      state: 'unconfirmed',
      problem: 'no-answer',
      sentBytes: report.totalBytes,
    });
  });

  it('a printer that takes bytes and never answers is unconfirmed', async () => {
    const host = stageHost({
      address: await stageServer((socket) => healthy(socket, () => undefined)),
      timing: { proofTimeoutMs: 500 },
    });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'unconfirmed',
      problem: 'no-answer',
    });
    expect(host.told('a')).toEqual(['queued', 'sending', 'sent', 'unconfirmed+no-answer']);
  });

  it('a printer known never to answer is not asked: its receipts are sent, and no more is claimed', async () => {
    const printer = await stagePrinter();
    const host = stageHost({ address: printer.address, profile: 'generic-80-one-way' });
    const report = await host.print('a', receipt('one way'));
    expect(report).toMatchObject({ state: 'sent', problem: null, sentBytes: report.totalBytes });
    await expect.poll(() => printer.receipts, { timeout: PATIENCE_MS }).toEqual(['one way']);
    expect(printer.printer.trace.lines.some((each) => /DLE|GS \( H|GS a/.test(each.text))).toBe(
      false,
    );
  });

  it('paper that runs out in the middle: the till is told at once, and a new roll ends it well', async () => {
    const printer = await stagePrinter();
    printer.printer.loadPaper(1_500);
    const host = stageHost({ address: printer.address });
    const printing = host.print('a', LONG);
    await expect.poll(() => host.told('a').at(-1), { timeout: PATIENCE_MS }).toMatch(/paper-out$/);
    expect(printer.receipts).toEqual([]);
    printer.printer.loadPaper(100_000);
    expect((await printing).state).toBe('confirmed');
    expect(printer.receipts).toHaveLength(1);
    expect(printer.receipts[0]?.split('\n')).toHaveLength(200);
  });

  it('paper that runs out and is not put back: unconfirmed, with the reason; the late proof is still heard', async () => {
    const printer = await stagePrinter();
    printer.printer.loadPaper(1_500);
    const host = stageHost({ address: printer.address, timing: { recoveryTimeoutMs: 1_500 } });
    expect(await host.print('a', LONG)).toMatchObject({
      state: 'unconfirmed',
      problem: 'paper-out',
    });
    expect(host.status()).toMatchObject({ state: 'paper-out' });
    printer.printer.loadPaper(100_000);
    await expect.poll(() => host.told('a').at(-1), { timeout: PATIENCE_MS }).toBe('confirmed');
    expect(await host.print('a', LONG)).toMatchObject({ state: 'confirmed' });
    expect(printer.receipts).toHaveLength(1);
  });

  it('a printer that stops taking bytes: failed, with what was sent, and not given again', async () => {
    const printer = await stagePrinter({ bufferBytes: 512 });
    const host = stageHost({ address: printer.address, timing: NO_HELP });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    printer.printer.loadPaper(600);
    const large = { ...LONG, lines: Array.from({ length: 400 }, () => text('x'.repeat(400))) };
    const report = await host.print('a', large);
    expect(['failed', 'unconfirmed']).toContain(report.state);
    expect(report).toMatchObject({ problem: 'paper-out' });
    expect(report.sentBytes).toBeGreaterThan(0);
    expect(await host.print('a', large)).toEqual(report);
  });

  it('a line that is reset in the middle of a job: failed with bytes sent, and never tried again', async () => {
    let calls = 0;
    const address = await stageServer((socket) => {
      calls += 1;
      let taken = 0;
      healthy(socket, (bytes) => {
        taken += bytes.length;
        if (taken > 3_000) socket.resetAndDestroy();
      });
    });
    const host = stageHost({ address, timing: { lingerMs: 0 } });
    const huge = {
      ...ARABIC_RECEIPT,
      lines: Array.from({ length: 20 }, () => ARABIC_RECEIPT.lines).flat(),
    };
    const report = await host.print('a', huge);
    expect(report).toMatchObject({ problem: 'connection-lost' });
    expect(['failed', 'unconfirmed']).toContain(report.state);
    expect(report.sentBytes).toBeGreaterThan(0);
    const before = calls;
    expect(await host.print('a', huge)).toEqual(report);
    expect(calls).toBe(before);
  });

  it('a line that is lost after the last byte, before the proof: unconfirmed', async () => {
    const address = await stageServer((socket) =>
      healthy(socket, (bytes) => {
        if (proofFor(bytes) !== null) socket.resetAndDestroy();
      }),
    );
    const host = stageHost({ address });
    const report = await host.print('a', SHORT_RECEIPT);
    expect(report).toMatchObject({
      state: 'unconfirmed',
      problem: 'connection-lost',
      sentBytes: report.totalBytes,
    });
  });

  it('a printer that answers late is unconfirmed, then confirmed when the proof comes', async () => {
    const { promise: unconfirmed, resolve: answerNow } = Promise.withResolvers<void>();
    const address = await stageServer((socket) =>
      healthy(socket, (bytes) => {
        const proof = proofFor(bytes);
        if (proof !== null) void unconfirmed.then(() => socket.write(proof));
      }),
    );
    const host = stageHost({ address, timing: { proofTimeoutMs: 500, lingerMs: PATIENCE_MS } });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'unconfirmed',
      problem: 'no-answer',
    });
    answerNow();
    await expect.poll(() => host.told('a').at(-1), { timeout: PATIENCE_MS }).toBe('confirmed');
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({ state: 'confirmed' });
  });

  it('a printer that answers garbage is not believed', async () => {
    const garbage = Buffer.from(
      Array.from({ length: 4_096 }, (_, index) => (index * 31 + (index >> 3)) & 0xff),
    );
    const address = await stageServer((socket) =>
      healthy(socket, (bytes) => {
        if (bytes.length < 20) return;
        socket.write(garbage);
        socket.write(Buffer.from('7"9999\u0000', 'latin1'));
      }),
    );
    expect(new StatusStream().push(garbage).length).toBeGreaterThan(0);
    // The garbage may say that a person must help.
    const host = stageHost({ address, timing: { proofTimeoutMs: 500, recoveryTimeoutMs: 500 } });
    const report = await host.print('a', SHORT_RECEIPT);
    expect(report.state).toBe('unconfirmed');
  });

  it('after a job that broke off, the next receipt is whole and on paper of its own', async () => {
    const printer = await stagePrinter({ bufferBytes: 2_048 });
    const host = stageHost({ address: printer.address, timing: NO_HELP });
    await host.print('first', receipt('first'));
    printer.printer.loadPaper(100);
    const broken = await host.print('broken', {
      ...LONG,
      lines: Array.from({ length: 450 }, () => text('y'.repeat(400))),
    });
    expect([broken.problem, broken.state === 'confirmed']).toEqual(['paper-out', false]);
    printer.printer.loadPaper(1_000_000);
    // Until it has heard that the line is gone, it serves nobody else.
    await comesToPrint(host, 'next', 'whole');
    expect(printer.receipts.at(-1)).toBe('whole');
  });
});

describe('when the till stops', () => {
  it('waiting jobs are cancelled, the one under way says what is known, and nothing is left open', async () => {
    const host = stageHost({
      address: await stageServer((socket) => healthy(socket, () => undefined)),
      timing: { proofTimeoutMs: 60_000 },
    });
    const first = host.print('first', SHORT_RECEIPT);
    const second = host.print('second', SHORT_RECEIPT);
    await expect.poll(() => host.told('first').at(-1), { timeout: PATIENCE_MS }).toBe('sent');
    await host.close();
    expect(await first).toMatchObject({
      state: 'unconfirmed',
      problem: 'connection-lost',
      detail: 'the device process stopped',
    });
    expect(await second).toMatchObject({ state: 'cancelled', sentBytes: 0 });
    expect(await host.print('third', SHORT_RECEIPT)).toMatchObject({
      state: 'cancelled',
      sentBytes: 0,
    });
  });
});
