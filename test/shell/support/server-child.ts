/**
 * A server process for tests: says at once what its `--data` asks it to.
 *
 * `silent` ends without a word, `failing` says why it cannot start, anything else listens.
 */
const behaviour = process.argv[process.argv.indexOf('--data') + 1];
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
if (behaviour === 'silent') process.exit(3);
if (behaviour === 'failing') {
  process.send?.({ kind: 'failed', code: 'held', detail: 'process 1' }, () => process.exit(1));
} else {
  process.send?.({ kind: 'chatter' });
  process.send?.({
    kind: 'ready',
    url: `http://127.0.0.1:${process.pid}`,
    pairingCode: 'ABCD2345',
    sampleCards: [{ number: '2900000000001', name: 'Ada L.' }],
  });
  process.on('message', () => process.exit(9));
}
