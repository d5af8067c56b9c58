import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import { programmesMax, type Programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { assert } from '#loyalty/result.ts';
import { dataFolder } from '#shell/data-folder.ts';
import type { TillIdentity } from '#sqlite/inspect.ts';
import { databaseFiles, openTillDatabase } from '#sqlite/open.ts';
import { fillMembers } from './many-members.ts';

const migrationsDirectory = join(import.meta.dirname, '..', '..', 'migrations', 'till');
/** Every so many campaigns have something to spend points on. */
const REWARD_EVERY = 10;

/**
 * Makes the till in a data folder, which is not running, the till of a large chain: a million members
 * more, and as many programmes as a shop may have, all of which run and look at every basket.
 */
export function makeBusy(path: string): void {
  const folder = dataFolder(path);
  const enrolled = JSON.parse(readFileSync(folder.enrolment, 'utf8')) as TillIdentity;
  const { tenant, store, till, inc } = enrolled;
  const identity = { tenant, store, till, inc };
  const opened = openTillDatabase({ directory: folder.database, migrationsDirectory, identity });
  assert(opened.ok, 'the till’s database opens');
  const database = opened.value;
  const config = database.read.config();
  assert(config !== null, 'the till has its shop');
  const campaigns = Array.from({ length: programmesMax - config.programmes.length }, (_, index) =>
    campaignAt(index, config.currency),
  );
  const programmes = [...config.programmes, ...campaigns];
  const saved = database.write((writes) => writes.saveConfig({ ...config, programmes }));
  assert(saved.ok, 'the programmes are saved');
  database.close();
  fillMembers(join(folder.database, databaseFiles.database));
}

/** A campaign for other goods, or for baskets larger than those of the bench. */
function campaignAt(index: number, currency: string): Programme {
  const en = `Campaign ${index}`;
  const shelf = { categories: [`shelf-${index}`] };
  const loaded = parseProgramme({
    id: `campaign-${index}`,
    version: 1,
    name: { en },
    currencies: [currency],
    rules: [
      {
        id: 'shelf',
        name: { en },
        lines: shelf,
        effect: { kind: 'per-money', points: '1.5', perMinor: 100 },
      },
      {
        id: 'large',
        name: { en },
        conditions: [{ kind: 'amount', minMinor: 10_000_000 + index }],
        effect: { kind: 'per-sale', points: '50' },
      },
    ],
    rewards:
      index % REWARD_EVERY === 0
        ? [
            {
              id: 'off',
              name: { en },
              costPoints: 100,
              value: { kind: 'fixed', amountMinor: 1000 },
              scope: { kind: 'lines', lines: shelf },
            },
          ]
        : [],
  } satisfies ProgrammeDocument);
  assert(loaded.ok, 'a campaign of the bench loads');
  return loaded.value.programme;
}
