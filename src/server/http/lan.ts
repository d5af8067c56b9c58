import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { serverKeyCode } from '#contract/server-key.ts';
import { readIfThere, writeFileAtomic } from '#node/files.ts';
import { errorText, type Log } from '#node/log.ts';
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

/** The kept key cannot be read. Another in its place would lock out every till that pinned it. */
export class LanIdentityDamaged extends Error {
  constructor(path: string, cause: unknown) {
    super(
      `${path} is damaged: the other tills know this server by the key in it. Put it back from its backup. ` +
        'If it is lost, delete it, and start each of them with a new pairing code.',
      { cause },
    );
    this.name = 'LanIdentityDamaged';
  }
}

/** The server's key and certificate; made once and kept, for its owner's eyes only. */
export function lanIdentity(directory: string): SelfMadeCertificate {
  const path = join(directory, 'lan-identity.json');
  const text = readIfThere(path);
  if (text !== null) {
    try {
      const kept = identityFile.parse(JSON.parse(text));
      createSecureContext({ key: kept.privateKey, cert: kept.certificate });
      return kept;
    } catch (error) {
      throw new LanIdentityDamaged(path, error);
    }
  }
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

/** A door that is opened as soon as it can be. */
export interface AwaitedDoor {
  /** Null while it is shut. */
  door(): LanDoor | null;
  close(lastAnswersMs: number): Promise<void>;
}

/** What may pass: the network is not up yet, the machine has another address now, the port is taken. */
const MAY_PASS: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EADDRINUSE']);
/** How often a door that could not be opened is tried again. */
const OPEN_AGAIN_MS = 5000;

/**
 * Opens the door, now or as soon as that is possible: the server's own till must not wait for other tills'
 * network. Throws what does not pass by itself.
 */
export async function awaitLan(
  app: FastifyInstance,
  identity: SelfMadeCertificate,
  address: LanAddress,
  log: Log,
): Promise<AwaitedDoor> {
  let door: LanDoor | null = null;
  let opening: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  const open = async (): Promise<void> => {
    try {
      door = await listenOnLan(app, identity, address);
      log.info('listening on the network', { port: door.port });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && MAY_PASS.has(error.code))) throw error;
      log.error('not open to the network', { reason: errorText(error) });
      timer = setTimeout(() => {
        opening = open().catch((later: unknown) =>
          log.error('not open to the network', { reason: errorText(later) }),
        );
      }, OPEN_AGAIN_MS);
    }
  };
  await open();
  return {
    door: () => door,
    async close(lastAnswersMs) {
      await opening;
      if (timer !== null) clearTimeout(timer);
      await door?.close(lastAnswersMs);
    },
  };
}
