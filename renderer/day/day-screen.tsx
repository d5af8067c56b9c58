import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter, useCounterUi } from '#renderer/cashier/use-counter.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { MembersPage } from '#renderer/members/members-page.tsx';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cx } from '#renderer/ui/cx.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { DayPage } from './day-page.tsx';
import styles from './day-screen.module.css';
import { ExceptionsPage } from './exceptions-page.tsx';
import { LoyaltyPage } from './loyalty-page.tsx';
import { StaffPage } from './staff-page.tsx';
import { ReportsPage } from './reports-page.tsx';
import { ManagerWords, useSay } from './manager-words.ts';
import { ProgrammesKnown } from './programmes.tsx';
import { SpanPicker, useSpanWords } from './span-picker.tsx';
import { type Span, today, useDay } from './use-day.ts';

const tabs = ['day', 'exceptions', 'members', 'staff', 'figures', 'reports'] as const;
type Tab = (typeof tabs)[number];

/** The manager's pages: the day that ties, what waits for somebody, the members. */
export function DayScreen(): ReactNode {
  const market = useTillState((state) => state.shop.market);
  return (
    <ManagerWords market={market}>
      <ProgrammesKnown>
        <Pages />
      </ProgrammesKnown>
    </ManagerWords>
  );
}

function Pages(): ReactNode {
  const { t } = useSpeech();
  const closing = useCounterUi((ui) => ui.panel.kind === 'close-shift');
  const revision = useTillState((state) => state.revision);
  const [span, setSpan] = useState<Span>(today);
  const [round, setRound] = useState(0);
  const [chosen, setTab] = useState<Tab>('day');
  const [picking, setPicking] = useState(false);
  const [exception, setException] = useState<string | null>(null);
  const { report, failed } = useDay(revision + round, span);
  // The day the till is in, as it last said: what "yesterday" counts from.
  const [now, setNow] = useState<string | null>(null);
  if (report !== null && span.day === null && report.day !== now) setNow(report.day);
  const tab = closing ? 'day' : chosen;
  const go = (next: Tab): void => {
    setPicking(false);
    setException(null);
    setTab(next);
  };
  return (
    <div className={styles.screen} data-part="day" data-source={report?.source ?? ''}>
      <DayBar
        report={report}
        failed={failed}
        onPick={tab === 'day' && !closing ? () => setPicking(!picking) : null}
      />
      {closing ? null : <Tabs tab={tab} open={report?.openExceptions ?? 0} onTab={go} />}
      <main className={styles.page}>
        {report === null ? (
          <div className={styles.waiting}>
            <p role="status">{t(failed ? 'day.failed' : 'day.loading')}</p>
          </div>
        ) : null}
        {report !== null && tab === 'day' && picking ? (
          <SpanPicker
            report={report}
            today={now ?? report.through}
            span={span}
            onSpan={(next) => {
              setSpan(next);
              setPicking(false);
            }}
          />
        ) : null}
        {report !== null && tab === 'day' && !picking ? (
          <DayPage
            report={report}
            onException={(id) => {
              setException(id);
              setTab('exceptions');
            }}
          />
        ) : null}
        {tab === 'exceptions' ? (
          <ExceptionsPage open={exception} onChange={() => setRound(round + 1)} />
        ) : null}
        {tab === 'members' ? <MembersPage open={null} /> : null}
        {report !== null && tab === 'staff' ? <StaffPage report={report} /> : null}
        {report !== null && tab === 'figures' ? <LoyaltyPage report={report} /> : null}
        {report !== null && tab === 'reports' ? <ReportsPage report={report} /> : null}
      </main>
    </div>
  );
}

function Tabs(props: {
  readonly tab: Tab;
  readonly open: number;
  readonly onTab: (tab: Tab) => void;
}): ReactNode {
  const say = useSay();
  const { tab, open, onTab } = props;
  return (
    <nav className={styles.tabs} aria-label={say('tab.name')}>
      {tabs.map((one) => (
        <Button
          key={one}
          part={`tab-${one}`}
          look="quiet"
          className={cx(styles.tab, one === tab && styles.current)}
          current={one === tab}
          onPress={() => onTab(one)}
        >
          {say(`tab.${one}`)}
          {one === 'exceptions' && open > 0 ? ` · ${open}` : ''}
        </Button>
      ))}
    </nav>
  );
}

function DayBar(props: {
  readonly report: DayReport | null;
  readonly failed: boolean;
  /** Null where days are not to be chosen. */
  readonly onPick: (() => void) | null;
}): ReactNode {
  const { t, format } = useSpeech();
  const counter = useCounter();
  const spanWords = useSpanWords();
  const closing = useCounterUi((ui) => ui.panel.kind === 'close-shift');
  const isOpen = useTillState((state) => state.shift !== null);
  const { report, failed, onPick } = props;
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>{t('day.title')}</h1>
      {report === null || onPick === null ? (
        <p className={styles.about}>{report === null ? null : spanWords(report)}</p>
      ) : (
        <Button part="span-open" className={styles.span} onPress={onPick}>
          <span className={styles.spanText}>{spanWords(report)}</span>
        </Button>
      )}
      {report === null ? null : (
        <span className={styles.source} data-part="day-source" data-failed={failed}>
          <Icon name={report.source === 'server' ? 'online' : 'offline'} />
          {t(report.source === 'server' ? 'day.from-server' : 'day.from-till', {
            time: format.time(report.asOfMs),
          })}
        </span>
      )}
      <Button
        icon="receipt"
        part="close-shift"
        isDisabled={closing}
        onPress={() => counter.change({ panel: { kind: 'close-shift' }, entry: '' })}
      >
        {t(isOpen ? 'day.close' : 'open.title')}
      </Button>
      <Button icon="back" part="day-back" onPress={() => show(counter, { kind: 'sell' })}>
        {t('day.back')}
      </Button>
    </header>
  );
}
