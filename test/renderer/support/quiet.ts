import type { Page } from 'playwright-core';

/** Frames of the screen without a change after which a page has come to rest. */
const STILL_FRAMES = 3;
/** A page that never rests is measured all the same. */
const FRAMES_MAX = 300;

/** Waits until what was asked for is drawn: no change for some frames, and every font is there. */
export async function quiet(page: Page): Promise<void> {
  await page.evaluate(
    async ({ stillFrames, framesMax }) => {
      let still = 0;
      const watch = new MutationObserver(() => {
        still = 0;
      });
      watch.observe(document, {
        ...{ subtree: true, childList: true, attributes: true, characterData: true },
      });
      for (let frame = 0; frame < framesMax && still < stillFrames; frame += 1) {
        await new Promise(requestAnimationFrame);
        // Text in a script that was not shown before asks for its font with the first drawing.
        await document.fonts.ready;
        still += 1;
      }
      watch.disconnect();
    },
    { stillFrames: STILL_FRAMES, framesMax: FRAMES_MAX },
  );
}
