import { isTimeZone } from '#loyalty/business-day.ts';
import { percentField } from '#loyalty/fields.ts';
import { markets } from '#loyalty/market.ts';
import { isCurrency } from '#loyalty/money.ts';
import {
  type ChoiceProblem,
  fitChoice,
  type FittedProgrammes,
  type PresetChoice,
} from '#loyalty/presets/catalogue.ts';
import type { KnobProblem, PresetShop } from '#loyalty/presets/preset-knobs.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Product } from './product.ts';
import type { ShopConfig } from './shop.ts';
import {
  ITEM_SKU,
  NAME_MAX,
  PRICE_MINOR_MAX,
  type SetupAnswers,
  type SetupProblem,
  STORE_ADDRESS_MAX,
  STORE_NAME_MAX,
} from './setup.ts';
import { pinProblem, textProblem } from './setup-text.ts';
import type { StaffMember } from './staff.ts';

/** A shop made from answers, and what its owner should know. */
export interface ShopFromAnswers {
  readonly config: ShopConfig;
  readonly warnings: FittedProgrammes['warnings'];
}

/** Every mistake in the answers, each with its place; empty where there is none. */
export function checkAnswers(answers: SetupAnswers): readonly SetupProblem[] {
  const { storeName, storeAddress, tax, cashiers, managerName, item, goods } = answers;
  const shop = [
    ...text('storeName', storeName, { min: 1, max: STORE_NAME_MAX }),
    ...text('storeAddress', storeAddress, { min: 0, max: STORE_ADDRESS_MAX }),
    ...(isCurrency(answers.currency) ? [] : [problem('currency', 'currency-unknown')]),
    ...(tax === null || isTaxPercent(tax.percent) ? [] : [problem('tax', 'tax-range')]),
    ...(isTimeZone(answers.timeZone) ? [] : [problem('timeZone', 'zone-unknown')]),
    ...(isHour(answers.cutOverHour) ? [] : [problem('cutOverHour', 'hour-range')]),
  ];
  const pin = pinProblem(answers.managerPin);
  const names = cashiers.map((name) => name.trim().toLowerCase());
  const people = [
    ...(cashiers.length === 0 ? [problem('cashiers', 'cashiers-none')] : []),
    ...cashiers.flatMap((name, at) => text(`cashiers.${at}`, name, { min: 1, max: NAME_MAX })),
    ...names.flatMap((name, at) =>
      names.indexOf(name) === at ? [] : [problem(`cashiers.${at}`, 'name-twice')],
    ),
    ...text('managerName', managerName, { min: 0, max: NAME_MAX }),
    ...(names.includes(managerName.trim().toLowerCase()) && managerName.trim() !== ''
      ? [problem('managerName', 'name-twice')]
      : []),
    ...(pin === null ? [] : [problem('managerPin', pin)]),
  ];
  const things = [
    ...goodsProblems('item', item),
    ...goods.flatMap((each, at) => goodsProblems(`goods.${at}`, each)),
  ];
  const chosen = things.length > 0 || !isCurrency(answers.currency) ? [] : choiceProblems(answers);
  return [...shop, ...things, ...chosen, ...people];
}

/** The place of the manager among the answers' people; the centre gives everybody a random reference. */
export const MANAGER = 'manager';

/** What the manager is called until they write their name. */
const managerNames: Readonly<Record<SetupAnswers['language'], string>> = {
  en: 'Manager',
  tr: 'Yönetici',
  de: 'Leitung',
  ar: 'المدير',
};

