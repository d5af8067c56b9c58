import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { seededBugs } from './bugs.ts';
import { runCampaign, seedsFrom } from './campaign.ts';

const work = z
  .strictObject({
    first: z.int(),
    seeds: z.int(),
    operations: z.int(),
    bug: z.string().nullable(),
  })
  .parse(workerData);

const bug = seededBugs.find(({ name }) => name === work.bug);
const { finding, ...sums } = runCampaign(seedsFrom(work.first, work.seeds), work.operations, bug);
parentPort?.postMessage({ ...sums, found: finding?.seed ?? null });
