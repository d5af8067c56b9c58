/** What a process did to the files below a folder, in its order. Paths are absolute. */
export type FileOperation =
  | {
      readonly kind: 'open';
      readonly handle: number;
      readonly path: string;
      readonly create: boolean;
      readonly truncate: boolean;
      readonly append: boolean;
    }
  | {
      readonly kind: 'write';
      readonly handle: number;
      /** Null = at the handle's own position. */
      readonly offset: number | null;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'sync'; readonly handle: number }
  | { readonly kind: 'resize'; readonly handle: number; readonly size: number }
  | { readonly kind: 'close'; readonly handle: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'make-folder'; readonly path: string };

/** The system calls that change files, or make changes last. */
export const TRACED_CALLS =
  'openat,open,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,close';

/** Calls that change files in a way this reader does not know: a trace with one of them proves nothing. */
export const FORBIDDEN_CALLS =
  'writev,pwritev,pwritev2,truncate,fallocate,copy_file_range,sendfile';

const CALL = /^(\w+)\((.*)\) += (-?\d+)/;

/** Reads the output of strace `-xx` (all texts in hexadecimal); calls that failed did nothing. */
export function readTrace(text: string): FileOperation[] {
  const operations: FileOperation[] = [];
  for (const line of text.split('\n')) {
    const [, call = '', input = '', result = '-1'] = CALL.exec(line) ?? [];
    if (Number(result) < 0) continue;
    const operation = readCall(call, input, Number(result));
    if (operation !== null) operations.push(operation);
  }
  return operations;
}

function readCall(call: string, input: string, result: number): FileOperation | null {
  const texts = [...input.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => bytesOf(hex));
  const handle = Number.parseInt(input, 10);
  const path = texts[0]?.toString('utf8') ?? '';
  switch (call) {
    case 'open':
    case 'openat':
      return {
        kind: 'open',
        handle: result,
        path,
        create: input.includes('O_CREAT'),
        truncate: input.includes('O_TRUNC'),
        append: input.includes('O_APPEND'),
      };
    case 'write':
      return { kind: 'write', handle, offset: null, bytes: written(texts[0], result) };
    case 'pwrite64': {
      const offset = Number(/, (\d+)$/.exec(input)?.[1]);
      return { kind: 'write', handle, offset, bytes: written(texts[0], result) };
    }
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', handle };
    case 'ftruncate':
      return { kind: 'resize', handle, size: Number(/, (\d+)$/.exec(input)?.[1]) };
    case 'close':
      return { kind: 'close', handle };
    case 'rename':
    case 'renameat':
    case 'renameat2':
      return { kind: 'rename', from: path, to: texts[1]?.toString('utf8') ?? '' };
    case 'unlink':
    case 'unlinkat':
    case 'rmdir':
      return { kind: 'remove', path };
    case 'mkdir':
    case 'mkdirat':
      return { kind: 'make-folder', path };
    default:
      throw new Error(`The trace has a call that nobody reads: ${call}`);
  }
}

/** What was written: the first `count` bytes of what was given. */
function written(bytes: Buffer | undefined, count: number): Buffer {
  if (bytes === undefined || bytes.length < count) throw new Error('The trace is cut short');
  return bytes.subarray(0, count);
}

function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}
