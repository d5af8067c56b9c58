import { request, Agent } from 'node:https';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { serverKeyCode } from '#contract/server-key.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { publicKeyHash } from '#node/self-made-certificate.ts';

/** What a request needs here; a part of what `fetch` takes. */
export interface FetchInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** Asks a server and gives its answer as `fetch` does. */
export type Fetch = (url: URL, init: FetchInit) => Promise<Response>;

/** The system's `fetch`. A signature covers one address, so nobody is followed elsewhere. */
export const systemFetch: Fetch = (url, { body, ...init }) =>
  fetch(url, {
    ...init,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    redirect: 'error',
  });

/** Somebody answers at the server's address with another key. Nothing was sent. */
export class WrongServerKey extends Error {
  constructor() {
    super('The server shows another key than the one this till was paired with');
    this.name = 'WrongServerKey';
  }
}

/** Why nothing could be pinned. */
export type MeetProblem = 'unreachable' | 'wrong-key';

/**
 * Looks at the key of whoever answers, and says nothing.
 *
 * Returns the certificate to be pinned (PEM) where its key is the one the pairing code told.
 */
export function meetServer(
  url: URL,
  key: string,
  timeoutMs: number,
): Promise<Result<string, MeetProblem>> {
  return new Promise((resolve) => {
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port === '' ? 443 : url.port),
      minVersion: 'TLSv1.3',
      // Nobody vouches for it: the key itself is compared below, before a byte is sent.
      rejectUnauthorized: false,
    });
    const end = (outcome: Result<string, MeetProblem>): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(timeoutMs, () => end(err('unreachable')));
    socket.once('error', () => end(err('unreachable')));
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate()?.toString();
      const fits = shown !== undefined && serverKeyCode(publicKeyHash(shown)) === key;
      end(fits ? ok(shown) : err('wrong-key'));
    });
  });
}

/** OpenSSL's and Node's words for a certificate that is not the expected one. */
const ANOTHER_CERTIFICATE =
  /CERT|ISSUER|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT|INVALID_CA|SIGNATURE_FAILURE/;

/** Whether that is why nobody was reached: who answers has a certificate that nobody vouches for. */
export function isAnotherCertificate(code: string): boolean {
  return ANOTHER_CERTIFICATE.test(code);
}

/** Connections kept open between calls. */
const SOCKETS_MAX = 8;

/** A `fetch` that talks to the one server whose certificate is pinned, and to nobody else. */
export function pinnedFetch(certificate: string): Fetch {
  const pinned = Buffer.from(publicKeyHash(certificate)).toString('hex');
  const agent = new Agent({
    ca: certificate,
    minVersion: 'TLSv1.3',
    keepAlive: true,
    maxSockets: SOCKETS_MAX,
    // A resumed session is not looked at again.
    maxCachedSessions: 0,
    checkServerIdentity: (_host, { raw }) =>
      Buffer.from(publicKeyHash(new X509Certificate(raw).toString())).toString('hex') === pinned
        ? undefined
        : new WrongServerKey(),
  });
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const asked = request(url, { method, headers: { ...headers, ...length }, agent, signal });
      asked.once('response', (answer) => {
        const told = new Headers();
        for (const [name, value] of Object.entries(answer.headers)) {
          if (value !== undefined) told.set(name, String(value));
        }
        resolve(
          new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, {
            status: answer.statusCode ?? 502,
            headers: told,
          }),
        );
      });
      asked.once('error', (error: Error & { readonly code?: string }) =>
        reject(isAnotherCertificate(error.code ?? '') ? new WrongServerKey() : error),
      );
      asked.end(body);
    });
}
