import { deviceContract } from '#contract/device.ts';
import { serve } from '#contract/rpc.ts';

/**
 * A device process for tests: the real contract over real process messages, no hardware.
 *
 * Printing job `crash` ends the process as a broken driver would, `hang` blocks it for good, `patient`
 * is printed once the status was asked three times; `--printer crash` ends the process at once.
 */
if (process.argv.includes('crash')) process.exit(7);
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

const report = (jobId: string) =>
  ({ jobId, state: 'confirmed', sentBytes: 1, totalBytes: 1, problem: null, detail: '' }) as const;

const ready = { state: 'ready', problem: null, detail: '' } as const;

const asked = Promise.withResolvers<void>();
let statuses = 0;

const served = serve(
  deviceContract,
  {
    send: (frame) => void process.send?.(frame),
    onFrame(listener) {
      const receive = (message: unknown): void => {
        if (typeof message === 'string') listener(message);
      };
      process.on('message', receive);
      return () => void process.off('message', receive);
    },
  },
  {
    async print({ jobId }) {
      if (jobId === 'crash') process.exit(9);
      if (jobId === 'hang') for (;;);
      if (jobId === 'patient') await asked.promise;
      served.emit('print-job', report(jobId));
      return report(jobId);
    },
    status() {
      statuses += 1;
      if (statuses === 3) asked.resolve();
      return { printer: { ...ready, address: process.argv.slice(2).join(' ') }, scanners: [] };
    },
    find: () => [],
    pairing: ({ jobId }) => report(jobId),
    beep: () => null,
    drawer: () => ({ level: null }),
    hand: () => null,
    learn: () => ({ kind: 'nothing' }) as const,
    pole: () => ({ address: 'none', state: 'none', problem: null, detail: '' }) as const,
  },
  () => undefined,
);
