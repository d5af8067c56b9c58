import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { serveVirtualPrinter, type VirtualPrinterServer } from '#hardware/virtual/tcp-server.ts';
import { EPSON_LIKE_80 } from '#hardware/virtual/virtual-printer.ts';
import { ascii, bytes } from './workshop.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const HOST = '127.0.0.1';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(
  onStrip: (strip: PaperStrip) => void,
  bufferBytes = 4_096,
): Promise<VirtualPrinterServer> {
  const server = await serveVirtualPrinter({
    ...EPSON_LIKE_80,
    bufferBytes,
    host: HOST,
    port: 0,
    onStrip,
  });
  open.push(server);
  return server;
}

async function call(port: number): Promise<Socket> {
  const socket = connect(port, HOST);
  open.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  return socket;
}

describe('the virtual printer as a network printer', () => {
  it('prints what a socket sends and answers on it', async () => {
    const strips: PaperStrip[] = [];
    const server = await serve((strip) => void strips.push(strip));
    const socket = await call(server.port);
    socket.write(bytes(ascii('over the wire'), '0A 1D 56 00 1D 28 48 06 00 30 30 41 30 30 31'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('hex')).toBe('37224130303100');
    expect(textOf(strips[0] ?? expect.fail('no strip'))).toBe('over the wire');
  });

  it('serves one caller at a time', async () => {
    const server = await serve(() => undefined);
    await call(server.port);
    const second = await call(server.port);
    second.resume();
    const [hadError] = (await once(second, 'close')) as [boolean];
    expect(typeof hadError).toBe('boolean');
    expect(second.bytesRead).toBe(0);
  });

  it('stops reading while it is out of paper, and takes the rest when there is some', async () => {
    const strips: PaperStrip[] = [];
    const server = await serve((strip) => void strips.push(strip), 128);
    server.printer.setMechanism({ paper: 'out' });
    const socket = await call(server.port);
    socket.write(bytes(ascii('x'.repeat(1_000)), '0A 1D 56 00 10 04 01'));
    await expect.poll(() => server.printer.bufferedBytes, { timeout: PATIENCE_MS }).toBe(128);
    server.printer.setMechanism({ paper: 'ok' });
    await once(socket, 'data');
    expect(textOf(strips[0] ?? expect.fail('no strip')).replaceAll('\n', '')).toHaveLength(1_000);
  });

  it('starts from the command line, says where, and ends when told', async () => {
    const script = new URL('../../../hardware/virtual/server.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    open.push({ close: () => child.kill('SIGKILL') });
    let said = '';
    child.stdout.on('data', (bytesSaid: Buffer) => (said += bytesSaid.toString()));
    await expect.poll(() => said, { timeout: PATIENCE_MS }).toContain('ready at tcp://127.0.0.1:');
    const socket = await call(Number(/:([0-9]+)\n/.exec(said)?.[1]));
    socket.write(bytes(ascii('hello'), '0A 1B 70 00 19 FA 1D 56 00'));
    await expect.poll(() => said, { timeout: PATIENCE_MS }).toContain('[drawer]\n\nhello\n');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });

  it('says so when its port is taken', async () => {
    const script = new URL('../../../hardware/virtual/server.ts', import.meta.url).pathname;
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const child = spawn(process.execPath, [script, '--port', String(port)], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytesSaid: Buffer) => (said += bytesSaid.toString()));
    const [code] = (await once(child, 'close')) as [number];
    taken.close();
    expect(code).toBe(1);
    expect(said).toBe(
      `No printer at 127.0.0.1:${port}: another program listens there. Choose another --port.\n`,
    );
  });
});
