import type { ReactNode } from 'react';
import type { PrinterStatus } from '#contract/device.ts';
import type { PrinterChoice } from '#contract/device-setup.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './devices-text.tsx';
import { atSpeed } from './address.ts';
import {
  AddressField,
  ChoiceList,
  FixedNote,
  MakeSelect,
  PermissionFix,
  SpeedSelect,
} from './parts.tsx';
import styles from './parts.module.css';
import { useDevices } from './use-devices.ts';

/** Where the printer is, and which model. */
export function PrinterStep(): ReactNode {
  const say = useSay();
  const { view, found, looking, makes, look, choose } = useDevices();
  const { printer } = view.roles;
  const isFixed = view.fixed.includes('printer');
  const listed = found.filter(({ role }) => role !== 'scanner');
  const line = atSpeed(printer.address, null);
  const isElsewhere = ![...listed.map(({ address }) => address), 'virtual', 'none'].includes(line);
  const take = (address: string): Promise<boolean> => {
    const identity = listed.find((each) => each.address === address)?.identity ?? null;
    // Another printer: what was learnt about the one before is not true of it.
    return choose((roles) =>
      address === atSpeed(roles.printer.address, null)
        ? null
        : { printer: { ...fresh, address, identity } },
    );
  };
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <FixedNote of="printer" />
        <ChoiceList
          label={say('found')}
          value={line}
          part="printer"
          isFixed={isFixed}
          onChange={take}
          choices={[
            { value: 'virtual', name: say('virtual'), what: say('virtual-what') },
            ...listed.map(({ address, name }) => ({ value: address, name, what: address })),
            ...(isElsewhere ? [{ value: line, name: line }] : []),
            { value: 'none', name: say('none-printer') },
          ]}
        />
        {listed.length === 0 ? <p className={styles.hint}>{say('nothing-found')}</p> : null}
      </div>
      <div className={styles.column}>
        <PrinterNote />
        {isFixed ? null : (
          <AddressField
            use="printer"
            part="printer"
            action={say('use-address')}
            onUse={(address) => void take(address)}
          />
        )}
        {isFixed ? null : (
          <MakeSelect
            makes={makes.printers}
            value={printer.profile}
            part="printer-make"
            onChange={(profile) =>
              void choose((roles) => ({
                printer: { ...roles.printer, profile, pairing: fresh.pairing },
              }))
            }
          />
        )}
        {isFixed ? null : (
          <SpeedSelect
            address={printer.address}
            part="printer-speed"
            // The same printer: what was learnt about it stays.
            onChange={(speed) =>
              void choose(({ printer }) => ({
                printer: { ...printer, address: atSpeed(printer.address, speed) },
              }))
            }
          />
        )}
        <div className={styles.row}>
          <Button part="devices-look" isDisabled={looking} onPress={look}>
            {say(looking ? 'looking' : 'look-again')}
          </Button>
        </div>
      </div>
    </div>
  );
}

const fresh: PrinterChoice = {
  address: 'none',
  identity: null,
  profile: null,
  pairing: { codePage: null, columns: null },
  drawerOpenLevel: null,
};

/** How the printer is now, and what to do where it is not well. */
export function PrinterNote(): ReactNode {
  const say = useSay();
  const { view, found } = useDevices();
  const { printer } = view;
  if (printer === null) {
    return (
      <Note tone="info" part="printer-state">
        {say('starting')}
      </Note>
    );
  }
  const mayNot =
    printer.problem === 'permission' ||
    found.some(({ address, problem }) => address === printer.address && problem === 'permission');
  const isWell = printer.state === 'ready' || printer.state === 'printing';
  return (
    <>
      <Note
        tone={isWell ? 'ok' : printer.address === 'none' ? 'info' : 'warning'}
        part="printer-state"
        announce
      >
        {say(mayNot ? 'printer.permission' : keyOf(printer))}
      </Note>
      {mayNot ? <PermissionFix /> : null}
    </>
  );
}

function keyOf({ address, state, problem }: PrinterStatus) {
  if (address === 'none') return 'printer.none';
  if (problem === 'busy') return 'printer.busy';
  return `printer.${state}` as const;
}
