import { fileURLToPath } from 'node:url';

/** Where this program's migrations lie; two levels up from here, in the sources and in a bundle alike. */
export const SERVER_MIGRATIONS = fileURLToPath(new URL('../../migrations/server', import.meta.url));
