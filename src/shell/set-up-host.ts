import { serve, type Channel, type Served } from '#contract/rpc.ts';
import {
  setupContract,
  setupDone,
  type SetupAnswers,
  type SetupContract,
  type SetupDone,
} from '#contract/setup.ts';
import type { Result } from '#loyalty/result.ts';
import { errorText } from '#node/log.ts';
import type { Log } from '#till/ports.ts';
import type { ComposedTill } from './compose.ts';
import type { StartProblem } from './problem-page.ts';
import type { EndableLink } from './server-link.ts';

/** Hashing the PIN, one transaction, and on a small machine the first write of a new database. */
const SET_UP_TIMEOUT_MS = 15_000;

export interface SetUpOptions {
  readonly link: EndableLink;
  /** The code that is good now; null = there is none. */
  readonly code: () => string | null;
  /** Makes the till, once the shop is there. */
  readonly compose: () => Promise<Result<ComposedTill, StartProblem>>;
  readonly log: Log;
}

/**
 * Stands for the till while there is no shop.
 *
 * A page that connects is offered set-up and nothing else. Once the shop is there, every page that
 * is connected has the till on the same channel; it only has to ask for its state.
 */
export function startSetUp(options: SetUpOptions): ComposedTill {
  const { log } = options;
  const pages = new Map<Channel, { readonly isDisplay: boolean; end: () => void }>();
  let till: ComposedTill | null = null;
  let underWay: Promise<SetupDone> | null = null;

  const open = async (): Promise<SetupDone> => {
    const composed = await options.compose();
    if (!composed.ok) {
      log.error('set-up-not-opened', { title: composed.error.title, what: composed.error.what });
      return refused('till-not-started');
    }
    till = composed.value;
    for (const [channel, page] of pages) {
      page.end();
      page.end = page.isDisplay ? till.connectDisplay(channel) : till.connect(channel);
    }
    log.info('set-up-done', {});
    return { outcome: 'done' };
  };

  const apply = async (answers: SetupAnswers): Promise<SetupDone> => {
    const code = options.code();
    if (code === null) return refused('set-up-no-code');
    const asked = await options.link.call('set-up', { code, answers }, SET_UP_TIMEOUT_MS);
    if (!asked.ok) {
      log.warn('set-up-not-asked', { problem: asked.error.code, detail: asked.error.detail });
      return refused('server-silent');
    }
    const done = setupDone.safeParse(asked.value);
    if (!done.success) return refused('server-silent');
    if (done.data.outcome === 'done') return open();
    // An answer that was lost: the shop is there, made by this very code.
    const isThere = done.data.problems.some(({ code: why }) => why === 'already-set-up');
    const opened = isThere ? await open() : done.data;
    return opened.outcome === 'done' ? opened : done.data;
  };

  const serveSetUp = (channel: Channel): Served<SetupContract> =>
    serve(
      setupContract,
      channel,
      {
        'setup.apply'(answers) {
          // Pressed twice, or in two windows: one shop.
          underWay ??= apply(answers).finally(() => {
            underWay = null;
          });
          return underWay;
        },
      },
      (error, method) => log.error('call-failed', { method, error: errorText(error) }),
    );

  return {
    connect(channel) {
      if (till !== null) return till.connect(channel);
      const served = serveSetUp(channel);
      const page = { isDisplay: false, end: () => served.close() };
      pages.set(channel, page);
      return () => {
        pages.delete(channel);
        page.end();
      };
    },
    connectDisplay(channel) {
      if (till !== null) return till.connectDisplay(channel);
      // Nothing faces the shopper before there is a shop; the display waits with its page.
      const page = { isDisplay: true, end: () => undefined };
      pages.set(channel, page);
      return () => {
        pages.delete(channel);
        page.end();
      };
    },
    shiftOpen: () => till?.shiftOpen() ?? false,
    async stop() {
      // Nothing is lost: the shop is there or it is not, and the next start sees which.
      options.link.hangUp();
      await underWay;
      await till?.stop();
    },
  };
}

function refused(code: string): SetupDone {
  return { outcome: 'refused', problems: [{ path: '', code, params: {} }] };
}
