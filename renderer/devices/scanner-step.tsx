import type { ReactNode } from 'react';
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import type { ScannerStatus } from '#contract/device.ts';
import { Note } from '#renderer/ui/note.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useSay } from './devices-text.tsx';
import { AddressField, FixedNote, PermissionFix, useTapped } from './parts.tsx';
import styles from './parts.module.css';
import { ScannerLesson } from './scanner-lesson.tsx';
import { useDevices } from './use-devices.ts';

const KEYBOARD = 'keyboard';

/** Which scanners the till listens to, and what one scan teaches about one of them. */
export function ScannerStep(): ReactNode {
  const say = useSay();
  const { looking, look, view } = useDevices();
  const isFixed = view.fixed.includes('scanners');
  const add = useAddScanner();
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <FixedNote of="scanners" />
        <ScannerList />
        {view.scanners.map((status) => (
          <StatusNote key={`${status.source} ${status.address}`} status={status} />
        ))}
        {isFixed ? null : (
          <AddressField use="line" part="scanner" action={say('scanner.add')} onUse={add} />
        )}
        <div className={styles.row}>
          <Button part="devices-look" isDisabled={looking} onPress={look}>
            {say(looking ? 'looking' : 'look-again')}
          </Button>
        </div>
      </div>
      <div className={styles.column}>
        <ScannerLesson />
      </div>
    </div>
  );
}

function useAddScanner(): (address: string) => void {
  const { choose } = useDevices();
  return (address) =>
    void choose(({ scanners }) =>
      scanners.some((scanner) => scanner.address === address)
        ? null
        : { scanners: [...scanners, { address, identity: null }] },
    );
}

/** Everything that may be a scanner, and what was added by hand; the keyboard always works. */
function ScannerList(): ReactNode {
  const say = useSay();
  const { view, found, choose } = useDevices();
  const { scanners, printer, pole } = view.roles;
  const others = new Set([printer.address, pole.address]);
  const listed = new Map(
    found
      .filter(
        ({ role, address }) => role !== 'printer' && address !== KEYBOARD && !others.has(address),
      )
      .map((device) => [device.address, device]),
  );
  const chosen = scanners.map(({ address }) => address).filter((address) => address !== KEYBOARD);
  const all = [...new Set([...listed.keys(), ...chosen])];
  const identityOf = (address: string): string | null =>
    address === 'hid' ? null : (listed.get(address)?.identity ?? null);
  const [shown, tap] = useTapped(chosen, (next: string[], before) => {
    const added = next.filter((address) => !before.includes(address));
    const taken = before.filter((address) => !next.includes(address));
    return choose((roles) => {
      const kept = roles.scanners.filter(({ address }) => !taken.includes(address));
      const fresh = added.filter((address) => !kept.some((each) => each.address === address));
      return {
        scanners: [
          ...kept,
          ...fresh.map((address) => ({ address, identity: identityOf(address) })),
        ],
      };
    });
  });
  return (
    <CheckboxGroup
      className={styles.group ?? ''}
      value={[KEYBOARD, ...shown]}
      isDisabled={view.fixed.includes('scanners')}
      onChange={(next) => tap(next.filter((address) => address !== KEYBOARD))}
    >
      <Label className={styles.lead ?? ''}>{say('scanner.listen')}</Label>
      <Checkbox
        value={KEYBOARD}
        isDisabled
        className={styles.choice ?? ''}
        data-part="scanner-keyboard"
      >
        <span className={styles.name}>{say('scanner.keyboard')}</span>
        <span className={styles.hint}>{say('scanner.keyboard-what')}</span>
      </Checkbox>
      {all.map((address) => (
        <Checkbox
          key={address}
          value={address}
          className={styles.choice ?? ''}
          data-part={`scanner-${address}`}
        >
          <bdi className={styles.name}>{listed.get(address)?.name ?? address}</bdi>
          <bdi className={styles.hint}>{address}</bdi>
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
}

function StatusNote({ status }: { readonly status: ScannerStatus }): ReactNode {
  const say = useSay();
  const { address, state, problem, detail } = status;
  const isWell = state === 'ready' && problem === null;
  return (
    <>
      <Note
        tone={isWell ? 'ok' : state === 'searching' ? 'info' : 'warning'}
        part="scanner-state"
        announce
      >
        {say(`scanner.${problem ?? state}`, { address, detail })}
      </Note>
      {problem === 'permission' ? <PermissionFix /> : null}
    </>
  );
}
