import type { Locator, Page } from 'playwright-core';

/** Set-up for tests: what an owner does, and what is on the glass. */
export interface SetupPage {
  readonly page: Page;
  part(name: string): Locator;
  step(): Promise<string | null>;
  /** Presses Next and waits for the step after this one. */
  next(): Promise<void>;
  fill(part: string, text: string): Promise<void>;
  /** Points the example says the first sale earns. */
  exampleEarns(): Promise<number>;
  exampleVisits(): Promise<number>;
}

/** Drives the set-up that `page` shows. */
export function setupPage(page: Page): SetupPage {
  const part = (name: string): Locator => page.locator(`[data-part="${name}"]`);
  const number = async (name: string): Promise<number> =>
    Number(await part('example').getAttribute(name));
  const step = (): Promise<string | null> => part('setup').getAttribute('data-step');
  return {
    page,
    part,
    step,
    async next() {
      const before = await step();
      await part('setup-next').click();
      await page.locator(`[data-part="setup"]:not([data-step="${before}"])`).waitFor();
    },
    fill: (name, text) => part(name).fill(text),
    exampleEarns: () => number('data-earns'),
    exampleVisits: () => number('data-visits'),
  };
}
