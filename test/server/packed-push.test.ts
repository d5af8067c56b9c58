import { zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { PUSH_ENTRIES_MAX } from '#contract/sync.ts';
import { ENTRY_LENGTH_MAX } from '#journal/chain.ts';
import { signHeadHash } from '#node/ed25519.ts';
import { signRequest } from '#node/http-signature.ts';
import { encodePacked, packTexts, PACKED_TYPE } from '#node/packed-texts.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { body, NOON_MS, txOf } from '#test/journal/support/test-till.ts';
import { hashesOf } from './support/archived.ts';
import { openShopServer, type WireTill } from './support/shop-server.ts';

const database = await openPglite(null);
await migrate(database);
const server = await openShopServer(database);
afterAll(async () => {
  await server.app.close();
  await database.close();
});

/** A frame of zstd that every reader passes over: three bytes of anything. */
const SKIPPED_FRAME = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

let nonces = 0;

/** Sends bytes as a push of this till, signed as they are. */
async function sendBytes(till: WireTill, bytes: Uint8Array) {
  const target = '/v1/push';
  const request = { method: 'POST', authority: 'localhost:80', target, body: bytes };
  const nonce = `packed-${(nonces += 1)}`;
  const signed = { keyId: till.till, createdS: NOON_MS / 1000, nonce };
  const response = await server.app.inject({
    method: 'POST',
    url: target,
    headers: {
      host: 'localhost:80',
      'content-type': PACKED_TYPE,
      ...signRequest(request, signed, till.privateKey),
    },
    payload: Buffer.from(bytes),
  });
  return { status: response.statusCode, body: response.json<unknown>() };
}

function headOf({ journal, privateKey }: WireTill) {
  const { texts, ...head } = journal.batch();
  return { texts, head: { ...head, headSignature: signHeadHash(head.headHash, privateKey) } };
}

/** A till with two entries that it has not sent. */
async function aTill(): Promise<WireTill> {
  const till = await server.join();
  till.journal.append(txOf(1), body.enrol(`m-${till.till}`), body.sale(1, `m-${till.till}`));
  return till;
}

describe('a push whose texts travel beside its JSON', () => {
  test('is posted as the same push in JSON is', async () => {
    const till = await aTill();
    const { head, texts } = headOf(till);
    const packed = await sendBytes(till, encodePacked(head, texts));
    expect(packed).toMatchObject({ status: 200, body: { outcome: 'acknowledged', ackSeq: 2 } });
    const again = await till.push();
    expect(again).toMatchObject({ outcome: 'acknowledged', ackSeq: 2 });
    expect(packed.body).toMatchObject({ ackHash: till.journal.head.hash });
  });

  test('packed in an odd way is refused, or kept so that it reads as it was', async () => {
    const odd: readonly ((texts: readonly string[]) => Buffer)[] = [
      ([first = '', second = '']) =>
        Buffer.concat([zstdCompressSync(`${first}\u001e`), zstdCompressSync(second)]),
      (texts) => Buffer.concat([SKIPPED_FRAME, packTexts(texts)]),
      (texts) => Buffer.concat([packTexts(texts), SKIPPED_FRAME]),
      (texts) => Buffer.concat([packTexts(texts), Buffer.alloc(9)]),
      (texts) => Buffer.concat([packTexts(texts), Buffer.from('more')]),
    ];
    for (const [index, pack] of odd.entries()) {
      const till = await aTill();
      const { head, texts } = headOf(till);
      const line = Buffer.from(`${JSON.stringify(head)}\n`);
      const answer = await sendBytes(till, Buffer.concat([line, pack(texts)]));
      const taken = answer.status === 200 && 'ackSeq' in (answer.body as object);
      const kept = await hashesOf(database, till.till);
      expect(kept.get(2), `packing ${index}, ${JSON.stringify(answer.body)}`).toBe(
        taken ? till.journal.head.hash : undefined,
      );
    }
  });

  test('is refused where its texts are no journal', async () => {
    const till = await aTill();
    const { head, texts } = headOf(till);
    const changed = await sendBytes(till, encodePacked(head, [...texts, 'x']));
    expect(changed).toMatchObject({ status: 200, body: { outcome: 'malformed', seq: 3 } });
    const split = texts.map((text) => text.replace('{', '{\u001e'));
    expect(await sendBytes(till, encodePacked(head, split))).toMatchObject({
      body: { outcome: 'malformed', seq: 1 },
    });
  });

  test('is refused where it is too much, broken, or without its head', async () => {
    const till = await aTill();
    const { head, texts } = headOf(till);
    const many = Array.from({ length: PUSH_ENTRIES_MAX + 1 }, () => '{}');
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024, '{'));
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    const whole = encodePacked(head, texts);
    const answers = [];
    for (const bytes of [
      encodePacked(head, many),
      encodePacked(head, ['x'.repeat(ENTRY_LENGTH_MAX + 1)]),
      Buffer.concat([line, bomb]),
      whole.subarray(0, whole.length - 3),
      Buffer.from('{}'),
      encodePacked({ ...head, more: 1 }, texts),
      Buffer.concat([Buffer.from('{"inc":\n'), whole.subarray(line.length)]),
    ]) {
      const { status, body: said } = await sendBytes(till, bytes);
      answers.push([status, (said as { code: string }).code]);
    }
    expect(answers).toEqual([
      [400, 'bad-input'],
      [400, 'bad-input'],
      [413, 'too-large'],
      [400, 'bad-encoding'],
      [400, 'bad-encoding'],
      [400, 'bad-input'],
      [400, 'bad-json'],
    ]);
    expect(await till.push()).toMatchObject({ outcome: 'acknowledged', ackSeq: 2 });
  });
});
