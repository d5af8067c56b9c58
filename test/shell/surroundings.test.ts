import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { generateSigningKeys, readPublicKey, verifyHeadHash } from '#node/ed25519.ts';
import {
  createSystemTimer,
  systemClock,
  throughSleep,
  tillCrypto,
  uuidV7,
  type MachineClocks,
} from '#shell/surroundings.ts';

describe('identities', () => {
  it('are UUIDs of version 7 that sort by their time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(time, random, random, (ms, left, right) => {
        const id = uuidV7(ms, left);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(ms);
        if (ms > 0) expect(uuidV7(ms - 1, right) < id).toBe(true);
      }),
    );
    // RFC 9562, appendix A.6.
    const example = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(uuidV7(0x017f22e279b0, example)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it.each([-1, Date.UTC(12_000, 0), 8.64e15])('are UUIDs at the instant %d, too', (ms) => {
    expect(z.uuid().safeParse(uuidV7(ms, new Uint8Array(10))).success).toBe(true);
  });
});

describe('the clock that never goes back', () => {
  const NIGHT_MS = 9 * 3_600_000;
  const clocksOf = (told: { awakeMs: number; bootMs: number; wallMs: number }): MachineClocks => ({
    awakeMs: () => told.awakeMs,
    wallMs: () => told.wallMs,
    sinceBootMs: () => told.bootMs,
  });

  it('goes on while the machine sleeps, so that nobody seems to have set the wall clock', () => {
    const told = { awakeMs: 4_000.25, bootMs: 86_400_000, wallMs: Date.UTC(2026, 10, 23, 22) };
    const clock = throughSleep(clocksOf(told));
    const difference = (): number => told.wallMs - clock();
    const pass = (awakeMs: number, asleepMs = 0): void => {
      told.awakeMs += awakeMs;
      told.bootMs += awakeMs + asleepMs;
      told.wallMs += awakeMs + asleepMs;
    };
    expect(clock()).toBe(4_000.25);
    const before = difference();
    pass(30_000, NIGHT_MS);
    expect(difference()).toBe(before);
    pass(30_000);
    pass(1, NIGHT_MS);
    expect(difference()).toBe(before);
    told.wallMs += 3_600_000;
    expect(difference() - before).toBe(3_600_000);
  });

  it('never goes back and counts no sleep where there was none, whoever sets the wall clock', () => {
    const setMs = fc.constantFrom(0, 0, -3_600_000, 3_600_000);
    const step = fc.record({ awakeMs: fc.nat(40_000), behindMs: fc.nat(1_000), setMs });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const told = { awakeMs: 0, bootMs: 5_000, wallMs: 0 };
        const clock = throughSleep(clocksOf(told));
        for (const { awakeMs, behindMs, setMs } of steps) {
          told.awakeMs += awakeMs;
          told.wallMs += awakeMs + setMs;
          told.bootMs = 5_000 + told.awakeMs - behindMs;
          expect(clock()).toBe(told.awakeMs);
        }
      }),
    );
  });

  it('is the process’s own while the machine is awake', () => {
    const least = performance.now();
    const told = systemClock.monoMs();
    expect(told).toBeGreaterThanOrEqual(least);
    expect(told).toBeLessThanOrEqual(performance.now());
  });
});

describe('the till’s keys', () => {
  const keys = generateSigningKeys();
  const pinPepper = 'ef'.repeat(32);
  const crypto = tillCrypto({ ...keys, identifierKey: 'ab'.repeat(32), pinPepper });

  it('sign a head hash so that the public key knows it', () => {
    const head = createHash('sha256').update('head').digest('hex');
    const publicKey = readPublicKey(keys.publicKey);
    if (publicKey === null) throw new Error('the key was just made');
    expect(verifyHeadHash(head, crypto.sign(head), publicKey)).toBe(true);
  });

  it('hide identifiers behind the tenant’s key, cards and phones apart', () => {
    const other = tillCrypto({ ...keys, identifierKey: 'cd'.repeat(32), pinPepper });
    const hashes = [
      crypto.identifierHash('card', '1'),
      crypto.identifierHash('phone', '1'),
      other.identifierHash('card', '1'),
    ];
    expect(new Set(hashes).size).toBe(3);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the machine’s timers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('end with the till they were made for, those it never cancelled too', () => {
    const timer = createSystemTimer();
    const ran: string[] = [];
    timer.after(10, () => ran.push('in time'));
    timer.after(20, () => ran.push('cancelled'))();
    timer.after(300_000, () => ran.push('a lease'));
    vi.advanceTimersByTime(50);
    timer.stop();
    timer.after(10, () => ran.push('after the end'));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(600_000);
    expect(ran).toEqual(['in time']);
  });
});
