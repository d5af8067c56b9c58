import { err, ok, type Result } from '#loyalty/result.ts';
import { lockDirectory, type DirectoryHeld, type DirectoryLock } from '#node/directory-lock.ts';
import { makeFolder } from '#node/files.ts';
import type { DataFolder } from './data-folder.ts';
import type { StartProblem } from './problem-page.ts';

/** What the system says of a disk that has no room. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/**
 * Makes the data folder where it is missing and takes it for this process.
 *
 * What the file system says against that, a wrong path, another user's folder, a full disk, is told in
 * words: whoever starts a till reads no stack.
 */
export function takeFolder(
  folder: DataFolder,
): Result<DirectoryLock | DirectoryHeld, StartProblem> {
  try {
    makeFolder(folder.folder);
    return ok(lockDirectory(folder.instance));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    const isFull = FULL.has(code);
    return err({
      title: 'The data folder cannot be used',
      what: isFull ? 'There is no room on its disk.' : 'The till cannot write in it.',
      next: isFull
        ? ['Delete what is not needed on this disk and start again.']
        : [
            'If the path is right, give this user the rights to the folder and start again.',
            'Otherwise choose another folder with --data DIR.',
          ],
      detail: `${folder.folder}: ${code}`,
    });
  }
}
