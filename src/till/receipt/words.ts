/** Languages a receipt can be printed in. */
export type ReceiptLanguage = 'en' | 'tr' | 'de' | 'ar';

/** Everything a receipt says. `{name}` is filled in; label and value never meet in one word. */
export interface ReceiptWords {
  readonly receipt: string;
  readonly amount: string;
  readonly total: string;
  readonly cash: string;
  readonly card: string;
  readonly other: string;
  readonly earned: string;
  readonly couldEarn: string;
  readonly used: string;
  readonly returned: string;
  /** Stored value that went back to its card or wallet. */
  readonly valueBack: string;
  readonly takenBack: string;
  readonly balance: string;
  readonly asOf: string;
  readonly toTier: string;
  readonly keep: string;
  readonly claim: string;
  readonly claimUntil: string;
  readonly code: string;
  readonly voucher: string;
  readonly until: string;
  readonly newTier: string;
  readonly tierNow: string;
  readonly badge: string;
  readonly copy: string;
  readonly refund: string;
  readonly refundOf: string;
  readonly yourCard: string;
  readonly cardHint: string;
  readonly notFiscal: string;
  readonly shiftTitle: string;
  /** The same while the shift still runs. */
  readonly shiftInterim: string;
  readonly shiftNumber: string;
  readonly opened: string;
  readonly closed: string;
  readonly sales: string;
  readonly salesWithMember: string;
  readonly salesTotal: string;
  /** Paid with a wallet or a gift card. */
  readonly byValue: string;
  readonly returnsPaid: string;
  readonly drawerOpenings: string;
  readonly voidedLines: string;
  readonly voidedWorth: string;
  readonly float: string;
  readonly notCounted: string;
  readonly cashExpected: string;
  readonly cashCounted: string;
  readonly variance: string;
  readonly pointsEarned: string;
  readonly pointsUsed: string;
  readonly pointsReversed: string;
  /** The same where a programme counts money or stamps: its own amount stands beside each. */
  readonly otherReturned: string;
  readonly otherTakenBack: string;
  readonly otherBalance: string;
  readonly otherClaim: string;
  readonly otherEarned: string;
  readonly otherUsed: string;
  readonly otherReversed: string;
}

