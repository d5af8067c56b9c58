import { fork } from 'node:child_process';
import type { Child, SpawnChild } from './child.ts';

/** Starts children with Node's own fork: the web shell's way. */
export const spawnNodeChild: SpawnChild = (modulePath, args) => {
  const process_ = fork(modulePath, [...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let exited: number | null = null;
  const exits = new Set<(code: number) => void>();
  const end = (code: number): void => {
    if (exited !== null) return;
    exited = code;
    for (const listener of exits) listener(code);
  };
  process_.on('exit', (code) => end(code ?? 1));
  // A module that cannot be started at all ends like one that fell over.
  process_.on('error', () => end(1));
  return {
    pid: process_.pid ?? null,
    send(message) {
      // The channel closes a moment before the exit is known; what is sent then has no reader.
      if (process_.connected) process_.send(message as object, () => undefined);
    },
    onMessage(listener) {
      process_.on('message', listener);
      return () => void process_.off('message', listener);
    },
    onExit(listener) {
      if (exited !== null) {
        const code = exited;
        queueMicrotask(() => listener(code));
        return () => undefined;
      }
      exits.add(listener);
      return () => void exits.delete(listener);
    },
    onOutput(listener) {
      for (const stream of [process_.stdout, process_.stderr]) {
        stream?.setEncoding('utf8').on('data', listener);
      }
    },
    stop() {
      // Windows has no SIGTERM: there it would be the end without asking.
      if (process.platform === 'win32' && process_.connected) process_.send({ kind: 'stop' });
      else process_.kill('SIGTERM');
    },
    kill: () => void process_.kill('SIGKILL'),
  } satisfies Child;
};
