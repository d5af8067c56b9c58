import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import { NAME_MAX, STORE_ADDRESS_MAX, STORE_NAME_MAX } from '#contract/setup.ts';
import { marketIds, markets } from '#loyalty/market.ts';
import { currencyExponents } from '#loyalty/money.ts';
import { localeTag } from '#renderer/i18n/locale.ts';
import { useSpeech } from '#renderer/i18n/use-text.ts';
import { languages, ownNames } from '#renderer/settings/settings-store.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Note } from '#renderer/ui/note.tsx';
import { Choices, Select } from './choices.tsx';
import { ofMarket, pastedGoods, speak } from './draft.ts';
import { Field } from './field.tsx';
import { useSay } from './setup-text.tsx';
import styles from './steps.module.css';
import type { StepProps } from './use-draft.ts';

/** The language of screen and receipts; everything after it is asked in it. */
export function LanguageStep({ draft, change }: StepProps): ReactNode {
  const say = useSay();
  return (
    <div className={styles.narrow}>
      <Choices
        large
        label={say('language.label')}
        value={draft.language}
        choices={languages.map((value) => ({ value, name: ownNames[value], lang: value }))}
        onChange={(language) => change(speak(draft, language))}
        part="language"
      />
    </div>
  );
}

/** What is printed at the head of every receipt, and whose law holds. */
export function StoreStep({ draft, change, problemAt }: StepProps): ReactNode {
  const say = useSay();
  return (
    <div className={styles.narrow}>
      <Field
        label={say('store.name')}
        hint={say('store.name-hint', { most: STORE_NAME_MAX })}
        value={draft.storeName}
        onChange={(storeName) => change({ storeName })}
        problem={problemAt('storeName')}
        part="store-name"
      />
      <Field
        label={say('store.address')}
        hint={say('store.address-hint', { most: STORE_ADDRESS_MAX })}
        value={draft.storeAddress}
        onChange={(storeAddress) => change({ storeAddress })}
        problem={problemAt('storeAddress')}
        part="store-address"
      />
      <Choices
        label={say('store.market')}
        value={draft.market}
        choices={marketIds.map((value) => ({ value, name: say(`market.${value}`) }))}
        onChange={(market) => change(ofMarket(market))}
        part="market"
      />
      <p className={styles.hint}>{say('store.market-hint')}</p>
    </div>
  );
}

/** Currency, tax and the clock: what the country says, unless this shop knows better. */
export function MoneyStep({ draft, change, problemAt }: StepProps): ReactNode {
  const say = useSay();
  const { language } = useSpeech();
  const names = new Intl.DisplayNames(localeTag(language, draft.market), { type: 'currency' });
  const currencies = [...currencyExponents.keys()].map((value) => ({
    value,
    name: `${value} · ${names.of(value) ?? value}`,
  }));
  const zones = [...new Set([draft.timeZone, ...Intl.supportedValuesOf('timeZone')])].map(
    (value) => ({ value, name: value.replaceAll('_', ' ') }),
  );
  const hours = Array.from({ length: 13 }, (_, hour) => ({
    value: String(hour),
    name: `${String(hour).padStart(2, '0')}:00`,
  }));
  const taxes = (['included', 'added', 'none'] as const).map((value) => ({
    value,
    name: say(`tax.${value}`),
  }));
  return (
    <div className={styles.narrow}>
      <Select
        label={say('money.currency')}
        value={draft.currency}
        choices={currencies}
        onChange={(currency) => change({ currency })}
        part="currency"
      />
      <Choices
        label={say('tax.label')}
        value={draft.tax}
        choices={taxes}
        onChange={(tax) => change({ tax })}
        part="tax"
      />
      {draft.tax === 'none' ? null : (
        <Field
          kind="numeric"
          label={say('tax.percent')}
          value={draft.taxPercent}
          onChange={(taxPercent) => change({ taxPercent })}
          problem={problemAt('tax')}
          part="tax-percent"
        />
      )}
      <div className={styles.pair}>
        <Select
          label={say('money.zone')}
          value={draft.timeZone}
          choices={zones}
          onChange={(timeZone) => change({ timeZone })}
          part="time-zone"
        />
        <Select
          label={say('money.cut-over')}
          value={String(draft.cutOverHour)}
          choices={hours}
          onChange={(hour) => change({ cutOverHour: Number(hour) })}
          part="cut-over"
        />
      </div>
      {markets[draft.market].redeemFrom === 'verified' ? (
        <ScannedCard draft={draft} change={change} />
      ) : null}
    </div>
  );
}

