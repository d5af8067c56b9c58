import { type ReactNode, useState } from 'react';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './devices-text.tsx';
import { rungOf } from './paper-step.tsx';
import styles from './parts.module.css';
import { useDevices } from './use-devices.ts';

type Outcome =
  | { readonly kind: 'writing' }
  | { readonly kind: 'done'; readonly file: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What the till has, and a file for whoever helps from far away. */
export function ReportStep(): ReactNode {
  const say = useSay();
  const till = useTill();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const write = (): void => {
    setOutcome({ kind: 'writing' });
    till.call['devices.report'](null).then(
      (written) =>
        setOutcome(
          written.outcome === 'done'
            ? { kind: 'done', file: written.file }
            : { kind: 'failed', reason: written.reason },
        ),
      () => setOutcome({ kind: 'failed', reason: say('refused.silent') }),
    );
  };
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <Facts />
      </div>
      <div className={styles.column}>
        <p className={styles.lead}>{say('report.what')}</p>
        <div className={styles.row}>
          <Button
            icon="receipt"
            part="report-write"
            isDisabled={outcome?.kind === 'writing'}
            onPress={write}
          >
            {say('report.write')}
          </Button>
        </div>
        {outcome?.kind === 'done' ? (
          <Note tone="ok" part="report-done" announce>
            {say('report.written')}{' '}
            <bdi className={styles.file} data-part="report-file">
              {outcome.file}
            </bdi>
          </Note>
        ) : outcome?.kind === 'failed' ? (
          <Note tone="warning" part="report-failed" announce>
            {say('report.failed', { reason: outcome.reason })}
          </Note>
        ) : null}
      </div>
    </div>
  );
}

function Facts(): ReactNode {
  const say = useSay();
  const { view, makes } = useDevices();
  const { printer, scanners, pole } = view.roles;
  const placeOf = (address: string): string => {
    if (address === 'virtual') return say('virtual');
    if (address === 'none') return say('none-printer');
    return address;
  };
  const make = makes.printers.find(({ id }) => id === printer.profile)?.name;
  const rung = rungOf(printer.pairing);
  const { columns } = printer.pairing;
  const facts: readonly (readonly [string, string])[] = [
    [say('report.printer'), [placeOf(printer.address), make].filter(Boolean).join(' · ')],
    [say('report.letters'), rung === null ? say('paper.as-model') : say('report.page', { rung })],
    [
      say('report.width'),
      columns === null ? say('paper.as-model') : say('report.columns', { columns }),
    ],
    [
      say('report.drawer'),
      say(printer.drawerOpenLevel === null ? 'report.drawer-unseen' : 'report.drawer-seen'),
    ],
    [
      say('report.scanners'),
      [
        say('scanner.keyboard'),
        ...scanners.map(({ address }) => address).filter((a) => a !== 'keyboard'),
      ].join(' · '),
    ],
    [
      say('report.pole'),
      pole.address === 'none'
        ? say('none-pole')
        : pole.address === 'printer'
          ? say('through-printer')
          : pole.address,
    ],
  ];
  return (
    <dl className={styles.facts} data-part="devices-facts">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}
