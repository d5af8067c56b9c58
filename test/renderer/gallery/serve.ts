import { buildRenderer } from '#test/renderer/support/browser.ts';
import { type Scene, type SceneName, scenes } from './scenes.ts';
import { startScriptedTill } from './scripted-till.ts';

/**
 * The gallery by hand: every scene of the counter without a core behind it.
 *
 *     node test/renderer/gallery/serve.ts
 *
 * Type a scene's name and Enter; the open page shows it.
 */
const built = await buildRenderer();
const till = await startScriptedTill(built.directory, scenes.known.state);
const names = Object.keys(scenes) as SceneName[];
process.stdout.write(`Gallery at ${till.url}\nScenes: ${names.join(' ')}\n`);

process.stdin.setEncoding('utf8');
process.stdin.on('data', (line: string) => {
  const name = names.find((known) => known === line.trim());
  if (name === undefined) {
    process.stdout.write(`Scenes: ${names.join(' ')}\n`);
    return;
  }
  const scene: Scene = scenes[name];
  till.show(scene.state, scene.day);
});
process.stdin.on('end', () => {
  void till.close().then(() => built.remove());
});
