import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildRenderer, launchBrowser } from './support/browser.ts';
import {
  chromiumMajor,
  pictureNames,
  pictureOf,
  picturesFolder,
} from './support/component-pictures.ts';

/** Takes the components' pictures anew with the browser of this machine, in place of those of any other. */
export async function takeComponentPictures(): Promise<string> {
  const folder = picturesFolder(chromiumMajor() ?? 'none');
  rmSync(dirname(folder), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  try {
    for (const name of pictureNames) {
      writeFileSync(join(folder, `${name}.png`), await pictureOf(browser, built.directory, name));
    }
  } finally {
    await browser.close();
    built.remove();
  }
  return folder;
}
