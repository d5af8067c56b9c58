import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { err } from '#loyalty/result.ts';
import { enrolTill, readEnrolment } from '#shell/enrolment.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import { createServerLink } from '#shell/server-link.ts';
import type { ServerLink } from '#till/ports.ts';
import { aShop, type Shop } from '#test/till/support/a-shop.ts';

const CODE = 'ABCD2345';

let folder: string;
let shop: Shop;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-lost-answer-'));
  shop = aShop(folder);
  await shop.startWith(CODE);
});
afterEach(async () => {
  await shop.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each(['timeout', 'unreachable'] as const)(
  'an enrolment whose answer is lost (%s) is asked for again, and uses up no code for nobody',
  async (code) => {
    const real = createServerLink({ baseUrl: shop.url, identity: null, wallMs: () => Date.now() });
    let asked = 0;
    const losing: ServerLink = {
      async call(name, input, timeoutMs) {
        const answer = await real.call(name, input, timeoutMs);
        asked += 1;
        return asked === 1 ? err({ code, detail: 'the answer was lost' }) : answer;
      },
    };
    const path = join(folder, 'enrolment.json');
    const store = fileSecrets(join(folder, 'secrets.json'));
    const enrolled = await enrolTill({ link: losing, code: CODE, tillName: 'Till 1', path, store });
    expect(enrolled).toMatchObject({ ok: true });
    const known = await readEnrolment(path, store);
    expect(known?.enrolment.config.tills).toEqual([
      { till: known?.enrolment.till, name: 'Till 1' },
    ]);
  },
);
