import { useCallback, useState } from 'react';
import type { Language } from '#renderer/settings/settings-store.ts';
import { type Draft, rememberDraft, rememberedDraft } from './draft.ts';

/** The draft, remembered on this machine with every change. */
export function useDraft(machine: Language): readonly [Draft, (change: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => rememberedDraft(machine));
  const change = useCallback((changed: Partial<Draft>): void => {
    setDraft((before) => {
      const next = { ...before, ...changed };
      rememberDraft(next);
      return next;
    });
  }, []);
  return [draft, change];
}

/** What each step works on. */
export interface StepProps {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  /** The problem of one place in words, once the step was tried; else null. */
  readonly problemAt: (path: string) => string | null;
}
