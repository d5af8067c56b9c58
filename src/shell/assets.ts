import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { SECURITY_HEADERS } from './content-security.ts';

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

/**
 * Serves the built page from `folder`, and nothing else from the disk.
 *
 * Answers 405 to anything but GET, 404 outside the folder or for kinds of file the bundle has not.
 */
export function createAssets(folder: string): AssetHandler {
  const root = resolve(folder);
  return async (request) => {
    // The page is read-only; what changes the till goes through the channel, which is validated.
    if (request.method !== 'GET') return plain(405, 'Only GET.', { allow: 'GET' });
    const path = fileFor(root, new URL(request.url).pathname);
    if (path === null) return plain(404, 'Not here.');
    const contentType = CONTENT_TYPES[extname(path)];
    if (contentType === undefined) return plain(404, 'Not here.');
    try {
      const bytes = await readFile(path);
      return new Response(new Uint8Array(bytes), {
        headers: {
          ...SECURITY_HEADERS,
          'content-type': contentType,
          // Names in assets/ carry a hash of their content; the page itself is always asked for.
          'cache-control': path.startsWith(`${root}${sep}assets${sep}`)
            ? 'public, max-age=31536000, immutable'
            : 'no-cache',
        },
      });
    } catch {
      return plain(404, 'Not here.');
    }
  };
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

/** The file a URL path names, or null for a path that leaves the folder or cannot be one. */
function fileFor(root: string, pathname: string): string | null {
  const path = decoded(pathname);
  // NUL ends a path in C, a backslash is a separator on Windows: neither occurs in a bundle.
  if (path === null || path.length > PATH_LENGTH_MAX || /[\0\\]/.test(path)) return null;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  // `..`, plain or encoded, ends outside the folder and is not followed.
  return file.startsWith(root + sep) ? file : null;
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
