import { afterAll, describe, expect, test } from 'vitest';
import type { ScannerStatus } from '#contract/device.ts';
import { ok } from '#loyalty/result.ts';
import { aTill, removeFolders } from './support/a-till.ts';
import { fakeDevices, READY } from './support/fake-devices.ts';

afterAll(removeFolders);

const scanner = (state: ScannerStatus['state']): ScannerStatus => ({
  source: 'serial',
  address: 'serial:/dev/ttyACM0',
  state,
  problem: null,
  detail: '',
});

describe('what the devices say', () => {
  test('a scanner that got ready while its state was asked stays ready', async () => {
    const asked = Promise.withResolvers<void>();
    const devices = {
      ...fakeDevices(),
      status: async () => {
        await asked.promise;
        return ok({ printer: READY, scanners: [scanner('searching')] });
      },
    };
    const till = await aTill({ devices });
    devices.emit({ kind: 'scanner', status: scanner('ready') });
    asked.resolve();
    await till.time.settle();
    expect(till.state().scanners).toEqual([scanner('ready')]);
    await till.close();
  });

  test('after a new start of the device process its answer counts, and what is gone is gone', async () => {
    const answers = [[scanner('ready')], []];
    const devices = {
      ...fakeDevices(),
      status: async () => ok({ printer: READY, scanners: answers.shift() ?? [] }),
    };
    const till = await aTill({ devices });
    expect(till.state().scanners).toEqual([scanner('ready')]);
    devices.emit({ kind: 'stopped' });
    devices.emit({ kind: 'started' });
    await till.time.settle();
    expect(till.state().scanners).toEqual([]);
    await till.close();
  });
});
