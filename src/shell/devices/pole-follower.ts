import type { ShopperState } from '#contract/shopper.ts';
import { poleText, type PoleText } from '#till/pole-text.ts';
import type { ShopperDisplay } from '#till/shopper-display.ts';
import type { DeviceHost } from './device-host.ts';

/**
 * Shows on the pole what the shopper's display shows. Returns what ends that.
 *
 * Nothing waits for a pole, and one that is not there costs nothing: a text that did not arrive is sent
 * when the device process has been started anew, and only the last one counts.
 */
export function followWithPole(
  display: ShopperDisplay,
  { bench, devices }: DeviceHost,
  hasPole: () => boolean,
): () => void {
  let last: PoleText | null = null;
  const send = (): void => {
    if (last !== null && hasPole()) void bench.pole(last);
  };
  const show = (state: ShopperState): void => {
    const next = poleText(state);
    if (JSON.stringify(next) === JSON.stringify(last)) return;
    last = next;
    send();
  };
  const stops = [
    display.onState(show),
    devices.onEvent((event) => {
      if (event.kind === 'started') send();
    }),
  ];
  void Promise.resolve(display.handlers.state(null)).then(show);
  return () => {
    for (const stop of stops) stop();
  };
}
