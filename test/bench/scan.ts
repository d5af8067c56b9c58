import { timingModels } from '#test/scan/support/keyboard.ts';
import { createRandom } from '#test/scan/support/random.ts';
import { lostScans, SPEEDS_MS, wordsTaken } from '#test/scan/support/wedge-rates.ts';
import type { Bench, Figure } from './figures.ts';

/** Per rhythm and speed; four rhythms make 10,000 scans at every speed. */
const SCANS = 2_500;
const WORDS = 10_000;
const RECOGNISED_MIN = 99.9;

/**
 * How many scans a keyboard wedge recognises at its worst speed, and how many typed words it takes for
 * one. In virtual time: the figures do not depend on the machine.
 */
export const scan: Bench = {
  name: 'scan',
  run() {
    const figures = Object.entries(timingModels).map(([name, model]): Figure => {
      const shares = SPEEDS_MS.map((paceMs) => {
        const lost = lostScans(model, paceMs, SCANS, createRandom(paceMs * 31 + name.length));
        return 100 * (1 - lost.length / SCANS);
      });
      return {
        name: `recognised at the worst of 2 to 100 ms per key, ${name}`,
        value: Math.min(...shares),
        unit: '%',
        limit: { kind: 'at-least', value: RECOGNISED_MIN },
      };
    });
    const taken = wordsTaken(WORDS, 20_261_121).length;
    const typed: Figure = {
      name: `of ${WORDS} typed words, taken for a scan or changed`,
      value: taken,
      unit: 'words',
      limit: { kind: 'at-most', value: 0 },
    };
    return Promise.resolve([...figures, typed]);
  },
};
