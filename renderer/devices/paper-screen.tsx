import { type ReactNode, useEffect, useState } from 'react';
import type { VirtualHand, VirtualHandChange } from '#contract/device.ts';
import { show } from '#renderer/cashier/member-actions.ts';
import { useCounter } from '#renderer/cashier/use-counter.ts';
import screen from '#renderer/setup/setup-screen.module.css';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { DevicesText, useSay } from './devices-text.tsx';
import { StripPicture } from './paper-strip.tsx';
import { ChoiceList } from './parts.tsx';
import styles from './parts.module.css';
import { usePapers } from './use-papers.ts';

/** The virtual printer as a thing one can look at and put a hand on. */
export function PaperScreen(): ReactNode {
  const market = useTillState((state) => state.shop.market);
  return (
    <DevicesText market={market}>
      <PaperPage />
    </DevicesText>
  );
}

function PaperPage(): ReactNode {
  const say = useSay();
  const counter = useCounter();
  const papers = usePapers();
  return (
    <div className={screen.screen} data-part="paper">
      <header className={screen.bar}>
        <h1 className={screen.brand}>{say('live.title')}</h1>
        <Button icon="back" part="paper-back" onPress={() => show(counter, { kind: 'sell' })}>
          {say('back')}
        </Button>
      </header>
      <main className={screen.page}>
        <div className={styles.live}>
          <div className={styles.column}>
            <Hands />
          </div>
          <div className={styles.paper} tabIndex={0} role="group" aria-label={say('live.what')}>
            {papers.length === 0 ? <p className={styles.lead}>{say('live.empty')}</p> : null}
            <div className={styles.strips}>
              {papers.toReversed().map(({ number, paper }) => (
                <StripPicture key={number} paper={paper} label={say('live.strip', { number })} />
              ))}
            </div>
          </div>
        </div>
      </main>
    </div>
  );
}

/** Paper, cover, whether it takes data, and the drawer: what a hand can change. */
function Hands(): ReactNode {
  const say = useSay();
  const { hand, lay } = useHand();
  if (hand === undefined) return null;
  if (hand === null) return <Note tone="info">{say('live.gone')}</Note>;
  return (
    <>
      <ChoiceList
        label={say('live.paper')}
        value={hand.paper}
        part="paper"
        layout="side"
        onChange={(paper) => lay({ paper: papersOf.find((each) => each === paper) ?? 'ok' })}
        choices={papersOf.map((value) => ({ value, name: say(`live.paper-${value}`) }))}
      />
      <ChoiceList
        label={say('live.cover')}
        value={hand.coverOpen ? 'open' : 'closed'}
        part="cover"
        layout="side"
        onChange={(value) => lay({ coverOpen: value === 'open' })}
        choices={[
          { value: 'closed', name: say('live.closed') },
          { value: 'open', name: say('live.open') },
        ]}
      />
      <ChoiceList
        label={say('live.reads')}
        value={hand.reads ? 'yes' : 'no'}
        part="reads"
        layout="side"
        onChange={(value) => lay({ reads: value === 'yes' })}
        choices={[
          { value: 'yes', name: say('live.yes') },
          { value: 'no', name: say('live.no') },
        ]}
      />
      <ChoiceList
        label={say('live.drawer')}
        value={hand.drawerOpen ? 'open' : 'closed'}
        part="drawer"
        layout="side"
        onChange={(value) => lay({ drawerOpen: value === 'open' })}
        choices={[
          { value: 'closed', name: say('live.closed') },
          { value: 'open', name: say('live.open') },
        ]}
      />
    </>
  );
}

const papersOf = ['ok', 'near-end', 'out'] as const;
const ASK_EVERY_MS = 800;

/** How the virtual printer stands; undefined before the first answer, null where it is a real one. */
function useHand(): {
  readonly hand: VirtualHand | null | undefined;
  readonly lay: (change: VirtualHandChange) => Promise<void>;
} {
  const till = useTill();
  const [hand, setHand] = useState<VirtualHand | null | undefined>(undefined);
  useEffect(() => {
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const now = await till.call['devices.hand']({}).catch(() => undefined);
      if (!open) return;
      if (now !== undefined) setHand(now);
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [till]);
  const lay = (change: VirtualHandChange): Promise<void> =>
    till.call['devices.hand'](change).then(setHand, () => undefined);
  return { hand, lay };
}
