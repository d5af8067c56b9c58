import koffi from 'koffi';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.ts';

const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
/** Without it a child started later would hold the line open after the plug was pulled. */
const O_CLOEXEC = 0o2000000;
const TCSANOW = 0;
/** More than any libc's `struct termios`. */
const TERMIOS_BYTES_MAX = 256;
const READ_CHUNK_BYTES = 65_536;
const WRITE_TRIES_MAX = 2_000;

/**
 * A pseudo-terminal: the kernel's own stand-in for a serial line.
 *
 * The program under test opens `path` with the real serialport; the test holds the other end.
 * Linux only (libc through koffi, nothing compiled).
 */
export interface Pty {
  readonly path: string;
  /** Sends bytes to the program under test, all of them or an error. */
  write(bytes: Uint8Array | string): void;
  /** What arrived since the last read; empty when nothing did. Never blocks. */
  read(): Buffer;
  /** Reads until `done` says so, or throws after `timeoutMs` with what arrived. */
  readUntil(done: (all: Buffer) => boolean, timeoutMs?: number): Promise<Buffer>;
  /** Pulls the plug: the other end sees a disconnect. May be called again. */
  close(): void;
}

/** Opens a pseudo-terminal in raw mode. */
export function openPty(): Pty {
  const libc = loadLibc();
  const master = libc.posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0) throw new Error(`posix_openpt failed, errno ${koffi.errno()}`);
  const nameBuffer = Buffer.alloc(128);
  if (
    libc.grantpt(master) !== 0 ||
    libc.unlockpt(master) !== 0 ||
    libc.ptsname_r(master, nameBuffer, nameBuffer.length) !== 0
  ) {
    libc.close(master);
    throw new Error(`opening a pty failed, errno ${koffi.errno()}`);
  }
  const termios = Buffer.alloc(TERMIOS_BYTES_MAX);
  if (libc.tcgetattr(master, termios) === 0) {
    libc.cfmakeraw(termios);
    libc.tcsetattr(master, TCSANOW, termios);
  }

  let open = true;
  const chunk = Buffer.alloc(READ_CHUNK_BYTES);
  const read = (): Buffer => {
    const parts: Buffer[] = [];
    while (open) {
      const count = libc.read(master, chunk, chunk.length);
      if (count <= 0) break;
      parts.push(Buffer.from(chunk.subarray(0, count)));
    }
    return Buffer.concat(parts);
  };

  return {
    path: nameBuffer.toString('latin1', 0, nameBuffer.indexOf(0)),
    write(bytes) {
      const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes);
      let sent = 0;
      for (let tries = 0; sent < all.length; tries += 1) {
        if (!open || tries > WRITE_TRIES_MAX)
          throw new Error(`pty took ${sent} of ${all.length} bytes`);
        const count = libc.write(master, all.subarray(sent), all.length - sent);
        if (count > 0) sent += count;
        else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    },
    read,
    async readUntil(done, timeoutMs = PATIENCE_MS) {
      const deadline = performance.now() + timeoutMs;
      let all = read();
      while (!done(all)) {
        if (performance.now() > deadline) {
          throw new Error(
            `after ${timeoutMs} ms only ${all.length} bytes: ${all.toString('hex').slice(0, 200)}`,
          );
        }
        await sleep(5);
        all = Buffer.concat([all, read()]);
      }
      return all;
    },
    close() {
      if (!open) return;
      open = false;
      libc.close(master);
    },
  };
}

interface Libc {
  posix_openpt(flags: number): number;
  grantpt(master: number): number;
  unlockpt(master: number): number;
  ptsname_r(master: number, buffer: Buffer, length: number): number;
  tcgetattr(master: number, termios: Buffer): number;
  tcsetattr(master: number, when: number, termios: Buffer): number;
  cfmakeraw(termios: Buffer): void;
  read(master: number, buffer: Buffer, length: number): number;
  write(master: number, buffer: Buffer, length: number): number;
  close(master: number): number;
}

let loaded: Libc | null = null;

function loadLibc(): Libc {
  if (loaded !== null) return loaded;
  const library = koffi.load('libc.so.6');
  loaded = {
    posix_openpt: library.func('int posix_openpt(int flags)'),
    grantpt: library.func('int grantpt(int master)'),
    unlockpt: library.func('int unlockpt(int master)'),
    ptsname_r: library.func('int ptsname_r(int master, _Out_ uint8_t *buffer, size_t length)'),
    tcgetattr: library.func('int tcgetattr(int master, _Out_ uint8_t *termios)'),
    tcsetattr: library.func('int tcsetattr(int master, int when, _In_ uint8_t *termios)'),
    cfmakeraw: library.func('void cfmakeraw(_Inout_ uint8_t *termios)'),
    read: library.func('intptr_t read(int master, _Out_ uint8_t *buffer, size_t length)'),
    write: library.func('intptr_t write(int master, _In_ uint8_t *buffer, size_t length)'),
    close: library.func('int close(int master)'),
  };
  return loaded;
}

/** Why ptys cannot be had here, for `needs`; null where they can. */
export const ptyMissing: string | null = probe();

function probe(): string | null {
  if (process.platform !== 'linux') return 'pseudo-terminals need Linux';
  try {
    openPty().close();
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `no pseudo-terminals here (is /dev/pts mounted?): ${words}`;
  }
}
