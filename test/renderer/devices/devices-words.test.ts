import { expect, it } from 'vitest';
import ar from '#renderer/devices/words/ar.json' with { type: 'json' };
import de from '#renderer/devices/words/de.json' with { type: 'json' };
import en from '#renderer/devices/words/en.json' with { type: 'json' };
import tr from '#renderer/devices/words/tr.json' with { type: 'json' };
import { describeWordFiles, type WordFiles } from '#test/renderer/support/word-files.ts';

const files: WordFiles = { en, tr, de, ar };

describeWordFiles('devices', files);

it('no sentence of devices is left in English', () => {
  const english: Readonly<Record<string, string>> = en;
  const same = (['tr', 'de', 'ar'] as const).flatMap((language) =>
    Object.entries(files[language])
      .filter(([key, sentence]) => sentence === english[key])
      .map(([key]) => `${language} ${key}`),
  );
  // Words that are the same there, too.
  expect(same.toSorted()).toEqual(['de scanner.layout-us', 'de step.scanner', 'tr make']);
});
