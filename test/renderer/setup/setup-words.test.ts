import { expect, it } from 'vitest';
import { catalogue } from '#loyalty/presets/catalogue.ts';
import ar from '#renderer/setup/words/ar.json' with { type: 'json' };
import de from '#renderer/setup/words/de.json' with { type: 'json' };
import en from '#renderer/setup/words/en.json' with { type: 'json' };
import tr from '#renderer/setup/words/tr.json' with { type: 'json' };
import { describeWordFiles } from '#test/renderer/support/word-files.ts';

describeWordFiles('set-up', { en, tr, de, ar });

it('every preset and every knob of set-up has a name, a sentence and a label', () => {
  const needed = catalogue.flatMap(({ id, knobs }) => [
    `preset.${id}`,
    `preset.${id}-what`,
    ...knobs.map((knob) => `knob.${knob.id}`),
  ]);
  expect(needed.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});
