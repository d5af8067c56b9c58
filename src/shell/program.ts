import { join } from 'node:path';

/** Where the parts of the program lie. */
export interface Program {
  readonly root: string;
  /** The built page. */
  readonly page: string;
  readonly tillMigrations: string;
  readonly serverModule: string;
  readonly devicesModule: string;
  /** The udev rules that let a person use this till's devices. */
  readonly deviceRules: string;
}

const DEVICE_RULES = '70-regulars-devices.rules';

/** The program in a checkout, run from its sources. */
export function programFromSources(root: string): Program {
  return {
    root,
    page: join(root, 'dist', 'renderer'),
    tillMigrations: join(root, 'migrations', 'till'),
    serverModule: join(root, 'src', 'server', 'main.ts'),
    devicesModule: join(root, 'hardware', 'worker.ts'),
    deviceRules: join(root, 'hardware', DEVICE_RULES),
  };
}

/** The program as Electron runs it, bundled; also inside an archive. */
export function programFromBundle(root: string): Program {
  const program = programFromSources(root);
  return {
    ...program,
    // An installed till has it beside its archive: a command cannot copy out of one.
    deviceRules: root.endsWith('.asar') ? join(root, '..', DEVICE_RULES) : program.deviceRules,
    serverModule: join(root, 'dist', 'electron', 'server.js'),
    devicesModule: join(root, 'dist', 'electron', 'devices.js'),
  };
}
