/** The page's own scheme: unlike file://, it has an origin, a policy and nothing else of the disk. */
export const PAGE_SCHEME = 'till';
const PAGE_HOST = 'app';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`;
/** The page that faces the shopper. */
export const DISPLAY_URL = `${PAGE_URL}display.html`;

/**
 * True for an address of our page.
 *
 * Compares protocol and host, never `origin`: Node says the origin of every scheme it does not know
 * is the text 'null', and 'null' === 'null' would let file:// in.
 */
export function isPageUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST;
}
