import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from './data-folder.ts';
import { checkJournal, type JournalBreak, type WholeJournal } from './journal-check.ts';

/**
 * `npm run verify-journal -- --data DIR`: is every entry of this till there, and unchanged?
 *
 * Changes nothing and may run beside the till. Ends with 0 when the journal is whole, 1 when it is
 * not, 2 for a wrong command line.
 */
const HELP = `Checks a till's journal: every entry, the whole hash chain and the head anchor.
  --data DIR  the till's data folder (default: .data beside package.json)
  --help      this text`;
const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;
const DEFAULT_DATA = join(import.meta.dirname, '..', '..', '.data');

process.exitCode = main();

function main(): number {
  const options = { data: { type: 'string' }, help: { type: 'boolean' } } as const;
  let values: { readonly data?: string; readonly help?: boolean };
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}\n`);
    return EXIT_USAGE;
  }
  if (values.help === true) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const { database } = dataFolder(values.data ?? DEFAULT_DATA);
  const found = checkJournal(database);
  process.stdout.write(
    `${(found.ok ? wholeLines(found.value) : brokenLines(found.error)).join('\n')}\n`,
  );
  return found.ok ? 0 : EXIT_BROKEN;
}

function wholeLines({ identity, head, firstDay, lastDay, anchor, ackSeq }: WholeJournal): string[] {
  const { till, store, inc } = identity;
  return [
    `Till ${till} of store ${store}, incarnation ${inc}.`,
    head.seq === 0
      ? 'The journal has no entry yet.'
      : `${head.seq} entries without a gap, of the business days ${firstDay} to ${lastDay}.`,
    'Every entry is what its hash says, and follows from the one before.',
    anchor === null || anchor.inc !== inc
      ? 'There is no head anchor of this incarnation, so a missing end could not be seen.'
      : `The head anchor knows entry ${anchor.seq}, and it is here.`,
    `The server has taken ${ackSeq} of them.`,
    `Head: ${head.hash}`,
    'The journal is whole.',
  ];
}

function brokenLines({ what }: JournalBreak): string[] {
  return [
    what,
    'The journal is not whole. Nothing was changed. Copy the whole data folder to a safe place, and restore',
    'this till from its last backup or enrol it anew; what the server has taken is safe there.',
  ];
}
