import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { enrollingServer } from './support/enrolling-server.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let dataFolder: string;
let server: { readonly url: string; close(): void };
let till: LaunchedTill | null;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'regulars-lost-'));
  server = await enrollingServer();
  till = null;
});
afterEach(async () => {
  await till?.stop();
  server.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** With a pairing code, too: whoever is told that the till is not enrolled gets one and types it. */
async function launch(): Promise<LaunchedTill> {
  const flags = ['--server', server.url, '--pairing-code', 'ABCD2345'];
  till = await launchTill({ dataFolder, flags });
  return till;
}

describe('a till that lost who it is', () => {
  it.each([
    ['secrets.json', 'enrolment.json', 'Put secrets.json or secrets.bin back from its backup'],
    ['enrolment.json', 'secrets.json', 'Put enrolment.json back from its backup'],
  ])('without %s is not enrolled as another over its own sales', async (lost, kept, said) => {
    await (await launch()).stop();
    const before = readFileSync(join(dataFolder, kept), 'utf8');
    renameSync(join(dataFolder, lost), join(dataFolder, 'aside'));
    const without = await launch();
    expect(without.state).toBe('problem');
    expect(without.output()).toContain(said);
    await without.stop();
    expect(existsSync(join(dataFolder, lost))).toBe(false);
    expect(readFileSync(join(dataFolder, kept), 'utf8')).toBe(before);
    renameSync(join(dataFolder, 'aside'), join(dataFolder, lost));
    expect((await launch()).state).toBe('ready');
  });

  it('whose keys are under a key ring that is not here is not enrolled as another either', async () => {
    await (await launch()).stop();
    renameSync(join(dataFolder, 'secrets.json'), join(dataFolder, 'secrets.bin'));
    const without = await launch();
    expect(without.state).toBe('problem');
    expect(without.output()).toContain('Start the till in its own window, as that user');
    expect(existsSync(join(dataFolder, 'secrets.json'))).toBe(false);
  });
});