/** A whole shop from the answers, or every reason why there is none. */
export function shopFromAnswers(
  answers: SetupAnswers,
): Result<ShopFromAnswers, readonly SetupProblem[]> {
  const problems = checkAnswers(answers);
  if (problems.length > 0) return err(problems);
  const fitted = fitChoice(answers.choice, presetShop(answers));
  if (!fitted.ok) return err(fitted.error.map(choiceProblem));
  const { programmes, products, warnings } = fitted.value;
  const { language, market, currency, timeZone, cutOverHour, tax, choice } = answers;
  const config: ShopConfig = {
    version: 1,
    storeName: answers.storeName.trim(),
    storeAddress: answers.storeAddress.trim(),
    timeZone,
    cutOverHour,
    currency,
    market,
    redeemFrom:
      answers.scannedCardSpends && markets[market].redeemFrom === 'verified' ? 'presented' : null,
    language,
    ...(tax === null ? {} : { tax }),
    choice,
    programmes: [...programmes],
    products: [
      ...[answers.item, ...answers.goods].map(({ name, priceMinor }, at): Product => ({
        sku: at === 0 ? ITEM_SKU : `item-${at + 1}`,
        name: { en: name.trim(), [language]: name.trim() },
        gtins: [],
        unitPriceMinor: priceMinor,
        categories: ['goods'],
      })),
      ...products.map(presetProduct),
    ],
    cashiers: [
      ...answers.cashiers.map((name, at): StaffMember => ({
        cashier: `cashier-${at + 1}`,
        name: name.trim(),
        role: 'cashier',
        isActive: true,
        pin: null,
      })),
      {
        cashier: MANAGER,
        name: answers.managerName.trim() || managerNames[language],
        role: 'manager',
        isActive: true,
        pin: null,
      },
    ],
    tills: [],
  };
  return ok({ config, warnings });
}

/** A product that a preset brings, as the till's catalogue has it. */
export function presetProduct(product: FittedProgrammes['products'][number]): Product {
  return {
    sku: product.sku,
    name: { ...product.name },
    gtins: [],
    unitPriceMinor: product.priceMinor,
    categories: [],
    kind: product.kind,
  };
}

/** The shop that presets are fitted to. */
export function presetShop({
  currency,
  item,
}: Pick<SetupAnswers, 'currency' | 'item'>): PresetShop {
  return { currency, item: { sku: ITEM_SKU, priceMinor: item.priceMinor } };
}

/** A problem of a choice, as the page words it. */
export function choiceProblem(found: ChoiceProblem): SetupProblem {
  switch (found.code) {
    case 'preset-unknown':
      return problem('choice.preset', found.code);
    case 'programme-wrong':
      return problem(`programme.${found.path}`, wrongCode(found.path), {
        place: found.path.slice(0, 200),
        fix: found.message.slice(0, 200),
      });
    default:
      return knobProblem(found);
  }
}

/** Levels in the wrong order is what knobs can do to a programme: the page says it in its words. */
function wrongCode(path: string): string {
  return /^tiers\.\d+\.criteria$/.test(path) ? 'levels-order' : 'programme-wrong';
}

/** An amount's bounds are told as money, a number's as they are. */
function knobProblem({ knob, code, min, max }: KnobProblem): SetupProblem {
  const path = `choice.knobs.${knob}`;
  const isMoney = knob.endsWith('Minor');
  if (isMoney && code === 'knob-too-low') return problem(path, 'amount-too-low', { minMinor: min });
  if (isMoney && code === 'knob-too-high') {
    return problem(path, 'amount-too-high', { maxMinor: max });
  }
  return problem(path, code, { min, max });
}

function choiceProblems(answers: SetupAnswers): readonly SetupProblem[] {
  const choice: PresetChoice = answers.choice;
  const fitted = fitChoice(choice, presetShop(answers));
  return fitted.ok ? [] : fitted.error.map(choiceProblem);
}

function problem(path: string, code: string, params: SetupProblem['params'] = {}): SetupProblem {
  return { path: path.slice(0, 120), code, params };
}

function text(
  path: string,
  value: string,
  limits: { readonly min: 0 | 1; readonly max: number },
): readonly SetupProblem[] {
  const code = textProblem(value, limits);
  if (code === null) return [];
  return [problem(path, code, { most: limits.max, length: value.trim().length })];
}

function goodsProblems(
  path: string,
  { name, priceMinor }: SetupAnswers['item'],
): readonly SetupProblem[] {
  const fits = Number.isInteger(priceMinor) && priceMinor >= 1 && priceMinor <= PRICE_MINOR_MAX;
  return [
    ...text(`${path}.name`, name, { min: 1, max: NAME_MAX }),
    ...(fits ? [] : [problem(`${path}.priceMinor`, 'price-range', { maxMinor: PRICE_MINOR_MAX })]),
  ];
}

/** A rate as a tax office writes it: 0 to 100, at most three decimals. */
function isTaxPercent(percent: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3})?$/.test(percent) && percentField.safeParse(percent).success;
}

function isHour(hour: number): boolean {
  return Number.isInteger(hour) && hour >= 0 && hour <= 12;
}
