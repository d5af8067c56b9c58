import type { Child, SpawnChild } from '#shell/child.ts';

/** What is used of Electron's `UtilityProcess`. */
export interface UtilityProcessLike {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'exit', listener: (code: number) => void): unknown;
}

/** What is used of Electron's `utilityProcess`. */
export interface UtilityProcessModule {
  fork(
    modulePath: string,
    args: string[],
    options: { serviceName: string; stdio: 'pipe' },
  ): UtilityProcessLike;
}

/**
 * Starts children as Electron's utility processes.
 *
 * Node's fork is not possible there: the RunAsNode fuse is off, so that nobody can use the installed
 * till as a Node of their own. `stop` is a message, because the only signal Electron sends is final.
 */
export function spawnUtilityChild(utilityProcess: UtilityProcessModule): SpawnChild {
  return (modulePath, args, name) => {
    const forked = utilityProcess.fork(modulePath, [...args], { serviceName: name, stdio: 'pipe' });
    return {
      pid: forked.pid ?? null,
      send: (message) => forked.postMessage(message),
      onMessage(listener) {
        forked.on('message', listener);
        return () => void forked.off('message', listener);
      },
      onExit(listener) {
        forked.on('exit', listener);
        return () => void forked.off('exit', listener);
      },
      onOutput(listener) {
        for (const stream of [forked.stdout, forked.stderr]) {
          stream?.on('data', (bytes: Buffer) => listener(bytes.toString('utf8')));
        }
      },
      stop: () => forked.postMessage({ kind: 'stop' }),
      kill: () => void forked.kill(),
    } satisfies Child;
  };
}
