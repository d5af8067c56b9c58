import type { Rectangle } from 'electron';

/** What is looked at of Electron's `Display`. */
export interface DisplayLike {
  readonly id: number;
  readonly bounds: Rectangle;
}

/** What is used of Electron's `screen`. */
export interface ScreenLike {
  getPrimaryDisplay(): DisplayLike;
  getAllDisplays(): readonly DisplayLike[];
  on(event: 'display-added' | 'display-removed', listener: () => void): unknown;
}

/** A window on the second screen. */
export interface SecondWindow {
  close(): void;
}

/**
 * Keeps one window on the screen that faces the shopper: opened when there is such a screen, closed
 * when it is unplugged, opened again when it comes back.
 */
export function followSecondScreen(
  screen: ScreenLike,
  open: (bounds: Rectangle) => SecondWindow,
): void {
  let shown: { readonly display: number; readonly window: SecondWindow } | null = null;
  const look = (): void => {
    const primary = screen.getPrimaryDisplay().id;
    const second = screen.getAllDisplays().find(({ id }) => id !== primary);
    if (shown?.display === second?.id) return;
    shown?.window.close();
    shown = second === undefined ? null : { display: second.id, window: open(second.bounds) };
  };
  screen.on('display-added', look);
  screen.on('display-removed', look);
  look();
}
