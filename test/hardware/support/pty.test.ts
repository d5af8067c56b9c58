import { SerialPort } from 'serialport';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

describe('a pty with the real serialport', needs(ptyMissing), () => {
  it('carries every byte value both ways and reports the pulled plug', async () => {
    const pty = openPty();
    const port = new SerialPort({ path: pty.path, baudRate: 9600 });
    await once(port, 'open');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

    const received: Buffer[] = [];
    port.on('data', (data: Buffer) => received.push(data));
    pty.write(bytes);
    port.write(bytes);
    const written = await pty.readUntil((all) => all.length >= 256);
    expect(written).toEqual(bytes);
    await expect.poll(() => Buffer.concat(received), { timeout: PATIENCE_MS }).toEqual(bytes);

    const closed = once(port, 'close');
    pty.close();
    const [error] = await closed;
    expect(error).toMatchObject({ disconnected: true });
  });

  it('says nothing arrived when nothing did', () => {
    const pty = openPty();
    expect(pty.read()).toHaveLength(0);
    pty.close();
    pty.close();
    expect(pty.read()).toHaveLength(0);
  });
});
