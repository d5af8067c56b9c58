import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A peer's server in a process of its own. */
export interface Peer {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts a peer's server and waits until it listens; it ends with this process at the latest. */
export async function startPeer(file: string, argument: string): Promise<Peer> {
  const child = fork(join(import.meta.dirname, file), [argument], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [said] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port: said.port };
}

/** Kills it, and waits until it is gone. */
export async function endPeer({ child }: Peer): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
