/**
 * A text as names are compared: without case, marks and Turkish dots.
 *
 * Who types in a hurry writes `sule` for Şule and `isparta` for Isparta: ç ğ ı İ ö ş ü fall on their
 * plain letters, and so do the marks of every other script; German ß is ss.
 */
export function searchText(text: string): string {
  return text
    .replaceAll('İ', 'i')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How well a name fits what was typed: 0 not at all, 2 letter for letter, 1 otherwise. */
export function searchRank(name: string, typed: string): 0 | 1 | 2 {
  const wanted = searchText(typed)
    .split(' ')
    .filter((word) => word !== '');
  if (wanted.length === 0) return 0;
  const words = searchText(name).split(' ');
  if (!wanted.every((part) => words.some((word) => word.startsWith(part)))) return 0;
  return name.toLocaleLowerCase('tr').includes(typed.trim().toLocaleLowerCase('tr')) ? 2 : 1;
}
