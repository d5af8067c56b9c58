import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { counterPage, type CounterPage } from '#test/e2e/pages/counter-page.ts';
import { type ScriptedTill, startScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import { buildRenderer, launchBrowser, type Look, openPage, usualLook } from './browser.ts';

/** The built page over a scripted till, in a real browser. */
export interface Opened {
  readonly counter: CounterPage;
  readonly till: ScriptedTill;
}

/** What the tests of a suite open; all of it is closed after each test. */
export interface Stage {
  /** `prepare` scripts the till before the page opens: the page asks at once. */
  open(state: TillState, prepare?: (till: ScriptedTill) => void, look?: Look): Promise<Opened>;
}

/**
 * Builds the page and starts a browser for the suite it is called in.
 *
 * A test whose page complained on its console fails; that a socket was cut is no complaint.
 */
export function useStage(): Stage {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  const toClose: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterEach(async () => {
    for (const close of toClose.splice(0).toReversed()) await close();
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });
  return {
    async open(state, prepare, look = usualLook) {
      const till = await startScriptedTill(built.directory, state);
      prepare?.(till);
      const { page, context, said } = await openPage(browser, till.url, look);
      toClose.push(
        () => till.close(),
        () => context.close(),
        async () => {
          expect(said.filter((line) => !line.includes('WebSocket connection'))).toEqual([]);
        },
      );
      return { counter: counterPage(page), till };
    },
  };
}
