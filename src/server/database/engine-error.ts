/**
 * What PGlite throws, as an error that says something: WebAssembly throws what is no error, and its file
 * system errors without a text, as long as it is not fully started.
 */
export function engineError(thrown: unknown): Error {
  if (thrown instanceof Error && thrown.message !== '') return thrown;
  const name = thrown instanceof Error ? `${thrown.name} ` : '';
  return new Error(`The embedded database failed: ${name}${JSON.stringify(thrown)}`);
}
