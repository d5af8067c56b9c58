import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import koffi from 'koffi';

/**
 * Pretended hardware for the real node-hid.
 *
 * umockdev (LGPL, from Debian) keeps a private /sys and /dev and lets a child process see them by
 * preloading a library: hidapi then enumerates, opens, reads and writes as on a desk. Its library is
 * driven from here through koffi. Nothing is installed: the packages are unpacked into a cache.
 */
export type Umockdev =
  | { readonly available: true; readonly folder: string }
  | { readonly available: false; readonly reason: string };

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/umockdev');
/** libusb only for machines that lack it: node-hid needs it, and finds it beside umockdev. */
const PACKAGES = ['umockdev', 'libumockdev0', 'libpcap0.8', 'libusb-1.0-0'];
const DOWNLOAD_TIMEOUT_MS = 60_000;
const run = promisify(execFile);

/** Unpacks umockdev into the cache, once per checkout; else says why it cannot be had. */
export async function prepareUmockdev(): Promise<Umockdev> {
  if (process.platform !== 'linux') return { available: false, reason: 'needs Linux' };
  if (!existsSync('/etc/debian_version'))
    return { available: false, reason: 'needs Debian’s packages' };
  const cached = await libraryFolder(CACHE);
  if (cached !== null) return loadable(cached);
  const parent = join(CACHE, '..');
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, 'umockdev-'));
  try {
    await run('apt-get', ['download', ...PACKAGES], { cwd: work, timeout: DOWNLOAD_TIMEOUT_MS });
    const archives = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    for (const archive of archives) await run('dpkg', ['-x', join(work, archive), work]);
    await keepInCache(work);
  } catch (error) {
    const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { available: false, reason: `cannot fetch ${PACKAGES.join(', ')}: ${words}` };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const folder = await libraryFolder(CACHE);
  if (folder === null) return { available: false, reason: 'the packages hold no libumockdev' };
  return loadable(folder);
}

/** Another test file may have been quicker: then its copy stays. Half a copy of old does not. */
async function keepInCache(work: string): Promise<void> {
  const moved = await rename(work, CACHE).then(
    () => true,
    () => false,
  );
  if (moved || (await libraryFolder(CACHE)) !== null) return;
  await rm(CACHE, { recursive: true, force: true });
  await rename(work, CACHE).catch(() => undefined);
}

