import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { err, ok } from '#loyalty/result.ts';
import { generateSigningKeys } from '#node/ed25519.ts';
import { pepperHash } from '#node/pin.ts';
import { enrolTill, readEnrolment } from '#shell/enrolment.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import type { ServerLink } from '#till/ports.ts';
import { enrolledAnswer } from './support/shop.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-enrolment-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const answering = (
  answer: Awaited<ReturnType<ServerLink['call']>>,
  inputs: unknown[] = [],
): ServerLink => ({
  async call(name, input) {
    inputs.push({ name, input });
    return answer;
  },
});

function enrol(link: ServerLink, code: string | null = 'ABCD2345') {
  const path = join(folder, 'enrolment.json');
  const store = fileSecrets(join(folder, 'secrets.json'));
  return { path, store, outcome: enrolTill({ link, code, tillName: 'Till 1', path, store }) };
}

describe('enrolment', () => {
  it('keeps who the till is, and its keys apart from that', async () => {
    const inputs: unknown[] = [];
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer), inputs));
    const enrolled = await outcome;
    expect(enrolled).toMatchObject({ ok: true, value: { enrolment: { till: 'till-1' } } });
    expect(await readEnrolment(path, store)).toEqual(enrolled.ok ? enrolled.value : null);
    expect(inputs).toEqual([
      {
        name: 'enrol',
        input: {
          code: 'ABCD2345',
          name: 'Till 1',
          publicKey: expect.stringMatching(/^[\w-]{43}$/),
        },
      },
    ]);
    expect(readFileSync(path, 'utf8')).not.toContain(enrolledAnswer.identifierKey);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps PINs under a pepper of the till’s own, which lies with its keys and nowhere else', async () => {
    const salt = 'a1'.repeat(16);
    const hash = 'b2'.repeat(32);
    const [ada] = enrolledAnswer.config.cashiers;
    const config = { ...enrolledAnswer.config, cashiers: [{ ...ada, pin: { salt, hash } }] };
    const { path, store, outcome } = enrol(answering(ok({ ...enrolledAnswer, config })));
    const enrolled = await outcome;
    if (!enrolled.ok) throw new Error('the till is enrolled');
    const { pinPepper } = enrolled.value.secrets;
    const file = readFileSync(path, 'utf8');
    expect(file).not.toContain(hash);
    expect(file).not.toContain(pinPepper);
    expect(enrolled.value.enrolment.config.cashiers).toMatchObject([
      { pin: { salt, hash: pepperHash(hash, pinPepper) } },
    ]);
    expect(await store.read()).toMatchObject({ pinPepper });
  });

  it('names the secret that is missing', async () => {
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer)));
    await outcome;
    const { pinPepper: _gone, ...rest } = (await store.read()) ?? {};
    await store.write(rest);
    await expect(readEnrolment(path, store)).rejects.toThrow(
      'The till’s secrets miss pinPepper; restore them from a backup',
    );
  });

  it('writes nothing and asks nobody without a code', async () => {
    const { outcome } = enrol(answering(ok(null)), null);
    expect(await outcome).toEqual(err({ code: 'no-code' }));
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false);
  });

  it('writes nothing when the server refuses, is away or answers rubbish', async () => {
    const refusal = answering(ok({ outcome: 'refused', code: 'code-used' }));
    expect(await enrol(refusal).outcome).toEqual(err({ code: 'refused', reason: 'code-used' }));
    const problem = { code: 'unreachable', detail: 'ECONNREFUSED' } as const;
    expect(await enrol(answering(err(problem))).outcome).toEqual(
      err({ code: 'no-server', problem }),
    );
    const half = { ...enrolledAnswer, config: { ...enrolledAnswer.config, programmes: [] } };
    expect(await enrol(answering(ok(half))).outcome).toMatchObject({
      error: { code: 'no-server', problem: { code: 'bad-answer' } },
    });
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false);
    expect(existsSync(join(folder, 'enrolment.json'))).toBe(false);
  });

  it('is asked for again when only the keys were written', async () => {
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer)));
    await outcome;
    rmSync(path);
    expect(await readEnrolment(path, store)).toBeNull();
  });

  it.each([
    ['enrolment.json', ''],
    ['enrolment.json', '{"till":'],
    ['enrolment.json', '{"till":"x"}'],
    ['secrets.json', ''],
    ['secrets.json', '{"publicKey":'],
  ])('says that it is %s that reads %j', async (name, text) => {
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer)));
    await outcome;
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    await expect(readEnrolment(path, store)).rejects.toThrow(
      `${join(folder, name)} ${name === 'secrets.json' ? 'does not hold secrets' : 'is damaged'}; restore it from a backup`,
    );
  });

  it('is not taken for that of the till whose keys lie beside it', async () => {
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer)));
    await outcome;
    const { publicKey, privateKey } = generateSigningKeys();
    await store.write({ ...(await store.read()), publicKey, privateKey });
    await expect(readEnrolment(path, store)).rejects.toThrow(
      `The keys are another till’s than the one in ${path}; put this till’s own back`,
    );
  });

  it('is not guessed when a file is damaged', async () => {
    const { path, store, outcome } = enrol(answering(ok(enrolledAnswer)));
    await outcome;
    writeFileSync(path, '{"till":');
    await expect(readEnrolment(path, store)).rejects.toThrow();
    writeFileSync(path, '{"till":"x"}');
    await expect(readEnrolment(path, store)).rejects.toThrow();
    writeFileSync(join(folder, 'secrets.json'), '{"publicKey":"x"}', { mode: 0o600 });
    writeFileSync(path, '{}');
    await expect(readEnrolment(path, store)).rejects.toThrow();
  });
});
