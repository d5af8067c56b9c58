/** Switches that Electron and its tools put before ours. */
const NOT_OURS = /^--(inspect|remote-debugging|no-sandbox|disable-|enable-|js-flags|user-data-dir)/;

/**
 * The person's own arguments out of Electron's `process.argv`.
 *
 * In a checkout the folder of the program stands between Electron and them; installed it does not.
 */
export function ownArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  const rest = argv.slice(1).filter((argument) => !NOT_OURS.test(argument));
  return packaged ? rest : rest.slice(1);
}
