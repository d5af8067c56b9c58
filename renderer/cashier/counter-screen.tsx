import type { ReactNode } from 'react';
import { assertNever } from '#loyalty/result.ts';
import { ConsentsPanel } from '#renderer/enrol/consents-panel.tsx';
import { EnrolPanel } from '#renderer/enrol/enrol-panel.tsx';
import { useTillState } from '#renderer/till/till-context.ts';
import { ScreenSizePanel } from '#renderer/settings/screen-size-panel.tsx';
import { ScannerPanel } from '#renderer/settings/scanner-panel.tsx';
import { SettingsPanel } from '#renderer/settings/settings-panel.tsx';
import { Actions } from './actions.tsx';
import { Bar } from './bar.tsx';
import { Basket } from './basket.tsx';
import { CodePanel } from './code-panel.tsx';
import { CatalogueContext, useCatalogueFromTill } from './catalogue.ts';
import styles from './counter-screen.module.css';
import { FindReceipt } from './find-receipt.tsx';
import { HelpPanel } from './help-panel.tsx';
import { MemberStrip } from './member-strip.tsx';
import { Products } from './products.tsx';
import { ParkedPanel } from './parked-panel.tsx';
import { ReceiptPanel } from './receipt-panel.tsx';
import { ReturnPanel } from './return-panel.tsx';
import { SellPanel } from './sell-panel.tsx';
import { Settled } from './settled.tsx';
import { Tenders } from './tenders.tsx';
import { Totals } from './totals.tsx';
import { useCounterUi } from './use-counter.ts';

/** One screen for a whole sale: who and what on one side, what to do about it on the other. */
export function CounterScreen(): ReactNode {
  return (
    <CatalogueContext value={useCatalogueFromTill()}>
      <div className={styles.screen} data-part="counter">
        <Bar />
        <main className={styles.columns}>
          <div className={styles.sale}>
            <MemberStrip />
            <Basket />
            <Totals />
            <Actions />
          </div>
          <div className={styles.hand}>
            <RightColumn />
          </div>
          <div className={styles.goods}>
            <Products columns={1} />
          </div>
        </main>
      </div>
    </CatalogueContext>
  );
}

function RightColumn(): ReactNode {
  const panel = useCounterUi((ui) => ui.panel);
  switch (panel.kind) {
    case 'sell':
      return <SellOrReturn />;
    case 'tenders':
      return <Tenders />;
    case 'settled':
      return <LastSettled changeMinor={panel.changeMinor} />;
    case 'enrol':
      return <EnrolPanel step={panel.step} useScannedCard={panel.useScannedCard} />;
    case 'consents':
      return <ConsentsOrSell />;
    case 'find-receipt':
      return <FindReceipt />;
    case 'code':
      return <CodePanel />;
    case 'parked':
      return <ParkedPanel />;
    case 'receipt':
      return <ReceiptPanel saleId={panel.saleId} />;
    case 'settings':
      return <SettingsPanel />;
    case 'scanner':
      return <ScannerPanel />;
    case 'screen-size':
      return <ScreenSizePanel />;
    case 'help':
      return <HelpPanel />;
    case 'close-shift':
      return <SellPanel />;
    default:
      return assertNever(panel, 'the right column');
  }
}

/** Whose consents they are has left the sale: so has the panel. */
function ConsentsOrSell(): ReactNode {
  const hasMember = useTillState((state) => state.member !== null);
  return hasMember ? <ConsentsPanel /> : <SellPanel />;
}

function SellOrReturn(): ReactNode {
  const returning = useTillState((state) => state.returning);
  if (returning === null) return <SellPanel />;
  return <ReturnPanel key={returning.returnId} view={returning} />;
}

function LastSettled({ changeMinor }: { readonly changeMinor: number | null }): ReactNode {
  const last = useTillState((state) => state.lastSale);
  if (last === null) return <SellPanel />;
  return <Settled last={last} changeMinor={changeMinor} />;
}
