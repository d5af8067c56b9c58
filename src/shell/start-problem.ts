import { assertNever } from '#loyalty/result.ts';
import type { EnrolProblem } from './enrolment.ts';
import { isAnotherCertificate } from './pinned-server.ts';
import type { StartProblem } from './problem-page.ts';
import type { TillDatabaseProblem } from './repair-till.ts';

const UNTOUCHED = 'Nothing in the data folder was changed.';

const ENROL_ANEW =
  'If there is no backup: ask head office to give this till up, and let it in anew from an empty data folder.';

/** What to tell a person whose database does not open. */
export function databaseProblem(problem: TillDatabaseProblem, folder: string): StartProblem {
  const restore =
    'Copy the whole data folder to a safe place first; then restore the folder from the last backup.';
  const title = 'The till’s database cannot be used';
  switch (problem.code) {
    case 'locked':
      return {
        title: 'This till is already running',
        what: `Another program uses the database${problem.heldByPid === null ? '' : ` (process ${problem.heldByPid})`}.`,
        next: ['Use the window that is open, or close it and start again.', UNTOUCHED],
        detail: folder,
      };
    case 'newer-version':
      return {
        title: 'The database is newer than this program',
        what: `It was written by a later version (step ${problem.found}; this program knows ${problem.known}).`,
        next: ['Install the newer version of Regulars and start again.', UNTOUCHED],
        detail: folder,
      };
    case 'edited-migration':
      return {
        title: 'The database belongs to another edition of this program',
        what: `Step ${problem.number} of its structure is not the one this program has.`,
        next: ['Start the edition it was written with.', UNTOUCHED],
        detail: folder,
      };
    case 'corrupted':
      return {
        title,
        what: 'The file is damaged.',
        next: [restore, UNTOUCHED],
        detail: `${folder}: ${problem.detail}`,
      };
    case 'chain-broken':
      return {
        title,
        what: `Entry ${problem.seq} of the journal is not what was written.`,
        next: [restore, UNTOUCHED],
        detail: folder,
      };
    case 'rolled-back':
      return {
        title,
        what: `It ends at entry ${problem.headSeq}, but this till had already written entry ${problem.anchorSeq}: an older copy was put in its place.`,
        next: [
          'Put the newer copy back, or ask head office for a new enrolment of this till.',
          UNTOUCHED,
        ],
        detail: folder,
      };
    case 'other-till':
      return {
        title: 'This database belongs to another till',
        what: `It is till ${problem.till}’s.`,
        next: ['Choose the right folder with --data.', UNTOUCHED],
        detail: folder,
      };
    case 'database-gone':
      return {
        title: 'The till’s database is gone',
        what: 'This till has worked in this folder, and its journal is not there any more.',
        next: ['Put the folder back from where it was moved to.', ENROL_ANEW, UNTOUCHED],
        detail: folder,
      };
    case 'disk-full':
      return {
        title: 'The disk is full',
        what: 'The till needs some room before it can start.',
        next: ['Delete what is not needed on this disk and start again.', UNTOUCHED],
        detail: folder,
      };
    case 'no-access':
      return {
        title,
        what: 'This user may not read or write it.',
        next: ['Give this user the rights to the folder and start again.', UNTOUCHED],
        detail: `${folder}: ${problem.detail}`,
      };
    case 'repair-needs-server':
      return {
        title: 'The till’s database is damaged',
        what: 'The till repairs it with the central server’s copy, and the server did not answer.',
        next: ['Connect this till to its central server and start again.', UNTOUCHED],
        detail: `${folder}: ${problem.damage.code}, ${problem.detail}`,
      };
    case 'repair-refused':
      return {
        title: 'The till’s database is damaged',
        what: `It was not repaired: for the central server this till is ${problem.state}.`,
        next: [ENROL_ANEW, UNTOUCHED],
        detail: `${folder}: ${problem.damage.code}`,
      };
    case 'entries-lost':
      return {
        title: 'The till’s database is damaged',
        what: `Entries ${problem.fromSeq} to ${problem.toSeq} of the journal cannot be read, and the central server does not have them.`,
        next: [restore, ENROL_ANEW, UNTOUCHED],
        detail: folder,
      };
    case 'end-unknown':
      return {
        title: 'The till’s database is damaged',
        what: 'The note of where its journal ended is damaged too, so nobody can say whether entries are missing.',
        next: [restore, ENROL_ANEW, UNTOUCHED],
        detail: folder,
      };
    case 'not-the-servers':
      return {
        title,
        what: `Entry ${problem.seq} of the journal is not the one that was noted elsewhere: it is another till’s, or an older life of this one.`,
        next: [restore, ENROL_ANEW, UNTOUCHED],
        detail: folder,
      };
    default:
      return assertNever(problem, 'databaseProblem');
  }
}

