import { type ReactNode, useState } from 'react';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { CARD_LONG_MM, CARD_SHORT_MM, PITCH_MAX_MM, PITCH_MIN_MM } from './screen-size.ts';
import styles from './screen-size-panel.module.css';
import { changeSettings } from './settings-store.ts';
import { useSettings } from './use-settings.ts';

/** How fine a screen is taken to be before it is measured; mm. */
const USUAL_PITCH_MM = 0.25;
const widthLeastPx = Math.ceil(CARD_SHORT_MM / PITCH_MAX_MM);
const widthMostPx = Math.floor(CARD_SHORT_MM / PITCH_MIN_MM);
/** Coarse and fine steps, px. */
const steps = [-10, -1, 1, 10] as const;

/**
 * Measures the screen by a card held against it: pixels are not millimetres, and a finger needs the
 * latter. The card stands upright, because lying it is wider than the column on fine screens.
 */
export function ScreenSizePanel(): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { pitchMm } = useSettings();
  const [widthPx, setWidthPx] = useState(Math.round(CARD_SHORT_MM / (pitchMm ?? USUAL_PITCH_MM)));
  const leave = (): void => show(counter, { kind: 'settings' });
  return (
    <Panel
      title={t('screen-size.title')}
      part="screen-size"
      onBack={leave}
      foot={
        <>
          <Button
            part="screen-size-forget"
            isDisabled={pitchMm === null}
            onPress={() => {
              changeSettings({ pitchMm: null });
              leave();
            }}
          >
            {t('screen-size.forget')}
          </Button>
          <Button
            look="filled"
            size="key"
            part="screen-size-take"
            onPress={() => {
              changeSettings({ pitchMm: CARD_SHORT_MM / widthPx });
              leave();
            }}
          >
            {t('screen-size.take')}
          </Button>
        </>
      }
    >
      <div className={styles.place}>
        <p className={styles.how}>{t('screen-size.how')}</p>
        <div className={styles.keys} dir="ltr">
          {steps.map((step) => (
            <Button
              key={step}
              size="key"
              className={styles.digit}
              label={t(step < 0 ? 'screen-size.smaller' : 'screen-size.larger', {
                count: Math.abs(step),
              })}
              part={`screen-size-${step}`}
              onPress={() =>
                setWidthPx((now) => Math.min(widthMostPx, Math.max(widthLeastPx, now + step)))
              }
            >
              {step < 0 ? '−'.repeat(step === -1 ? 1 : 2) : '+'.repeat(step === 1 ? 1 : 2)}
            </Button>
          ))}
        </div>
        <div
          className={styles.card}
          data-part="screen-size-card"
          style={{
            inlineSize: `${widthPx}px`,
            blockSize: `${(widthPx * CARD_LONG_MM) / CARD_SHORT_MM}px`,
          }}
        />
      </div>
    </Panel>
  );
}
