import type { VirtualPaper } from '#contract/device.ts';
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
  void readStatus(core);
  return core.ports.devices.onEvent((event) => onEvent(core, router, queue, onPaper, event));
}

async function readStatus(core: Core): Promise<void> {
  const answer = await core.ports.devices.status();
  if (!answer.ok) return;
  core.devices.printer = answer.value.printer;
  core.devices.scanners.clear();
  for (const scanner of answer.value.scanners) {
    core.devices.scanners.set(`${scanner.source} ${scanner.address}`, scanner);
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
      devices.scanners.set(`${event.status.source} ${event.status.address}`, event.status);
      return core.changed();
    case 'paper':
      keepPaper(core, event.paper);
      return onPaper(event.paper);
    case 'started':
      void readStatus(core);
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