function ScannedCard({ draft, change }: Pick<StepProps, 'draft' | 'change'>): ReactNode {
  const say = useSay();
  const { t } = useSpeech();
  return (
    <>
      <Switch
        className={styles.switch ?? ''}
        isSelected={draft.scannedCardSpends}
        onChange={(scannedCardSpends) => change({ scannedCardSpends })}
        data-part="scanned-card"
      >
        {say('money.scanned-card')}
        <span className={styles.state}>{t(draft.scannedCardSpends ? 'ui.on' : 'ui.off')}</span>
      </Switch>
      <p className={styles.hint}>{say('money.scanned-card-hint')}</p>
    </>
  );
}

/** Who works here, and the PIN that changes what the shop gives away. */
export function PeopleStep({ draft, change, problemAt }: StepProps): ReactNode {
  const say = useSay();
  const { cashiers } = draft;
  const rename = (at: number, typed: string): void => {
    const names = typed.split(/[\t\n\r]+/);
    change({ cashiers: [...cashiers.slice(0, at), ...names, ...cashiers.slice(at + 1)] });
  };
  return (
    <div className={styles.narrow}>
      <p className={styles.lead}>{say('people.lead', { most: NAME_MAX })}</p>
      {cashiers.map((name, at) => (
        <Field
          key={at}
          label={say('people.name', { number: at + 1 })}
          value={name}
          onChange={(typed) => rename(at, typed)}
          problem={problemAt(`cashiers.${at}`) ?? (at === 0 ? problemAt('cashiers') : null)}
          part={`cashier-${at + 1}`}
        >
          {cashiers.length === 1 ? null : (
            <Button
              icon="trash"
              label={say('people.remove', { number: at + 1 })}
              part={`cashier-remove-${at + 1}`}
              onPress={() => change({ cashiers: cashiers.filter((_, other) => other !== at) })}
            />
          )}
        </Field>
      ))}
      <Button
        icon="plus"
        part="cashier-add"
        isDisabled={cashiers.length >= 50}
        onPress={() => change({ cashiers: [...cashiers, ''] })}
      >
        {say('people.add')}
      </Button>
      <Field
        label={say('people.manager')}
        hint={say('people.manager-hint')}
        value={draft.managerName}
        onChange={(managerName) => change({ managerName })}
        problem={problemAt('managerName')}
        part="manager-name"
      />
      <Field
        kind="pin"
        label={say('people.pin')}
        hint={say('people.pin-hint')}
        value={draft.managerPin}
        onChange={(managerPin) => change({ managerPin })}
        problem={problemAt('managerPin')}
        part="manager-pin"
      />
    </div>
  );
}

/** More goods, as they come out of a spreadsheet; none is fine too. */
export function GoodsStep({ draft, change, problemAt }: StepProps): ReactNode {
  const say = useSay();
  const { format } = useSpeech();
  const lines = pastedGoods(draft.goods, draft.currency);
  const read = lines.flatMap(({ goods }) => (goods === null ? [] : [goods]));
  const unread = lines.find(({ goods }) => goods === null);
  const at = read.findIndex((_, index) => problemAt(`goods.${index}.name`) !== null);
  const told = at >= 0 ? problemAt(`goods.${at}.name`) : problemAt('goods');
  return (
    <div className={styles.split}>
      <Field
        kind="lines"
        label={say('goods.label')}
        hint={say('goods.hint')}
        value={draft.goods}
        onChange={(goods) => change({ goods })}
        problem={
          unread === undefined
            ? told
            : say('goods.unread', { number: unread.number, text: unread.text })
        }
        part="goods"
      />
      <section className={styles.card} aria-label={say('goods.read')}>
        <h2 className={styles.heading}>{say('goods.count', { count: read.length })}</h2>
        {read.length === 0 ? (
          <Note tone="info">{say('goods.none')}</Note>
        ) : (
          <ul className={styles.list}>
            {read.slice(0, 200).map(({ name, priceMinor }, index) => (
              <li key={index} className={styles.line}>
                <bdi>{name}</bdi>
                <bdi>{format.money(priceMinor)}</bdi>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
