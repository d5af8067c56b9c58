import { readFileSync } from 'node:fs';

/** From the kernel, not from `ps`: a bare machine has none. Linux only. */
export function childrenOf(pid: number): number[] {
  const listed = readIfThere(`/proc/${pid}/task/${pid}/children`).trim();
  return listed === '' ? [] : listed.split(' ').map(Number);
}

/** How a process was started, its arguments joined by blanks; empty when it is gone. */
export function commandOf(pid: number): string {
  return readIfThere(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/** True while the process exists and has not ended; a zombie that nobody has buried has ended. */
export function alive(pid: number): boolean {
  const state = /^State:\t(\S)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== 'Z';
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
