import { type ReactNode, useEffect, useState } from 'react';
import type { MemberConsents } from '#contract/till.ts';
import type { Counter } from '#renderer/cashier/counter.ts';
import { back } from '#renderer/cashier/member-actions.ts';
import { perform, tellFailure } from '#renderer/cashier/perform.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { type ConsentChoice, consentProfile } from './consent-profile.ts';
import styles from './consents-panel.module.css';

type Known = Extract<MemberConsents, { outcome: 'known' }>;
type Consent = Known['consents'][number];

/** What the member on the sale allows, each to be withdrawn with one tap; the sale goes on beside it. */
export function ConsentsPanel(): ReactNode {
  const { t, language } = useSpeech();
  const counter = useCounter();
  const member = useTillState((state) => state.member);
  const market = useTillState((state) => state.shop.market);
  const [known, askAgain] = useConsents(counter, member?.member ?? null);
  const choices = consentProfile(market).choices;
  const change = async (of: string, purpose: Consent['purpose'], given: boolean): Promise<void> => {
    const { call } = counter.till;
    const asked = { member: of, purpose, given, language };
    const done = await perform(counter, () => call['member.consent'](asked));
    if (done) askAgain();
  };
  return (
    <Panel title={t('consents.title')} part="consents" onBack={() => back(counter)}>
      {known === null ? (
        <p className={styles.note}>{t('consents.asking')}</p>
      ) : (
        <>
          <ul className={styles.list}>
            {known.consents.map((consent) => (
              <ConsentRow
                key={consent.purpose}
                consent={consent}
                choice={choices.find(({ purpose }) => purpose === consent.purpose)}
                mayGive={known.mayGive}
                onChange={(given) => void change(known.member, consent.purpose, given)}
              />
            ))}
          </ul>
          {known.mayGive ? null : <Note tone="info">{t('consents.show-card')}</Note>}
        </>
      )}
    </Panel>
  );
}

/** The centre's answer for one member, and a way to ask again. */
function useConsents(counter: Counter, member: string | null): readonly [Known | null, () => void] {
  const [known, setKnown] = useState<Known | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (member === null) return undefined;
    let isWanted = true;
    counter.till.call['member.consents'](null).then(
      (answer) => {
        if (!isWanted) return;
        if (answer.outcome === 'known') setKnown(answer);
        else counter.change({ notice: { from: 'core', message: answer.refusal } });
      },
      (error: unknown) => tellFailure(counter, error),
    );
    return () => {
      isWanted = false;
    };
  }, [counter, member, round]);
  return [known?.member === member ? known : null, () => setRound(round + 1)];
}

function ConsentRow(props: {
  readonly consent: Consent;
  readonly choice: ConsentChoice | undefined;
  readonly mayGive: boolean;
  readonly onChange: (given: boolean) => void;
}): ReactNode {
  const { t, format } = useSpeech();
  const { consent, choice, mayGive, onChange } = props;
  const { answer, purpose } = consent;
  const isGiven = answer?.given === true;
  const day = answer === null ? '' : format.date(answer.atMs);
  return (
    <li className={styles.row} data-part={`consents-${purpose}`} data-given={isGiven}>
      <div className={styles.words}>
        <p className={styles.title}>{choice === undefined ? purpose : t(choice.title)}</p>
        <p className={styles.note}>
          {answer === null
            ? t('consents.unasked')
            : t(isGiven ? 'consents.allowed' : 'consents.withdrawn', { day })}
        </p>
      </div>
      {isGiven ? (
        <Button part={`consents-withdraw-${purpose}`} onPress={() => onChange(false)}>
          {t('consents.withdraw')}
        </Button>
      ) : (
        <Button
          part={`consents-allow-${purpose}`}
          isDisabled={!mayGive}
          onPress={() => onChange(true)}
        >
          {t('consents.allow')}
        </Button>
      )}
    </li>
  );
}
