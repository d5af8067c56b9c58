import type { ReactNode } from 'react';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { Press } from '#renderer/ui/press.tsx';
import { useCatalogue } from './catalogue.ts';
import styles from './products.module.css';
import { addProduct } from './sale-actions.ts';
import { useCounter } from './use-counter.ts';

/** Buttons that a column can hold without becoming a catalogue; the rest is scanned. */
const buttonsMax = 60;

/** Goods at a tap, in the catalogue's order. */
export function Products({ columns }: { readonly columns: 1 | 2 }): ReactNode {
  const { t, format, name } = useSpeech();
  const counter = useCounter();
  const products = useCatalogue();
  return (
    <section
      className={styles.products}
      aria-labelledby={`products-${columns}`}
      data-part="products"
    >
      <h2 className={styles.title} id={`products-${columns}`}>
        {t('products.title')}
      </h2>
      {products !== null && products.length === 0 ? (
        <p className={styles.empty}>{t('products.empty')}</p>
      ) : (
        <ul className={styles.grid} data-columns={columns}>
          {(products ?? []).slice(0, buttonsMax).map((product) => (
            <li key={product.sku}>
              <Press
                className={styles.product ?? ''}
                onPress={() => addProduct(counter, product.sku)}
                data-part="product"
                data-sku={product.sku}
              >
                <bdi className={styles.name}>{name(product.name)}</bdi>
                <bdi className={styles.price}>{format.amount(product.unitPriceMinor)}</bdi>
              </Press>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
