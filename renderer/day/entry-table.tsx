import type { ReactNode } from 'react';
import type { EntryRow } from '#contract/manager.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import styles from './entry-table.module.css';
import { useSay } from './manager-words.ts';
import { usePeople } from './people.ts';
import { useProgrammes } from './programmes.tsx';

/** Entries as a table: what, when, whose, and what it changed. */
export function EntryTable(props: {
  readonly rows: readonly EntryRow[];
  /** With the day where they are of several. */
  readonly withDay?: boolean;
  readonly label: string;
}): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const person = usePeople();
  const { figure } = useProgrammes();
  const { rows, withDay = false, label } = props;
  return (
    <table className={styles.table} aria-label={label} data-part="entries">
      <thead>
        <tr>
          <th scope="col">{say('en.when')}</th>
          <th scope="col">{say('en.what')}</th>
          <th scope="col">{say('en.who')}</th>
          <th scope="col">{say('en.where')}</th>
          <th scope="col" className={styles.number}>
            {say('en.pts')}
          </th>
          <th scope="col" className={styles.number}>
            {say('en.money')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-part="entry" data-what={row.what}>
            <td>
              <bdi>
                {withDay ? `${format.day(row.atMs)} ` : ''}
                {format.time(row.atMs)}
              </bdi>
            </td>
            <th scope="row">
              {say(`kind.${row.what}`)}
              {row.receipt === null ? null : (
                <>
                  {' '}
                  <bdi className={styles.small}>{row.receipt}</bdi>
                </>
              )}
            </th>
            <td>
              <bdi>{row.member === null ? '' : (row.member.name ?? say('ui.none'))}</bdi>
            </td>
            <td>
              <bdi>{row.till === '0' ? say('en.server') : row.tillName}</bdi>
              {row.cashier === null ? null : (
                <>
                  {' '}
                  <bdi className={styles.small}>{person(row.cashier)}</bdi>
                </>
              )}
            </td>
            <td className={styles.number}>
              <bdi>
                {row.points === null ? '' : signed(figure(row.points, row.programme), row.points)}
              </bdi>
            </td>
            <td className={styles.number}>
              <bdi>{row.moneyMinor === null ? '' : format.amount(row.moneyMinor)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is added says so: a bare number could be a balance. */
function signed(text: string, value: number): string {
  return value > 0 ? `+${text}` : text;
}
