import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { startDeviceHost } from '#shell/devices/device-host.ts';
import { startEmbeddedServer } from '#shell/embedded-server.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import { programFromBundle } from '#shell/program.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deviceRoles } from '#contract/device-setup.ts';
import { rememberingLog } from './support/quiet-log.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** By this text Electron's tools find the fuses in its program. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** In the order of the wire: '1' = on, '0' = off, 'r' = this Electron does not have it. */
const FUSES = [
  'RunAsNode',
  'CookieEncryption',
  'NodeOptions',
  'NodeCliInspect',
  'AsarIntegrity',
  'OnlyLoadAppFromAsar',
  'BrowserV8Snapshot',
  'FileProtocolExtraPrivileges',
] as const;

let folder: string;
let shipped: readonly string[];
let app: string;

/**
 * Packages for real, around a stand-in for Electron's runtime.
 *
 * The builder checks electron-builder.yml against its own schema, collects the files with its own
 * rules and flips the fuses; only Electron itself is not there. Unpacked instead of an asar, so that
 * the shipped files can be looked at and run.
 */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-package-'));
  const electron = join(folder, 'electron');
  mkdirSync(join(electron, 'resources'), { recursive: true });
  const fuses = Buffer.from([1, FUSES.length, ...FUSES.map(() => '1'.charCodeAt(0))]);
  const program = Buffer.concat([Buffer.from(`stand-in ${FUSE_SENTINEL}`), fuses]);
  writeFileSync(join(electron, 'electron'), program, { mode: 0o755 });
  writeFileSync(join(electron, 'version'), '45.4.1');

  const build =
    "import('./scripts/build.mjs').then(async (b) => { await b.buildRenderer(); await b.buildElectron(); })";
  await run(process.execPath, ['--eval', build], { cwd: root });
  const output = join(folder, 'out');
  await run(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('electron-builder/cli.js'),
      '--dir',
      '--linux',
      '--x64',
      '--publish=never',
      `--config.electronDist=${electron}`,
      '--config.asar=false',
      `--config.directories.output=${output}`,
    ],
    { cwd: root, maxBuffer: 16 * 1024 * 1024 },
  );
  app = join(output, 'linux-unpacked', 'resources', 'app');
  shipped = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(app, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const matching = (pattern: RegExp): string[] => shipped.filter((path) => pattern.test(path));

describe('what would ship', () => {
  it('is the bundle, the page, the migrations, and packages', () => {
    const tops = new Set(shipped.map((path) => path.split('/')[0]));
    expect([...tops].toSorted()).toEqual(['dist', 'migrations', 'node_modules', 'package.json']);
    for (const name of ['main.js', 'preload.cjs', 'server.js', 'devices.js']) {
      expect(shipped).toContain(`dist/electron/${name}`);
    }
    expect(shipped).toContain('dist/renderer/index.html');
    for (const side of ['server', 'till']) {
      const sources = readdirSync(join(root, 'migrations', side)).filter((name) =>
        name.endsWith('.sql'),
      );
      expect(matching(new RegExp(`^migrations/${side}/`)).length).toBe(sources.length);
    }
  });

  it('holds the page byte for byte as the web shell serves it', () => {
    for (const path of matching(/^dist\/renderer\//)) {
      expect(readFileSync(join(app, path)).equals(readFileSync(join(root, path)))).toBe(true);
    }
  });

  it('has exactly the binaries of its own platform', () => {
    const binaries = matching(/\.(node|dll|dylib|so)$/);
    expect(binaries).toEqual(
      expect.arrayContaining([
        'node_modules/@serialport/bindings-cpp/prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
        'node_modules/better-sqlite3/prebuilds/linux-x64.node',
        'node_modules/node-hid/prebuilds/HID-linux-x64/node-napi-v4.node',
        'node_modules/node-hid/prebuilds/HID_hidraw-linux-x64/node-napi-v4.node',
      ]),
    );
    expect(binaries.filter((path) => !path.includes('linux-x64') || path.includes('musl'))).toEqual(
      [],
    );
  });

  it('has no sources of native code, no tests, no types and no maps', () => {
    expect(matching(/\.(c|cc|cpp|h|hpp|gyp|gypi|m|mm)$/)).toEqual([]);
    expect(matching(/(^|\/)(test|tests|__tests__|spec)\//)).toEqual([]);
    expect(matching(/\.(ts|mts|cts|tsx|map)$/)).toEqual([]);
    expect(
      matching(/better-sqlite3\/(deps|src)\/|node-hid\/(src|hidapi)\/|bindings-cpp\/src\//),
    ).toEqual([]);
  });

  it('has no package that only builds or tests', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const names = Object.keys(devDependencies);
    expect(
      names.filter((name) => matching(new RegExp(`^node_modules/${name}/`)).length > 0),
    ).toEqual([]);
  });

  it('has every package the bundle imports', () => {
    const imported = new Set(
      matching(/^dist\/electron\/.*\.c?js$/).flatMap((path) =>
        packagesIn(readFileSync(join(app, path), 'utf8')),
      ),
    );
    expect(imported.size).toBeGreaterThan(0);
    const missing = [...imported].filter(
      (name) => !shipped.includes(`node_modules/${name}/package.json`),
    );
    expect(missing).toEqual([]);
  });

  it('starts its server and its device process from where they lie', async (context) => {
    context.skip(process.platform !== 'linux' || process.arch !== 'x64', 'packaged for linux-x64');
    const log = rememberingLog();
    const monoMs = (): number => performance.now();
    const program = programFromBundle(app);
    const server = startEmbeddedServer({
      spawn: spawnNodeChild,
      modulePath: program.serverModule,
      dataFolder: join(folder, 'server'),
      demo: true,
      log,
      monoMs,
    });
    const devices = startDeviceHost({
      spawn: spawnNodeChild,
      modulePath: program.devicesModule,
      roles: deviceRoles.parse({
        printer: { address: 'virtual' },
        scanners: [{ address: 'serial:/dev/none' }],
        affixes: [],
        pole: { address: 'none' },
      }),
      log,
      monoMs,
    });
    try {
      expect(await server.first).toMatchObject({ kind: 'ready' });
      expect(await devices.devices.status()).toMatchObject({
        ok: true,
        value: { printer: { address: 'virtual' }, scanners: [{ source: 'serial' }] },
      });
      const line = { align: 'start', size: 'normal', bold: false } as const;
      const printed = await devices.devices.print('job-1', {
        language: 'tr',
        lines: [
          { kind: 'text', text: 'Teşekkürler', ...line },
          // Not in any code page: drawn with the fonts that ship.
          { kind: 'text', text: 'شكرا', ...line },
          { kind: 'qr', content: 'R:000000018', caption: null },
          { kind: 'barcode', symbology: 'ean13', content: '2900000010017' },
          { kind: 'cut' },
        ],
        openDrawer: false,
      });
      expect(printed).toMatchObject({ ok: true, value: { state: 'confirmed', problem: null } });
      expect(log.events).not.toContain('process-ended');
    } finally {
      await Promise.all([server.stop(), devices.stop()]);
    }
  });

  it('is closed to debuggers, foreign code and file://', () => {
    const program = readFileSync(join(app, '..', '..', 'regulars'));
    const start = program.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2;
    const states = FUSES.map((name, index) => [
      name,
      String.fromCharCode(program[start + index] ?? 0),
    ]);
    expect(Object.fromEntries(states)).toEqual({
      RunAsNode: '0',
      CookieEncryption: '1',
      NodeOptions: '0',
      NodeCliInspect: '0',
      AsarIntegrity: '1',
      OnlyLoadAppFromAsar: '1',
      BrowserV8Snapshot: '1',
      FileProtocolExtraPrivileges: '0',
    });
  });

  it('is packed into one archive and never compiled', () => {
    const configuration = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    expect(configuration).toMatch(/^asar: true$/m);
    expect(configuration).toMatch(/^npmRebuild: false$/m);
  });
});

/** Packages a built file imports or requires; Node's own and Electron left out. */
function packagesIn(code: string): string[] {
  const found = [
    // A package's name and nothing else: `from` is a word of SQL, too.
    ...code.matchAll(/(?:from\s*|import\s*|import\(\s*|require\(\s*)["'](@?\w[\w./@-]*)["']/g),
  ];
  return found
    .map((match) => match[1] ?? '')
    .filter(
      (name) =>
        !name.startsWith('node:') &&
        !/^electron(\/|$)/.test(name) &&
        !builtinModules.includes(name),
    )
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
