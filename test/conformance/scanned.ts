import { decodeCandidates } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import { createFieldPage, pressText } from '#test/scan/support/keyboard.ts';
import { type Fields, text } from '#loyalty/parts.ts';

const digits = { characters: 'digits', check: 'none' } as const;
const card = { ...digits, prefix: '044', lengthMin: 12, lengthMax: 12 };
const scan = { ...defaultScanSettings, cardPatterns: [card] };
const kinds: Readonly<Record<string, string>> = { card: 'member', product: 'product' };

/** What a code that a scanner types into a field becomes; `idle` without an open basket. */
export function scanned(code: string, idle: boolean): Fields {
  const page = createFieldPage(createWedge({ ...defaultWedgeSettings, scan }), '1');
  const gaps = Array.from(code, () => 8);
  page.wait(pressText(page, code, 0, gaps, 8) + 1000);
  const seen = page.outcomes.find((outcome) => outcome.kind === 'scan');
  const texts = seen?.kind === 'scan' ? [seen.text, ...seen.alternatives] : [];
  const { kind } = decodeCandidates(texts, 'keyboard', scan);
  return {
    member_selected: kind === 'card',
    quantity_field_unchanged: page.field === '1',
    resolved: kinds[text(kind)] ?? 'unknown',
    order_unchanged: idle || kind === 'unknown',
  };
}
