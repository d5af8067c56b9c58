import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A serial port that is there, and what tells its device from others of the same kind. */
export interface SerialPortFound {
  readonly path: string;
  /** Vendor, product and serial number in one text; null where the port does not say. */
  readonly identity: string | null;
}

/** Asks the operating system; serialport's own `list`, or a stand-in with its failures. */
export type ListPorts = () => Promise<
  readonly {
    readonly path: string;
    readonly vendorId?: string | undefined;
    readonly productId?: string | undefined;
    readonly serialNumber?: string | undefined;
  }[]
>;

const LIST_TIMEOUT_MS = 3_000;
const BY_ID = '/dev/serial/by-id';

/**
 * The serial ports of this machine; never fails.
 *
 * serialport asks `udevadm` on Linux, which slim systems lack: then the links that udev keeps in
 * `/dev/serial/by-id` say the same.
 */
export async function findSerialPorts(
  list: ListPorts = listWithSerialport,
): Promise<readonly SerialPortFound[]> {
  try {
    const ports = await inTime(list(), LIST_TIMEOUT_MS);
    return ports.map(({ path, vendorId, productId, serialNumber }) => ({
      path,
      identity:
        serialNumber === undefined ? null : `${vendorId ?? ''}:${productId ?? ''}:${serialNumber}`,
    }));
  } catch {
    return findById(BY_ID);
  }
}

/** The ports that udev linked by their device's name in `folder`; none when it is not there. */
export async function findById(folder: string): Promise<readonly SerialPortFound[]> {
  try {
    const names = await readdir(folder);
    return await Promise.all(
      names.map(async (name) => ({
        path: await realpath(join(folder, name)),
        identity: `by-id:${name}`,
      })),
    );
  } catch {
    return [];
  }
}

async function listWithSerialport(): Promise<Awaited<ReturnType<ListPorts>>> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

function inTime<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
