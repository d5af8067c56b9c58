import type { ReactNode } from 'react';
import type { SetupProblem } from '#contract/setup.ts';
import { fitChoice } from '#loyalty/presets/catalogue.ts';
import { Note } from '#renderer/ui/note.tsx';
import { answersOf, knobsOf, presetShopOf } from './draft.ts';
import { ExampleCard } from './example-card.tsx';
import { Field } from './field.tsx';
import { useProblemWords } from './problem-words.ts';
import styles from './programme-step.module.css';
import { Knobs, PresetList } from './preset-parts.tsx';
import { useSay } from './setup-text.tsx';
import type { StepProps } from './use-draft.ts';

/** The programme, what most customers buy, and what the one does to the other. */
export function ProgrammeStep(
  props: StepProps & { readonly problems: readonly SetupProblem[] },
): ReactNode {
  const { draft, change, problems } = props;
  const say = useSay();
  const words = useProblemWords();
  const shop = presetShopOf(draft);
  const itemName = draft.itemName ?? say('item.usual');
  const at = (path: string): string | null => {
    const found = problems.find((problem) => problem.path === path);
    return found === undefined ? null : words(found);
  };
  const fitted =
    shop === null ? null : fitChoice({ preset: draft.preset, knobs: knobsOf(draft, shop) }, shop);
  const wrong = problems.find(({ path }) => path.startsWith('programme.'));
  const { tax } = answersOf(draft, itemName);
  return (
    <div className={styles.page}>
      <PresetList preset={draft.preset} onChoose={(preset) => change({ preset })} />
      <div className={styles.right}>
        <div className={styles.item}>
          <Field
            label={say('item.name')}
            value={itemName}
            onChange={(name) => change({ itemName: name })}
            problem={at('item.name')}
            part="item-name"
          />
          <Field
            kind="numeric"
            label={say('item.price')}
            value={draft.itemPrice}
            onChange={(itemPrice) => change({ itemPrice })}
            problem={at('item.priceMinor')}
            part="item-price"
          />
        </div>
        {shop === null ? null : (
          <Knobs
            choice={draft}
            shop={shop}
            problems={problems}
            problemAt={at}
            onTurn={(turned) => change({ turned })}
          />
        )}
        {wrong === undefined ? null : (
          <Note tone="refusal" part="programme-wrong">
            {words(wrong)}
          </Note>
        )}
        {shop === null || fitted?.ok !== true ? null : (
          <ExampleCard
            programmes={fitted.value.programmes}
            market={draft.market}
            currency={draft.currency}
            timeZone={draft.timeZone}
            cutOverHour={draft.cutOverHour}
            tax={tax}
            item={{ name: itemName, priceMinor: shop.item.priceMinor }}
          />
        )}
      </div>
    </div>
  );
}
