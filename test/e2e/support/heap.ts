import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { LaunchedTill } from './launch-till.ts';

/** `--inspect` on a port of its own choosing, which it prints. */
export const INSPECTED = ['--inspect=127.0.0.1:0'] as const;

interface Reply {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
}

/** Bytes that the core of a till started with `INSPECTED` still holds after collecting garbage. */
export async function coreHeapBytes(till: LaunchedTill): Promise<number> {
  // The first that listens is the core; the device process has an inspector of its own.
  const [, address = ''] = await till.waitForOutput(/Debugger listening on (ws:\S+)/);
  const socket = new WebSocket(address);
  try {
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    let last = 0;
    const ask = (method: string): Promise<Reply> =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        socket.once('close', () => reject(new Error('the core hung up')));
        socket.on('message', (data: Buffer) => {
          const reply = JSON.parse(data.toString('utf8')) as Reply;
          if (reply.id === id) resolve(reply);
        });
        socket.send(JSON.stringify({ id, method }));
      });
    await ask('HeapProfiler.collectGarbage');
    const { result } = await ask('Runtime.getHeapUsage');
    if (result?.usedSize === undefined) throw new Error('the inspector does not tell the heap');
    return result.usedSize;
  } finally {
    socket.terminate();
  }
}

/** The same of a page. */
export async function pageHeapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  } finally {
    await session.detach();
  }
}
