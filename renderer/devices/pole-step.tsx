import { type ReactNode, useState } from 'react';
import type { PoleStatus } from '#contract/device.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { useSay } from './devices-text.tsx';
import { TryButton } from './paper-step.tsx';
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

/** The display on a pole: where it is, which make, and a text to see it by. */
export function PoleStep(): ReactNode {
  const say = useSay();
  const { view, found, looking, makes, look, choose } = useDevices();
  const { pole, printer } = view.roles;
  const [tried, setTried] = useState(false);
  const isFixed = view.fixed.includes('pole');
  const listed = found.filter(
    ({ role, address }) => role === 'either' && address !== printer.address,
  );
  const line = atSpeed(pole.address, null);
  const isElsewhere = ![...listed.map(({ address }) => address), 'printer', 'none'].includes(line);
  const take = (address: string): Promise<boolean> => {
    const identity = listed.find((each) => each.address === address)?.identity ?? null;
    setTried(false);
    return choose((roles) =>
      address === atSpeed(roles.pole.address, null)
        ? null
        : { pole: { ...roles.pole, address, identity } },
    );
  };
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <FixedNote of="pole" />
        <ChoiceList
          label={say('found')}
          value={line}
          part="pole"
          isFixed={isFixed}
          onChange={take}
          choices={[
            { value: 'none', name: say('none-pole') },
            { value: 'printer', name: say('through-printer') },
            ...listed.map(({ address, name }) => ({ value: address, name, what: address })),
            ...(isElsewhere ? [{ value: line, name: line }] : []),
          ]}
        />
      </div>
      <div className={styles.column}>
        <PoleNote status={view.pole} address={pole.address} />
        {isFixed ? null : (
          <AddressField
            use="line"
            part="pole"
            action={say('use-address')}
            onUse={(address) => void take(address)}
          />
        )}
        {isFixed ? null : (
          <MakeSelect
            makes={makes.poles}
            value={pole.profile}
            part="pole-make"
            onChange={(profile) => void choose((roles) => ({ pole: { ...roles.pole, profile } }))}
          />
        )}
        {isFixed ? null : (
          <SpeedSelect
            address={pole.address}
            part="pole-speed"
            onChange={(speed) =>
              void choose(({ pole }) => ({
                pole: { ...pole, address: atSpeed(pole.address, speed) },
              }))
            }
          />
        )}
        <div className={styles.row}>
          {pole.address === 'none' ? null : (
            <TryButton what="pole" onTried={() => setTried(true)}>
              {say('pole.try')}
            </TryButton>
          )}
          <Button part="devices-look" isDisabled={looking} onPress={look}>
            {say(looking ? 'looking' : 'look-again')}
          </Button>
        </div>
        {tried ? <Note tone="info">{say('pole.tried')}</Note> : null}
      </div>
    </div>
  );
}

function PoleNote(props: {
  readonly status: PoleStatus | null;
  readonly address: string;
}): ReactNode {
  const say = useSay();
  const { status, address } = props;
  const state = address === 'none' ? 'none' : (status?.state ?? 'searching');
  const mayNot = status?.problem === 'permission';
  return (
    <>
      <Note
        tone={
          state === 'ready' ? 'ok' : state === 'none' || state === 'searching' ? 'info' : 'warning'
        }
        part="pole-state"
        announce
      >
        {say(mayNot ? 'pole.permission' : `pole.${state}`)}
      </Note>
      {mayNot ? <PermissionFix /> : null}
    </>
  );
}
