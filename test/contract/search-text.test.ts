import { describe, expect, test } from 'vitest';
import { searchRank, searchText } from '#contract/search-text.ts';

describe('a search for a name', () => {
  test.each([
    ['sule', 'Şule Işık'],
    ['SULE', 'Şule Işık'],
    ['şule', 'Şule Işık'],
    ['isik', 'Şule Işık'],
    ['ışık', 'Şule Işık'],
    ['IŞIK', 'Şule Işık'],
    ['isparta', 'Isparta Kaya'],
    ['ısparta', 'Isparta Kaya'],
    ['İSPARTA', 'Isparta Kaya'],
    ['istanbul', 'İstanbul Demir'],
    ['kaya ay', 'Ayşe Kaya'],
    ['strasse', 'Anna Straße'],
    ['احمد', 'أحمد العلي'],
    ['ozgur', 'Özgür Çağ'],
  ])('%s finds %s', (typed, name) => {
    expect(searchRank(name, typed)).toBeGreaterThan(0);
  });

  test.each([
    ['ule', 'Şule Işık'],
    ['sulen', 'Şule Işık'],
    ['', 'Şule Işık'],
    ['  ', 'Şule Işık'],
    ['%', 'Şule Işık'],
    ['kaya demir', 'Ayşe Kaya'],
  ])('"%s" does not find %s', (typed, name) => {
    expect(searchRank(name, typed)).toBe(0);
  });

  test('ranks a name written the same way before one that only folds to it', () => {
    expect(searchRank('Şule', 'şu')).toBe(2);
    expect(searchRank('Sule', 'şu')).toBe(1);
    expect(searchRank('Isparta', 'ıs')).toBe(2);
    expect(searchRank('İspir', 'ıs')).toBe(1);
  });

  test('folds a folded text to itself', () => {
    for (const text of ['Şule Işık', 'İSTANBUL', 'Straße', 'أحمد', 'a\u0301b'])
      expect(searchText(searchText(text))).toBe(searchText(text));
  });
});
