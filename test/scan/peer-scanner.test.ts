import { describe, expect, it } from 'vitest';
import { timingModels } from './support/keyboard.ts';
import { PeerPage } from './support/peer-scanner.ts';
import { createRandom } from './support/random.ts';
import { lostScans, wordsTaken } from './support/wedge-rates.ts';

const SCANS = 25;
const SPEEDS = [2, 8, 16, 20, 30, 45, 60, 80, 100];

/** The same streams of keys, one after the other: what the best known library makes of them. */
describe('side by side with another library on the same keys', () => {
  it.each(Object.entries(timingModels))(
    'nothing is lost here that is found there, %s',
    (name, model) => {
      for (const paceMs of SPEEDS) {
        const streams = () => createRandom(paceMs * 31 + name.length);
        const lostThere = lostScans(
          model,
          paceMs,
          SCANS,
          streams(),
          (initial) => new PeerPage('auto', 'page', initial),
        );
        const lostHere = lostScans(model, paceMs, SCANS, streams());
        expect({ paceMs, lostHere }).toEqual({ paceMs, lostHere: [] });
        // Known of it, and the proof that it runs: fast scans are found, slow ones never.
        if (paceMs === 8 && name === 'uniform') expect(lostThere).toEqual([]);
        if (paceMs >= 60) expect(lostThere).toHaveLength(SCANS);
      }
    },
    60_000,
  );

  it('a scan into a focused field is a scan here and text there', () => {
    const streams = () => createRandom(5);
    const model = timingModels['uniform'] ?? expect.fail('no such rhythm');
    expect(lostScans(model, 8, SCANS, streams())).toEqual([]);
    const inField = (initial: string) => new PeerPage('auto', 'field', initial);
    expect(lostScans(model, 8, SCANS, streams(), inField)).toHaveLength(SCANS);
  });

  it('slow enough for slow scanners, it takes typing for scans; here nothing is taken', () => {
    const slow = () => new PeerPage(100, 'page');
    const takenThere = wordsTaken(300, 7, slow, () => true);
    expect(takenThere.length).toBeGreaterThan(0);
    expect(wordsTaken(300, 7)).toEqual([]);
  });
});
