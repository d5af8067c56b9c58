import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hostChannel } from '#hardware/host-channel.ts';

describe('the channel to the starter', () => {
  it('uses Electron’s port in a utility process, where messages carry their data in an event', () => {
    const port = new EventEmitter();
    const posted: unknown[] = [];
    const channel = hostChannel(
      Object.assign(new EventEmitter(), {
        parentPort: Object.assign(port, {
          postMessage: (message: unknown) => void posted.push(message),
        }),
      }),
    );
    if (channel === null) throw new Error('no channel');
    const frames: string[] = [];
    let ended = 0;
    const stop = channel.onFrame((frame) => frames.push(frame));
    channel.onEnd(() => (ended += 1));
    channel.send('out');
    port.emit('message', { data: 'in', ports: [] });
    port.emit('message', { data: { kind: 'stop' }, ports: [] });
    port.emit('message', { data: 7, ports: [] });
    stop();
    port.emit('message', { data: 'late', ports: [] });
    expect({ posted, frames, ended }).toEqual({ posted: ['out'], frames: ['in'], ended: 1 });
  });

  it('uses Node’s messages in a fork, and is silent once the starter is gone', () => {
    const sent: unknown[] = [];
    const forked = Object.assign(new EventEmitter(), {
      connected: true,
      send(message: unknown): boolean {
        sent.push(message);
        return true;
      },
    });
    const channel = hostChannel(forked);
    if (channel === null) throw new Error('no channel');
    const frames: string[] = [];
    let ended = 0;
    channel.onFrame((frame) => frames.push(frame));
    channel.onEnd(() => (ended += 1));
    channel.send('out');
    forked.emit('message', 'in');
    forked.emit('message', { kind: 'other' });
    forked.connected = false;
    forked.emit('disconnect');
    channel.send('unheard');
    expect({ sent, frames, ended }).toEqual({ sent: ['out'], frames: ['in'], ended: 1 });
  });

  it('is none when nobody started the process', () => {
    expect(hostChannel(new EventEmitter())).toBe(null);
  });
});
