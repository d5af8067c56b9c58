import { createHash } from 'node:crypto';
import { SECURITY_HEADERS } from './content-security.ts';

/** Why the till does not start, in words for the person in front of it. */
export interface StartProblem {
  readonly title: string;
  readonly what: string;
  /** What to do next, one sentence each. */
  readonly next: readonly string[];
  /** For support: a path, a version, the system's own words. */
  readonly detail: string;
}

/** The same for a terminal, on one line. */
export function problemText({ title, what, next, detail }: StartProblem): string {
  return [`${title}.`, what, ...next, ...(detail === '' ? [] : [`(${detail})`])].join(' ');
}

const STYLE = `
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; }
main { max-width: 36rem; padding: 2rem; }
h1 { font-size: 1.75rem; line-height: 1.2; }
li { margin: 0.5rem 0; }
code { display: block; margin-top: 2rem; overflow-wrap: anywhere; opacity: 0.75; font-size: 0.8rem; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * A page that explains, without script and without the till's core.
 *
 * It stands for the till when its database cannot be opened: a blank window tells a shop nothing.
 */
export function problemPage(problem: StartProblem, status = 503): Response {
  const next = problem.next.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(problem.title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escapeHtml(problem.title)}</h1>
<p>${escapeHtml(problem.what)}</p>
<ul>${next}</ul>
<code>${escapeHtml(problem.detail)}</code>
</main>
</html>
`;
  return new Response(body, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      // This page has no script at all and one style, named by its hash.
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    },
  });
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
