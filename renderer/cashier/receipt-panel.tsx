import { type ReactNode, useEffect, useState } from 'react';
import type { TillContract } from '#contract/till.ts';
import type { CallsOf } from '#contract/rpc.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { useTill, useTillState } from '#renderer/till/till-context.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { back } from './member-actions.ts';
import { reprint } from './pay-actions.ts';
import styles from './receipt-panel.module.css';
import { ReceiptText } from './receipt-text.tsx';
import { useCounter } from './use-counter.ts';

type View = Awaited<ReturnType<CallsOf<TillContract>['receipt.view']>>;

/** The receipt as it came out: the virtual printer's picture, and the same as text to read or hear. */
export function ReceiptPanel({ saleId }: { readonly saleId: string }): ReactNode {
  const { t } = useSpeech();
  const counter = useCounter();
  const view = useReceipt(saleId);
  const [asText, setAsText] = useState(false);
  const paper = view?.paper ?? null;
  const showsText = asText || paper === null;
  return (
    <Panel
      title={t('receipt.title')}
      part="receipt"
      onBack={() => back(counter)}
      foot={
        <div className={styles.foot}>
          <Button
            size="key"
            isDisabled={paper === null}
            onPress={() => setAsText(!asText)}
            part="receipt-as-text"
          >
            {t(showsText ? 'receipt.as-picture' : 'receipt.as-text')}
          </Button>
          <Button
            size="key"
            look="filled"
            icon="printer"
            onPress={() => void reprint(counter, saleId)}
            part="receipt-reprint"
          >
            {t('receipt.copy')}
          </Button>
        </div>
      }
    >
      {view === undefined ? null : view === null ? (
        <Note tone="info">{t('receipt.none')}</Note>
      ) : (
        <div className={styles.paper} tabIndex={0} role="group" aria-label={t('receipt.title')}>
          {showsText ? (
            <ReceiptText document={view.document} />
          ) : (
            <img
              className={styles.picture}
              src={`data:image/svg+xml,${encodeURIComponent(paper.svg)}`}
              alt={t('receipt.picture')}
              data-part="receipt-picture"
            />
          )}
        </div>
      )}
    </Panel>
  );
}

/** Asked for again whenever the print job moves on; undefined until the first answer. */
function useReceipt(saleId: string): View | undefined {
  const till = useTill();
  const print = useTillState((state) => state.lastSale?.print ?? null);
  const [view, setView] = useState<View | undefined>(undefined);
  const progress = `${print?.state ?? ''}${print?.copy ?? 0}`;
  useEffect(() => {
    let current = true;
    till.call['receipt.view']({ saleId }).then(
      (answer) => {
        if (current) setView(answer);
      },
      () => {
        if (current) setView(null);
      },
    );
    return () => {
      current = false;
    };
  }, [till, saleId, progress]);
  return view;
}
