import { useRef, type ReactNode } from 'react';
import type { PrinterPairing } from '#contract/printer-pairing.ts';
import { codePageLadder, ladderLetters, paperWidths } from '#contract/printer-pairing.ts';
import type { Trial } from '#contract/device-setup.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './devices-text.tsx';
import { ChoiceList } from './parts.tsx';
import styles from './parts.module.css';
import { PaperStrip } from './paper-strip.tsx';
import { useDevices } from './use-devices.ts';
import { usePapers } from './use-papers.ts';

const AS_MODEL = 'as-model';

/** Letters and width, by pages that somebody looks at; then a page with everything. */
export function PaperStep(): ReactNode {
  const say = useSay();
  const counter = useCounter();
  const { view, choose } = useDevices();
  const { printer } = view.roles;
  const { pairing } = printer;
  const learn = (learnt: Partial<PrinterPairing>): Promise<boolean> =>
    choose((roles) => ({
      printer: { ...roles.printer, pairing: { ...roles.printer.pairing, ...learnt } },
    }));
  const rung = rungOf(pairing);
  const isVirtual = printer.address === 'virtual';
  return (
    <div className={styles.columns} data-count="3">
      <div className={styles.column}>
        <div className={styles.row}>
          <h2 className={styles.heading}>{say('paper.letters')}</h2>
          <TryButton what="code-pages">{say('paper.letters-print')}</TryButton>
        </div>
        <ChoiceList
          label={say('paper.letters-which', { letters: ladderLetters })}
          value={rung === null ? AS_MODEL : String(rung)}
          part="rung"
          layout="numbers"
          onChange={(value) => learn({ codePage: pageOfRung(value) })}
          choices={[
            ...codePageLadder.map((each) => ({
              value: String(each.rung),
              name: String(each.rung),
            })),
            { value: AS_MODEL, name: say('paper.letters-none') },
          ]}
        />
      </div>
      <div className={styles.column}>
        <div className={styles.row}>
          <h2 className={styles.heading}>{say('paper.width')}</h2>
          <TryButton what="widths">{say('paper.width-print')}</TryButton>
        </div>
        <ChoiceList
          label={say('paper.width-which')}
          value={pairing.columns === null ? AS_MODEL : String(pairing.columns)}
          part="width"
          layout="numbers"
          onChange={(value) =>
            learn({
              columns:
                paperWidths.find(({ columns }) => String(columns) === value)?.columns ?? null,
            })
          }
          choices={[
            ...paperWidths.map(({ columns }) => ({
              value: String(columns),
              name: String(columns),
            })),
            { value: AS_MODEL, name: say('paper.as-model') },
          ]}
        />
      </div>
      <div className={styles.column}>
        <div className={styles.row}>
          <TryButton what="receipt">{say('paper.test')}</TryButton>
          {isVirtual ? (
            <Button
              icon="receipt"
              part="devices-paper"
              onPress={() => counter.change({ screen: 'paper' })}
            >
              {say('live.open-page')}
            </Button>
          ) : null}
        </div>
        <TrialNote of={['code-pages', 'widths', 'receipt']} />
        {isVirtual ? <LastPaper /> : null}
      </div>
    </div>
  );
}

/** The rung a printer was paired by; null = as its model says. */
export function rungOf({ codePage }: PrinterPairing): number | null {
  const found = codePageLadder.find(
    ({ page, number }) => page === codePage?.page && number === codePage.number,
  );
  return found?.rung ?? null;
}

function pageOfRung(value: string): PrinterPairing['codePage'] {
  const found = codePageLadder.find(({ rung }) => String(rung) === value);
  return found === undefined ? null : { page: found.page, number: found.number };
}

/** Prints or does something to be looked at. */
export function TryButton(props: {
  readonly what: Trial;
  readonly children: ReactNode;
  readonly onTried?: () => void;
}): ReactNode {
  const till = useTill();
  const { wish } = useDevices();
  const { what, onTried } = props;
  const asked = useRef(false);
  return (
    <Button
      icon="printer"
      part={`try-${what}`}
      onPress={() => {
        // Not greyed out meanwhile: whoever works by keyboard would lose their place.
        if (asked.current) return;
        asked.current = true;
        void wish(() => till.call['devices.try']({ what })).then((done) => {
          asked.current = false;
          if (done) onTried?.();
        });
      }}
    >
      {props.children}
    </Button>
  );
}

/** How far the page is that was tried last; nothing where another one was. */
export function TrialNote({ of }: { readonly of: readonly Trial[] }): ReactNode {
  const say = useSay();
  const { trial } = useDevices().view;
  if (trial === null || trial.report === null || !of.includes(trial.what)) return null;
  const { state } = trial.report;
  const isWell = state === 'confirmed';
  const isUnderWay = state === 'queued' || state === 'sending' || state === 'sent';
  return (
    <Note tone={isWell ? 'ok' : isUnderWay ? 'info' : 'warning'} part="trial" announce>
      <span data-part="trial-state" data-state={state} data-what={trial.what}>
        {say(`trial.${state}`)}
      </span>
    </Note>
  );
}

function LastPaper(): ReactNode {
  const say = useSay();
  const papers = usePapers();
  const last = papers.at(-1);
  return (
    <>
      <p className={styles.lead}>{say('paper.look')}</p>
      {last === undefined ? (
        <p className={styles.hint}>{say('paper.nothing')}</p>
      ) : (
        <PaperStrip paper={last.paper} label={say('live.strip', { number: last.number })} />
      )}
    </>
  );
}
