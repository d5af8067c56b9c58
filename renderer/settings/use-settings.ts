import { useEffect, useLayoutEffect, useSyncExternalStore } from 'react';
import { hasThreeColumns, unitOf } from './screen-size.ts';
import { onSettings, type Settings, settings, type Theme } from './settings-store.ts';

/** The settings of this screen, kept up to date. */
export function useSettings(): Settings {
  return useSyncExternalStore(onSettings, settings);
}

/** Puts the chosen theme on the document; `system` follows the machine as it changes. */
export function useTheme(theme: Theme): void {
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const contrast = window.matchMedia('(prefers-contrast: more)');
    const ofMachine = (): Theme =>
      contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    const apply = (): void => {
      document.documentElement.dataset['theme'] = theme === 'system' ? ofMachine() : theme;
    };
    apply();
    for (const wish of [dark, contrast]) wish.addEventListener('change', apply);
    return () => {
      for (const wish of [dark, contrast]) wish.removeEventListener('change', apply);
    };
  }, [theme]);
}

/** Gives the document the unit of a measured screen, and says whether it has room for three columns. */
export function useScreenSize(pitchMm: number | null): void {
  useLayoutEffect(() => {
    const { documentElement: root } = document;
    const apply = (): void => {
      const { innerWidth, innerHeight } = window;
      if (pitchMm === null) root.style.removeProperty('--u');
      else root.style.setProperty('--u', `${unitOf(pitchMm, innerWidth, innerHeight)}px`);
      const unitPx = Number.parseFloat(getComputedStyle(root).getPropertyValue('--u'));
      root.dataset['columns'] = hasThreeColumns(unitPx, innerWidth) ? 'three' : 'two';
    };
    apply();
    window.addEventListener('resize', apply);
    return () => window.removeEventListener('resize', apply);
  }, [pitchMm]);
}
