import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { kudosReasons, type StaffReport, type StaffRow } from '#contract/manager-figures.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useDeed } from '#renderer/members/use-deed.ts';
import { Select } from '#renderer/setup/choices.tsx';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cx } from '#renderer/ui/cx.ts';
import { Note } from '#renderer/ui/note.tsx';
import { AnswerNote } from './answer-note.tsx';
import { type Drill, EntriesPage } from './entries-page.tsx';
import table from './entry-table.module.css';
import { useSay } from './manager-words.ts';
import styles from './page.module.css';
import { usePeople } from './people.ts';
import { useAnswer } from './use-answer.ts';

/** Who did what in these days, and thanks: recognition that never touches a member's points. */
export function StaffPage({ report }: { readonly report: DayReport }): ReactNode {
  const say = useSay();
  const till = useTill();
  const [drill, setDrill] = useState<Drill | null>(null);
  const { day: from, through } = report;
  const asked = useAnswer(`staff ${from} ${through}`, () =>
    till.call['manager.staff']({ from, through }),
  );
  const { answer, again } = asked;
  if (drill !== null) return <EntriesPage drill={drill} onBack={() => setDrill(null)} />;
  return (
    <section
      className={cx(styles.columns, styles.wideFirst)}
      aria-label={say('tab.staff')}
      data-part="staff"
    >
      <div className={styles.card}>
        <h2 className={styles.heading}>{say('staff.who')}</h2>
        <AnswerNote view={asked} none={answer?.people.length === 0 ? say('staff.none') : null} />
        {answer === null || answer.people.length === 0 ? null : (
          <StaffTable people={answer.people} report={report} onDrill={setDrill} />
        )}
      </div>
      <div className={styles.card}>
        <Kudos kudos={answer?.kudos ?? []} onGiven={again} />
      </div>
    </section>
  );
}

function StaffTable(props: {
  readonly people: readonly StaffRow[];
  readonly report: DayReport;
  readonly onDrill: (drill: Drill) => void;
}): ReactNode {
  const say = useSay();
  const person = usePeople();
  const { format } = useSpeech();
  const { people, report, onDrill } = props;
  const open = (cashier: string): void => {
    const title = say('en.at-till', { title: say('en.all'), till: person(cashier) });
    const parts = { store: report.store, till: null, cashier, programme: null, hour: null };
    const days = { from: report.day, through: report.through };
    onDrill({ title, filter: { kind: 'figure', figure: 'all', ...days, ...parts } });
  };
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label={say('staff.who')}>
      <table className={cx(table.table, table.middle)}>
        <thead>
          <tr>
            <th scope="col">{say('staff.name')}</th>
            <th scope="col" className={table.number}>
              {say('en.sales')}
            </th>
            <th scope="col" className={table.number}>
              {say('staff.scan-share')}
            </th>
            <th scope="col" className={table.number}>
              {say('en.new-members')}
            </th>
            <th scope="col" className={table.number}>
              {say('sheet.sold')}
            </th>
            <th scope="col" className={table.number}>
              {say('staff.thanks')}
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((row) => (
            <tr key={row.cashier} data-part="staff-row" data-cashier={row.cashier}>
              <th scope="row" aria-label={person(row.cashier)}>
                <Button part="staff-entries" onPress={() => open(row.cashier)}>
                  <bdi>{person(row.cashier)}</bdi>
                </Button>
              </th>
              <td className={table.number}>{format.points(row.sales)}</td>
              <td className={table.number}>
                <bdi>
                  {row.sales === 0
                    ? say('ui.none')
                    : format.percent(row.salesWithMember / row.sales)}
                </bdi>
              </td>
              <td className={table.number}>{format.points(row.enrolments)}</td>
              <td className={table.number}>
                <bdi>{format.amount(row.salesTotalMinor)}</bdi>
              </td>
              <td className={table.number}>{format.points(row.kudos)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Kudos(props: {
  readonly kudos: StaffReport['kudos'];
  readonly onGiven: () => void;
}): ReactNode {
  const { kudos, onGiven } = props;
  const say = useSay();
  const till = useTill();
  const person = usePeople();
  const { format } = useSpeech();
  const people = useTillState((state) => state.staff.people);
  const [cashier, setCashier] = useState('');
  const [reason, setReason] = useState<(typeof kudosReasons)[number]>('helpful');
  const { busy, problem, run } = useDeed();
  const give = (): void =>
    run(
      () => till.call['manager.kudos']({ id: crypto.randomUUID(), cashier, reason }),
      () => {
        setCashier('');
        onGiven();
      },
    );
  return (
    <>
      <h2 className={styles.heading}>{say('staff.thank')}</h2>
      {problem === null ? null : (
        <Note tone="refusal" announce part="kudos-problem">
          {problem}
        </Note>
      )}
      <div className={styles.deeds}>
        <Select
          label={say('staff.whom')}
          value={cashier}
          choices={[
            { value: '', name: say('staff.choose') },
            ...people.map((one) => ({ value: one.cashier, name: one.name })),
          ]}
          onChange={setCashier}
          part="kudos-cashier"
        />
        <Select
          label={say('staff.for')}
          value={reason}
          choices={kudosReasons.map((value) => ({ value, name: say(`kudos.${value}`) }))}
          onChange={(next) => setReason(kudosReasons.find((one) => one === next) ?? 'helpful')}
          part="kudos-reason"
        />
        <Button
          look="filled"
          icon="star"
          part="kudos-give"
          isDisabled={busy || cashier === ''}
          onPress={give}
        >
          {say('staff.give')}
        </Button>
      </div>
      {kudos.length === 0 ? (
        <p className={styles.empty}>{say('staff.no-thanks')}</p>
      ) : (
        <ul className={styles.scroll} tabIndex={0} aria-label={say('staff.thanks')}>
          {kudos.map((one) => (
            <li key={one.id} className={styles.note} data-part="kudos">
              <div>
                <p className={styles.words}>
                  <bdi>{person(one.cashier)}</bdi> · {say(`kudos.${one.reason}`)}
                </p>
                <p className={styles.where}>
                  {say('staff.from', { name: person(one.by) })} · {format.day(one.atMs)}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
