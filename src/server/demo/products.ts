import { gs1CheckDigit } from '#loyalty/ean13.ts';
import type { Product } from '#contract/product.ts';

/** Number, price in minor units, category, then the name in English, Turkish, German and Arabic. */
type Row = readonly [
  number: number,
  unitPriceMinor: number,
  category: string,
  en: string,
  tr: string,
  de: string,
  ar: string,
];

const ROWS: readonly Row[] = [
  [1, 9500, 'coffee', 'Filter coffee', 'Filtre kahve', 'Filterkaffee', 'قهوة مفلترة'],
  [2, 8500, 'coffee', 'Turkish coffee', 'Türk kahvesi', 'Türkischer Kaffee', 'قهوة تركية'],
  [3, 8000, 'coffee', 'Espresso', 'Espresso', 'Espresso', 'إسبريسو'],
  [4, 11500, 'coffee', 'Cappuccino', 'Cappuccino', 'Cappuccino', 'كابتشينو'],
  [5, 12000, 'coffee', 'Latte', 'Latte', 'Milchkaffee', 'لاتيه'],
  [6, 12500, 'coffee', 'Flat white', 'Flat white', 'Flat White', 'فلات وايت'],
  [7, 13500, 'coffee', 'Mocha', 'Mocha', 'Mokka', 'موكا'],
  [8, 12500, 'cold', 'Iced latte', 'Buzlu latte', 'Eiskaffee Latte', 'لاتيه مثلج'],
  [9, 11500, 'cold', 'Cold brew', 'Soğuk demleme', 'Cold Brew', 'قهوة باردة'],
  [10, 9000, 'cold', 'Lemonade', 'Limonata', 'Limonade', 'ليموناضة'],
  [11, 4000, 'tea', 'Black tea', 'Demli çay', 'Schwarzer Tee', 'شاي أسود'],
  [12, 8500, 'tea', 'Linden tea', 'Ihlamur', 'Lindenblütentee', 'زيزفون'],
  [13, 10500, 'tea', 'Salep', 'Salep', 'Salep', 'سحلب'],
  [14, 3500, 'cold', 'Still water', 'Su', 'Stilles Wasser', 'ماء'],
  [15, 4500, 'cold', 'Mineral water', 'Maden suyu', 'Mineralwasser', 'مياه معدنية'],
  [16, 5500, 'bakery', 'Simit', 'Simit', 'Sesamring', 'سميط'],
  [17, 7500, 'bakery', 'Cheese pastry', 'Peynirli poğaça', 'Käsegebäck', 'فطيرة جبن'],
  [
    18,
    9500,
    'bakery',
    'Butter croissant',
    'Tereyağlı kruvasan',
    'Buttercroissant',
    'كرواسون بالزبدة',
  ],
  [19, 15500, 'cake', 'Cheesecake', 'Cheesecake', 'Käsekuchen', 'تشيز كيك'],
  [20, 14500, 'cake', 'Brownie', 'Brownie', 'Brownie', 'براوني'],
  [21, 6500, 'cake', 'Oat cookie', 'Yulaflı kurabiye', 'Haferkeks', 'بسكويت الشوفان'],
  [22, 17500, 'food', 'Toasted sandwich', 'Karışık tost', 'Getoastetes Sandwich', 'ساندويتش محمص'],
  [
    23,
    42000,
    'beans',
    'House beans 250 g',
    'Ev harmanı 250 g',
    'Hausmischung 250 g',
    'بن البيت ٢٥٠ غ',
  ],
  [
    24,
    38000,
    'beans',
    'Decaf beans 250 g',
    'Kafeinsiz 250 g',
    'Entkoffeiniert 250 g',
    'بن منزوع الكافيين ٢٥٠ غ',
  ],
];

/** The demo shop's catalogue; prices include tax. */
export const demoProducts: readonly Product[] = ROWS.map(
  ([number, unitPriceMinor, category, en, tr, de, ar]) => ({
    sku: `moda-${String(number).padStart(2, '0')}`,
    name: { en, tr, de, ar },
    gtins: [gtin14(number)],
    unitPriceMinor,
    categories: [category],
  }),
);

/** A GTIN-13 of a Turkish company prefix, as a scan of its barcode is normalised. */
function gtin14(number: number): string {
  const digits = `8690000${String(number).padStart(5, '0')}`;
  return `0${digits}${gs1CheckDigit(digits)}`;
}
