import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { attachPrinter, type AttachedPrinter } from './attach.ts';
import type { PaperStrip } from './paper.ts';
import { VirtualPrinter, type VirtualPrinterOptions } from './virtual-printer.ts';

/** A virtual printer that listens like a network printer. */
export interface VirtualPrinterServer {
  readonly printer: VirtualPrinter;
  readonly port: number;
  close(): Promise<void>;
}

/** Where it listens and what it tells. */
export interface VirtualPrinterServerOptions extends VirtualPrinterOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  onStrip(strip: PaperStrip): void;
  onDrawer?(pin: 2 | 5): void;
}

/**
 * Serves one virtual printer over TCP, one caller at a time.
 *
 * A second caller is hung up on, as network printers do; what the first one left unfinished in the
 * buffer stays there.
 */
export async function serveVirtualPrinter(
  options: VirtualPrinterServerOptions,
): Promise<VirtualPrinterServer> {
  let wire: AttachedPrinter | null = null;
  const callers = new Set<Socket>();
  const printer = new VirtualPrinter(options, {
    onAnswer: (bytes) => wire?.answer(bytes),
    onRoom: () => wire?.room(),
    onStrip: (strip) => options.onStrip(strip),
    onDrawer: (pin) => options.onDrawer?.(pin),
  });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (callers.size > 0) {
      socket.destroy();
      return;
    }
    callers.add(socket);
    wire = attachPrinter(() => printer, socket);
    socket.on('close', () => {
      callers.delete(socket);
      wire = null;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    printer,
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server, callers),
  };
}

function closeServer(server: Server, callers: ReadonlySet<Socket>): Promise<void> {
  for (const socket of callers) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
