import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAssets } from '#shell/assets.ts';
import { CONTENT_SECURITY_POLICY } from '#shell/content-security.ts';
import { problemPage } from '#shell/problem-page.ts';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'regulars-assets-'));
  mkdirSync(join(parent, 'page', 'assets'), { recursive: true });
  mkdirSync(join(parent, 'page-other'));
  writeFileSync(join(parent, 'page', 'index.html'), '<!doctype html>');
  writeFileSync(join(parent, 'page', 'assets', 'index-1.js'), 'export {}');
  writeFileSync(join(parent, 'page', 'secret.key'), 'secret');
  writeFileSync(join(parent, 'secret.json'), 'secret');
  writeFileSync(join(parent, 'page-other', 'index.html'), 'secret');
});
afterAll(() => rmSync(parent, { recursive: true }));

const ask = (path: string, method = 'GET'): Promise<Response> =>
  createAssets(join(parent, 'page'))(new Request(`till://app${path}`, { method }));

describe('the asset handler', () => {
  it('serves the page and its files with their types, and says how long they keep', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await ask('/assets/index-1.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
  });

  it('puts the security headers on every answer, refusals included', async () => {
    for (const response of [await ask('/'), await ask('/missing.js'), await ask('/', 'POST')]) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('answers 405 to anything but GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
      const response = await ask('/', method);
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        'GET',
      ]);
    }
  });

  it('serves nothing outside its folder, however the path is written', async () => {
    const paths = [
      '/../secret.json',
      '/..%2fsecret.json',
      '/%2e%2e/secret.json',
      '/%2e%2e%2fsecret.json',
      '/assets/..%2f..%2fsecret.json',
      '/..%5csecret.json',
      '/..%2fpage-other%2findex.html',
      '//secret.json',
      '/%00',
      '/index.html%00.js',
      '/%E0%A4%A',
      `/${'a/'.repeat(400)}index.html`,
      '/secret.key',
      '/assets',
      '/etc/passwd',
    ];
    for (const path of paths) {
      const response = await ask(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).not.toContain('secret');
    }
  });
});

describe('a page that is built anew under a running till', () => {
  it('stays whole for those who have it open, and is the new one after a start', async () => {
    const folder = join(parent, 'rebuilt');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), 'old');
    writeFileSync(join(folder, 'assets', 'day-old.js'), 'old chunk');
    const running = createAssets(folder);
    rmSync(folder, { recursive: true });
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), 'new');
    writeFileSync(join(folder, 'assets', 'day-new.js'), 'new chunk');

    const get = async (assets: typeof running, path: string) => {
      const response = await assets(new Request(`till://app${path}`));
      return [response.status, await response.text()];
    };
    expect(await get(running, '/assets/day-old.js')).toEqual([200, 'old chunk']);
    expect(await get(running, '/')).toEqual([200, 'old']);
    const restarted = createAssets(folder);
    expect(await get(restarted, '/')).toEqual([200, 'new']);
    expect(await get(restarted, '/assets/day-new.js')).toEqual([200, 'new chunk']);
  });

  it('says so where no page was built', async () => {
    mkdirSync(join(parent, 'unbuilt'));
    for (const folder of ['unbuilt', 'nowhere']) {
      const response = await createAssets(join(parent, folder))(new Request('till://app/'));
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('start it with npm start');
    }
  });
});

describe('the problem page', () => {
  it('shows any detail as text', async () => {
    const page = problemPage({
      title: 'T',
      what: '<script>alert(1)</script>',
      next: ['<img src=x onerror=alert(1)>'],
      detail: '"&',
    });
    const text = await page.text();
    expect(page.status).toBe(503);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&lt;img src=x');
    expect(text).toContain('&quot;&amp;');
    expect(text).not.toMatch(/<script|<img/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
  });
});
