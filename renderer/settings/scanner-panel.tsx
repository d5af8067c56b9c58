import { type ReactNode, useEffect, useState } from 'react';
import { type CalibrationResult, calibrationText } from '#scan/calibration.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { learnFromKeyboard } from '#renderer/scan/learn-scanner.ts';
import { play } from '#renderer/sound/sounds.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import styles from './scanner-panel.module.css';
import { changeSettings } from './settings-store.ts';
import { useSettings } from './use-settings.ts';

/** Teaches the till its keyboard scanner by one scan of one code. */
export function ScannerPanel(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { scanner } = useSettings();
  const [result, setResult] = useState<CalibrationResult | null>(null);
  useEffect(
    () =>
      learnFromKeyboard(document, {
        onResult(learnt) {
          setResult(learnt);
          play(learnt.kind === 'calibrated' ? 'member' : 'refused');
          if (learnt.kind === 'calibrated') changeSettings({ scanner: learnt.calibration });
        },
        onLeave: () => show(counter, { kind: 'settings' }),
      }),
    [counter],
  );
  return (
    <Panel
      title={t('scanner.title')}
      part="scanner"
      onBack={() => show(counter, { kind: 'settings' })}
      foot={
        <Button
          part="scanner-forget"
          isDisabled={scanner === null}
          onPress={() => {
            changeSettings({ scanner: null });
            setResult(null);
          }}
        >
          {t('scanner.forget')}
        </Button>
      }
    >
      <div className={styles.code}>
        <QrCode text={calibrationText} label={t('scanner.code')} />
        <p className={styles.how}>{t('scanner.how')}</p>
      </div>
      <Learnt result={result} />
    </Panel>
  );
}

function Learnt({ result }: { readonly result: CalibrationResult | null }): ReactNode {
  const { t } = useSpeech();
  const { scanner } = useSettings();
  if (result?.kind === 'refused') {
    return <Note tone="warning">{t(`scanner.${result.reason}`)}</Note>;
  }
  if (scanner === null) return <Note tone="info">{t('scanner.as-delivered')}</Note>;
  const { keyboard, prefix, suffix } = scanner;
  return (
    <div data-part="scanner-learnt" data-layout={keyboard?.layout ?? ''}>
      <Note tone="ok">
        {keyboard === null
          ? t('scanner.learnt')
          : t('scanner.learnt-keyboard', {
              layout: t(`scanner.layout-${keyboard.layout}`),
              ms: keyboard.paceMs,
            })}
        {prefix + suffix === '' ? null : ` ${t('scanner.affixes')}`}
      </Note>
    </div>
  );
}
