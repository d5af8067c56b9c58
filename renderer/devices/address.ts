/** What a device is for: a scanner has no place in the network. */
export type AddressUse = 'printer' | 'line';

const PORT_MAX = 65_535;

/**
 * What somebody typed as an address the drivers know; null where it is none.
 *
 * A person writes `192.168.1.50` or `/dev/ttyUSB0` and knows nothing of schemes; whoever does may
 * write them.
 */
export function addressOf(typed: string, use: AddressUse): string | null {
  const text = typed.trim();
  if (text === '' || text.length > 160) return null;
  if (/^serial:\S+$/.test(text)) return text;
  if (/^\/dev\/usb\/lp\d+$/.test(text)) return use === 'printer' ? `usb:${text}` : null;
  if (/^\/dev\/\S+$/.test(text) || /^COM\d{1,3}$/i.test(text)) return `serial:${text}`;
  if (use === 'line') return null;
  if (/^(usb:\S+|windows:.+)$/.test(text)) return text;
  return networkAddress(text.replace(/^tcp:\/\//, ''));
}

function networkAddress(text: string): string | null {
  const parts =
    /^((?=.*[.:\d])[a-z\d](?:[a-z\d.-]*[a-z\d])?|localhost|\[[\da-f:]+\])(?::(\d{1,5}))?\/?$/i.exec(
      text,
    );
  const host = parts?.[1];
  const port = parts?.[2] === undefined ? 9100 : Number(parts[2]);
  if (host === undefined || port < 1 || port > PORT_MAX) return null;
  const isNumbers = /^[\d.]+$/.test(host);
  if (isNumbers && !isFourNumbers(host)) return null;
  return `tcp://${host}:${port}`;
}

function isFourNumbers(host: string): boolean {
  const numbers = host.split('.');
  return (
    numbers.length === 4 && numbers.every((each) => /^\d{1,3}$/.test(each) && Number(each) <= 255)
  );
}

/** Speeds of serial lines that printers and pole displays are set to. */
export const lineSpeeds: readonly number[] = [9_600, 19_200, 38_400, 57_600, 115_200];

/** The speed in an address; null = as the model has it, or no serial line. */
export function speedOf(address: string): number | null {
  const speed = /^serial:[^?]+\?baud=(\d+)$/.exec(address)?.[1];
  return speed === undefined ? null : Number(speed);
}

/** The same address at another speed. */
export function atSpeed(address: string, baudRate: number | null): string {
  const line = address.replace(/\?.*$/, '');
  return baudRate === null ? line : `${line}?baud=${baudRate}`;
}
