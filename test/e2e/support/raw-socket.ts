import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';

const WAIT = { timeout: 30_000, interval: 50 };

/** A socket to the till's core that keeps to no contract. */
async function rawSocket(link: string): Promise<WebSocket> {
  const opened = await fetch(link, { redirect: 'manual' });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { host, origin } = new URL(link);
  const socket = new WebSocket(`ws://${host}/channel`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return socket;
}

interface Reply {
  readonly ok?: boolean;
  readonly error?: { readonly code: string };
}

/** Sends frames as they are; the answers, in order, events left out. */
export async function throwFrames(
  link: string,
  frames: readonly string[],
): Promise<readonly Reply[]> {
  const socket = await rawSocket(link);
  const replies: Reply[] = [];
  socket.on('message', (data: Buffer) => {
    const reply = JSON.parse(data.toString('utf8')) as Reply;
    if (reply.ok !== undefined) replies.push(reply);
  });
  for (const frame of frames) socket.send(frame);
  await vi.waitFor(() => expect(replies).toHaveLength(frames.length), WAIT);
  socket.terminate();
  return replies;
}

/** The code the till hangs up with after this frame. */
export async function closeCodeOf(link: string, frame: string | Buffer): Promise<number> {
  const socket = await rawSocket(link);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.send(frame);
  return closed;
}
