import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScannerHostOptions } from '#hardware/scanner/create-scanner-host.ts';
import { findById, findSerialPorts } from '#hardware/scanner/serial-ports.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import type { Pty } from '#test/hardware/support/pty.ts';
import { quickTiming, recordScanners } from '#test/hardware/support/scanner-recorder.ts';
import { needs } from '#test/support/needs.ts';
import type { RecordedHost } from '#test/hardware/support/scanner-recorder.ts';

describe('a serial scanner through the real serialport', needs(ptyMissing), () => {
  const ptys: Pty[] = [];
  let recorded: RecordedHost | null = null;

  function pty(): Pty {
    const opened = openPty();
    ptys.push(opened);
    return opened;
  }

  /** No silence ends a code: on a busy machine there is one in the middle of what a test writes. */
  const terminated = { timing: { ...quickTiming, frameSilenceMs: 60_000 } };

  async function ready(
    addresses: readonly string[],
    options: Partial<ScannerHostOptions> = terminated,
  ): Promise<RecordedHost> {
    recorded = recordScanners(addresses, options);
    const { host } = recorded;
    await recorded.until(() => host.statuses().every((status) => status.state === 'ready'));
    return recorded;
  }

  afterEach(async () => {
    await recorded?.host.close();
    recorded = null;
    for (const opened of ptys.splice(0)) opened.close();
  });

  it('is read however its bytes are cut, also two codes at once', async () => {
    const line = pty();
    const scanner = await ready([`serial:${line.path}`]);
    for (const piece of [']E0', '86905', '040000', '13\r\n', '4006381333931\r', '29']) {
      line.write(piece);
      await sleep(10);
    }
    line.write('00000000018\r');
    await scanner.until(() => scanner.codes.length === 3);
    expect(scanner.codes).toEqual([
      { kind: 'product', gtin: '08690504000013', symbology: 'ean' },
      { kind: 'product', gtin: '04006381333931', symbology: 'none' },
      { kind: 'card', number: '2900000000018', symbology: 'none' },
    ]);
    expect(new Set(scanner.devices)).toEqual(new Set([`serial:${line.path}`]));
  });

  it('needs no terminator: silence ends its codes', async () => {
    const line = pty();
    const scanner = await ready([`serial:${line.path}`], {});
    line.write('8690504000013');
    await scanner.until(() => scanner.codes.length === 1);
    line.write('4006381333931');
    await scanner.until(() => scanner.codes.length === 2);
    expect(scanner.codes.map((code) => code.kind)).toEqual(['product', 'product']);
  });

  it('does not mix with a second one that scans at the same moment', async () => {
    const [left, right] = [pty(), pty()];
    const scanner = await ready([`serial:${left.path}`, `serial:${right.path}?baud=115200`]);
    for (const [index, digit] of [...'8690504000013'].entries()) {
      left.write(digit);
      right.write('4006381333931'.charAt(index));
      await sleep(2);
    }
    left.write('\r');
    right.write('\r');
    await scanner.until(() => scanner.codes.length === 2);
    const read = scanner.devices.map((device, index) => [device, scanner.codes[index]]);
    expect(Object.fromEntries(read)).toMatchObject({
      [`serial:${left.path}`]: { gtin: '08690504000013' },
      [`serial:${right.path}`]: { gtin: '04006381333931' },
    });
  });

  it('unplugged in the middle of a code drops that half, says so, and reads again when it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-serial-'));
    const link = join(folder, 'ttyACM0');
    const first = pty();
    await symlink(first.path, link);
    try {
      const scanner = await ready([`serial:${link}`]);
      first.write('86905');
      await sleep(20);
      await unlink(link);
      first.close();
      await scanner.until(() => scanner.statuses.at(-1)?.state === 'unplugged');
      const second = pty();
      await symlink(second.path, link);
      await scanner.until(() => scanner.statuses.at(-1)?.state === 'ready');
      second.write('8690504000013\r');
      await scanner.until(() => scanner.codes.length === 1);
      expect(scanner.codes).toMatchObject([{ kind: 'product', gtin: '08690504000013' }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that floods with garbage costs neither memory nor the codes after it', async () => {
    const line = pty();
    const scanner = await ready([`serial:${line.path}`]);
    for (let block = 0; block < 50; block += 1) {
      line.write(
        Uint8Array.from({ length: 2_000 }, (_, index) => ((index * 7 + block) % 200) + 32),
      );
      await sleep(2);
    }
    line.write('\r');
    await scanner.until(() => scanner.codes.length >= 1);
    expect(scanner.codes).toEqual([{ kind: 'unreadable', reason: 'too-long' }]);
    line.write('8690504000013\r');
    await scanner.until(() => scanner.codes.length === 2);
    expect(scanner.codes[1]).toMatchObject({ kind: 'product' });
  });

  it('that sends hundreds of codes a second is slowed to what a person could scan, and says so', async () => {
    const line = pty();
    const scanner = await ready([`serial:${line.path}`]);
    for (let index = 0; index < 300; index += 1) line.write(`X${index}\r`);
    await scanner.until(() => scanner.statuses.at(-1)?.problem === 'error');
    expect(scanner.statuses.at(-1)).toMatchObject({ state: 'ready', problem: 'error' });
    await sleep(50);
    expect(scanner.codes.length).toBeLessThan(60);
  });

  it('that another program holds is waited for', async () => {
    const line = pty();
    const other = new SerialPort({ path: line.path, baudRate: 9_600 });
    await new Promise((resolve) => other.once('open', resolve));
    recorded = recordScanners([`serial:${line.path}`]);
    const scanner = recorded;
    await scanner.until(() => scanner.statuses.at(-1)?.problem === 'busy');
    await new Promise((resolve) => other.close(resolve));
    await scanner.until(() => scanner.statuses.at(-1)?.state === 'ready');
  });

  it('that is not there is looked for, and its status says where', async () => {
    recorded = recordScanners(['serial:/dev/regulars-nothing']);
    const scanner = recorded;
    await scanner.until(() => scanner.statuses.length > 0);
    expect(scanner.host.statuses()).toEqual([
      {
        source: 'serial',
        address: 'serial:/dev/regulars-nothing',
        state: 'unavailable',
        problem: 'not-found',
        detail: 'nothing is connected at /dev/regulars-nothing',
      },
    ]);
  });
});

describe('the list of serial ports', () => {
  it('comes from udev’s links when udevadm is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-by-id-'));
    await symlink('/dev/null', join(folder, 'usb-Maker_Scanner_SN1-if00'));
    expect(await findById(folder)).toEqual([
      { path: '/dev/null', identity: 'by-id:usb-Maker_Scanner_SN1-if00' },
    ]);
    await rm(folder, { recursive: true });
    expect(await findById(folder)).toEqual([]);
    const missing = Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' });
    expect(await findSerialPorts(() => Promise.reject(missing))).toEqual(
      await findById('/dev/serial/by-id'),
    );
  });

  it('names a port by its device’s serial number', async () => {
    const list = () =>
      Promise.resolve([
        { path: '/dev/ttyACM1', vendorId: '0c2e', productId: '0b6a', serialNumber: 'S1' },
        { path: '/dev/ttyS0' },
      ]);
    expect(await findSerialPorts(list)).toEqual([
      { path: '/dev/ttyACM1', identity: '0c2e:0b6a:S1' },
      { path: '/dev/ttyS0', identity: null },
    ]);
  });
});
