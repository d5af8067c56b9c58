import { expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';

test('the demo shop’s programme is named in every language of the till', () => {
  const { name, unitName, rules, rewards, tiers } = pointsPreset;
  const named = [name, unitName, ...[...rules, ...rewards, ...tiers].map((part) => part.name)];
  const languages = ['ar', 'de', 'en', 'tr'];
  expect(named.filter((words) => languages.some((language) => !(language in words)))).toEqual([]);
});
