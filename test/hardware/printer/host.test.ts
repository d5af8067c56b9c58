import { describe, expect, it } from 'vitest';
import { printerStatus, printJobReport, virtualPaper } from '#contract/device.ts';
import { parsePrinterAddress } from '#hardware/printer/address.ts';
import { PRINTER_PROFILES, textPageNumber } from '#hardware/printer/profile-catalogue.ts';
import { failureOf } from '#hardware/printer/transport.ts';
import { SHORT_RECEIPT, TURKISH_RECEIPT } from './receipts.ts';
import { stageHost } from './stage.ts';

describe('addresses', () => {
  it.each([
    ['virtual', { kind: 'virtual' }],
    [' none ', { kind: 'none' }],
    ['tcp://192.0.2.7', { kind: 'tcp', host: '192.0.2.7', port: 9100 }],
    ['tcp://printer.local:9101/', { kind: 'tcp', host: 'printer.local', port: 9101 }],
    ['tcp://[fe80::1]:9100', { kind: 'tcp', host: 'fe80::1', port: 9100 }],
    ['serial:/dev/ttyUSB0', { kind: 'serial', path: '/dev/ttyUSB0', baudRate: null }],
    ['serial:COM3?baud=19200', { kind: 'serial', path: 'COM3', baudRate: 19200 }],
    ['usb:/dev/usb/lp0', { kind: 'usb', path: '/dev/usb/lp0' }],
  ])('%s is understood', (text, address) => {
    expect(parsePrinterAddress(text)).toEqual({ ok: true, value: address });
  });

  it.each([
    '',
    'printer',
    'tcp://',
    'tcp://host:0',
    'tcp://host:70000',
    'tcp://a b',
    'serial:',
    'serial:/dev/x?speed=1',
    'usb:',
  ])('"%s" is refused with what is expected instead', (text) => {
    const refused = parsePrinterAddress(text);
    expect(refused).toMatchObject({
      ok: false,
      error: expect.stringContaining('expected virtual, none, tcp://HOST:PORT'),
    });
  });
});

describe('profiles', () => {
  it.each(PRINTER_PROFILES.map((each) => [each.id, each] as const))(
    '%s is complete and consistent',
    (_, profile) => {
      expect(textPageNumber(profile)).toBeGreaterThanOrEqual(0);
      expect(profile.columnsA * 12).toBeLessThanOrEqual(profile.widthDots);
      expect(profile.columnsA * 13.1).toBeGreaterThan(profile.widthDots * 0.98);
      expect(profile.columnsB * 9).toBeLessThanOrEqual(profile.widthDots);
      expect(profile.widthDots).toBeLessThanOrEqual(profile.paperMm * 8);
      const { drawer } = profile;
      expect(drawer === null || drawer.offMs >= 4 * drawer.onMs).toBe(true);
    },
  );

  it('have ids of their own', () => {
    expect(new Set(PRINTER_PROFILES.map((each) => each.id)).size).toBe(PRINTER_PROFILES.length);
  });
});

describe('a host', () => {
  it('on the virtual printer shows the paper with the job it belongs to, proved like any other', async () => {
    const host = stageHost({ address: 'virtual' });
    expect(await host.print('job-7', TURKISH_RECEIPT)).toMatchObject({ state: 'confirmed' });
    expect(host.papers).toHaveLength(1);
    expect(host.papers[0]).toMatchObject({ jobId: 'job-7', widthDots: 640 });
    expect(host.papers[0]?.svg).toContain('500,00 TL');
    expect(host.told('job-7')).toEqual(['queued', 'sending', 'sent', 'confirmed']);
    expect(host.statuses.map((each) => each.state)).toEqual(['ready', 'printing', 'ready']);
  });

  it('says everything in the shapes of the contract', async () => {
    const host = stageHost({ address: 'virtual', profile: 'generic-58' });
    await host.print('a', TURKISH_RECEIPT);
    expect(host.papers).toMatchObject([{ jobId: 'a', widthDots: 464 }]);
    for (const report of host.reports)
      expect(printJobReport.safeParse(report).error).toBeUndefined();
    for (const status of host.statuses)
      expect(printerStatus.safeParse(status).error).toBeUndefined();
    for (const paper of host.papers) expect(virtualPaper.safeParse(paper).error).toBeUndefined();
  });

  it('a receipt with a character no font has is printed, and says what was missing', async () => {
    const host = stageHost({ address: 'virtual' });
    const document = {
      ...SHORT_RECEIPT,
      lines: [{ ...TURKISH_RECEIPT.lines[0], text: 'Ayşe 積' }, { kind: 'cut' }],
    } as typeof SHORT_RECEIPT;
    expect(await host.print('a', document)).toMatchObject({
      state: 'confirmed',
      problem: 'cannot-print-character',
      detail: 'printed another way: U+7A4D',
    });
  });

  it('without a printer fails at once, before the first byte', async () => {
    const host = stageHost({ address: 'none' });
    expect(host.status()).toEqual({ address: 'none', state: 'offline', problem: null, detail: '' });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
  });

  it.each([
    [{ address: 'lpt1' }, 'is not understood'],
    [{ address: 'virtual', profile: 'no-such' }, 'no printer profile is called "no-such"'],
  ])('that cannot be set up (%o) is an error one can read, not a crash', async (options, said) => {
    const host = stageHost(options);
    expect(host.status()).toMatchObject({
      state: 'error',
      problem: 'unreachable',
      detail: expect.stringContaining(said),
    });
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
    expect(printerStatus.safeParse(host.status()).success).toBe(true);
  });

  it('takes a bounded number of waiting jobs, and refuses the rest before the first byte', async () => {
    const host = stageHost({ address: 'virtual' });
    const reports = await Promise.all(
      Array.from({ length: 80 }, (_, index) => host.print(`job-${index}`, SHORT_RECEIPT)),
    );
    const states = reports.map((each) => each.state);
    expect(states.filter((each) => each === 'confirmed').length).toBeGreaterThanOrEqual(64);
    expect(reports.at(-1)).toMatchObject({ state: 'failed', problem: 'busy', sentBytes: 0 });
    expect(host.papers).toHaveLength(states.filter((each) => each === 'confirmed').length);
  });

  it('may be closed twice', async () => {
    const host = stageHost({ address: 'virtual' });
    await host.close();
    await host.close();
    expect(await host.print('a', SHORT_RECEIPT)).toMatchObject({ state: 'cancelled' });
  });
});

describe('errors of the system', () => {
  it.each([
    ['EACCES', 'permission'],
    ['EBUSY', 'busy'],
    ['ENOENT', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EPIPE', 'connection-lost'],
    ['EWHATEVER', 'offline'],
  ])('%s is %s', (code, problem) => {
    expect(failureOf(Object.assign(new Error('it failed'), { code }), 'offline').problem).toBe(
      problem,
    );
  });

  it.each([
    ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'permission'],
    ['Error: No such file or directory, cannot open /dev/ttyUSB9', 'unreachable'],
  ])('"%s" is %s', (message, problem) => {
    expect(failureOf(new Error(message), 'offline').problem).toBe(problem);
  });
});
