/** How the stream is asked for: a signed GET that stays open; null where the server cannot be asked now. */
export type OpenStream = (signal: AbortSignal) => Promise<Response | null>;

const AGAIN_FIRST_MS = 500;
const AGAIN_MOST_MS = 15_000;
/** A stream says something at least every fifteen seconds; one that is silent longer is dead. */
const SILENT_MOST_MS = 45_000;
/** A poke carries no data: a line longer than this is not one of ours. */
const LINE_LENGTH_MAX = 1000;

/**
 * Listens to the server's pokes: something has changed, ask what.
 *
 * Only a hint. Without the stream everything still arrives with the next round; with it at once, so
 * that points asked back by another till do not wait. Opens the stream again after whatever ends it.
 * Returns the function that ends it.
 */
export function listenForPokes(open: OpenStream, poked: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let failures = 0;

  const wait = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs).unref();
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });

  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      const lived = await readPokes(open, signal, poked);
      failures = lived ? 0 : failures + 1;
      await wait(Math.min(AGAIN_FIRST_MS * 2 ** Math.min(failures, 10), AGAIN_MOST_MS));
    }
  };
  void listen();
  return () => ending.abort();
}

/** Reads one stream to its end; true where it said anything. Never rejects. */
async function readPokes(
  open: OpenStream,
  signal: AbortSignal,
  poked: () => void,
): Promise<boolean> {
  const own = new AbortController();
  const end = (): void => own.abort();
  signal.addEventListener('abort', end);
  let silent = setTimeout(end, SILENT_MOST_MS).unref();
  let lived = false;
  try {
    const response = await open(own.signal);
    if (response?.ok !== true || response.body === null) return false;
    let line = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      clearTimeout(silent);
      silent = setTimeout(end, SILENT_MOST_MS).unref();
      lived = true;
      const lines = (line + decoder.decode(chunk, { stream: true })).split('\n');
      line = lines.pop() ?? '';
      if (line.length > LINE_LENGTH_MAX) return false;
      if (lines.includes('event: poke')) poked();
    }
  } catch {
    // The network or the server ended it; it is opened again.
  } finally {
    clearTimeout(silent);
    signal.removeEventListener('abort', end);
    own.abort();
  }
  return lived;
}
