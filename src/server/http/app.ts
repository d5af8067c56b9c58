import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX, syncContract, type SyncCall } from '#contract/sync.ts';
import { PACKED_TYPE } from '#node/packed-texts.ts';
import { errorText, type Log } from '#node/log.ts';
import { DatabaseUnreachable } from '#server/database/database.ts';
import { OutcomeUnknown } from '#server/commands/executor.ts';
import { TooManyWaiting } from '#server/commands/push-queue.ts';
import {
  authenticate,
  isTill,
  SIGNATURE_AGE_MAX_S,
  type AuthenticationEnvironment,
} from './authenticate.ts';
import { enrol, signedCalls, type CallEnvironment } from './calls.ts';
import { createNonceMemory } from './nonces.ts';
import { createPokeHub } from './poke.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import { bodyOf, readInput, readSigned } from './read-body.ts';
import { setUpCall, type SetUpDoor } from '#server/setup/set-up.ts';

/** What the server's HTTP side needs. */
export interface ServerDeps extends CallEnvironment {
  readonly log: Log;
  /** Per till; the default lets a till catch up at full speed. */
  readonly tillLimit?: RateLimit;
  /** Per address, for joining. */
  readonly enrolLimit?: RateLimit;
  /** Absent = this server has a shop. */
  readonly setUpDoor?: SetUpDoor;
}

const TILL_LIMIT: RateLimit = { burst: 200, perSecond: 100 };
const ENROL_LIMIT: RateLimit = { burst: 10, perSecond: 0.2 };
const REQUEST_TIMEOUT_MS = 30_000;

type AnyCall = (till: unknown, input: unknown) => Promise<unknown>;

/** Makes the HTTP server; `inject` it in tests, `listen` with it in a process. */
export function createServerApp(deps: ServerDeps): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    logger: false,
  });
  // The signature covers the bytes as they came, so nobody parses before it was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', PACKED_TYPE],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
  });
  answerErrors(app, deps.log);

  const environment: AuthenticationEnvironment = {
    database: deps.database,
    nonces: createNonceMemory(2 * SIGNATURE_AGE_MAX_S * 1000),
    limiter: createRateLimiter(deps.tillLimit ?? TILL_LIMIT),
    knownTills: new Map(),
    nowMs: () => deps.nowMs(),
  };
  addCalls(app, deps, environment);
  addEnrol(app, deps);
  addSetUp(app, deps);
  addPoke(app, deps, environment);
  closeUnusedAtEnd(app);
  app.get('/healthz', async () => {
    await deps.database.query('select 1');
    return { ok: true };
  });
  return app;
}

/**
 * Closes, when the server closes, connections on which nothing was ever asked.
 *
 * Clients open them ahead of need; Node does not count them as idle and waits for their end.
 */
function closeUnusedAtEnd(app: FastifyInstance): void {
  const open = new Set<Socket>();
  let closing = false;
  app.server.on('connection', (socket) => {
    if (closing) socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
}

function addCalls(
  app: FastifyInstance,
  deps: ServerDeps,
  environment: AuthenticationEnvironment,
): void {
  for (const [name, handler] of Object.entries(signedCalls(deps))) {
    const shape = syncContract[name as SyncCall];
    app.post(`/v1/${name}`, async (request, reply) => {
      const till = await authenticate(
        environment,
        signable(request),
        request.headers,
        name === 'push',
      );
      if (!isTill(till)) {
        const { status, ...body } = till;
        deps.log.warn('request refused', { call: name, code: body.code });
        return reply.code(status).send(body);
      }
      const input = readSigned(name as SyncCall, request);
      if (!('value' in input)) return reply.code(input.status).send({ code: input.code });
      return shape.output.parse(await (handler as AnyCall)(till, input.value));
    });
  }
}

function addEnrol(app: FastifyInstance, deps: ServerDeps): void {
  const limiter = createRateLimiter(deps.enrolLimit ?? ENROL_LIMIT);
  app.post('/v1/enrol', async (request, reply) => {
    if (!limiter.take(request.ip, deps.nowMs())) {
      return reply.code(429).send({ code: 'too-many-requests' });
    }
    const input = readInput(syncContract.enrol.input, textOf(request));
    if (!('value' in input)) return reply.code(input.status).send({ code: input.code });
    const answer = syncContract.enrol.output.parse(
      await enrol(deps, syncContract.enrol.input.parse(input.value)),
    );
    deps.log.info('enrolment', { outcome: answer.outcome });
    return answer;
  });
}

function addSetUp(app: FastifyInstance, deps: ServerDeps): void {
  const limiter = createRateLimiter(deps.enrolLimit ?? ENROL_LIMIT);
  const setUp = setUpCall(deps, deps.setUpDoor ?? { codeHash: null, pairingMs: 0 });
  app.post('/v1/set-up', async (request, reply) => {
    if (!limiter.take(request.ip, deps.nowMs())) {
      return reply.code(429).send({ code: 'too-many-requests' });
    }
    const input = readInput(syncContract['set-up'].input, textOf(request));
    if (!('value' in input)) return reply.code(input.status).send({ code: input.code });
    const answer = await setUp(syncContract['set-up'].input.parse(input.value));
    deps.log.info('set-up', { outcome: answer.outcome });
    return syncContract['set-up'].output.parse(answer);
  });
}

function addPoke(
  app: FastifyInstance,
  deps: ServerDeps,
  environment: AuthenticationEnvironment,
): void {
  const hub = createPokeHub(deps.database, deps.executor);
  app.addHook('preClose', () => hub.close());
  app.get('/v1/poke', async (request, reply) => {
    const till = await authenticate(environment, signable(request), request.headers, false);
    if (!isTill(till)) {
      const { status, ...body } = till;
      return reply.code(status).send(body);
    }
    reply.hijack();
    hub.add(till, reply.raw);
    return reply;
  });
}

function signable(request: FastifyRequest): Parameters<typeof authenticate>[1] {
  return {
    method: request.method,
    authority: request.headers.host ?? '',
    target: request.url,
    body: bodyOf(request),
  };
}

function textOf(request: FastifyRequest): string {
  return Buffer.from(bodyOf(request)).toString('utf8');
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not-found' }));
  app.setErrorHandler((error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return reply.code(413).send({ code: 'too-large' });
    if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
      return reply.code(415).send({ code: 'not-json' });
    if (typeof code === 'string' && code.startsWith('FST_ERR_CTP')) {
      return reply.code(400).send({ code: 'bad-request' });
    }
    log.error('request failed', { call: request.routeOptions.url ?? '', reason: errorText(error) });
    const later =
      error instanceof OutcomeUnknown ||
      error instanceof TooManyWaiting ||
      error instanceof DatabaseUnreachable;
    const status = later ? 503 : 500;
    return reply.code(status).send({ code: status === 503 ? 'try-again' : 'internal' });
  });
}
