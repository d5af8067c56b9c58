import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { POLE_PROFILES, poleProfileById } from '#hardware/pole/pole-profile.ts';
import { profileById, PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import flagTable from './flags.json' with { type: 'json' };

/** What a person asked for on the command line. */
export interface Flags {
  /** Null = `.data` (`.shop` for a shop of one's own) beside package.json, or the user's folder of the installed program. */
  readonly data: string | null;
  readonly port: number | null;
  /** Null = an embedded server of this till's own. */
  readonly server: string | null;
  /** Where this till's own server lets other tills of the shop in; null: nowhere. */
  readonly lan: { readonly host: string; readonly port: number } | null;
  readonly pairingCode: string | null;
  readonly tillName: string;
  /** Null = as this till remembers it; the virtual printer where it remembers none. */
  readonly printer: string | null;
  /** Id of a known printer profile; null = as remembered, else the device process's default. */
  readonly printerProfile: string | null;
  /** None = as this till remembers them. */
  readonly scanners: readonly string[];
  /** Address of the pole display; null = as remembered. */
  readonly pole: string | null;
  readonly poleProfile: string | null;
  /** A shop of one's own: no demo, and set-up where there is no shop yet. */
  readonly ownShop: boolean;
  readonly kiosk: boolean;
  readonly open: boolean;
}

/** What is wrong with the command line, as a sentence that says what to type instead. */
export type FlagProblem = string;

const OPTIONS = Object.fromEntries(
  flagTable.map(({ name, value }) => [
    name,
    { type: value === null ? ('boolean' as const) : ('string' as const), multiple: true as const },
  ]),
);

const FLAG_NAMES = flagTable.map(({ name }) => name);

/**
 * Reads the command line.
 *
 * Strict: a misspelt flag that were ignored would run a till on the wrong data or the wrong printer.
 */
export function parseFlags(args: readonly string[]): Result<Flags, FlagProblem> {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    const problem = token.kind === 'positional' ? stray(token.value) : shapeProblem(token);
    if (problem !== null) return err(problem);
  }
  const all = (name: string): string[] => (values[name] ?? []).map(String);
  for (const { name } of flagTable) {
    if (name !== 'scanner' && all(name).length > 1)
      return err(`--${name} is given twice; give it once.`);
  }
  const one = (name: string): string | null => all(name)[0] ?? null;
  return checked({
    data: one('data'),
    port: one('port') === null ? null : Number(one('port')),
    server: one('server'),
    lan: lanOf(one),
    pairingCode: one('pairing-code'),
    tillName: one('till-name') ?? 'Till 1',
    printer: one('printer'),
    printerProfile: one('printer-profile'),
    scanners: all('scanner'),
    pole: one('pole'),
    poleProfile: one('pole-profile'),
    ownShop: one('setup') !== null || one('no-demo') !== null,
    kiosk: one('kiosk') !== null,
    open: one('no-open') === null,
  });
}

function stray(text: string): FlagProblem {
  return `"${text}" is not a flag. Flags begin with two dashes: npm start -- --help lists them.`;
}

function shapeProblem(token: {
  kind: string;
  name?: string;
  rawName?: string;
  value?: string | undefined;
}): FlagProblem | null {
  if (token.kind !== 'option' || token.name === undefined) return null;
  const flag = flagTable.find(({ name }) => name === token.name);
  if (flag === undefined) {
    return `Unknown flag ${token.rawName}. Did you mean --${nearest(token.name, FLAG_NAMES)}? npm start -- --help lists them all.`;
  }
  if (flag.value !== null && (token.value ?? '').replace(/^--.*/, '') === '') {
    return `--${flag.name} needs a value: --${flag.name} ${flag.value}.`;
  }
  if (flag.value === null && token.value !== undefined) return `--${flag.name} takes no value.`;
  return null;
}

function checked(flags: Flags): Result<Flags, FlagProblem> {
  const { port, server } = flags;
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    return err('--port needs a number from 1 to 65535.');
  }
  if (server !== null && !isServerUrl(server)) {
    return err('--server needs an address like https://loyalty.example.com.');
  }
  if (server !== null && isInTheClear(server)) {
    return err(
      `--server ${server} is not encrypted: names and phone numbers could be read on the network. Use the https:// address that the server or the first till shows.`,
    );
  }
  const lan = lanProblem(flags);
  if (lan !== null) return err(lan);
  const problem = printerProblem(flags) ?? poleProblem(flags);
  if (problem !== null) return err(problem);
  const scanner = flags.scanners.find((address) => !/^(hid|keyboard|serial:.+)$/.test(address));
  if (scanner !== undefined) {
    return err(`--scanner ${scanner} is none of serial:PATH, hid, keyboard.`);
  }
  if (flags.tillName.trim() === '' || flags.tillName.length > 64) {
    return err('--till-name needs 1 to 64 characters.');
  }
  return ok(flags);
}

function printerProblem({ printer, printerProfile }: Flags): FlagProblem | null {
  if (
    printer !== null &&
    !/^(virtual|none|tcp:\/\/.+|serial:.+|usb:.+|windows:.+)$/.test(printer)
  ) {
    return `--printer ${printer} is none of virtual, tcp://HOST:PORT, serial:PATH, usb:PATH, windows:NAME, none.`;
  }
  if (printerProfile === null || profileById(printerProfile) !== null) return null;
  return unknownProfile('printer', printerProfile, PRINTER_PROFILES);
}

function poleProblem({ pole, poleProfile }: Flags): FlagProblem | null {
  if (pole !== null && !/^(none|printer|serial:.+)$/.test(pole)) {
    return `--pole ${pole} is none of serial:PATH, printer, none.`;
  }
  if (poleProfile === null || poleProfileById(poleProfile) !== null) return null;
  return unknownProfile('pole', poleProfile, POLE_PROFILES);
}

function unknownProfile(
  kind: 'printer' | 'pole',
  given: string,
  profiles: readonly { readonly id: string }[],
): FlagProblem {
  const known = profiles.map(({ id }) => id);
  return `--${kind}-profile ${given} is not known. Did you mean ${nearest(given, known)}? npm start -- --help lists them all.`;
}

/** The port other tills of the shop find this one's server at, unless another is given. */
const LAN_PORT = 7443;

function lanOf(one: (name: string) => string | null): Flags['lan'] {
  const [host, port] = [one('lan-host'), one('lan-port')];
  if (one('lan') === null && host === null && port === null) return null;
  return { host: host ?? '0.0.0.0', port: port === null ? LAN_PORT : Number(port) };
}

function lanProblem({ lan, server }: Flags): FlagProblem | null {
  if (lan === null) return null;
  if (server !== null) {
    return '--lan opens this till’s own server; with --server it has none. Leave one of the two out.';
  }
  if (isIP(lan.host) === 0) return '--lan-host needs an address of this machine like 192.168.1.20.';
  return Number.isInteger(lan.port) && lan.port >= 1 && lan.port <= 65_535
    ? null
    : '--lan-port needs a number from 1 to 65535.';
}

/** Whether a server would be asked unencrypted over somebody else's wire. */
function isInTheClear(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(127\..*|localhost|\[::1\])$/.test(hostname);
}

function isServerUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** The known name with the fewest letters to change. */
function nearest(name: string, known: readonly string[]): string {
  const ranked = known
    .map((each) => ({ each, distance: editDistance(name, each) }))
    .toSorted((left, right) => left.distance - right.distance);
  return ranked[0]?.each ?? '';
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