/** What to tell a person whose till is not enrolled. */
export function enrolProblem(problem: EnrolProblem, server: string): StartProblem {
  const title = 'This till is not enrolled yet';
  const again = 'Then start the till again; it asks only this once.';
  switch (problem.code) {
    case 'no-code':
      return {
        title,
        what: 'The central server lets a new till in by a pairing code.',
        next: ['Ask head office for a code and start with --pairing-code CODE.', again],
        detail: server,
      };
    case 'bad-code':
      return {
        title,
        what: 'The pairing code has a wrong character in it.',
        next: ['Compare it with the one the first till shows, and type it again.', again],
        detail: server,
      };
    case 'wrong-key':
      return {
        title,
        what: 'Whoever answers at this address is not the server the pairing code came from. Nothing was sent.',
        next: [
          'Check the address and the code against what the first till shows now.',
          'If both are right, somebody stands between the two: use another cable or network.',
        ],
        detail: server,
      };
    case 'refused':
      return {
        title,
        what: `The central server did not take the pairing code (${problem.reason}).`,
        next: ['Ask head office for a new code and start with --pairing-code CODE.', again],
        detail: server,
      };
    case 'no-server':
      // Without the key in its code a till of the shop cannot know the first one's server.
      if (isAnotherCertificate(problem.problem.detail)) {
        return {
          title,
          what: 'Nobody vouches for who answers at this address, and the pairing code does not say its key. Nothing was sent.',
          next: [
            'Type the whole pairing code as the first till shows it, with all its groups. Of a central server, check the address and its certificate.',
            again,
          ],
          detail: `${server}: ${problem.problem.detail}`,
        };
      }
      return {
        title,
        what: 'The central server did not answer. A till needs it once, to learn its shop.',
        next: ['Check the address given with --server and the network.', again],
        detail: `${server}: ${problem.problem.code} ${problem.problem.detail}`,
      };
    default:
      return assertNever(problem, 'enrolProblem');
  }
}

/** What an enrolled till does not find any more: a file, or the system's key ring. */
export type LostFile = 'secrets.json or secrets.bin' | 'enrolment.json' | 'key ring';

/** What to tell a person whose till was enrolled and cannot prove it. */
export function lostFileProblem(lost: LostFile, folder: string): StartProblem {
  if (lost === 'key ring') {
    return {
      title: 'The till’s keys cannot be opened here',
      what: 'They are in secrets.bin, under the key ring of the user who set the till up.',
      next: [
        'Start the till in its own window, as that user and with the key ring unlocked.',
        ENROL_ANEW,
        UNTOUCHED,
      ],
      detail: folder,
    };
  }
  return {
    title: 'A file of this till is missing',
    what: `Without ${lost} the till cannot show who it is, and its sales could not be sent.`,
    next: [`Put ${lost} back from its backup and start again.`, ENROL_ANEW, UNTOUCHED],
    detail: folder,
  };
}

/** What to tell a person when the embedded server does not start and the till has never run. */
export function serverProblem(code: string, detail: string, folder: string): StartProblem {
  return {
    title: 'The embedded server cannot start',
    what: 'A new till needs it once, to learn its shop.',
    next: [
      code === 'held'
        ? 'Another program uses the server’s data: close it and start again.'
        : 'Start again; if it stays so, look into the log named below.',
      UNTOUCHED,
    ],
    detail: `${folder}: ${code} ${detail}`,
  };
}

/** What to tell a person when a file of the data folder cannot be read. */
export function unreadableProblem(detail: string, folder: string): StartProblem {
  return {
    title: 'The till’s files cannot be read',
    what: 'A file of the data folder is missing rights or is not what the till wrote.',
    next: ['Do what the line below says, or restore the folder from the last backup.', UNTOUCHED],
    detail: `${folder}: ${detail}`,
  };
}

/** What to tell a person who wants a shop of their own in the folder of the demo. */
export function demoFolderProblem(folder: string): StartProblem {
  return {
    title: 'This data folder holds the demo shop',
    what: 'A shop of your own needs a folder of its own, so that nothing of the demo gets into its books.',
    next: [
      'Start with another folder: npm start -- --setup --data DIR. Without --data it is .shop.',
      UNTOUCHED,
    ],
    detail: folder,
  };
}
