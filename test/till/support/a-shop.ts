import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type RunningServer } from '#server/start.ts';
import { quiet } from './a-real-till.ts';
import { aConfig } from './a-till.ts';

/** A real server of the shop of the tests, started again for each till that joins: each start has one code. */
export interface Shop {
  startWith(pairingCode: string): Promise<void>;
  /** Where it is now; null while it is down. */
  url(): URL | null;
  stop(): Promise<void>;
}

/** Makes one in a folder. Nothing is started. */
export function aShop(folder: string, config = aConfig()): Shop {
  writeFileSync(join(folder, 'shop.json'), JSON.stringify(config));
  let server: RunningServer | null = null;
  let url: URL | null = null;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
    url = null;
  };
  return {
    async startWith(pairingCode) {
      await stop();
      server = await startServer({
        directory: join(folder, 'server'),
        databaseUrl: null,
        host: '127.0.0.1',
        port: 0,
        demo: false,
        shopFile: join(folder, 'shop.json'),
        pairingCode,
        log: quiet,
        onBroken: () => {},
      });
      url = new URL(server.url);
    },
    url: () => url,
    stop,
  };
}
