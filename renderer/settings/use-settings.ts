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
    const apply = (): void => {
      const chosen = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
      document.documentElement.dataset['theme'] = chosen;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
}
