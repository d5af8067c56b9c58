import { describe, expect, it } from 'vitest';
import { adjustReasons } from '#contract/manager-members.ts';
import { dayFigures } from '#contract/manager.ts';
import { settlementWays } from '#journal/settlement.ts';
import ar from '#renderer/day/words/ar.json' with { type: 'json' };
import de from '#renderer/day/words/de.json' with { type: 'json' };
import en from '#renderer/day/words/en.json' with { type: 'json' };
import tr from '#renderer/day/words/tr.json' with { type: 'json' };
import english from '#renderer/i18n/en.json' with { type: 'json' };
import { describeWordFiles } from '#test/renderer/support/word-files.ts';

describeWordFiles('the manager’s pages', { en, tr, de, ar });

describe('the sentences of the manager’s pages', () => {
  it('have a sentence for every way to settle, every figure and every reason', () => {
    const needed = [
      ...settlementWays.map((way) => `way.${way}`),
      ...dayFigures.map((figure) => `en.${figure}`),
      ...adjustReasons.map((reason) => `reason.${reason}`),
    ];
    expect(needed.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
  });

  it('say what happened and what it means for every kind of exception', () => {
    const titled = Object.keys(english).flatMap((key) => {
      const code = /^code\.exception-(.+)$/.exec(key)?.[1];
      return code === undefined ? [] : [code];
    });
    const explained = Object.keys(en).flatMap((key) => /^why\.(.+)$/.exec(key)?.[1] ?? []);
    expect(explained.length).toBeGreaterThanOrEqual(24);
    expect(explained.filter((code) => !titled.includes(code))).toEqual([]);
  });
});