/** The words. Turkish keeps suffixes off variables; sentences are never in capitals. */
export const receiptWords: Readonly<Record<ReceiptLanguage, ReceiptWords>> = {
  en: {
    receipt: 'Receipt',
    amount: 'Amount',
    total: 'Total',
    cash: 'Cash',
    card: 'Card',
    other: 'Other payment',
    earned: 'You earned',
    couldEarn: 'Waiting for you',
    used: 'You used',
    returned: 'Points returned',
    valueBack: 'Back on card',
    takenBack: 'Points taken back',
    balance: 'Balance',
    asOf: 'as of {time}',
    toTier: 'To {tier}',
    keep: 'Keep for returns',
    claim: 'Claim these points with this receipt',
    claimUntil: 'Until',
    code: 'Code',
    voucher: 'Your voucher',
    until: 'Until {date}',
    newTier: 'Your new level',
    tierNow: 'Your level now',
    badge: 'New badge',
    copy: 'COPY',
    refund: 'Refund',
    refundOf: 'Of receipt',
    yourCard: 'Your member card',
    cardHint: 'Scan it with every purchase',
    notFiscal: 'Not a fiscal receipt',
    shiftTitle: 'End of shift, loyalty report – not fiscal',
    shiftInterim: 'Shift so far (X), loyalty report – not fiscal',
    shiftNumber: 'Report no.',
    opened: 'Opened',
    closed: 'Closed',
    sales: 'Sales',
    salesWithMember: 'With a member',
    salesTotal: 'Sales total',
    byValue: 'Wallet, gift card',
    returnsPaid: 'Returns (cash)',
    drawerOpenings: 'Drawer opened',
    voidedLines: 'Lines taken off',
    voidedWorth: 'Worth of them',
    float: 'Opening float',
    notCounted: 'not counted',
    cashExpected: 'Cash expected',
    cashCounted: 'Cash counted',
    variance: 'Difference',
    pointsEarned: 'Points earned',
    pointsUsed: 'Points used',
    pointsReversed: 'Points from returns',
    otherReturned: 'Given back',
    otherTakenBack: 'Taken back',
    otherBalance: 'Balance',
    otherClaim: 'Claim what you earned with this receipt',
    otherEarned: 'Members earned',
    otherUsed: 'Members used',
    otherReversed: 'Members, from returns',
  },
  tr: {
    receipt: 'Fiş',
    amount: 'Tutar',
    total: 'Toplam',
    cash: 'Nakit',
    card: 'Kart',
    other: 'Diğer ödeme',
    earned: 'Kazandığınız',
    couldEarn: 'Sizi bekleyen',
    used: 'Kullandığınız',
    returned: 'İade edilen puan',
    valueBack: 'Karta geri',
    takenBack: 'Geri alınan puan',
    balance: 'Puanınız',
    asOf: 'saat: {time}',
    toTier: '{tier} üyeliğe kalan',
    keep: 'İade için saklayın',
    claim: 'Puanınızı bu fişle alın',
    claimUntil: 'Son gün',
    code: 'Kod',
    voucher: 'Kuponunuz',
    until: 'Son gün: {date}',
    newTier: 'Yeni seviyeniz',
    tierNow: 'Şimdiki seviyeniz',
    badge: 'Yeni rozet',
    copy: 'KOPYA',
    refund: 'İade',
    refundOf: 'İade edilen fiş',
    yourCard: 'Üye kartınız',
    cardHint: 'Her alışverişte okutun',
    notFiscal: 'Mali değeri yoktur',
    shiftTitle: 'Gün sonu sadakat raporu – mali değeri yoktur',
    shiftInterim: 'Ara sadakat raporu (X) – mali değeri yoktur',
    shiftNumber: 'Rapor no',
    opened: 'Açılış',
    closed: 'Kapanış',
    sales: 'Satış',
    salesWithMember: 'Üyeli satış',
    salesTotal: 'Satış toplamı',
    byValue: 'Cüzdan, hediye kartı',
    returnsPaid: 'İade (nakit)',
    drawerOpenings: 'Çekmece açılışı',
    voidedLines: 'Çıkarılan satır',
    voidedWorth: 'Tutarı',
    float: 'Açılış tutarı',
    notCounted: 'sayılmadı',
    cashExpected: 'Beklenen nakit',
    cashCounted: 'Sayılan nakit',
    variance: 'Fark',
    pointsEarned: 'Kazanılan puan',
    pointsUsed: 'Kullanılan puan',
    pointsReversed: 'İadelerden puan',
    otherReturned: 'İade edilen',
    otherTakenBack: 'Geri alınan',
    otherBalance: 'Bakiyeniz',
    otherClaim: 'Kazandığınızı bu fişle alın',
    otherEarned: 'Üyelerin kazandığı',
    otherUsed: 'Üyelerin kullandığı',
    otherReversed: 'Üyelere iadelerden',
  },
  de: {
    receipt: 'Beleg',
    amount: 'Betrag',
    total: 'Summe',
    cash: 'Bar',
    card: 'Karte',
    other: 'Andere Zahlung',
    earned: 'Sie haben gesammelt',
    couldEarn: 'Für Sie bereit',
    used: 'Eingelöst',
    returned: 'Zurückgegebene Punkte',
    valueBack: 'Zurück auf Karte',
    takenBack: 'Abgezogene Punkte',
    balance: 'Guthaben',
    asOf: 'Stand {time}',
    toTier: 'Bis {tier}',
    keep: 'Für Rückgaben aufbewahren',
    claim: 'Punkte mit diesem Beleg gutschreiben lassen',
    claimUntil: 'Bis',
    code: 'Code',
    voucher: 'Ihr Gutschein',
    until: 'Bis {date}',
    newTier: 'Ihre neue Stufe',
    tierNow: 'Ihre Stufe jetzt',
    badge: 'Neues Abzeichen',
    copy: 'KOPIE',
    refund: 'Rückgabe',
    refundOf: 'Zu Beleg',
    yourCard: 'Ihre Mitgliedskarte',
    cardHint: 'Bei jedem Einkauf scannen',
    notFiscal: 'Kein Kassenbeleg im Sinne des Steuerrechts',
    shiftTitle: 'Schichtende, Treuebericht – nicht steuerlich',
    shiftInterim: 'Zwischenstand (X), Treuebericht – nicht steuerlich',
    shiftNumber: 'Bericht Nr.',
    opened: 'Geöffnet',
    closed: 'Geschlossen',
    sales: 'Verkäufe',
    salesWithMember: 'Mit Mitglied',
    salesTotal: 'Umsatz',
    byValue: 'Guthaben, Geschenkkarte',
    returnsPaid: 'Rückgaben (bar)',
    drawerOpenings: 'Lade geöffnet',
    voidedLines: 'Stornierte Zeilen',
    voidedWorth: 'Deren Wert',
    float: 'Anfangsbestand',
    notCounted: 'nicht gezählt',
    cashExpected: 'Bar erwartet',
    cashCounted: 'Bar gezählt',
    variance: 'Differenz',
    pointsEarned: 'Punkte gesammelt',
    pointsUsed: 'Punkte eingelöst',
    pointsReversed: 'Punkte aus Rückgaben',
    otherReturned: 'Zurückgegeben',
    otherTakenBack: 'Abgezogen',
    otherBalance: 'Guthaben',
    otherClaim: 'Gesammeltes mit diesem Beleg gutschreiben lassen',
    otherEarned: 'Mitglieder: gesammelt',
    otherUsed: 'Mitglieder: eingelöst',
    otherReversed: 'Mitglieder: aus Rückgaben',
  },
  ar: {
    receipt: 'إيصال',
    amount: 'المبلغ',
    total: 'الإجمالي',
    cash: 'نقدًا',
    card: 'بطاقة',
    other: 'دفع آخر',
    earned: 'ربحتم',
    couldEarn: 'في انتظاركم',
    used: 'استخدمتم',
    returned: 'نقاط معادة',
    valueBack: 'أعيد إلى البطاقة',
    takenBack: 'نقاط مسحوبة',
    balance: 'الرصيد',
    asOf: 'حتى {time}',
    toTier: 'حتى {tier}',
    keep: 'احتفظوا به للإرجاع',
    claim: 'احصلوا على النقاط بهذا الإيصال',
    claimUntil: 'آخر يوم',
    code: 'الرمز',
    voucher: 'قسيمتكم',
    until: 'حتى {date}',
    newTier: 'مستواكم الجديد',
    tierNow: 'مستواكم الآن',
    badge: 'وسام جديد',
    copy: 'نسخة',
    refund: 'إرجاع',
    refundOf: 'عن الإيصال',
    yourCard: 'بطاقة العضوية',
    cardHint: 'امسحوها مع كل عملية شراء',
    notFiscal: 'ليس إيصالًا ضريبيًا',
    shiftTitle: 'تقرير الولاء لنهاية الوردية – غير ضريبي',
    shiftInterim: 'تقرير ولاء مرحلي (X) – غير ضريبي',
    shiftNumber: 'رقم التقرير',
    opened: 'الفتح',
    closed: 'الإغلاق',
    sales: 'المبيعات',
    salesWithMember: 'مع عضو',
    salesTotal: 'إجمالي المبيعات',
    byValue: 'محفظة، بطاقة هدية',
    returnsPaid: 'المرتجعات (نقدًا)',
    drawerOpenings: 'مرات فتح الدرج',
    voidedLines: 'أسطر أزيلت',
    voidedWorth: 'قيمتها',
    float: 'رصيد الافتتاح',
    notCounted: 'لم يُعدّ',
    cashExpected: 'النقد المتوقع',
    cashCounted: 'النقد المعدود',
    variance: 'الفرق',
    pointsEarned: 'نقاط مكتسبة',
    pointsUsed: 'نقاط مستخدمة',
    pointsReversed: 'نقاط من المرتجعات',
    otherReturned: 'المُعاد',
    otherTakenBack: 'المسحوب',
    otherBalance: 'الرصيد',
    otherClaim: 'احصلوا على ما ربحتموه بهذا الإيصال',
    otherEarned: 'ربح الأعضاء',
    otherUsed: 'استخدم الأعضاء',
    otherReversed: 'للأعضاء من المرتجعات',
  },
};

/** Words around the amounts of one programme. */
export type UnitWords = Pick<
  ReceiptWords,
  'returned' | 'takenBack' | 'balance' | 'claim' | 'pointsEarned' | 'pointsUsed' | 'pointsReversed'
>;

/** The words for what a programme counts: only points are called points. */
export function unitWords(words: ReceiptWords, kind: 'points' | 'stamps' | 'money'): UnitWords {
  if (kind === 'points') return words;
  return {
    returned: words.otherReturned,
    takenBack: words.otherTakenBack,
    balance: words.otherBalance,
    claim: words.otherClaim,
    pointsEarned: words.otherEarned,
    pointsUsed: words.otherUsed,
    pointsReversed: words.otherReversed,
  };
}