/** On a bare machine the libraries that umockdev itself needs (GLib) can be missing. */
function loadable(folder: string): Umockdev {
  try {
    loadLibrary(folder);
    return { available: true, folder };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function libraryFolder(root: string): Promise<string | null> {
  try {
    const base = join(root, 'usr/lib');
    for (const name of await readdir(base)) {
      const folder = join(base, name);
      if (existsSync(join(folder, 'libumockdev.so.0'))) {
        await access(join(folder, 'libumockdev-preload.so.0'));
        return folder;
      }
    }
  } catch {
    return null;
  }
  return null;
}

/** The descriptor of a HID POS scanner: input report 2, trigger report 4. Source: HID tables, 0x8C. */
export const SCANNER_DESCRIPTOR = Buffer.from(
  '058C0902A1010912A1028502150026FF00750895010501093B81029503058C09FB09FC09FD8102953809FE8202010600FF95' +
    '02090109028102058C25017501950809FF8102C00914A102850415002501750195080900095F0960090009000900098609859186' +
    'C00600FF750826FF000903A10285FE95010903B28201C0C0',
  'hex',
);

/** A desk with at most one HID POS scanner on it. */
export interface ScannerDesk {
  /** What a child process needs in its environment to see the desk. */
  readonly environment: Readonly<Record<string, string>>;
  plug(serialNumber: string): void;
  /**
   * The scanner sends one report; resolves when the host has read it. Reports would merge, where a real
   * device keeps them apart: umockdev's device is a pty.
   */
  send(report: Uint8Array): Promise<void>;
  /** What the host wrote to the scanner since the last time. */
  written(): Buffer;
  unplug(): void;
  close(): Promise<void>;
}

/** Sets up an empty desk. */
export async function createScannerDesk(folder: string): Promise<ScannerDesk> {
  const library = loadLibrary(folder);
  const files = await mkdtemp(join(tmpdir(), 'regulars-desk-'));
  const testbed = library.create();
  const root = library.rootOf(testbed);
  let plugs = 0;
  let plugged: {
    readonly fd: number;
    readonly device: string;
    readonly paths: readonly string[];
  } | null = null;
  const unplug = (): void => {
    if (plugged === null) return;
    for (const path of plugged.paths) library.remove(testbed, `/sys${path}`);
    closeSync(plugged.fd);
    plugged = null;
    // umockdev 0.17 leaves its note of the pty behind and aborts when the number comes again.
    const notes = join(root, 'dev/.ptymap');
    for (const name of readdirSync(notes)) rmSync(join(notes, name));
  };
  return {
    environment: {
      LD_PRELOAD: join(folder, 'libumockdev-preload.so.0'),
      LD_LIBRARY_PATH: folder,
      UMOCKDEV_DIR: root,
    },
    plug(serialNumber) {
      // As on a desk, it comes back under another path.
      const place = placeOf(plugs);
      plugs += 1;
      const ioctlFile = join(files, `${place.node}.ioctl`);
      writeFileSync(ioctlFile, ioctlRecord(place.node, SCANNER_DESCRIPTOR));
      const device = `/dev/${place.node}`;
      if (library.add(testbed, deviceRecord(place, serialNumber), null) === 0) {
        throw new Error('umockdev refused the device');
      }
      if (library.loadIoctl(testbed, device, ioctlFile, null) === 0)
        throw new Error('umockdev refused the ioctls');
      plugged = {
        fd: library.fdOf(testbed, device),
        device: join(root, device),
        paths: [place.hidraw, place.hid, place.port, place.usb],
      };
    },
    async send(report) {
      if (plugged === null) throw new Error('the scanner is not plugged in');
      writeSync(plugged.fd, report);
      // The kernel needs a moment until it counts the bytes.
      do await sleep(15);
      while (plugged !== null && unreadBytes(plugged.device) > 0);
    },
    written() {
      const buffer = Buffer.alloc(4_096);
      try {
        return plugged === null
          ? Buffer.alloc(0)
          : buffer.subarray(0, readSync(plugged.fd, buffer));
      } catch {
        return Buffer.alloc(0);
      }
    },
    unplug,
    async close() {
      unplug();
      library.free(testbed);
      await rm(files, { recursive: true, force: true });
    },
  };
}

/** `FIONREAD` of Linux. */
const BYTES_TO_READ = 0x541b;

let ioctl: ((fd: number, request: number, count: number[]) => number) | null = null;

/** How many bytes of a pty nobody has read. */
function unreadBytes(path: string): number {
  ioctl ??= koffi
    .load('libc.so.6')
    .func('int ioctl(int fd, unsigned long request, _Out_ int *count)');
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const count = [0];
    if (ioctl(fd, BYTES_TO_READ, count) !== 0) throw new Error(`FIONREAD, errno ${koffi.errno()}`);
    return count[0] ?? 0;
  } finally {
    closeSync(fd);
  }
}

/** Where the n-th plugged scanner appears in /sys. */
interface Place {
  readonly index: number;
  readonly node: string;
  readonly usb: string;
  readonly port: string;
  readonly hid: string;
  readonly hidraw: string;
}

function placeOf(index: number): Place {
  const usb = `/devices/pci0000:00/usb1/1-${index + 2}`;
  const port = `${usb}/1-${index + 2}:1.0`;
  const hid = `${port}/0003:0C2E:0B07.000${index + 1}`;
  const node = `hidraw${index}`;
  return { index, node, usb, port, hid, hidraw: `${hid}/hidraw/${node}` };
}

function deviceRecord(
  { index, node, usb, port, hid, hidraw }: Place,
  serialNumber: string,
): string {
  return `P: ${hidraw}
N: ${node}
E: DEVNAME=/dev/${node}
E: SUBSYSTEM=hidraw
L: device=../../../0003:0C2E:0B07.000${index + 1}
A: dev=240:${index}\\n

P: ${hid}
E: SUBSYSTEM=hid
E: HID_ID=0003:00000C2E:00000B07
E: HID_NAME=Pretended Scanner
E: HID_UNIQ=${serialNumber}
H: report_descriptor=${SCANNER_DESCRIPTOR.toString('hex').toUpperCase()}

P: ${port}
E: SUBSYSTEM=usb
E: DEVTYPE=usb_interface
A: bInterfaceNumber=00\\n

P: ${usb}
N: bus/usb/001/00${index + 2}
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
A: manufacturer=Pretended\\n
A: product=Scanner\\n
A: bcdDevice=0100\\n
A: serial=${serialNumber}\\n
`;
}

/** The answers to the two ioctls hidapi asks; shape: umockdev's ioctl recording. */
function ioctlRecord(node: string, descriptor: Buffer): string {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(descriptor.length);
  const padded = Buffer.concat([size, descriptor, Buffer.alloc(4_096 - descriptor.length)]);
  const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();
  return `@DEV /dev/${node}\nHIDIOCGRDESCSIZE 0 ${hex(size)}\nHIDIOCGRDESC 0 ${hex(padded)}\n`;
}

interface UmockdevLibrary {
  create(): unknown;
  rootOf(testbed: unknown): string;
  add(testbed: unknown, record: string, error: null): number;
  loadIoctl(testbed: unknown, device: string, file: string, error: null): number;
  fdOf(testbed: unknown, device: string): number;
  remove(testbed: unknown, path: string): void;
  free(testbed: unknown): void;
}

let loaded: UmockdevLibrary | null = null;

function loadLibrary(folder: string): UmockdevLibrary {
  if (loaded !== null) return loaded;
  // libumockdev asks for it by name, and the loader already has it then.
  koffi.load(join(folder, 'libpcap.so.0.8'), { global: true });
  const library = koffi.load(join(folder, 'libumockdev.so.0'));
  const glib = koffi.load('libgobject-2.0.so.0');
  loaded = {
    create: library.func('void *umockdev_testbed_new()'),
    rootOf: library.func('const char *umockdev_testbed_get_root_dir(void *testbed)'),
    add: library.func(
      'int umockdev_testbed_add_from_string(void *testbed, const char *record, void *error)',
    ),
    loadIoctl: library.func(
      'int umockdev_testbed_load_ioctl(void *testbed, const char *device, const char *file, void *error)',
    ),
    fdOf: library.func('int umockdev_testbed_get_dev_fd(void *testbed, const char *device)'),
    remove: library.func('void umockdev_testbed_remove_device(void *testbed, const char *path)'),
    free: glib.func('void g_object_unref(void *object)'),
  };
  return loaded;
}
