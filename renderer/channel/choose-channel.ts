import type { Channel } from '#contract/rpc.ts';
import { type LivingChannel, webSocketChannel } from './web-socket-channel.ts';

declare global {
  interface Window {
    /** Put there by the Electron preload; absent in a browser. */
    readonly tillBridge?: Channel;
  }
}

/**
 * The way to the till core, chosen when the page runs and not when it is built: what the tests
 * load in Chromium is byte for byte what Electron loads.
 */
export function chooseChannel(page: Window, path: '/channel' | '/display-channel'): LivingChannel {
  const bridge = page.tillBridge;
  if (bridge === undefined) {
    return webSocketChannel(`ws://${page.location.host}${path}`, (url) => new WebSocket(url));
  }
  return {
    send: (frame) => bridge.send(frame),
    onFrame: (listener) => bridge.onFrame(listener),
    onOpen(listener) {
      listener(true);
      return () => undefined;
    },
  };
}
