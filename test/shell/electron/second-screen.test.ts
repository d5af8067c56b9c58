import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type DisplayLike, followSecondScreen } from '#shell/electron/second-screen.ts';

const counter: DisplayLike = { id: 1, bounds: { x: 0, y: 0, width: 1366, height: 768 } };
const facing: DisplayLike = { id: 2, bounds: { x: 1366, y: 0, width: 1024, height: 600 } };

describe('the window on the second screen', () => {
  it('is there while the screen is, and once', () => {
    let displays: readonly DisplayLike[] = [counter];
    const log: string[] = [];
    const screen = Object.assign(new EventEmitter(), {
      getPrimaryDisplay: () => counter,
      getAllDisplays: () => displays,
    });
    followSecondScreen(screen, ({ x }) => {
      log.push(`open at ${x}`);
      return { close: () => void log.push('close') };
    });
    expect(log).toEqual([]);
    displays = [counter, facing];
    screen.emit('display-added');
    screen.emit('display-added');
    expect(log).toEqual(['open at 1366']);
    displays = [counter];
    screen.emit('display-removed');
    expect(log).toEqual(['open at 1366', 'close']);
    displays = [counter, facing];
    screen.emit('display-added');
    expect(log).toEqual(['open at 1366', 'close', 'open at 1366']);
  });
});
