import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFiles, root, sourceFiles } from './source-files.ts';

const LINES_MAX = 400;
const files = sourceFiles();
/** These tests name what they look for. */
const others = files.filter(({ path }) => !path.startsWith('test/architecture/'));

const naming = (pattern: RegExp, among = others): string[] =>
  among.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );

describe('the house’s habits', () => {
  it('keep every file under 400 lines', () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('have no default export but in tool configurations', () => {
    const among = others.filter(({ path }) => !path.endsWith('.config.ts'));
    expect(naming(/^export default\b/, among)).toEqual([]);
  });

  it('suppress no check of compiler or linter', () => {
    expect(naming(/@ts-(ignore|expect-error|nocheck)|(eslint|oxlint)-disable/)).toEqual([]);
  });

  it('read no clock and draw no number in the pure folders', () => {
    const pure = files.filter(({ path }) =>
      /^src\/(loyalty|scan|journal|contract|till)\//.test(path),
    );
    expect(pure.length).toBeGreaterThan(0);
    expect(naming(/\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/, pure)).toEqual(
      [],
    );
  });

  it('write no JavaScript outside scripts and the packages’ stand-ins', () => {
    const allowed = /^(scripts\/.*\.mjs|hardware\/escpos\/no-get-pixels\/index\.js)$/;
    const found = repositoryFiles().filter((path) => /\.(js|mjs|cjs|jsx)$/.test(path));
    expect(found.filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('name no preset in the engine', () => {
    const folder = join(root, 'src', 'loyalty', 'presets');
    if (!existsSync(folder)) return;
    const presets = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.slice(0, -'.ts'.length))
      // A preset of one common word (points, tiers) is the engine's own noun, not its name.
      .filter((name) => name.includes('-'));
    const engine = files.filter(
      ({ path }) => path.startsWith('src/loyalty/') && !path.startsWith('src/loyalty/presets/'),
    );
    for (const preset of presets)
      expect([preset, naming(new RegExp(`['"\`]${preset}['"\`]`), engine)]).toEqual([preset, []]);
    expect(naming(/#loyalty\/presets\/|\.\/presets\//, engine)).toEqual([]);
  });

  it('name no peer in the engine', () => {
    const peers = /\b(odoo|erpnext|setono|voucherify|talon\.?one|open ?loyalty|square ?up)\b/i;
    expect(
      naming(
        peers,
        files.filter(({ path }) => path.startsWith('src/loyalty/')),
      ),
    ).toEqual([]);
  });

  it('never call the database layer a store', () => {
    expect(naming(/\b(datastore|data store|SqliteStore|JournalStore|LedgerStore)\b/i)).toEqual([]);
  });

  it('name no package registry: which one is used is the machine’s business', () => {
    const registry =
      /\bregistry\.[a-z0-9-]+(\.[a-z0-9-]+)+|npm\.pkg\.|npmmirror|:\/\/[^/\s'"]*\b(verdaccio|artifactory|nexus)\b/i;
    const text = repositoryFiles().filter(
      (path) => !path.startsWith('test/architecture/') && isText(path),
    );
    expect(text.filter((path) => registry.test(readFileSync(join(root, path), 'utf8')))).toEqual(
      [],
    );
  });

  it('pin every package to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('keep the documents a newcomer reads', () => {
    const documents = [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'LICENSE',
    ];
    expect(documents.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it('let continuous integration run exactly what a person types', () => {
    const path = join(root, '.ci', 'run');
    expect(readFileSync(path, 'utf8')).toMatch(/\nnpm test\n/);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o111).not.toBe(0);
  });
});

function isText(path: string): boolean {
  return !/\.(png|jpg|woff2?|ico|pdf|gz|db)$/.test(path) && statSync(join(root, path)).isFile();
}
