import type { ReactNode } from 'react';
import type { MemberView, TillState } from '#contract/till-state.ts';
import { withoutBidiControls } from '#renderer/i18n/locale.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Icon, type IconName } from '#renderer/ui/icon.tsx';
import {
  detachMember,
  openEnrol,
  openEnrolHere,
  show,
  stopAsking,
  undoMember,
} from './member-actions.ts';
import { MemberFacts, MemberPoints } from './member-facts.tsx';
import styles from './member-strip.module.css';
import { useClock } from './use-clock.ts';
import { useCounter } from './use-counter.ts';

/** Whose sale this is. Every state keeps its place, so that nothing below moves. */
export function MemberStrip(): ReactNode {
  const { t } = useSpeech();
  const member = useTillState((state) => state.member);
  const unknown = useTillState((state) => state.unknown);
  const lookingUp = useTillState((state) => state.lookingUp);
  const joining = useTillState((state) => state.display.joining);
  const undo = useUndo();
  const kind =
    joining !== null
      ? 'joining'
      : (member?.state ?? (lookingUp ? 'looking' : unknown === null ? 'empty' : 'unknown'));
  return (
    <section
      className={styles.strip}
      aria-label={t('member.region')}
      data-part="member"
      data-state={kind}
    >
      {joining !== null ? (
        <Joining joining={joining} />
      ) : member !== null ? (
        <KnownMember member={member} compact={undo !== null} />
      ) : lookingUp ? (
        <Plain icon="scan" title={t('member.looking')} late />
      ) : unknown !== null ? (
        <Unknown kind={unknown.kind} masked={unknown.masked} />
      ) : (
        <Plain icon="scan" title={t('member.empty')} note={t('member.empty-note')} />
      )}
      {undo === null ? null : <Undo displayName={undo.displayName} />}
    </section>
  );
}

/** The replaced member, for as long as there is a way back. */
function useUndo(): TillState['undo'] {
  const undo = useTillState((state) => state.undo);
  const isOpen = useClock((nowMs) => undo !== null && nowMs < undo.untilMs);
  return isOpen ? undo : null;
}

function KnownMember(props: {
  readonly member: MemberView;
  /** While Undo stands beside it, the way to the next tier and the detach button step aside. */
  readonly compact: boolean;
}): ReactNode {
  const { member, compact } = props;
  const { t } = useSpeech();
  const counter = useCounter();
  const name =
    member.displayName === null ? t('member.nameless') : withoutBidiControls(member.displayName);
  return (
    <>
      <Button
        look="quiet"
        label={t('consents.open', { name })}
        part="member-open"
        className={styles.avatar}
        onPress={() => show(counter, { kind: 'consents' })}
      >
        {member.displayName === null ? (
          <Icon name="person" />
        ) : (
          <span className={styles.initials} data-initials={initials(member.displayName)} />
        )}
      </Button>
      <div className={styles.facts}>
        <p className={styles.name} data-part="member-name">
          <bdi>{name}</bdi>
          {member.masked === null ? null : (
            <bdi className={styles.masked} dir="ltr">
              {member.masked}
            </bdi>
          )}
        </p>
        <MemberFacts member={member} compact={compact} />
      </div>
      <MemberPoints member={member} />
      {compact ? null : (
        <Button
          icon="cross"
          look="quiet"
          label={t('member.detach')}
          onPress={() => detachMember(counter)}
          part="member-detach"
        />
      )}
    </>
  );
}

/** A shopper joins on their own display: how far they are, never what they type. */
function Joining(props: {
  readonly joining: NonNullable<TillState['display']['joining']>;
}): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const { step } = props.joining;
  return (
    <>
      <Plain icon="person" title={t(`joining.${step}`)} note={t('joining.note')} part="joining" />
      <Button part="joining-here" className={styles.join} onPress={() => openEnrolHere(counter)}>
        {t('joining.here')}
      </Button>
      <Button
        icon="cross"
        look="quiet"
        label={t('joining.stop')}
        onPress={() => stopAsking(counter)}
        part="joining-stop"
      />
    </>
  );
}

function Unknown(props: { readonly kind: 'card' | 'phone'; readonly masked: string }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <>
      <Plain
        icon="person"
        title={t(props.kind === 'card' ? 'member.unknown-card' : 'member.unknown-phone', {
          masked: props.masked,
        })}
        note={t('member.unknown-note')}
      />
      <Button
        icon="join"
        onPress={() => openEnrol(counter)}
        part="member-join"
        className={styles.join}
      >
        {t('member.join')}
      </Button>
      <Button
        icon="cross"
        look="quiet"
        label={t('member.forget')}
        onPress={() => detachMember(counter)}
        part="member-forget"
      />
    </>
  );
}

function Plain(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly note?: string;
  /** Shown only when it takes longer than a blink. */
  readonly late?: boolean;
  readonly part?: string;
}): ReactNode {
  return (
    <>
      <span
        className={props.late === true ? `${styles.hollow} ${styles.late}` : styles.hollow}
        aria-hidden="true"
      >
        <Icon name={props.icon} />
      </span>
      <div className={props.late === true ? `${styles.facts} ${styles.late}` : styles.facts}>
        <p className={styles.plain} data-part={props.part}>
          {props.title}
        </p>
        {props.note === undefined ? null : <p className={styles.note}>{props.note}</p>}
      </div>
    </>
  );
}

/** The member whom the last scan replaced, one tap away for eight seconds. */
function Undo({ displayName }: { readonly displayName: string | null }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  return (
    <Button
      icon="undo"
      onPress={() => undoMember(counter)}
      part="member-undo"
      className={styles.undo}
    >
      <span className={styles.undoWords}>
        {t('ui.undo')}
        <bdi className={styles.undoName}>{displayName ?? t('member.nameless')}</bdi>
      </span>
    </Button>
  );
}

/** `Ayşe K.` → `AK`, cased by the document's language and not by code point. */
function initials(name: string): string {
  const letters = name
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '');
  return letters.join('').toLocaleUpperCase(document.documentElement.lang);
}
