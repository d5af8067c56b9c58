import { type ReactNode, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import type { LoyaltyReport, MemberGroup } from '#contract/manager-figures.ts';
import type { DayFigure } from '#contract/manager.ts';
import { addDays } from '#loyalty/calendar.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Press } from '#renderer/ui/press.tsx';
import { AnswerNote } from './answer-note.tsx';
import { type Drill, EntriesPage } from './entries-page.tsx';
import { GroupPage } from './group-page.tsx';
import styles from './loyalty-page.module.css';
import { useSay } from './manager-words.ts';
import pages from './page.module.css';
import { useProgrammes } from './programmes.tsx';
import { useAnswer } from './use-answer.ts';

/** How many days the page looks at when only one is chosen: one day says nothing of loyalty. */
const usualDays = 30;

/** What a group of members is opened with. */
export interface GroupView {
  readonly group: MemberGroup;
  readonly from: string;
  readonly through: string;
}

/** How loyal members are: each figure in words, with what it was counted from, and its list. */
export function LoyaltyPage({ report }: { readonly report: DayReport }): ReactNode {
  const say = useSay();
  const till = useTill();
  const [group, setGroup] = useState<MemberGroup | null>(null);
  const [drill, setDrill] = useState<Drill | null>(null);
  const { through } = report;
  const from = report.day === through ? addDays(through, 1 - usualDays) : report.day;
  const asked = useAnswer(`loyalty ${from} ${through}`, () =>
    till.call['manager.loyalty']({ from, through }),
  );
  const { main } = useProgrammes();
  const openFigure = (figure: DayFigure): void => {
    const parts = { store: null, till: null, cashier: null, programme: main, hour: null };
    setDrill({
      title: say(`en.${figure}`),
      filter: { kind: 'figure', figure, from, through, ...parts },
    });
  };
  if (drill !== null) return <EntriesPage drill={drill} onBack={() => setDrill(null)} />;
  if (group !== null)
    return <GroupPage view={{ group, from, through }} onBack={() => setGroup(null)} />;
  return (
    <section className={pages.page} aria-label={say('tab.figures')} data-part="loyalty">
      <LoyaltyHead from={from} through={through} />
      <AnswerNote view={asked} />
      {asked.answer === null ? null : (
        <Cards report={asked.answer} onGroup={setGroup} onFigure={openFigure} />
      )}
    </section>
  );
}

function LoyaltyHead({
  from,
  through,
}: {
  readonly from: string;
  readonly through: string;
}): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const day = (iso: string): string => format.date(Date.parse(`${iso}T12:00:00Z`));
  return (
    <p className={pages.words}>{say('loy.days', { from: day(from), through: day(through) })}</p>
  );
}

interface CardsProps {
  readonly report: LoyaltyReport;
  readonly onGroup: (group: MemberGroup) => void;
}

function Cards(props: CardsProps & { readonly onFigure: (figure: DayFigure) => void }): ReactNode {
  const { report, onGroup, onFigure } = props;
  const say = useSay();
  const { format } = useSpeech();
  const { figure: written } = useProgrammes();
  const { repeat, value, retention, points } = report;
  const share = (part: number | null): string =>
    part === null ? say('loy.no-data') : format.percent(part);
  const money = (minor: number | null): string =>
    minor === null ? say('loy.no-data') : format.money(minor);
  return (
    <div className={styles.cards} tabIndex={0} role="group" aria-label={say('tab.figures')}>
      <Card
        title={say('loy.repeat')}
        value={share(repeat.share)}
        note={say('loy.repeat-note', { part: repeat.repeat, base: repeat.buyers })}
        groups={['repeat', 'once']}
        onGroup={onGroup}
      />
      <Card
        title={say('loy.retention')}
        value={share(retention.share)}
        note={say('loy.retention-note', { part: retention.kept, base: retention.before })}
        groups={['kept', 'lost']}
        onGroup={onGroup}
      />
      <Card
        title={say('loy.value')}
        value={money(value.yearMinor)}
        note={
          value.averageSaleMinor === null
            ? say('loy.value-none')
            : value.salesPerYear === null
              ? say('loy.value-short', { money: format.money(value.averageSaleMinor) })
              : say('loy.value-note', {
                  money: format.money(value.averageSaleMinor),
                  years: format.exact(String(value.salesPerYear)),
                })
        }
        groups={['buyers']}
        onGroup={onGroup}
      />
      <CouponCard report={report} onGroup={onGroup} />
      <Card
        title={say('loy.redemption')}
        figure="redeemed"
        onFigure={onFigure}
        value={share(points.redemption)}
        note={say('loy.redemption-note', {
          part: written(points.redeemed),
          base: written(points.issued),
        })}
        groups={[]}
        onGroup={onGroup}
      />
      <Card
        title={say('loy.breakage')}
        figure="expired"
        onFigure={onFigure}
        value={share(points.breakage)}
        note={say('loy.breakage-note', {
          part: written(points.expired),
          base: written(points.issued),
        })}
        groups={[]}
        onGroup={onGroup}
      />
      <SurveyCards report={report} onGroup={onGroup} />
    </div>
  );
}

