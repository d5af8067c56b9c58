import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** A file of the repository, by its path from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every file of the repository without what `.gitignore` names; needs no git. */
export function repositoryFiles(): readonly string[] {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
  const folders = [
    '.git',
    ...ignored.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1)),
  ];
  const endings = ignored.filter((line) => line.startsWith('*')).map((line) => line.slice(1));
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return folders.includes(entry.name) ? [] : walk(path);
      return endings.some((ending) => path.endsWith(ending)) ? [] : [path];
    });
  const files = walk('');
  if (files.length === 0) throw new Error('no files were found: the test would prove nothing');
  return files;
}

/** The program's own code, tests and scripts included. */
export function sourceFiles(): readonly SourceFile[] {
  return repositoryFiles()
    .filter((path) => /^(src|hardware|renderer|test|scripts)\//.test(path))
    .filter((path) => /\.(ts|tsx|mts|mjs|js)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** One `import` or `export … from`, static or dynamic. */
export interface ImportedFrom {
  readonly from: string;
  /** True where nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

/** What a file imports, comments left out. */
export function importsOf(text: string): readonly ImportedFrom[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = [...code.matchAll(STATEMENT)].map((match) => ({
    from: match[2] ?? '',
    typeOnly: match[1] !== undefined || onlyTypes(match[0]),
  }));
  const dynamic = [...code.matchAll(DYNAMIC)].map((match) => ({
    from: match[1] ?? '',
    typeOnly: false,
  }));
  return [...statements, ...dynamic];
}

/** `import { type A, type B } from`. */
function onlyTypes(statement: string): boolean {
  const names =
    /\{([^}]*)\}/
      .exec(statement)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const present = names.filter((name) => name !== '');
  return present.length > 0 && present.every((name) => name.startsWith('type '));
}
