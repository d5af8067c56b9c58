import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PrinterStatus, PrintJobReport, VirtualPaper } from '#contract/device.ts';
import {
  createPrinterHost,
  type PrinterHost,
  type PrinterHostOptions,
} from '#hardware/printer/create-printer-host.ts';
import type { PrinterTiming } from '#hardware/printer/timing.ts';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { serveVirtualPrinter, type VirtualPrinterServer } from '#hardware/virtual/tcp-server.ts';
import { EPSON_LIKE_80, type VirtualPrinterOptions } from '#hardware/virtual/virtual-printer.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

/**
 * Limits that no stall of a busy machine reaches, and no asking in between. A test of what happens when
 * one of them is over shortens that one.
 */
const PATIENT: PrinterTiming = {
  connectTimeoutMs: PATIENCE_MS,
  statusTimeoutMs: PATIENCE_MS,
  stallTimeoutMs: PATIENCE_MS,
  proofTimeoutMs: PATIENCE_MS,
  recoveryTimeoutMs: PATIENCE_MS,
  waitPollMs: 50,
  idlePollMs: 0,
  troublePollMs: 0,
  lingerMs: 50,
  closeTimeoutMs: 500,
};

/** For a printer whose buffer is full, so that it takes no question either, and that nobody helps. */
export const NO_HELP = { statusTimeoutMs: 3_000, recoveryTimeoutMs: 500 };

/** A host under test and all it said. */
export interface StagedHost extends PrinterHost {
  readonly reports: PrintJobReport[];
  readonly statuses: PrinterStatus[];
  readonly papers: VirtualPaper[];
  /** States of one job in order, as `sent+paper-out`. */
  told(jobId: string): string[];
}

/** Starts a host; it ends with the test. */
export function stageHost(options: PrinterHostOptions): StagedHost {
  const reports: PrintJobReport[] = [];
  const statuses: PrinterStatus[] = [];
  const papers: VirtualPaper[] = [];
  const host = createPrinterHost(
    { ...options, timing: { ...PATIENT, ...options.timing } },
    {
      onJob: (report) => void reports.push(report),
      onStatus: (status) => void statuses.push(status),
      onPaper: (paper) => void papers.push(paper),
    },
  );
  onTestFinished(() => host.close());
  const told = (jobId: string): string[] =>
    reports
      .filter((each) => each.jobId === jobId)
      .map((each) => (each.problem === null ? each.state : `${each.state}+${each.problem}`));
  return { ...host, reports, statuses, papers, told };
}

/** A virtual network printer and the words it has printed, one string a receipt. */
export interface StagedPrinter extends VirtualPrinterServer {
  readonly address: string;
  readonly receipts: string[];
}

/** Starts a virtual printer on a free port; it ends with the test. */
export async function stagePrinter(
  options: Partial<VirtualPrinterOptions> = {},
): Promise<StagedPrinter> {
  const receipts: string[] = [];
  const server = await serveVirtualPrinter({
    ...EPSON_LIKE_80,
    ...options,
    host: '127.0.0.1',
    port: 0,
    onStrip: (strip: PaperStrip) => void receipts.push(textOf(strip)),
  });
  onTestFinished(() => server.close());
  return { ...server, address: `tcp://127.0.0.1:${server.port}`, receipts };
}

/** A network printer that does what a test says; each call is handed over raw. */
export async function stageServer(onCall: (socket: Socket, call: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  let calls = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    calls += 1;
    onCall(socket, calls);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `tcp://127.0.0.1:${port}`;
}
