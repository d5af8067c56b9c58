import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { assert } from '#loyalty/result.ts';
import { errorText } from '#node/log.ts';
import { SECURITY_HEADERS } from './content-security.ts';
import { problemPage } from './problem-page.ts';

/** Answers a request for a file of the page; a Fetch handler, so Electron and node:http share it. */
export type AssetHandler = (request: Request) => Promise<Response>;

/** What the bundle may hold. A file of any other kind is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
};

/** Longest path looked at, in characters. */
const PATH_LENGTH_MAX = 512;
/** A page larger than this is no page of ours. */
const FILES_MAX = 1000;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Serves the built page from `folder` as it is now, and nothing else from the disk.
 *
 * Read once: a build under a running till takes the old files away, and an open page still asks for
 * its own. Answers 405 to anything but GET, 404 for what the page has not; where there is no page, a
 * page that says so.
 */
export function createAssets(folder: string): AssetHandler {
  const files = readPage(folder);
  if (typeof files === 'string') return async () => problemPage({ ...NOT_BUILT, detail: files });
  return async (request) => {
    // The page is read-only; what changes the till goes through the channel, which is validated.
    if (request.method !== 'GET') return plain(405, 'Only GET.', { allow: 'GET' });
    const name = nameOf(new URL(request.url).pathname);
    const bytes = name === null ? undefined : files.get(name);
    if (name === null || bytes === undefined) return plain(404, 'Not here.');
    return new Response(bytes, {
      headers: {
        ...SECURITY_HEADERS,
        'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
        // Names in assets/ carry a hash of their content; the page itself is always asked for.
        'cache-control': name.startsWith('assets/')
          ? 'public, max-age=31536000, immutable'
          : 'no-cache',
      },
    });
  };
}

const NOT_BUILT = {
  title: 'The till’s page is not there',
  what: 'The till itself runs; what it shows in the browser was not built or cannot be read.',
  next: ['Stop the till and start it with npm start, which builds the page.'],
};

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

function readPage(folder: string): Files | string {
  try {
    const files = readFiles(folder);
    return files.has('index.html') ? files : `no index.html in ${folder}`;
  } catch (error) {
    return errorText(error);
  }
}

/** Every file of the page by its name below the folder, `assets/index-1.js`. */
function readFiles(folder: string): Files {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below))) {
      const name = posix.join(below, entry);
      const found = statSync(join(folder, name));
      if (found.isDirectory()) visit(name);
      if (!found.isFile() || CONTENT_TYPES[extname(name)] === undefined) continue;
      files.set(name, new Uint8Array(readFileSync(join(folder, name))));
      bytes += found.size;
      assert(files.size <= FILES_MAX && bytes <= BYTES_MAX, 'the page fits into memory');
    }
  };
  visit('');
  return files;
}

/** A short text answer with the security headers. */
export function plain(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8', ...headers },
  });
}

/** The file a URL path names; null for a path that cannot be one. Only an exact name is ever found. */
function nameOf(pathname: string): string | null {
  const path = decoded(pathname);
  if (path === null || path.length > PATH_LENGTH_MAX) return null;
  return path === '/' ? 'index.html' : path.slice(1);
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
