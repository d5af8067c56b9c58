import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import type { LivingChannel } from '#renderer/channel/web-socket-channel.ts';
import { createTillClient, type TillClient } from '#renderer/till/till-client.ts';
import { aState } from '#test/renderer/gallery/fixtures.ts';

interface Wire {
  readonly till: TillClient;
  readonly sendState: (state: TillState) => void;
  readonly sendText: (frame: string) => void;
}

const emptyState = aState();

/** A client whose core is this test. */
function wire(): Wire {
  const listeners = new Set<(frame: string) => void>();
  const channel: LivingChannel = {
    send: () => undefined,
    onFrame(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onOpen(listener) {
      listener(true);
      return () => undefined;
    },
  };
  const till = createTillClient(channel);
  const sendText = (frame: string): void => {
    for (const listener of listeners) listener(frame);
  };
  const sendState = (state: TillState): void =>
    sendText(JSON.stringify({ event: 'state', payload: state }));
  return { till, sendState, sendText };
}

describe('the page’s connection to the till', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('tells nobody of a state that says what the last one said', async () => {
    const { till, sendState } = wire();
    const told = vi.fn<() => void>();
    till.subscribe(told);
    sendState(emptyState);
    const first = till.snapshot();
    sendState(emptyState);
    await setImmediate();
    expect(told).toHaveBeenCalledTimes(1);
    expect(till.snapshot()).toBe(first);
  });

  it('keeps the parts that a new state did not change', () => {
    const { till, sendState } = wire();
    sendState(emptyState);
    const before = till.snapshot().state;
    sendState({ ...emptyState, revision: emptyState.revision + 1, lookingUp: true });
    const after = till.snapshot().state;
    expect(after?.lookingUp).toBe(true);
    expect(after).not.toBe(before);
    expect(after?.basket).toBe(before?.basket);
    expect(after?.shop).toBe(before?.shop);
  });

  it('keeps what it has when a frame does not pass the contract', () => {
    const { till, sendState, sendText } = wire();
    sendState(emptyState);
    const before = till.snapshot();
    sendText(JSON.stringify({ event: 'state', payload: { ...emptyState, revision: -1 } }));
    sendText(JSON.stringify({ event: 'state', payload: { ...emptyState, extra: true } }));
    sendText('{');
    expect(till.snapshot()).toBe(before);
  });
});
