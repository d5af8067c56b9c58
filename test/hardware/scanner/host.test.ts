import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HidHandle, HidLibrary } from '#hardware/scanner/hid-library.ts';
import { parseScannerAddress } from '#hardware/scanner/address.ts';
import { hidPosReports } from '#test/hardware/support/hid-reports.ts';
import { recordScanners } from '#test/hardware/support/scanner-recorder.ts';
import type { RecordedHost } from '#test/hardware/support/scanner-recorder.ts';

let recorded: RecordedHost | null = null;
afterEach(async () => {
  await recorded?.host.close();
  recorded = null;
});

describe('an address', () => {
  it('is read, or becomes a status that says what is right', () => {
    expect(parseScannerAddress('serial:/dev/ttyACM0')).toEqual({
      kind: 'serial',
      path: '/dev/ttyACM0',
      baudRate: 9_600,
    });
    expect(parseScannerAddress('serial:COM7?baud=115200')).toEqual({
      kind: 'serial',
      path: 'COM7',
      baudRate: 115_200,
    });
    expect(parseScannerAddress('serial:')).toMatchObject({ kind: 'wrong' });
    expect(parseScannerAddress('serial:/dev/x?baud=12345')).toMatchObject({ kind: 'wrong' });
    recorded = recordScanners(['keyboard', 'none', 'bluetooth', 'bluetooth']);
    expect(recorded.host.statuses()).toEqual([
      { source: 'keyboard', address: 'keyboard', state: 'ready', problem: null, detail: '' },
      {
        source: 'keyboard',
        address: 'bluetooth',
        state: 'unavailable',
        problem: 'error',
        detail:
          'not a scanner address; write serial:PATH, serial:PATH?baud=115200, hid, keyboard or none',
      },
    ]);
  });
});

describe('without the system’s libusb', () => {
  it('the HID scanner says what to install and the process lives', async ({ skip }) => {
    const error = await realMissingLibusbError();
    if (error === null) {
      console.log(
        'skipped: the real loader error for a missing libusb needs node-hid’s Linux binary',
      );
      return skip();
    }
    const library: HidLibrary = {
      devicesAsync: () => Promise.reject(error),
      open: () => Promise.reject(error),
    };
    recorded = recordScanners(['hid', 'keyboard'], {
      loadHidLibrary: () => Promise.resolve(library),
    });
    const scanner = recorded;
    await scanner.until(() => scanner.statuses.some(({ problem }) => problem === 'missing-libusb'));
    expect(scanner.host.statuses()).toEqual([
      {
        source: 'hid',
        address: 'hid',
        state: 'unavailable',
        problem: 'missing-libusb',
        detail: 'a system library is missing: run "sudo apt install libusb-1.0-0"',
      },
      { source: 'keyboard', address: 'keyboard', state: 'ready', problem: null, detail: '' },
    ]);
  });
});

