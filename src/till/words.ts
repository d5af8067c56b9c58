/** Languages of a screen, and how much of a name in each fits into one parameter. */
const LANGUAGES = ['en', 'tr', 'de', 'ar'] as const;
const NAME_LENGTH_MAX = 100;

/** A name in several languages as one parameter of a message: whoever reads it picks their own. */
export function words(name: Readonly<Record<string, string>>): string {
  const shown = LANGUAGES.flatMap((language) => {
    const text = name[language];
    return text === undefined ? [] : [[language, text.slice(0, NAME_LENGTH_MAX)] as const];
  });
  return JSON.stringify(Object.fromEntries(shown));
}
