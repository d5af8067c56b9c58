import { useEffect, useSyncExternalStore } from 'react';
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
