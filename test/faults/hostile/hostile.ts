import { openVerdict, oneOf, type Fault } from '#test/faults/fault.ts';
import { expectFolded } from '#test/faults/support/books.ts';
import { withFolder } from '#test/faults/support/folder.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { journalAttacks, pointAttacks, requestAttacks } from './attacks.ts';
import { injection } from './injection.ts';
import { openHostileStage, type HostileStage } from './stage.ts';

const attacks = [...requestAttacks, ...journalAttacks, ...pointAttacks, injection];

/** Somebody who speaks the protocol and means harm. */
export const hostilePeer: Fault = {
  name: 'hostile',
  promise:
    'a hostile peer: each attack is refused or quarantined by name, and nothing else is disturbed',
  full: 500,
  short: attacks.length,
  missing: () => null,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const stage = await openHostileStage(folder);
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Every attack once, then at random.
      const attack = attacks[round] ?? oneOf(attacks);
      const before = await stage.fingerprint();
      const answer = await attack.run(stage);
      verdict.count('attacks');
      verdict.expect(
        answer === attack.answer,
        `${attack.name}: ${answer} instead of ${attack.answer}`,
      );
      verdict.expect(
        (await stage.fingerprint()) === before,
        `${attack.name} changed something that is not its own`,
      );
      verdict.expect(await honestWorks(stage), `after ${attack.name} an honest till cannot work`);
    }
    await expectFolded(verdict, stage.server.database);
  } finally {
    await stage.close();
  }
  return verdict.outcome();
}

async function honestWorks({ honest, next }: HostileStage): Promise<boolean> {
  const number = next();
  honest.journal.append(txOf(number), body.sale(number, 'victim'));
  const answer = await honest.push(honest.journal.entries.length);
  return answer.outcome === 'acknowledged' && answer.ackSeq === honest.journal.entries.length;
}
