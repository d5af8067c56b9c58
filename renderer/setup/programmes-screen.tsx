import { type ReactNode, useEffect, useState } from 'react';
import type { ProgrammesView, SetupProblem } from '#contract/setup.ts';
import { choiceProblem } from '#contract/setup-shop.ts';
import { fitChoice } from '#loyalty/presets/catalogue.ts';
import type { PresetShop } from '#loyalty/presets/preset-knobs.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill } from '#renderer/till/till-context.ts';
import { Note } from '#renderer/ui/note.tsx';
import { knobsOf, writesComma } from './draft.ts';
import { ExampleCard } from './example-card.tsx';
import { amountText } from './numbers.ts';
import { useProblemAt } from './problem-words.ts';
import { Knobs, PresetList, type ProgrammeChoice } from './preset-parts.tsx';
import styles from './programme-step.module.css';
import { SaveFooter, type SaveState } from './save-footer.tsx';
import { SettingsBar } from './settings-bar.tsx';
import screen from './setup-screen.module.css';
import { SetupText, useSay } from './setup-text.tsx';

/** The programme of a shop that is open: another preset or other knobs, by its manager's PIN. */
export function ProgrammesScreen(): ReactNode {
  const till = useTill();
  const [view, setView] = useState<ProgrammesView | null>(null);
  useEffect(() => {
    let current = true;
    void till.call['programmes.view'](null).then((seen) => {
      if (current) setView(seen);
    });
    return () => {
      current = false;
    };
  }, [till]);
  if (view === null) return null;
  return (
    <SetupText market={view.market}>
      <Programmes view={view} />
    </SetupText>
  );
}

/** A choice as it was typed: what runs now, until something is turned. */
function typedChoice(view: ProgrammesView, language: ProgrammeChoice['language']): ProgrammeChoice {
  const { choice, currency } = view;
  if (choice === null) return { preset: 'points', turned: {}, language };
  const typed = Object.entries(choice.knobs).map(([knob, value]) => [
    knob,
    knob.endsWith('Minor') && typeof value === 'number'
      ? amountText(value, currency, writesComma(language))
      : String(value),
  ]);
  return {
    preset: choice.preset,
    turned: { [choice.preset]: Object.fromEntries(typed) },
    language,
  };
}

function Programmes({ view }: { readonly view: ProgrammesView }): ReactNode {
  const say = useSay();
  const { language, name } = useSpeech();
  const till = useTill();
  const [choice, setChoice] = useState(() => typedChoice(view, language));
  const [managerPin, setManagerPin] = useState('');
  const [state, setState] = useState<SaveState | null>(null);
  const [told, setTold] = useState<readonly SetupProblem[]>([]);
  const { item, currency } = view;
  const shop: PresetShop = { currency, item: { sku: item.sku, priceMinor: item.priceMinor } };
  const knobs = { ...knobsOf(choice, shop) };
  const fitted = fitChoice({ preset: choice.preset, knobs }, shop);
  const problems = fitted.ok ? [] : fitted.error.map(choiceProblem);
  const problemAt = useProblemAt([...problems, ...told]);
  const become = (next: SaveState | null, refused: readonly SetupProblem[] = []): void => {
    setState(next);
    setTold(refused);
  };
  const change = (changed: Partial<ProgrammeChoice>): void => {
    setChoice({ ...choice, ...changed });
    become(null);
  };
  const apply = (): void => {
    if (problems.length > 0 || state === 'asking') return;
    become('asking');
    till.call['programmes.change']({ choice: { preset: choice.preset, knobs }, managerPin }).then(
      (done) => {
        setManagerPin('');
        become(done.outcome, done.outcome === 'refused' ? done.problems : []);
      },
      () => become('silent'),
    );
  };
  return (
    <div className={screen.screen} data-part="programmes">
      <SettingsBar title={say('programmes.title')} part="programmes-back" />
      <main className={screen.page}>
        <div className={screen.body}>
          <div className={styles.page}>
            <PresetList preset={choice.preset} onChoose={(preset) => change({ preset })} />
            <div className={styles.right}>
              <Knobs
                choice={choice}
                shop={shop}
                problems={problems}
                problemAt={problemAt}
                onTurn={(turned) => change({ turned })}
              />
              {fitted.ok ? (
                <ExampleCard
                  programmes={fitted.value.programmes}
                  market={view.market}
                  currency={currency}
                  timeZone={view.timeZone}
                  cutOverHour={view.cutOverHour}
                  tax={view.tax}
                  item={{ ...shop.item, name: name(item.name) || say('item.usual') }}
                />
              ) : null}
              <Changes view={view} preset={choice.preset} />
            </div>
          </div>
        </div>
      </main>
      <SaveFooter
        of="programmes"
        saving={{
          problem: problems[0] ?? told[0] ?? null,
          state,
          managerPin,
          typePin: setManagerPin,
        }}
        done={say('programmes.done')}
        save={say('programmes.apply')}
        isReady={problems.length === 0}
        onSave={apply}
      />
    </div>
  );
}

/** What a change does to what members have already. */
function Changes(props: { readonly view: ProgrammesView; readonly preset: string }): ReactNode {
  const say = useSay();
  const isOther = props.view.choice?.preset !== props.preset;
  return (
    <Note tone={isOther ? 'warning' : 'info'} part="programmes-changes">
      {say(isOther ? 'programmes.other' : 'programmes.same')}
    </Note>
  );
}