/** Did they come back after the coupon? Beside it, who came back without one. */
function CouponCard({ report, onGroup }: CardsProps): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const { test, control, liftMinor } = report.coupon;
  const back = test.members === 0 ? null : test.back / test.members;
  const without = control.members === 0 ? null : control.back / control.members;
  const note =
    test.members === 0
      ? say('loy.coupon-none')
      : say('loy.coupon-note', {
          part: test.back,
          base: test.members,
          share: without === null ? say('loy.no-data') : format.percent(without),
        });
  return (
    <Card
      title={say('loy.coupon')}
      value={back === null ? say('loy.no-data') : format.percent(back)}
      note={
        liftMinor === null
          ? note
          : `${note} ${say('loy.coupon-lift', { money: format.money(liftMinor) })}`
      }
      groups={test.members === 0 ? [] : ['coupon-back', 'coupon-not-back']}
      onGroup={onGroup}
    />
  );
}

/** What members said; where nobody was asked, that. */
function SurveyCards({ report, onGroup }: CardsProps): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const { survey } = report;
  const figure = (value: number | null | undefined): string =>
    value === null || value === undefined ? say('loy.no-data') : format.points(value);
  return (
    <>
      <Card
        title={say('loy.nps')}
        value={figure(survey?.nps)}
        note={
          survey === null
            ? say('loy.survey-none')
            : say('loy.nps-note', {
                answers: survey.answered,
                part: survey.promoters,
                base: survey.detractors,
              })
        }
        groups={survey === null ? [] : ['promoters', 'detractors']}
        onGroup={onGroup}
      />
      <Card
        title={say('loy.cli')}
        value={figure(survey?.cli)}
        note={
          survey === null
            ? say('loy.survey-none')
            : say('loy.cli-note', { answers: survey.cliAnswers })
        }
        groups={[]}
        onGroup={onGroup}
      />
    </>
  );
}

function Card(props: {
  readonly title: string;
  readonly value: string;
  readonly note: string;
  readonly groups: readonly MemberGroup[];
  readonly onGroup: (group: MemberGroup) => void;
  /** Where entries stand behind it instead of members. */
  readonly figure?: DayFigure;
  readonly onFigure?: (figure: DayFigure) => void;
}): ReactNode {
  const say = useSay();
  const { title, value, note, groups, onGroup, figure, onFigure } = props;
  return (
    <article className={styles.card} aria-label={title}>
      <h2 className={pages.heading}>{title}</h2>
      <p className={styles.value}>
        <bdi>{value}</bdi>
      </p>
      <p className={pages.where}>{note}</p>
      {figure === undefined || onFigure === undefined ? null : (
        <div className={styles.groups}>
          <Press
            className={styles.group ?? ''}
            data-part={`figure-${figure}`}
            onPress={() => onFigure(figure)}
          >
            {say(`en.${figure}`)}
          </Press>
        </div>
      )}
      {groups.length === 0 ? null : (
        <div className={styles.groups}>
          {groups.map((group) => (
            <Press
              key={group}
              className={styles.group ?? ''}
              data-part={`group-${group}`}
              onPress={() => onGroup(group)}
            >
              {say(`group.${group}`)}
            </Press>
          ))}
        </div>
      )}
    </article>
  );
}
