import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enrolledAnswer } from './shop.ts';

/** A server that lets a till in and then is in trouble: enough to start a till that works alone. */
export async function enrollingServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    const enrols = request.url === '/v1/enrol';
    response.writeHead(enrols ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(enrols ? enrolledAnswer : { code: 'try-again' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
