import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Stands in for the helper on Windows: speaks its lines and keeps in a file what a spooler would have
 * printed. Run as `node spooler-child.ts FILE`.
 */
const file = process.argv[2] ?? '';
let open = '';
let held: Buffer[] = [];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => appendFileSync(file, `${line}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, rest = ''] = line.split(' ');
  const data = Buffer.from(rest, 'base64');
  if (verb === 'OPEN') {
    const name = data.toString('utf8');
    if (name === 'Nobody') return say('ERR 1801 The printer name is invalid.');
    if (name === 'Locked') return say('ERR 5 Access is denied.');
    if (name === 'Crash') process.exit(3);
    open = name;
    note(`open ${name}`);
  } else if (verb === 'DATA') {
    if (open === 'Stuck') return undefined;
    if (open === 'Full') return say('ERR 112 There is not enough space on the disk.');
    held.push(data);
  } else if (verb === 'END') {
    note(`printed ${Buffer.concat(held).toString('hex')}`);
    held = [];
  } else {
    note('aborted');
    held = [];
  }
  return say('OK');
});
