import type { ScannerStatus, VirtualPaper } from '#contract/device.ts';
import { assertNever } from '#loyalty/result.ts';
import type { Core } from './core.ts';
import type { DeviceEvent } from './ports.ts';
import type { PrintQueue } from './print-queue.ts';
import type { ScanRouter } from './scan-router.ts';

/** Strips of the virtual printer that are kept for the screen. */
const PAPERS_MAX = 16;

/** Follows what the device process says. Returns the function that stops it. */
export function listenToDevices(
  core: Core,
  router: ScanRouter,
  queue: PrintQueue,
  onPaper: (paper: VirtualPaper) => void,
): () => void {
  /** Devices that spoke for themselves while their state was being asked: their word is newer. */
  const news = new Set<string>();
  const askStatus = (): void => {
    news.clear();
    void readStatus(core, news);
  };
  askStatus();
  return core.ports.devices.onEvent((event) => {
    if (event.kind === 'printer') news.add(PRINTER);
    if (event.kind === 'scanner') news.add(scannerKey(event.status));
    if (event.kind === 'started') askStatus();
    onEvent(core, router, queue, onPaper, event);
  });
}

const PRINTER = 'printer';

function scannerKey({ source, address }: ScannerStatus): string {
  return `${source} ${address}`;
}

async function readStatus(core: Core, news: ReadonlySet<string>): Promise<void> {
  const answer = await core.ports.devices.status();
  if (!answer.ok) return;
  const { devices } = core;
  const { printer, scanners } = answer.value;
  if (!news.has(PRINTER)) devices.printer = printer;
  const present = new Set(scanners.map(scannerKey));
  for (const key of devices.scanners.keys()) {
    if (!present.has(key) && !news.has(key)) devices.scanners.delete(key);
  }
  for (const scanner of scanners) {
    const key = scannerKey(scanner);
    if (!news.has(key)) devices.scanners.set(key, scanner);
  }
  core.changed();
}

function onEvent(
  core: Core,
  router: ScanRouter,
  queue: PrintQueue,
  onPaper: (paper: VirtualPaper) => void,
  event: DeviceEvent,
): void {
  const { devices } = core;
  switch (event.kind) {
    case 'scan':
      router.route(event.code, event.source).catch((error: unknown) => {
        core.ports.log.error('scan-failed', { error: String(error).slice(0, 200) });
      });
      return;
    case 'print-job':
      return queue.note(event.report);
    case 'printer': {
      const wasReady = devices.printer.state === 'ready' || devices.printer.state === 'printing';
      devices.printer = event.status;
      core.changed();
      if (event.status.state === 'ready' && !wasReady) queue.printerReady();
      return;
    }
    case 'scanner':
      devices.scanners.set(scannerKey(event.status), event.status);
      return core.changed();
    case 'paper':
      keepPaper(core, event.paper);
      return onPaper(event.paper);
    case 'started':
      return queue.printerReady();
    case 'stopped':
      devices.printer = { ...devices.printer, state: 'unreachable', problem: 'unreachable' };
      devices.scanners.clear();
      return core.changed();
    default:
      return assertNever(event, 'device event');
  }
}

function keepPaper(core: Core, paper: VirtualPaper): void {
  const { papers } = core.devices;
  if (paper.jobId === null) return;
  papers.set(paper.jobId, paper);
  const [oldest] = papers.keys();
  if (papers.size > PAPERS_MAX && oldest !== undefined) papers.delete(oldest);
}
