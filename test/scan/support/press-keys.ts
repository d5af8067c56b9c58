import type { CDPSession } from 'playwright-core';
import type { WedgeKey } from '#scan/wedge-keys.ts';

/** Sends keydowns and their releases with their own time stamps, as one burst that began at `startS`. */
export async function pressKeys(
  session: CDPSession,
  keys: readonly WedgeKey[],
  startS: number,
): Promise<void> {
  const sent = keys.flatMap((key) => {
    const common = {
      code: key.code,
      key: key.key,
      modifiers: (key.alt ? 1 : 0) + (key.ctrl ? 2 : 0) + (key.shift ? 8 : 0),
      timestamp: startS + key.timeMs / 1_000,
      ...(key.code === 'Enter' ? { windowsVirtualKeyCode: 13 } : {}),
    };
    const text = key.code === 'Enter' ? '\r' : key.key;
    const isText = [...text].length === 1 && !key.ctrl && !key.alt;
    return [
      session.send('Input.dispatchKeyEvent', {
        ...common,
        type: isText ? 'keyDown' : 'rawKeyDown',
        ...(isText ? { text } : {}),
      }),
      session.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' }),
    ];
  });
  await Promise.all(sent);
}
