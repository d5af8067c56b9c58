import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { serverKeyCode } from '#contract/server-key.ts';
import { readIfThere, writeFileAtomic } from '#node/files.ts';
import {
  makeCertificate,
  publicKeyHash,
  type SelfMadeCertificate,
} from '#node/self-made-certificate.ts';

/** Where a server listens for other tills of the shop. */
export interface LanAddress {
  /** `0.0.0.0` = every network of this machine. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

/** A server's door on the shop's network. */
export interface LanDoor {
  readonly port: number;
  /** The short form of its public key, which a joining till is told beforehand. */
  readonly key: string;
  /** Lets nobody in any more, and cuts who stays `lastAnswersMs` later. */
  close(lastAnswersMs: number): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Tills of one shop, with some to spare for those that come back before the server noticed. */
const CONNECTIONS_MAX = 200;

const identityFile = z.strictObject({ certificate: z.string(), privateKey: z.string() });

/** The server's key and certificate; made once and kept, for its owner's eyes only. */
export function lanIdentity(directory: string): SelfMadeCertificate {
  const path = join(directory, 'lan-identity.json');
  const text = readIfThere(path);
  if (text !== null) return identityFile.parse(JSON.parse(text));
  const made = makeCertificate('Regulars server of this shop');
  writeFileAtomic(path, `${JSON.stringify(made)}\n`);
  return made;
}

/**
 * Opens the same calls on the shop's network, encrypted (TLS 1.3).
 *
 * A till knows the server by its key, which the pairing code carried: no name and no authority is
 * asked. Call after the app listens.
 */
export async function listenOnLan(
  app: FastifyInstance,
  identity: SelfMadeCertificate,
  { host, port }: LanAddress,
): Promise<LanDoor> {
  const server = createServer(
    {
      key: identity.privateKey,
      cert: identity.certificate,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    },
    (request, response) => app.routing(request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    key: serverKeyCode(publicKeyHash(identity.certificate)),
    async close(lastAnswersMs) {
      // Also those that never said a word, which Node waits for.
      const cut = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, lastAnswersMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
    },
  };
}
