const utf8 = new TextDecoder('utf-8', { fatal: true });
const windowsTurkish = new TextDecoder('windows-1254');

/**
 * What a scanner's bytes say: UTF-8 where they are UTF-8, else Windows-1254, which is Latin-1 with
 * the Turkish letters in place of six Icelandic ones.
 *
 * All bytes of a code at once: a letter can straddle two reports.
 */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windowsTurkish.decode(bytes);
  }
}
