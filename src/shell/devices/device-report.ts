import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { arch, cpus, freemem, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import type { FoundDevice } from '#contract/device.ts';
import type { DevicesView } from '#contract/device-setup.ts';
import type { TillState } from '#contract/till-state.ts';
import { writeFileAtomic } from '#node/files.ts';
import type { PrintJob } from '#till/database.ts';
import { maskNumbers } from './mask-numbers.ts';

/** What a report is made of; values, so that a test can make one up. */
export interface ReportFacts {
  readonly app: string;
  readonly atMs: number;
  /** As typed behind `npm start --`. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly view: DevicesView;
  readonly found: readonly FoundDevice[];
  readonly printer: TillState['printer'];
  readonly link: TillState['link'];
  /** What became of the last receipt; null = nothing was sold yet. */
  readonly lastPrint: NonNullable<TillState['lastSale']>['print'];
  /** Receipts that are not out yet; their text is left out. */
  readonly jobs: readonly PrintJob[];
  /** The end of the log, oldest line first. */
  readonly log: string;
}

/** As much of the log as one file takes: some days of a busy shop. */
export const REPORT_LOG_BYTES = 512 * 1024;
const REPORTS_KEPT = 5;

/** The report as text: what runs where, which devices, what is stuck, and what was said last. */
export function reportText(facts: ReportFacts): string {
  const { view, found, jobs } = facts;
  const { node, electron } = process.versions as NodeJS.ProcessVersions & { electron?: string };
  const parts: readonly (readonly [string, unknown])[] = [
    [
      'Version',
      {
        app: facts.app,
        node,
        electron: electron ?? 'none',
        platform: process.platform,
        arch: arch(),
      },
    ],
    [
      'Machine',
      {
        system: release(),
        processors: cpus().length,
        memoryMb: Math.round(totalmem() / 1_048_576),
        freeMb: Math.round(freemem() / 1_048_576),
        upHours: Math.round(uptime() / 3_600),
      },
    ],
    ['Started with', facts.flags],
    ['Devices by role', view.roles],
    ['Given on the command line', view.fixed],
    ['Plugged in', found],
    ['Printer', { devices: view.printer, till: facts.printer }],
    ['Scanners', view.scanners],
    ['Pole display', view.pole],
    ['Last lesson of a scanner', view.lesson],
    ['Last page tried', view.trial],
    ['Server', facts.link],
    ['Last receipt', facts.lastPrint],
    ['Receipts that wait', jobs.map(jobFacts)],
  ];
  const written = parts.map(([title, value]) => `== ${title}\n${JSON.stringify(value, null, 2)}\n`);
  const head = `Regulars, report of ${new Date(facts.atMs).toISOString()}\n`;
  return maskNumbers([head, ...written, `== Log\n${facts.log}`].join('\n'));
}

/** What became of a receipt, without what is on it. */
function jobFacts({ job, kind, copy, state, problem, detail, sentBytes, totalBytes }: PrintJob) {
  return { job, kind, copy, state, problem, detail, sentBytes, totalBytes };
}

/** Writes a report for its owner's eyes, and keeps the last few. Gives its path. */
export function writeReport(folder: string, facts: ReportFacts): string {
  const stamp = new Date(facts.atMs).toISOString().slice(0, 19).replaceAll(':', '-');
  const file = join(folder, `regulars-${stamp}.txt`);
  writeFileAtomic(file, reportText(facts));
  const old = readdirSync(folder)
    .filter((name) => /^regulars-.*\.txt$/.test(name))
    .toSorted()
    .slice(0, -REPORTS_KEPT);
  for (const name of old) rmSync(join(folder, name), { force: true });
  return file;
}

/** The last part of the log file, from its first whole line on; empty where there is none. */
export function endOfLog(path: string, bytesMax = REPORT_LOG_BYTES): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return '';
  const length = Math.min(size, bytesMax);
  const buffer = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, length, size - length);
  } finally {
    closeSync(file);
  }
  const text = buffer.toString('utf8');
  return length === size ? text : text.slice(text.indexOf('\n') + 1);
}
