import type { ReactNode } from 'react';
import type { MemberView } from '#contract/till-state.ts';
import { type Speech, useSpeech } from '#renderer/i18n/use-text.ts';
import { Icon } from '#renderer/ui/icon.tsx';
import { useWords } from '#renderer/i18n/words.ts';
import { amountFigure } from '#renderer/i18n/amounts.ts';
import styles from './member-strip.module.css';

/** Under the name: the tier and the way to the next, or what this membership waits for. */
export function MemberFacts(props: {
  readonly member: MemberView;
  readonly compact: boolean;
}): ReactNode {
  const { member, compact } = props;
  const speech = useSpeech();
  const { t, format, name } = speech;
  const words = useWords();
  switch (member.state) {
    case 'waiting-for-proof':
      return <Waiting icon="clock" words={t('member.waiting-for-proof')} />;
    case 'provisional':
      return <Waiting icon="clock" words={t('member.provisional')} />;
    case 'blocked':
      return <Waiting icon="refused" words={t('member.blocked')} />;
    case 'known': {
      const next = compact ? null : (member.tier?.next ?? null);
      const { pending, unit } = member.balances[0] ?? { pending: 0, unit: null };
      const [told] = member.news;
      const [membership] = member.memberships;
      return (
        <>
          <p className={styles.line}>
            {member.tier === null ? null : (
              <span className={styles.tier}>{name(member.tier.name)}</span>
            )}
            {told !== undefined ? (
              <span className={styles.news} data-part="member-news">
                {words(told, 'info')}
              </span>
            ) : next !== null ? (
              <span>{t('member.to-tier', { points: next.remaining, tier: name(next.name) })}</span>
            ) : unit !== null && pending > 0 ? (
              <span>{t('member.pending', { amount: amountFigure(speech, unit, pending) })}</span>
            ) : member.tier === null ? (
              <span>{t('member.here')}</span>
            ) : null}
          </p>
          {membership !== undefined && !compact ? (
            <p className={styles.line} data-part="member-membership">
              {t('member.membership', {
                name: name(membership.name),
                day: format.date(membership.untilMs - 1),
              })}
            </p>
          ) : next === null ? null : (
            <progress
              className={styles.progress}
              max={1}
              value={next.reachedShare}
              aria-label={t('member.progress', {
                tier: name(next.name),
                share: format.percent(next.reachedShare),
              })}
            />
          )}
        </>
      );
    }
  }
}

function Waiting(props: { readonly icon: 'clock' | 'refused'; readonly words: string }): ReactNode {
  return (
    <p className={`${styles.line} ${props.icon === 'refused' ? styles.blocked : styles.waiting}`}>
      <Icon name={props.icon} />
      <span>{props.words}</span>
    </p>
  );
}

/** What points are worth, or how old their figure is; money and stamps say their programme's name. */
function standingWords(
  { t, format, name }: Speech,
  { unit, available, worthMinor, name: programme }: MemberView['balances'][number],
  asOfMs: number | null,
): string {
  if (unit.kind !== 'points') {
    return asOfMs === null
      ? name(programme)
      : t('ui.label-value', { label: name(programme), value: format.time(asOfMs) });
  }
  return asOfMs === null
    ? t('member.worth', { points: available, money: format.money(worthMinor) })
    : t('member.as-of', { points: available, time: format.time(asOfMs) });
}

/** What can be spent, large; what it is worth and how old the figure is, beneath. */
export function MemberPoints({ member }: { readonly member: MemberView }): ReactNode {
  const speech = useSpeech();
  const { t, name } = speech;
  const balance = member.balances[0];
  if (member.state !== 'known' || balance === undefined) return null;
  const more = member.balances.slice(1, 3);
  return (
    <div className={styles.points} data-part="member-points" data-points={balance.available}>
      <p className={styles.number}>
        <bdi>{amountFigure(speech, balance.unit, balance.available)}</bdi>
      </p>
      <p className={styles.worth}>{standingWords(speech, balance, member.asOfMs)}</p>
      {member.asOfMs === null ? null : (
        <p
          className={styles.worth}
          data-part="member-spendable"
          data-points={balance.spendableHere}
        >
          {t('ui.label-value', {
            label: t('member.spendable-here'),
            value: amountFigure(speech, balance.unit, balance.spendableHere),
          })}
        </p>
      )}
      {more.slice(0, member.asOfMs === null ? 2 : 1).map((other) => (
        <p className={styles.worth} key={other.programme}>
          {t('ui.label-value', {
            label: name(other.name),
            value: amountFigure(speech, other.unit, other.available),
          })}
        </p>
      ))}
    </div>
  );
}
