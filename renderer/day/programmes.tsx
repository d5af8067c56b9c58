import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { KnownProgramme } from '#contract/day.ts';
import type { UnitView } from '#contract/till-state.ts';
import { amountFigure, amountText } from '#renderer/i18n/amounts.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';

const Known = createContext<readonly KnownProgramme[]>([]);

/** Asks once what the shop's programmes are called and count in; inside, `useProgrammes` knows them. */
export function ProgrammesKnown({ children }: { readonly children: ReactNode }): ReactNode {
  const till = useTill();
  const [known, setKnown] = useState<readonly KnownProgramme[] | null>(null);
  useEffect(() => {
    let current = true;
    // Without an answer they go by their codes: the pages themselves say that nobody answers.
    const show = (answer: readonly KnownProgramme[]): void => {
      if (current) setKnown(answer);
    };
    till.call['day.programmes'](null).then(show, () => show([]));
    return () => {
      current = false;
    };
  }, [till]);
  return known === null ? null : <Known value={known}>{children}</Known>;
}

/** Programmes as the manager's pages write them; without a programme, the shop's main one. */
export interface Programmes {
  /** The main programme; null in a shop without any. */
  readonly main: string | null;
  readonly unitOf: (programme?: string | null) => UnitView;
  readonly named: (programme: string) => string;
  /** An amount as a figure alone: `1,250`, `₺12.50`. */
  readonly figure: (amount: number, programme?: string | null) => string;
  /** The same in words: `1,250 points`. */
  readonly text: (amount: number, programme?: string | null) => string;
}

const points: UnitView = { kind: 'points', scale: 0 };

/** The shop's programmes by name and unit; only inside `ProgrammesKnown`. */
export function useProgrammes(): Programmes {
  const speech = useSpeech();
  const known = useContext(Known);
  const main = known[0]?.programme ?? null;
  const of = (programme: string | null): KnownProgramme | undefined =>
    known.find((one) => one.programme === programme);
  const unitOf: Programmes['unitOf'] = (programme = main) => of(programme)?.unit ?? points;
  return {
    main,
    unitOf,
    named: (programme) => {
      const name = of(programme)?.name;
      return name === undefined ? programme : speech.name(name);
    },
    figure: (amount, programme) => amountFigure(speech, unitOf(programme), amount),
    text: (amount, programme) => amountText(speech, unitOf(programme), amount),
  };
}
