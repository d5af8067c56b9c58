import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from './source-files.ts';

const files = sourceFiles();

/** The folders of the house and what each may import beside itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  loyalty: [],
  scan: [],
  journal: ['loyalty'],
  contract: ['loyalty', 'scan', 'journal'],
  till: ['loyalty', 'scan', 'journal', 'contract'],
  node: [],
  sqlite: ['loyalty', 'scan', 'journal', 'contract', 'till', 'node'],
  server: ['loyalty', 'scan', 'journal', 'contract', 'node'],
  hardware: ['loyalty', 'scan', 'journal', 'contract', 'node'],
  renderer: ['loyalty', 'scan', 'journal', 'contract'],
  shell: ['loyalty', 'scan', 'journal', 'contract', 'till', 'node', 'sqlite', 'server', 'hardware'],
};

/** Packages each folder may use; the rest of the house is not their business. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  loyalty: /^zod$/,
  scan: /^$/,
  journal: /^zod$/,
  contract: /^zod$/,
  till: /^(zod|libphonenumber-js(\/.*)?)$/,
  node: /^(node:.*|better-sqlite3)$/,
  sqlite: /^(node:.*|better-sqlite3|zod)$/,
  server:
    /^(node:.*|fastify|kysely|pg|better-sqlite3|@electric-sql\/pglite.*|zod|libphonenumber-js(\/.*)?)$/,
  hardware:
    /^(node:.*|node-hid|serialport|escpos.*|zod|bwip-js\/node|@napi-rs\/canvas|@serialport\/.*)$/,
  renderer:
    /^(react|react-dom|react-aria-components|react-aria|react-stately|react-intl|d3-scale|uqr|zod|libphonenumber-js|@fontsource.*|vite|@vitejs\/.*|node:.*)(\/.*)?$/,
  shell: /^(node:.*|ws|zod|vite|electron(\/.*)?|electron-updater)$/,
};

function folderOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' ? second : first;
}

describe('imports', () => {
  it('cross folders only in the directions of the house', () => {
    const wrong = files.flatMap(({ path, text }) => {
      const allowed = ALLOWED[folderOf(path)];
      if (allowed === undefined) return [];
      return importsOf(text)
        .filter(({ from }) => from.startsWith('#'))
        .filter(({ from }) => {
          const target = from.slice(1).split('/')[0] ?? '';
          return target !== folderOf(path) && !allowed.includes(target);
        })
        .map(({ from }) => `${path} imports ${from}`);
    });
    expect(wrong).toEqual([]);
  });

  it('bring only the packages a folder is for', () => {
    const wrong = files.flatMap(({ path, text }) => {
      const allowed = PACKAGES[folderOf(path)];
      if (allowed === undefined) return [];
      return importsOf(text)
        .filter(({ from }) => !from.startsWith('#') && !from.startsWith('.'))
        .filter(({ from }) => !allowed.test(from))
        .map(({ from }) => `${path} imports ${from}`);
    });
    expect(wrong).toEqual([]);
  });

  it('never climb, and never leave a folder without its name', () => {
    const climbing = files.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ from }) => from.startsWith('..') || from.includes('/../'))
        .map(({ from }) => `${path} imports ${from}`),
    );
    expect(climbing).toEqual([]);
  });

  it('bring Electron as a value into its two files only', () => {
    const values = files
      .filter(({ text }) =>
        importsOf(text).some(({ from, typeOnly }) => !typeOnly && /^electron(\/|$)/.test(from)),
      )
      .map(({ path }) => path);
    const required = files
      .filter(({ path }) => !path.startsWith('test/architecture/'))
      .filter(({ text }) => /require\((['"`])electron/.test(text))
      .map(({ path }) => path);
    expect(values.toSorted()).toEqual([
      'src/shell/electron/main.ts',
      'src/shell/electron/preload.ts',
    ]);
    expect(required).toEqual([]);
  });

  it('do not go round in circles', () => {
    const known = new Set(files.map(({ path }) => path));
    const edges = new Map(
      files.map(({ path, text }) => [
        path,
        importsOf(text)
          // Types are gone before anything runs: only values can wait for each other.
          .filter(({ typeOnly }) => !typeOnly)
          .map(({ from }) => resolveImport(path, from))
          .filter((target) => known.has(target)),
      ]),
    );
    expect(findCycle(edges)).toEqual([]);
  });
});

function resolveImport(importer: string, from: string): string {
  if (from.startsWith('./')) return normalize(join(dirname(importer), from)).replaceAll('\\', '/');
  const [folder = '', ...rest] = from.slice(1).split('/');
  const top = ['hardware', 'renderer', 'test'].includes(folder) ? folder : `src/${folder}`;
  return `${top}/${rest.join('/')}`;
}

/** A circle as the paths along it; empty where there is none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const target of edges.get(path) ?? []) {
      const cycle = visit(target, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const path of edges.keys()) {
    const cycle = visit(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
