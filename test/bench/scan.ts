import { timingModels, type TypingPage } from '#test/scan/support/keyboard.ts';
import { PeerPage } from '#test/scan/support/peer-scanner.ts';
import { createRandom } from '#test/scan/support/random.ts';
import { lostScans, SPEEDS_MS, wordsTaken } from '#test/scan/support/wedge-rates.ts';
import type { Bench, Figure } from './figures.ts';

/** Per rhythm and speed; four rhythms make 10,000 scans at every speed. */
const SCANS = 2_500;
const WORDS = 10_000;
const RECOGNISED_MIN = 99.9;

/** Per rhythm and speed beside the other library: four rhythms, nine speeds. */
const PEER_SCANS = 100;
const PEER_WORDS = 2_000;
const PEER_SPEEDS_MS = [2, 8, 16, 20, 30, 45, 60, 80, 100];

type MakePage = (initial: string) => TypingPage;
const peers: readonly (readonly [name: string, make: MakePage | undefined])[] = [
  ['Regulars, in a field', undefined],
  ['keyboard-barcode-scanner 1.1.4, auto', (initial) => new PeerPage('auto', 'page', initial)],
  ['the same, timing 100', (initial) => new PeerPage(100, 'page', initial)],
  ['the same, auto, in a field', (initial) => new PeerPage('auto', 'field', initial)],
];

/** The same streams of keys by the best known library: scans found in %, and typed words taken for scans. */
function peerTable(): string {
  const head = [...PEER_SPEEDS_MS.map((paceMs) => `${paceMs} ms`), 'words taken'];
  const rows = peers.map(([name, make]) => {
    const found = PEER_SPEEDS_MS.map((paceMs) => {
      const lost = Object.entries(timingModels).map(
        ([rhythm, model]) =>
          lostScans(model, paceMs, PEER_SCANS, createRandom(paceMs * 31 + rhythm.length), make)
            .length,
      );
      const scans = PEER_SCANS * lost.length;
      return `${(100 * (1 - lost.reduce((sum, each) => sum + each, 0) / scans)).toFixed(1)} %`;
    });
    const taken = wordsTaken(PEER_WORDS, 7, make, make === undefined ? undefined : () => true);
    return [name, ...found, `${taken.length} of ${PEER_WORDS}`];
  });
  const written = [['', ...head], ...rows].map(
    ([name = '', ...cells]) =>
      `  ${name.padEnd(40)}${cells.map((cell) => cell.padStart(11)).join('')}`,
  );
  return `${written.join('\n')}\n`;
}

/**
 * How many scans a keyboard wedge recognises at its worst speed, and how many typed words it takes for
 * one. In virtual time: the figures do not depend on the machine.
 */
export const scan: Bench = {
  name: 'scan',
  run() {
    process.stdout.write(peerTable());
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
