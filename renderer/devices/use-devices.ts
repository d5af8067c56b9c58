import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { FoundDevice } from '#contract/device.ts';
import type {
  DeviceDone,
  DeviceMake,
  DeviceRefusal,
  DeviceRoles,
  DevicesView,
} from '#contract/device-setup.ts';
import { share } from '#renderer/till/share.ts';
import { useTill } from '#renderer/till/till-context.ts';

/** How often the open screen asks how the devices are. */
const ASK_EVERY_MS = 600;

/** The devices as their screen uses them. */
export interface Devices {
  readonly view: DevicesView;
  readonly found: readonly FoundDevice[];
  readonly looking: boolean;
  readonly makes: {
    readonly printers: readonly DeviceMake[];
    readonly poles: readonly DeviceMake[];
  };
  /** Why the last wish was not done; null when it was. */
  readonly refusal: DeviceRefusal | 'silent' | null;
  readonly look: () => void;
  /** Does something and then looks how things are; one after the other, so that no tap is lost. */
  readonly wish: (ask: () => Promise<DeviceDone>) => Promise<boolean>;
  /** `change` sees the roles as the wishes before it left them; null = there is nothing to change. */
  readonly choose: (change: (roles: DeviceRoles) => RolesChange | null) => Promise<boolean>;
}

type RolesChange = Partial<Omit<DeviceRoles, 'affixes'>>;

export const DevicesContext = createContext<Devices | null>(null);

/** The devices; only inside their screen. */
export function useDevices(): Devices {
  const devices = useContext(DevicesContext);
  if (devices === null) throw new Error('useDevices is used inside DevicesContext only');
  return devices;
}

/** Asks for the devices as long as their screen is open; null until the first answer. */
export function useDevicesFromTill(): Devices | null {
  const till = useTill();
  const [view, setView] = useState<DevicesView | null>(null);
  const [found, setFound] = useState<readonly FoundDevice[]>([]);
  const [looking, setLooking] = useState(true);
  const [makes, setMakes] = useState<Devices['makes'] | null>(null);
  const [refusal, setRefusal] = useState<Devices['refusal']>(null);
  const open = useRef(true);
  const latest = useRef<DevicesView | null>(null);
  const lastWish = useRef<Promise<unknown>>(Promise.resolve());

  const ask = useCallback(async (): Promise<void> => {
    // A till that does not answer shows so elsewhere; here the last answer stays.
    const next = await till.call['devices.view'](null).catch(() => null);
    if (next === null) return;
    latest.current = share(latest.current, next);
    if (open.current) setView(latest.current);
  }, [till]);
  const find = useCallback((): void => {
    void till.call['devices.find'](null)
      .catch((): FoundDevice[] => [])
      .then((devices) => {
        if (!open.current) return;
        setFound(devices);
        setLooking(false);
      });
  }, [till]);
  const look = useCallback((): void => {
    setLooking(true);
    find();
  }, [find]);

  useEffect(() => {
    open.current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async (): Promise<void> => {
      await ask();
      if (open.current) timer = setTimeout(() => void again(), ASK_EVERY_MS);
    };
    void again();
    find();
    void till.call['devices.makes'](null).then(
      (known) => {
        if (open.current) setMakes(known);
      },
      () => undefined,
    );
    return () => {
      open.current = false;
      clearTimeout(timer);
    };
  }, [till, ask, find]);

  const fulfil = useCallback(
    async (perform: () => Promise<DeviceDone>): Promise<boolean> => {
      const done = await perform().catch(() => null);
      if (open.current)
        setRefusal(done === null ? 'silent' : done.outcome === 'refused' ? done.reason : null);
      // Of a screen that was left, too: the wish after this one goes on from what it left.
      await ask();
      return open.current && done?.outcome === 'done';
    },
    [ask],
  );
  const wish = useCallback<Devices['wish']>(
    (perform) => {
      const mine = lastWish.current.then(() => fulfil(perform));
      lastWish.current = mine;
      return mine;
    },
    [fulfil],
  );
  const choose = useCallback<Devices['choose']>(
    (change) =>
      wish(async () => {
        const chosen = latest.current === null ? null : change(latest.current.roles);
        return chosen === null ? { outcome: 'done' } : till.call['devices.choose'](chosen);
      }),
    [till, wish],
  );
  if (view === null || makes === null) return null;
  return { view, found, looking, makes, refusal, look, wish, choose };
}
