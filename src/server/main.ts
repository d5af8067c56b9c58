import { parseArgs } from 'node:util';
import { createLog, errorText } from '#node/log.ts';
import { failureOf, hostProcess } from './host-process.ts';
import { readOrders } from './orders.ts';
import { newPairingCode } from './pairing-code.ts';
import { startServer, type RunningServer } from './start.ts';

/**
 * The central server as a process: `--data DIR --port N [--host HOST] [--demo] [--shop FILE] [--pair]`.
 *
 * `--lan [--lan-host HOST] [--lan-port N]` opens it to tills on the shop's network, encrypted.
 * `--restored` after a backup was put back; `--fence TILL --by PERSON --by PERSON` gives up a lost till;
 * `--erase MEMBER` says what an erasure would take and the word for `--confirm WORD --by PERSON`.
 */
async function main(): Promise<void> {
  const host = hostProcess();
  const log = createLog({
    write: (line) => void process.stderr.write(line),
    nowMs: () => Date.now(),
    fields: { role: 'server' },
  });
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: 'data/server' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      lan: { type: 'boolean', default: false },
      'lan-host': { type: 'string', default: '0.0.0.0' },
      'lan-port': { type: 'string', default: '0' },
      demo: { type: 'boolean', default: false },
      shop: { type: 'string' },
      pair: { type: 'boolean', default: false },
      restored: { type: 'boolean', default: false },
      fence: { type: 'string' },
      by: { type: 'string', multiple: true },
      erase: { type: 'string' },
      confirm: { type: 'string' },
    },
  });
  const given = process.env['REGULARS_PAIRING_CODE'];
  const wanted = host.connected || values.pair || given !== undefined;
  let running: RunningServer | null = null;
  let stopping: Promise<void> | null = null;
  const stop = (code: number): void => {
    stopping ??= (running?.stop() ?? Promise.resolve()).then(
      () => process.exit(code),
      (error: unknown) => {
        log.error('stop failed', { reason: errorText(error) });
        process.exit(1);
      },
    );
  };
  host.onStop(() => stop(0));
  try {
    running = await startServer({
      directory: values.data,
      databaseUrl: process.env['DATABASE_URL'] ?? null,
      host: values.host,
      port: readPort(values.port),
      ...(values.lan
        ? { lan: { host: values['lan-host'], port: readPort(values['lan-port']) } }
        : {}),
      demo: values.demo,
      shopFile: values.shop ?? null,
      orders: readOrders({ ...values, fence: values.fence, by: values.by }),
      pairingCode: wanted ? (given ?? newPairingCode()) : null,
      log,
      onBroken: () => stop(1),
    });
  } catch (error) {
    const failure = failureOf(error);
    log.error('not started', { code: failure.code, reason: failure.detail });
    await host.send({ kind: 'failed', ...failure });
    process.exit(1);
  }
  const { url, lan, pairingCode, needsSetUp, ...samples } = running;
  const { sampleCards, sampleStaff } = samples;
  const lanPort = lan()?.port ?? null;
  const ready = { url, lanPort, pairingCode, needsSetUp, sampleCards, sampleStaff };
  await host.send({ kind: 'ready', ...ready });
  process.stdout.write(
    `${JSON.stringify({ ready: url, ...(values.pair ? { pairingCode } : {}) })}\n`,
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${text} is not a port; use a number from 0 to 65535`);
  }
  return port;
}

await main();
