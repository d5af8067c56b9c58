import type { Stryker } from '@stryker-mutator/core';
import type { Survivor } from './survivors.ts';

/** A seeded fault and what became of it, as Stryker tells. */
export type Fault = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

type Found = Omit<Survivor, 'reason'>;

/** Longest text shown of each side of a change. */
const TEXT_LENGTH_MAX = 80;

/** `  93.4 %   198 of 212 noticed`. */
export function share(killed: number, of: number): string {
  const percent = of === 0 ? '–' : ((100 * killed) / of).toFixed(1);
  return `${percent.padStart(6)} %   ${killed} of ${of} noticed`;
}

/** Prints survivors that are not listed, which fail, and listed ones that were noticed; answers how many failed. */
export function reportSurvivors(alive: readonly Found[], listed: readonly Survivor[]): number {
  const same = (left: Found, right: Found): boolean =>
    left.line === right.line && left.change === right.change;
  const unlisted = alive.filter((fault) => !listed.some((one) => same(one, fault)));
  for (const { line, change } of unlisted) {
    process.stdout.write(`    survived, and is not listed: ${line}\n      ${change}\n`);
  }
  for (const { line, change } of listed.filter((one) => !alive.some((fault) => same(one, fault)))) {
    process.stdout.write(`    listed, but noticed: ${line}\n      ${change}\n`);
  }
  return unlisted.length;
}

/** A fault in words that stay the same when lines above it move. */
export function describe(file: string, source: string, { location, replacement }: Fault): Found {
  const lines = source.split('\n');
  const { start, end } = location;
  const within = lines.slice(start.line - 1, end.line);
  const before = within
    .map((text, index) => {
      const from = index === 0 ? start.column - 1 : 0;
      const to = index === within.length - 1 ? end.column - 1 : text.length;
      return text.slice(from, to);
    })
    .join('\n');
  return {
    file,
    line: (lines[start.line - 1] ?? '').trim(),
    change: `${short(before)} → ${short(replacement ?? '')}`,
  };
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= TEXT_LENGTH_MAX ? flat : `${flat.slice(0, TEXT_LENGTH_MAX)}…`;
}
