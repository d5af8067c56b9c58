import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PrintJobReport } from '#contract/device.ts';
import { PrintQueue } from '#hardware/printer/print-queue.ts';
import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
import { textOf } from '#hardware/virtual/paper.ts';
import { EPSON_LIKE_80, VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { faultyWire, GOOD_LINE, type LineFault } from './faulty-transport.ts';
import { text } from './receipts.ts';

/** Limits far under a second: a wrong guess at a slow moment may only make a report weaker. */
const TIMING = {
  connectTimeoutMs: 100,
  statusTimeoutMs: 20,
  stallTimeoutMs: 30,
  proofTimeoutMs: 30,
  recoveryTimeoutMs: 40,
  waitPollMs: 5,
  idlePollMs: 0,
  troublePollMs: 0,
  lingerMs: 1,
  closeTimeoutMs: 50,
} as const;

const LINES = 12;
const fault: fc.Arbitrary<LineFault> = fc.record({
  refuse: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('unreachable' as const, 'busy' as const) },
  ),
  breakAfterBytes: fc.option(fc.nat(700), { freq: 2 }),
  powerLost: fc.boolean(),
  answers: fc.constantFrom('good', 'good', 'dropped', 'late', 'noisy'),
});
interface Schedule {
  readonly faults: readonly LineFault[];
  readonly jobs: number;
  readonly rollDots: number | null;
  readonly bufferBytes: number;
  readonly keepsOpen: boolean;
  readonly askTwice: boolean;
}

const schedule: fc.Arbitrary<Schedule> = fc.record({
  faults: fc.array(fault, { maxLength: 6 }),
  jobs: fc.integer({ min: 1, max: 4 }),
  rollDots: fc.option(fc.integer({ min: 50, max: 1_500 }), { freq: 2 }),
  bufferBytes: fc.constantFrom(64, 256, 4_096),
  keepsOpen: fc.boolean(),
  askTwice: fc.boolean(),
});

function receipt(job: number): ReceiptDocument {
  const lines = Array.from({ length: LINES }, (_, line) => text(`Fiş ${job} satır ${line}`));
  return { language: 'tr', openDrawer: false, lines: [...lines, { kind: 'cut' }] };
}

function wordsOf(job: number): string {
  return Array.from({ length: LINES }, (_, line) => `Fiş ${job} satır ${line}`).join('\n');
}

/** Schedules that run at the same time: almost all of each is waiting. */
const TOGETHER = 25;
const ROUNDS = 40;

it(`in any of ${ROUNDS * TOGETHER} schedules of faults: confirmed means printed, unsent means not printed, nothing is printed twice or lost`, async () => {
  const batch = fc.array(schedule, { minLength: TOGETHER, maxLength: TOGETHER });
  await fc.assert(
    fc.asyncProperty(batch, async (schedules) => {
      await Promise.all(schedules.map((each) => play(each)));
    }),
    { numRuns: ROUNDS },
  );
}, 120_000);

async function play({
  faults,
  jobs,
  rollDots,
  bufferBytes,
  keepsOpen,
  askTwice,
}: Schedule): Promise<void> {
  const strips: string[] = [];
  const last = new Map<string, PrintJobReport>();
  const printer: VirtualPrinter = new VirtualPrinter(
    { ...EPSON_LIKE_80, bufferBytes },
    {
      onAnswer: (bytes) => wire.answer(bytes),
      onRoom: () => wire.room(),
      onStrip: (strip) => void strips.push(textOf(strip)),
    },
  );
  const pending = [...faults];
  const wire = faultyWire(
    () => printer,
    () => pending.shift() ?? GOOD_LINE,
    keepsOpen,
  );
  const queue = new PrintQueue({
    address: 'faulty',
    profile: DEFAULT_PROFILE,
    timing: TIMING,
    transport: wire.transport,
    events: {
      onJob: (report) => void last.set(report.jobId, report),
      onStatus: () => undefined,
    },
  });
  queue.start();
  if (rollDots !== null) printer.loadPaper(rollDots);
  // Half a receipt that a power cut left on the paper may stand above the next one.
  const times = (job: number): number =>
    strips.filter((each) => each.endsWith(wordsOf(job))).length;
  for (let job = 0; job < jobs; job += 1) {
    const report = await queue.print(`job-${job}`, receipt(job));
    if (askTwice) await queue.print(`job-${job}`, receipt(job));
    if (report.state === 'confirmed') expect(times(job)).toBe(1);
    if (report.sentBytes === 0 && !askTwice) expect(times(job)).toBe(0);
  }
  pending.length = 0;
  printer.loadPaper(1_000_000);
  for (let job = 0; job < jobs; job += 1) {
    for (let tries = 0; tries < 20 && last.get(`job-${job}`)?.sentBytes === 0; tries += 1) {
      await queue.print(`job-${job}`, receipt(job));
    }
    const report = last.get(`job-${job}`);
    expect(times(job)).toBeLessThanOrEqual(1);
    expect(report?.sentBytes).toBeGreaterThan(0);
    if (report?.state === 'confirmed') expect(times(job)).toBe(1);
  }
  await queue.close();
}
