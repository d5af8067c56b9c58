import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { manInTheMiddle, type Line } from './support/tls-lines.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let dataFolder: string;
let server: Line;
let till: LaunchedTill | null = null;
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'regulars-half-'));
  server = await manInTheMiddle(() => 9);
});
afterEach(async () => {
  await till?.stop();
  await server.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('a pairing code of another till’s that was typed in part', () => {
  it.each(['ABCD2345', 'ABCD2345-ABCD-2345-ABCD-2345'])(
    'is what is told, not the network: %s',
    async (code) => {
      const flags = ['--server', `https://127.0.0.1:${server.port}`, '--pairing-code', code];
      till = await launchTill({ dataFolder, flags });
      expect(till.state).toBe('problem');
      expect(till.output()).toContain('Type the whole pairing code');
      expect(server.heard().length).toBe(0);
    },
  );
});
