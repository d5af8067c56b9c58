import { type ReactNode, useState } from 'react';
import { Label, Radio, RadioGroup, Switch } from 'react-aria-components';
import { back, show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { play } from '#renderer/sound/sounds.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { JoinPanel } from './join-panel.tsx';
import styles from './settings-panel.module.css';
import { changeSettings, languages, ownNames, type Theme, themes } from './settings-store.ts';
import { useSettings } from './use-settings.ts';

/** What this screen can be told: language, light or dark, sounds. */
export function SettingsPanel(): ReactNode {
  const { t, language } = useSpeech();
  const counter = useCounter();
  const { theme, sound } = useSettings();
  const [joining, setJoining] = useState(false);
  const isVirtual = useTillState((state) => state.printer.address === 'virtual');
  if (joining) return <JoinPanel onBack={() => setJoining(false)} />;
  return (
    <Panel title={t('settings.title')} part="settings" onBack={() => back(counter)}>
      <RadioGroup
        className={styles.group ?? ''}
        value={language}
        onChange={(next) =>
          changeSettings({ language: languages.find((known) => known === next) ?? null })
        }
      >
        <Label className={styles.label ?? ''}>{t('settings.language')}</Label>
        <div className={styles.choices}>
          {languages.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              className={styles.choice ?? ''}
              data-part={`language-${choice}`}
            >
              <span lang={choice}>{ownNames[choice]}</span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <RadioGroup
        className={styles.group ?? ''}
        value={theme}
        onChange={(next) =>
          changeSettings({ theme: themes.find((known) => known === next) ?? 'system' })
        }
      >
        <Label className={styles.label ?? ''}>{t('settings.theme')}</Label>
        <div className={styles.choices}>
          {themes.map((choice: Theme) => (
            <Radio
              key={choice}
              value={choice}
              className={styles.choice ?? ''}
              data-part={`theme-${choice}`}
            >
              {t(`settings.theme-${choice}`)}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <Switch
        className={styles.switch ?? ''}
        isSelected={sound}
        onChange={(next) => {
          changeSettings({ sound: next });
          play('member');
        }}
        data-part="sound"
      >
        {t('settings.sound')}
        <span className={styles.state}>{t(sound ? 'ui.on' : 'ui.off')}</span>
      </Switch>
      <div className={styles.group}>
        <p className={styles.label}>{t('settings.devices')}</p>
        <div className={styles.choices}>
          <Button
            icon="printer"
            part="open-devices"
            onPress={() => counter.change({ screen: 'devices', entry: '' })}
          >
            {t('settings.devices-open')}
          </Button>
          {isVirtual ? (
            <Button
              icon="receipt"
              part="open-paper"
              onPress={() => counter.change({ screen: 'paper', entry: '' })}
            >
              {t('settings.paper-open')}
            </Button>
          ) : null}
        </div>
      </div>
      <div className={styles.group}>
        <p className={styles.label}>{t('settings.learn')}</p>
        <div className={styles.choices}>
          <Button part="open-scanner" onPress={() => show(counter, { kind: 'scanner' })}>
            {t('settings.scanner-open')}
          </Button>
          <Button part="open-screen-size" onPress={() => show(counter, { kind: 'screen-size' })}>
            {t('settings.screen-size')}
          </Button>
        </div>
      </div>
      <div className={styles.group}>
        <p className={styles.label}>{t('settings.programmes')}</p>
        <div className={styles.choices}>
          <Button
            part="open-programmes"
            onPress={() => counter.change({ screen: 'programmes', entry: '' })}
          >
            {t('settings.programmes-open')}
          </Button>
          <Button
            part="open-shop-rules"
            onPress={() => counter.change({ screen: 'shop-rules', entry: '' })}
          >
            {t('settings.shop-rules')}
          </Button>
        </div>
      </div>
      <div className={styles.group}>
        <p className={styles.label}>{t('settings.join')}</p>
        <Button part="open-join" onPress={() => setJoining(true)}>
          {t('settings.join-open')}
        </Button>
      </div>
      {opensDisplayItself() ? null : (
        <div className={styles.group}>
          <p className={styles.label}>{t('settings.display')}</p>
          <Button part="open-display" onPress={openDisplay}>
            {t('settings.display-open')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** Electron puts the display on the second screen by itself; its page opens no windows. */
function opensDisplayItself(): boolean {
  return window.tillBridge !== undefined;
}

function openDisplay(): void {
  window.open('./display.html', 'regulars-display', 'popup');
}