describe('a HID library that misbehaves', () => {
  const device = {
    vendorId: 0x0c2e,
    productId: 0x0b07,
    path: '/dev/regulars-none',
    serialNumber: 'S1',
    release: 1,
    interface: 0,
    usagePage: 0x8c,
    usage: 2,
  };

  it('by an error that is a string becomes an unplugged scanner that is opened again', async () => {
    const handles: FakeHandle[] = [];
    const library: HidLibrary = {
      devicesAsync: () => Promise.resolve([device]),
      open() {
        const handle = new FakeHandle();
        handles.push(handle);
        return Promise.resolve(handle);
      },
    };
    recorded = recordScanners(['hid'], { loadHidLibrary: () => Promise.resolve(library) });
    const scanner = recorded;
    await scanner.until(() => scanner.statuses.at(-1)?.state === 'ready');
    handles[0]?.fail('could not read from HID device');
    await scanner.until(() => scanner.statuses.some(({ state }) => state === 'unplugged'));
    await scanner.until(() => handles.length === 2 && scanner.statuses.at(-1)?.state === 'ready');
    expect(handles[0]?.closed).toBe(true);
    for (const report of hidPosReports(']E0', '8690504000013')) handles[1]?.receive(report);
    expect(scanner.codes).toEqual([{ kind: 'product', gtin: '08690504000013', symbology: 'ean' }]);
  });

  it('by refusing permission names the rule that gives it', async () => {
    const library: HidLibrary = {
      devicesAsync: () => Promise.resolve([device]),
      open: () =>
        Promise.reject(new Error('cannot open device with path /dev/hidraw0: Permission denied')),
    };
    recorded = recordScanners(['hid'], { loadHidLibrary: () => Promise.resolve(library) });
    const scanner = recorded;
    await scanner.until(() => scanner.statuses.at(-1)?.problem === 'permission');
    expect(scanner.statuses.at(-1)?.detail).toContain('70-regulars-devices.rules');
  });

  it('by throwing is shown as a status and tried again', async () => {
    let tries = 0;
    const scannerLibrary = (): Promise<HidLibrary> => {
      tries += 1;
      throw new Error('native part fell over');
    };
    recorded = recordScanners(['hid'], { loadHidLibrary: scannerLibrary });
    const scanner = recorded;
    await scanner.until(() => tries >= 3);
    expect(scanner.host.statuses()[0]).toMatchObject({
      state: 'unavailable',
      problem: 'error',
      detail: 'native part fell over',
    });
  });

  it.each([
    ['Honeywell', 0x0c2e, ['fe01']],
    ['Metrologic, now Honeywell', 0x23d0, ['fe01']],
    ['Zebra', 0x05e0, []],
    ['Datalogic', 0x05f9, []],
  ] as const)(
    'of %s is told to stop typing where it can be, and read either way',
    async (_, vendorId, sent) => {
      for (const takesSwitch of [true, false]) {
        const handle = new FakeHandle(takesSwitch);
        const library: HidLibrary = {
          devicesAsync: () => Promise.resolve([{ ...device, vendorId }]),
          open: () => Promise.resolve(handle),
        };
        const scanner = recordScanners(['hid'], { loadHidLibrary: () => Promise.resolve(library) });
        await scanner.until(() => scanner.statuses.at(-1)?.state === 'ready');
        expect(handle.switched).toEqual(sent);
        for (const report of hidPosReports(']E0', '8690504000013')) handle.receive(report);
        expect(scanner.codes).toHaveLength(1);
        await scanner.host.close();
      }
    },
  );

  it('is started anew when the process had to recover, and the keyboard stays', async () => {
    let opened = 0;
    const library: HidLibrary = {
      devicesAsync: () => Promise.resolve([device]),
      open() {
        opened += 1;
        return Promise.resolve(new FakeHandle());
      },
    };
    recorded = recordScanners(['hid', 'keyboard'], {
      loadHidLibrary: () => Promise.resolve(library),
    });
    const scanner = recorded;
    await scanner.until(() => scanner.host.statuses()[0]?.state === 'ready');
    scanner.host.restart('something fell over');
    expect(scanner.host.statuses()).toMatchObject([
      { problem: 'error', detail: 'something fell over' },
      { state: 'ready' },
    ]);
    await scanner.until(() => scanner.host.statuses()[0]?.state === 'ready');
    expect(opened).toBe(2);
  });
});

class FakeHandle implements HidHandle {
  closed = false;
  readonly switched: string[] = [];
  readonly #takesSwitch: boolean;

  constructor(takesSwitch = true) {
    this.#takesSwitch = takesSwitch;
  }

  #onData: (report: Uint8Array) => void = () => undefined;
  #onError: (error: unknown) => void = () => undefined;

  on(event: 'data' | 'error', listener: (value: never) => void): unknown {
    if (event === 'data') this.#onData = listener as (report: Uint8Array) => void;
    else this.#onError = listener as (error: unknown) => void;
    return this;
  }

  receive(report: Uint8Array): void {
    this.#onData(report);
  }

  fail(error: unknown): void {
    this.#onError(error);
  }

  write(report: Buffer): Promise<number> {
    return Promise.resolve(report.length);
  }

  sendFeatureReport(report: Buffer): Promise<number> {
    this.switched.push(report.toString('hex'));
    return this.#takesSwitch ? Promise.resolve(report.length) : Promise.reject(new Error('EPIPE'));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** The loader's own error, from a copy of node-hid's binary that asks for a libusb nobody has. */
async function realMissingLibusbError(): Promise<Error | null> {
  const require_ = createRequire(import.meta.url);
  const folder = dirname(require_.resolve('node-hid'));
  const binary = join(folder, `prebuilds/HID_hidraw-linux-${process.arch}/node-napi-v4.node`);
  if (process.platform !== 'linux') return null;
  const bytes = await readFile(binary).catch(() => null);
  const at = bytes?.indexOf('libusb-1.0.so.0') ?? -1;
  if (bytes === null || at < 0) return null;
  bytes.write('libusb-1.0.so.9', at, 'latin1');
  const work = await mkdtemp(join(tmpdir(), 'regulars-libusb-'));
  const copy = join(work, 'HID.node');
  await writeFile(copy, bytes);
  try {
    process.dlopen({ exports: {} }, copy, constants.dlopen.RTLD_NOW);
    return null;
  } catch (error) {
    return error instanceof Error ? error : null;
  } finally {
    await rm(work, { recursive: true });
  }
}
