import { join } from 'node:path';

/** Where the parts of the program lie. */
export interface Program {
  readonly root: string;
  /** The built page. */
  readonly page: string;
  readonly tillMigrations: string;
  readonly serverModule: string;
  readonly devicesModule: string;
}

/** The program in a checkout, run from its sources. */
export function programFromSources(root: string): Program {
  return {
    root,
    page: join(root, 'dist', 'renderer'),
    tillMigrations: join(root, 'migrations', 'till'),
    serverModule: join(root, 'src', 'server', 'main.ts'),
    devicesModule: join(root, 'hardware', 'worker.ts'),
  };
}

/** The program as Electron runs it, bundled; also inside an archive. */
export function programFromBundle(root: string): Program {
  return {
    ...programFromSources(root),
    serverModule: join(root, 'dist', 'electron', 'server.js'),
    devicesModule: join(root, 'dist', 'electron', 'devices.js'),
  };
}
