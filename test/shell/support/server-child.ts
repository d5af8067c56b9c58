import { createServer } from 'node:http';

/**
 * A server process for tests: says at once what its `--data` asks it to.
 *
 * `silent` ends without a word, `failing` and `held` say why they cannot start, anything else says
 * that it listens; only `well` and `hanging` do.
 */
const HANG_MS = 30_000;
const behaviour = process.argv[process.argv.indexOf('--data') + 1];
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
if (behaviour === 'silent') process.exit(3);
if (behaviour === 'failing') {
  process.send?.({ kind: 'failed', code: 'newer-version', detail: 'step 9' }, () =>
    process.exit(1),
  );
} else if (behaviour === 'held') {
  process.send?.({ kind: 'failed', code: 'held', detail: 'process 1' }, () => process.exit(1));
} else {
  process.send?.({ kind: 'chatter' });
  process.send?.({
    kind: 'ready',
    url: `http://127.0.0.1:${await listening(behaviour)}`,
    pairingCode: 'ABCD2345',
    sampleCards: [{ number: '2900000000001', name: 'Ada L.' }],
  });
  process.on('message', () => process.exit(9));
}

/** The port of a server that is well, or hangs as soon as it is asked; else a number nobody listens on. */
async function listening(how: string | undefined): Promise<number> {
  if (how !== 'well' && how !== 'hanging') return 1 + (process.pid % 60_000);
  const server = createServer((_request, response) => {
    if (how === 'well') response.end('{"ok":true}');
    else hang();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Holds the event loop, and lets go by itself should nobody end this process. */
function hang(): void {
  const endMs = Date.now() + HANG_MS;
  while (Date.now() < endMs);
}
