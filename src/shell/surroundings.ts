import { createHash, createHmac, randomBytes } from 'node:crypto';
import { uptime } from 'node:os';
import { readPrivateKey, signHeadHash } from '#node/ed25519.ts';
import { hashPin, pepperHash, sameHash } from '#node/pin.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import type { Clock, Ids, Timer, TillCrypto } from '#till/ports.ts';
import type { TillSecrets } from './enrolment.ts';

/** Below this clocks differ by how coarsely one of them is told: by whole seconds on macOS. */
const SLEEP_LEAST_MS = 5_000;
/** The clocks drift apart slowly; so often it is seen to at least. */
const COMPARE_EVERY_MS = 60_000;

/** The clocks of a machine, in milliseconds. */
export interface MachineClocks {
  /** Never goes back; stands still while the machine sleeps, on Linux and macOS. */
  awakeMs(): number;
  /** What people read, and may set. */
  wallMs(): number;
  /** Since the machine was started, its sleep included. Costs a call of the system. */
  sinceBootMs(): number;
}

/**
 * A clock that never goes back and also goes on while the machine sleeps, in milliseconds.
 *
 * By the process's own clock a night's sleep would look as if somebody had set the wall clock by as
 * much, and a till left open at night would not know in the morning that nobody had touched it. The time
 * since the machine was started tells what was slept; it is asked where the wall clock has moved by
 * itself, which it has after any sleep.
 */
export function throughSleep({ awakeMs, wallMs, sinceBootMs }: MachineClocks): () => number {
  let slept = 0;
  let comparedMs = awakeMs();
  let wallAhead = wallMs() - comparedMs;
  let bootAhead = sinceBootMs() - comparedMs;
  return () => {
    const now = awakeMs();
    const moved = Math.abs(wallMs() - now - wallAhead);
    if (moved < SLEEP_LEAST_MS && now - comparedMs < COMPARE_EVERY_MS) return now + slept;
    const ahead = sinceBootMs() - now;
    if (ahead - bootAhead >= SLEEP_LEAST_MS) slept += ahead - bootAhead;
    [comparedMs, wallAhead, bootAhead] = [now, wallMs() - now, ahead];
    return now + slept;
  };
}

/** The machine's clocks. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: throughSleep({
    awakeMs: () => performance.now(),
    wallMs: () => Date.now(),
    sinceBootMs: () => uptime() * 1000,
  }),
};

/** The machine's randomness. */
export const systemIds: Ids = {
  uuid: () => uuidV7(Date.now(), randomBytes(10)),
  randomBytes: (count) => new Uint8Array(randomBytes(count)),
};

/** Timers that end together with the till they were made for. */
export interface StoppableTimer extends Timer {
  /** Cancels everything that waits; what is asked for afterwards never runs. */
  stop(): void;
}

/**
 * The machine's timers, for one till.
 *
 * Some waits, such as a reward's lease of minutes, are never cancelled by the till that asked for
 * them. Left alone they keep a stopped process alive and then write to a closed database.
 */
export function createSystemTimer(): StoppableTimer {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    after(delayMs, run) {
      if (stopped) return () => undefined;
      const timer = setTimeout(() => {
        waiting.delete(timer);
        run();
      }, delayMs);
      waiting.add(timer);
      return () => {
        waiting.delete(timer);
        clearTimeout(timer);
      };
    },
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** The last instant a UUID can say, in the year 10889. */
const UUID_MS_MAX = 2 ** 48 - 1;

/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits.
 *
 * `random` = 10 bytes; 6 of their 80 bits give way to version and variant.
 */
export function uuidV7(wallMs: number, random: Uint8Array): string {
  // A clock beyond the 48 bits, or before 1970, still gives an id that is one.
  const told = Math.min(Math.max(0, Math.floor(wallMs)), UUID_MS_MAX);
  const time = told.toString(16).padStart(12, '0');
  const rest = Buffer.from(random);
  rest.writeUInt8(0x70 | (rest.readUInt8(0) & 0x0f), 0);
  rest.writeUInt8(0x80 | (rest.readUInt8(2) & 0x3f), 2);
  const hex = time + rest.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** What the till does with its keys; the keys stay in here. */
export function tillCrypto(secrets: TillSecrets): TillCrypto {
  const identifierKey = Buffer.from(secrets.identifierKey, 'hex');
  const privateKey = readPrivateKey(secrets);
  return {
    chainHash,
    identifierHash: (kind, value) =>
      createHmac('sha256', identifierKey).update(`${kind}:${value}`).digest('hex'),
    sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
    sign: (hex) => signHeadHash(hex, privateKey),
    pepperPin: (hash) => pepperHash(hash, secrets.pinPepper),
    async pinFits(pin, { salt, hash }) {
      const typed = await hashPin(pin, salt);
      return sameHash(pepperHash(typed.hash, secrets.pinPepper), hash);
    },
  };
}
