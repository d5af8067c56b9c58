import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { openPeople } from '#renderer/sign-in/people.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon } from '#renderer/ui/icon.tsx';
import styles from './bar.module.css';
import { show } from './member-actions.ts';
import { useClock } from './use-clock.ts';
import { useCounter } from './use-counter.ts';

const minuteMs = 60_000;

/** Where this is, who works here, whether the centre answers, and what time it is. */
export function Bar(): ReactNode {
  const { t } = useSpeech();
  const shop = useTillState((state) => state.shop);
  const cashierName = useTillState((state) => state.cashierName);
  const counter = useCounter();
  return (
    <header className={styles.bar} data-part="bar">
      <h1 className={styles.brand}>Regulars</h1>
      <p className={styles.place}>
        <bdi>{shop.storeName}</bdi> · <bdi>{shop.tillName}</bdi>
      </p>
      <div className={styles.state}>
        <PrinterChip />
        <LinkChip />
        <Button
          icon="person"
          look="quiet"
          className={styles.cashier}
          label={t('bar.cashier', { name: cashierName })}
          part="cashier"
          onPress={() => openPeople(counter)}
        >
          <bdi>{cashierName}</bdi>
        </Button>
        <Clock />
      </div>
      <nav className={styles.menu} aria-label={t('bar.menu')}>
        <Button
          icon="day"
          look="quiet"
          label={t('bar.day')}
          part="open-day"
          onPress={() => counter.change({ screen: 'day' })}
        />
        <Button
          icon="help"
          look="quiet"
          label={t('bar.help')}
          part="open-help"
          onPress={() => show(counter, { kind: 'help' })}
        />
        <Button
          icon="gear"
          look="quiet"
          label={t('bar.settings')}
          part="open-settings"
          onPress={() => show(counter, { kind: 'settings' })}
        />
      </nav>
    </header>
  );
}

/** The till's time, to the minute. */
export function Clock(): ReactNode {
  const { format } = useSpeech();
  const nowMs = useClock((now) => Math.floor(now / minuteMs) * minuteMs);
  return <time className={styles.clock}>{format.time(nowMs)}</time>;
}

function LinkChip(): ReactNode {
  const { t } = useSpeech();
  const link = useTillState((state) => state.link);
  const key =
    link.state === 'online'
      ? link.waiting === 0
        ? 'link.online'
        : 'link.sending'
      : link.state === 'offline'
        ? 'link.offline'
        : 'link.stopped';
  return (
    <span
      className={styles.chip}
      data-part="link"
      data-state={link.state}
      data-waiting={link.waiting}
    >
      <Icon
        name={link.state === 'online' ? 'online' : link.state === 'offline' ? 'offline' : 'warning'}
      />
      {t(key, { waiting: link.waiting })}
    </span>
  );
}

/** Only when the printer needs somebody: a ready printer is not news. */
function PrinterChip(): ReactNode {
  const { t } = useSpeech();
  const printer = useTillState((state) => state.printer);
  if (printer.state === 'ready' || printer.state === 'printing') return null;
  return (
    <span className={styles.alarm} data-part="printer" data-state={printer.state}>
      <Icon name="printer" />
      {t(`printer.${printer.state}`)}
    </span>
  );
}
