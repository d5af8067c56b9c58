import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { oneOf, randomBelow } from '#test/faults/fault.ts';
import type { FileOperation } from './trace.ts';

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };

/** A file: what a power cut cannot take any more, and what it still can. */
interface File {
  durable: Buffer;
  size: number;
  pending: Change[];
}

interface Handle {
  readonly path: string;
  /** Null for a folder. */
  readonly file: File | null;
  position: number;
  readonly append: boolean;
}

/** A name that was made, moved or removed; lasting once its folder was synced. */
interface NameChange {
  readonly folder: string;
  readonly apply: (names: Map<string, File | null>) => void;
  lasting: boolean;
}

const BLOCKS_BYTES = [512, 4096] as const;
const KEEPING = [0, 0.3, 0.7, 1] as const;

/** A disk with a volatile cache, below one folder. */
export interface Disk {
  apply(operation: FileOperation): void;
  /** Writes the files as they may be after a power cut at this moment into an empty folder. */
  cutTo(folder: string): void;
}

/**
 * A disk that promises what POSIX promises, and no more.
 *
 * Bytes last from the file's fsync on, names from their folder's. At a cut, each block that was not
 * synced is there or not, by chance and in any order, whole or by sectors; names that were not synced
 * are there up to a point.
 */
export function createDisk(root: string): Disk {
  /** As the running process sees it. Null = a folder. */
  const now = new Map<string, File | null>();
  const lasting = new Map<string, File | null>();
  let nameChanges: NameChange[] = [];
  const handles = new Map<number, Handle>();
  const within = (path: string): boolean => path.startsWith(`${root}/`);

  const changeName = (path: string, apply: NameChange['apply']): void => {
    apply(now);
    nameChanges.push({ folder: dirname(path), apply, lasting: false });
  };
  const syncFolder = (path: string): void => {
    for (const change of nameChanges) if (change.folder === path) change.lasting = true;
    while (nameChanges[0]?.lasting === true) nameChanges.shift()?.apply(lasting);
  };
  const open = (operation: Extract<FileOperation, { kind: 'open' }>): void => {
    const { handle, path, create, truncate, append } = operation;
    handles.delete(handle);
    if (path !== root && !within(path)) return;
    if (path === root || now.get(path) === null) {
      handles.set(handle, { path, file: null, position: 0, append });
      return;
    }
    let file = now.get(path) ?? null;
    if (file === null && create) {
      const made: File = { durable: Buffer.alloc(0), size: 0, pending: [] };
      file = made;
      changeName(path, (names) => void names.set(path, made));
    }
    if (file === null) return;
    if (truncate) resize(file, 0);
    handles.set(handle, { path, file, position: 0, append });
  };

  return {
    apply(operation) {
      switch (operation.kind) {
        case 'open':
          return open(operation);
        case 'write': {
          const handle = handles.get(operation.handle);
          if (handle !== undefined && handle.file !== null) write(handle, handle.file, operation);
          return;
        }
        case 'sync': {
          const handle = handles.get(operation.handle);
          if (handle === undefined) return;
          if (handle.file === null) syncFolder(handle.path);
          else syncFile(handle.file);
          return;
        }
        case 'resize': {
          const file = handles.get(operation.handle)?.file ?? null;
          if (file !== null) resize(file, operation.size);
          return;
        }
        case 'close':
          return void handles.delete(operation.handle);
        case 'rename': {
          const { from, to } = operation;
          if (!within(to)) return;
          if (dirname(from) !== dirname(to))
            throw new Error('A move between folders is not replayed');
          const moved = now.get(from) ?? null;
          return changeName(to, (names) => {
            names.delete(from);
            names.set(to, moved);
          });
        }
        case 'remove': {
          const { path } = operation;
          if (within(path)) changeName(path, (names) => void names.delete(path));
          return;
        }
        case 'make-folder': {
          const { path } = operation;
          if (within(path)) changeName(path, (names) => void names.set(path, null));
        }
      }
    },
    cutTo(folder) {
      const names = new Map(lasting);
      let left = randomBelow(nameChanges.length + 1);
      for (const change of nameChanges) {
        if (!change.lasting && left <= 0) continue;
        if (!change.lasting) left -= 1;
        change.apply(names);
      }
      for (const [path, file] of names) {
        if (!reachable(path, root, names)) continue;
        const target = join(folder, relative(root, path));
        if (file === null) mkdirSync(target, { recursive: true });
        else if (!path.endsWith('-shm')) writeFileSync(target, afterCut(file));
      }
    },
  };
}

/** A file is found only where every folder above it is. */
function reachable(path: string, root: string, names: ReadonlyMap<string, File | null>): boolean {
  for (let above = dirname(path); above !== root; above = dirname(above)) {
    if (!names.has(above)) return false;
  }
  return true;
}

function write(
  handle: Handle,
  file: File,
  { offset, bytes }: Extract<FileOperation, { kind: 'write' }>,
): void {
  const at = offset ?? (handle.append ? file.size : handle.position);
  if (offset === null) handle.position = at + bytes.length;
  file.pending.push({ offset: at, bytes });
  file.size = Math.max(file.size, at + bytes.length);
}

function resize(file: File, size: number): void {
  file.pending.push({ size });
  file.size = size;
}

function syncFile(file: File): void {
  for (const change of file.pending) file.durable = changed(file.durable, change);
  file.pending = [];
}

function changed(content: Buffer, change: Change): Buffer {
  if ('size' in change) return resized(content, change.size);
  const end = change.offset + change.bytes.length;
  const next = end > content.length ? resized(content, end) : content;
  change.bytes.copy(next, change.offset);
  return next;
}

function resized(content: Buffer, size: number): Buffer {
  if (size <= content.length) return content.subarray(0, size);
  const next = Buffer.alloc(size);
  content.copy(next);
  return next;
}

/** The durable bytes, with some of what was not synced. */
function afterCut(file: File): Buffer {
  const keeping = oneOf(KEEPING);
  const blockBytes = oneOf(BLOCKS_BYTES);
  const kept = (): boolean => Math.random() < keeping;
  let content: Buffer = Buffer.from(file.durable);
  for (const change of file.pending) {
    if ('size' in change) {
      if (kept()) content = changed(content, change);
      continue;
    }
    const { offset, bytes } = change;
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + blockBytes - ((offset + from) % blockBytes));
      if (kept()) {
        content = changed(content, { offset: offset + from, bytes: bytes.subarray(from, to) });
      }
      from = to;
    }
  }
  return content;
}
