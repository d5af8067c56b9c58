import type { ReactNode } from 'react';
import type { ReceiptDocument, ReceiptLine } from '#loyalty/receipt.ts';
import styles from './receipt-text.module.css';

/** The receipt's document as text: real words for eyes, ears and search, in the receipt's language. */
export function ReceiptText({ document }: { readonly document: ReceiptDocument }): ReactNode {
  return (
    <div className={styles.receipt} lang={document.language} dir="auto" data-part="receipt-text">
      {document.lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { readonly line: ReceiptLine }): ReactNode {
  switch (line.kind) {
    case 'text':
      return (
        <p
          className={styles.text}
          data-align={line.align}
          data-size={line.size}
          data-bold={line.bold}
        >
          {line.text}
        </p>
      );
    case 'pair':
      return (
        <p
          className={styles.pair}
          data-size={line.size}
          data-bold={line.bold}
          data-inverted={line.inverted}
        >
          <bdi>{line.start}</bdi>
          <bdi>{line.end}</bdi>
        </p>
      );
    case 'rule':
      return <hr className={styles.rule} />;
    case 'space':
      return <div className={styles.space} />;
    case 'qr':
      return line.caption === null ? null : (
        <p className={styles.text} data-align="center">
          {line.caption}
        </p>
      );
    case 'barcode':
      return (
        <p className={styles.text} data-align="center">
          <bdi>{line.content}</bdi>
        </p>
      );
    case 'cut':
      return <hr className={styles.cut} />;
  }
}
