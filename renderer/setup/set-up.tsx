import type { ReactNode } from 'react';
import { SpeechProvider } from '#renderer/i18n/speech-provider.tsx';
import { languages } from '#renderer/settings/settings-store.ts';
import { isCurrency } from '#loyalty/money.ts';
import { SetupScreen } from './setup-screen.tsx';
import { SetupText } from './setup-text.tsx';
import { useDraft } from './use-draft.ts';

/** The first thing a new shop sees, in the language it chooses there. */
export function SetUp(): ReactNode {
  const machine = languages.find((language) => navigator.language.startsWith(language)) ?? 'en';
  const [draft, change] = useDraft(machine);
  return (
    <SpeechProvider
      language={draft.language}
      market={draft.market}
      currency={isCurrency(draft.currency) ? draft.currency : 'EUR'}
      timeZone="UTC"
    >
      <SetupText market={draft.market}>
        <SetupScreen draft={draft} change={change} />
      </SetupText>
    </SpeechProvider>
  );
}
