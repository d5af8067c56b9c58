import type { Calibration } from '#scan/calibration.ts';
import { PITCH_MAX_MM, PITCH_MIN_MM } from './screen-size.ts';
import { storedCalibration } from './scanner-setting.ts';

/** The four languages of the counter. */
export const languages = ['en', 'tr', 'de', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Languages by their own names: nobody looks for theirs in another. */
export const ownNames: Readonly<Record<Language, string>> = {
  en: 'English',
  tr: 'Türkçe',
  de: 'Deutsch',
  ar: 'العربية',
};

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** What this screen remembers about itself; null language = the shop's. */
export interface Settings {
  readonly language: Language | null;
  readonly theme: Theme;
  readonly sound: boolean;
  /** Millimetres of one pixel of this screen; null = not measured. */
  readonly pitchMm: number | null;
  /** What one scan taught of the keyboard scanner; null = as scanners come. */
  readonly scanner: Calibration | null;
}

const key = 'regulars.settings';
const usual: Settings = {
  language: null,
  theme: 'system',
  sound: true,
  pitchMm: null,
  scanner: null,
};
const listeners = new Set<() => void>();
let current: Settings = read();

/** The settings now; the same object until something changes. */
export function settings(): Settings {
  return current;
}

/** Changes some settings and remembers them on this machine. */
export function changeSettings(change: Partial<Settings>): void {
  current = { ...current, ...change };
  try {
    window.localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // A full or forbidden local storage costs the memory of a setting, never the sale.
  }
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function onSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function read(): Settings {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return usual;
    const known = stored as { readonly [name: string]: unknown };
    return {
      language: languages.find((language) => language === known['language']) ?? usual.language,
      theme: themes.find((theme) => theme === known['theme']) ?? usual.theme,
      sound: typeof known['sound'] === 'boolean' ? known['sound'] : usual.sound,
      pitchMm: storedPitch(known['pitchMm']),
      scanner: storedCalibration.safeParse(known['scanner']).data ?? usual.scanner,
    };
  } catch {
    return usual;
  }
}

function storedPitch(stored: unknown): number | null {
  if (typeof stored !== 'number') return usual.pitchMm;
  return stored >= PITCH_MIN_MM && stored <= PITCH_MAX_MM ? stored : usual.pitchMm;
}
