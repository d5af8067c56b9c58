import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardNumberFromSerial } from '#loyalty/card.ts';
import type { DevicesView } from '#contract/device-setup.ts';
import {
  endOfLog,
  reportText,
  writeReport,
  type ReportFacts,
} from '#shell/devices/device-report.ts';
import { maskNumbers } from '#shell/devices/mask-numbers.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-report-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A report in which every place that holds text holds this one, too. */
function facts(text: string, atMs = Date.UTC(2026, 10, 22, 4, 50)): ReportFacts {
  const printer = {
    address: 'tcp://192.168.100.251:9100',
    state: 'ready',
    problem: null,
    detail: text,
  } as const;
  const view: DevicesView = {
    roles: {
      printer: {
        address: 'virtual',
        identity: text,
        profile: null,
        pairing: { codePage: null, columns: null },
        drawerOpenLevel: null,
      },
      scanners: [{ address: 'hid', identity: text }],
      affixes: [{ device: text, prefix: text.slice(0, 16), suffix: '', groupSeparator: '' }],
      pole: { address: 'none', identity: null, profile: null },
    },
    fixed: [],
    printer,
    scanners: [{ source: 'hid', address: 'hid', state: 'ready', problem: null, detail: text }],
    pole: null,
    lesson: null,
    trial: null,
    permission: null,
  };
  return {
    app: 'regulars/0.1.0',
    atMs,
    flags: { data: text },
    view,
    found: [{ role: 'scanner', address: 'hid', name: text, identity: text, problem: null }],
    printer,
    link: { state: 'online', waiting: 0, lastContactMs: atMs, problem: null, isClockWrong: false },
    lastPrint: null,
    jobs: [
      {
        job: 'job-1',
        sale: 'sale-1',
        copy: 0,
        kind: 'sale',
        document: {
          language: 'en',
          lines: [{ kind: 'text', text, align: 'start', size: 'normal', bold: false }],
          openDrawer: false,
        },
        state: 'failed',
        problem: 'unreachable',
        detail: text,
        sentBytes: 0,
        totalBytes: 0,
      },
    ],
    log: `{"at":"2026-11-22T04:42:23.000Z","level":"info","event":"x","detail":${JSON.stringify(text)}}\n`,
  };
}

const digitsOf = (text: string): string =>
  [...text.normalize('NFKC')].filter((each) => /\p{Nd}/u.test(each)).join('');
const separators = fc.constantFrom('', ' ', '-', '.', ' - ', '/');

describe('a report for somebody far away', () => {
  it('holds no card, phone or identity number, however it is grouped and wherever it came from', () => {
    const numbers = fc.oneof(
      fc.nat({ max: 9_999_999 }).map(cardNumberFromSerial),
      fc.stringMatching(/^[1-9]\d{6,18}$/),
    );
    const grouped = fc
      .tuple(numbers, separators, fc.integer({ min: 1, max: 6 }))
      .map(([number, separator, size]) => ({
        number,
        text: (number.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(separator),
      }))
      // Four small numbers with dots are an address, and nobody can tell.
      .filter(({ text }) => isIP(text) === 0);
    fc.assert(
      fc.property(
        grouped,
        fc.constantFrom('', 'card ', 'x', '+', '%B', ';'),
        ({ number, text }, before) => {
          const report = reportText(facts(`${before}${text}`));
          expect(report).not.toContain(text);
          // Not one line lets the number be put together from what is left of it.
          for (const row of report.split('\n')) expect(digitsOf(row)).not.toContain(number);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps what helps: instants, references and addresses of the network', () => {
    const kept =
      'at 2026-11-22T04:42:23.123Z job 0190c0de-1234-7000-8000-123456789012 to 192.168.100.251:9100 in 5000 ms';
    expect(maskNumbers(kept)).toBe(kept);
    expect(maskNumbers('٢٩٠١٢٣٤٥٦٧٨٩٠ and +90 (532) 411-00-01')).toBe(
      '[13 digits] and +[12 digits]',
    );
  });

  it('is one file for its owner, and the last few are kept', () => {
    const files = [1, 2, 3, 4, 5, 6, 7].map((day) =>
      writeReport(folder, facts('EPSON', Date.UTC(2026, 10, day))),
    );
    expect(readdirSync(folder)).toHaveLength(5);
    const last = files.at(-1) ?? '';
    expect(statSync(last).mode & 0o077).toBe(0);
    const text = readFileSync(last, 'utf8');
    for (const part of [
      '== Version',
      '== Plugged in',
      '== Receipts that wait',
      'unreachable',
      '== Log',
    ])
      expect(text).toContain(part);
    // What was sold to whom is nobody's business there.
    expect(text).not.toContain('"lines"');
  });

  it('ends with the end of the log, from a whole line on', () => {
    const file = join(folder, 'till.log');
    expect(endOfLog(file)).toBe('');
    writeFileSync(file, 'first line\nsecond line\nthird line\n');
    expect(endOfLog(file)).toBe('first line\nsecond line\nthird line\n');
    expect(endOfLog(file, 20)).toBe('third line\n');
  });
});
