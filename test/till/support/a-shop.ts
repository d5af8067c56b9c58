import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShopConfig } from '#contract/shop.ts';
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

/** Makes one in a folder; null = the demo's shop. Nothing is started. */
export function aShop(folder: string, config: ShopConfig | null = aConfig()): Shop {
  const shopFile = config === null ? null : join(folder, 'shop.json');
  if (shopFile !== null) writeFileSync(shopFile, JSON.stringify(config));
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
        demo: shopFile === null,
        shopFile,
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
