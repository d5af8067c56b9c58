/** Languages of a screen, and how much of a name in each fits into one parameter. */
const LANGUAGES = ['en', 'tr', 'de', 'ar'] as const;
const NAME_LENGTH_MAX = 100;

type Names = Readonly<Record<string, string>>;

const written = new WeakMap<Names, string>();

/**
 * A name in several languages as one parameter of a message: whoever reads it picks their own.
 *
 * Written once per name: names are never changed in themselves, and every state says them again.
 */
export function words(name: Names): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const shown = LANGUAGES.flatMap((language) => {
    const text = name[language];
    return text === undefined ? [] : [[language, text.slice(0, NAME_LENGTH_MAX)] as const];
  });
  const made = JSON.stringify(Object.fromEntries(shown));
  written.set(name, made);
  return made;
}
