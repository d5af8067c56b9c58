import { readFileSync } from 'node:fs';
import type { DataFolder } from '#shell/data-folder.ts';
import type { ServerReady } from '#shell/embedded-server.ts';

/** What a second start on the same data is told: where the first one is. */
export function runningElsewhere(folder: DataFolder, pid: number | null): string {
  const who = pid === null ? '' : ` (process ${pid})`;
  const link = linkOf(folder);
  const next = link === null ? 'Use its window, or stop it first.' : `Open it at ${link}`;
  return `A till is already running on ${folder.folder}${who}. ${next}`;
}

/** Cards to try, one line each; nothing where there are none. */
export function sampleCardLines(cards: ServerReady['sampleCards']): string {
  if (cards.length === 0) return '';
  const lines = cards.map(({ number, name }) => `  ${number}  ${name}`);
  return `Cards to try:\n${lines.join('\n')}\n`;
}

/** Who works in the demo shop, one line each; nothing where nobody is known. */
export function sampleStaffLines(people: Readonly<ServerReady['sampleStaff']>): string {
  if (people.length === 0) return '';
  const lines = people.map(
    ({ name, role, pin }) => `  ${name}, ${role}, ${pin === null ? 'no PIN' : `PIN ${pin}`}`,
  );
  return `Staff to sign in as:\n${lines.join('\n')}\n`;
}

function linkOf(folder: DataFolder): string | null {
  try {
    return readFileSync(folder.link, 'utf8').trim();
  } catch {
    return null;
  }
}
