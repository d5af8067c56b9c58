import { describe, expect, it } from 'vitest';
import type { PrinterStatus } from '#contract/device.ts';
import { createGuardedPrinter } from '#hardware/guarded-printer.ts';
import type { CreatePrinter } from '#hardware/guarded-printer.ts';
import { createLog } from '#node/log.ts';

const document = { language: 'en', lines: [], openDrawer: false };
const lines: string[] = [];
const log = createLog({ write: (line) => void lines.push(line), nowMs: () => 0 });

function guarded(create: CreatePrinter): {
  printer: ReturnType<typeof createGuardedPrinter>;
  statuses: PrinterStatus[];
} {
  const statuses: PrinterStatus[] = [];
  const events = {
    onJob: () => undefined,
    onStatus: (status: PrinterStatus) => statuses.push(status),
    onPaper: () => undefined,
  };
  const choice = { address: 'tcp://192.0.2.7:9100' };
  return { printer: createGuardedPrinter(create, choice, events, log), statuses };
}

describe('a printer driver that falls over', () => {
  it('at its start is a status, and its jobs fail before their first byte', async () => {
    const { printer, statuses } = guarded(() => {
      throw new Error('no native part');
    });
    expect(statuses).toMatchObject([
      { state: 'error', problem: 'printer-error', detail: 'Error: no native part' },
    ]);
    expect(await printer.print('j1', document)).toMatchObject({ state: 'failed', sentBytes: 0 });
    expect(printer.status()).toMatchObject({ address: 'tcp://192.0.2.7:9100', state: 'error' });
    await printer.close();
  });

  it('in the middle of a job leaves it unconfirmed, so that nobody prints it twice by itself', async () => {
    const { printer } = guarded((_options, events) => ({
      print(jobId) {
        events.onJob({
          jobId,
          state: 'sending',
          sentBytes: 40,
          totalBytes: 90,
          problem: null,
          detail: '',
        });
        return Promise.reject(new Error('fell over'));
      },
      printPairing: () => Promise.reject(new Error('fell over too')),
      drawer: () => Promise.resolve(null),
      hand: () => null,
      aside: () => Promise.reject(new Error('fell over aside')),
      status: () => {
        throw new Error('fell over again');
      },
      close: () => Promise.resolve(),
    }));
    expect(await printer.print('j1', document)).toMatchObject({
      state: 'unconfirmed',
      sentBytes: 40,
      totalBytes: 90,
    });
    expect(await printer.printPairing('j2', 'widths')).toMatchObject({ state: 'failed' });
    expect(await printer.aside(Buffer.from('x'))).toBe(false);
    expect(printer.status()).toMatchObject({ state: 'error', detail: 'Error: fell over again' });
  });
});
