import { decodeCandidates } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { type Fields, text } from './fields.ts';
import type { Player } from './loyalty.ts';
import { requestOf, type Shown } from './orders.ts';
import { previewSale } from '#loyalty/ledger-sale.ts';

const settings = {
  ...defaultScanSettings,
  cardPatterns: [
    { prefix: '044', lengthMin: 12, lengthMax: 12, characters: 'digits', check: 'none' } as const,
  ],
};
const keyGapMs = 8;

function keyOf(character: string, index: number): WedgeKey {
  const code =
    character === '\r' ? 'Enter' : /\d/.test(character) ? `Digit${character}` : `Key${character}`;
  const shift = /[A-Z]/.test(character);
  const key = character === '\r' ? 'Enter' : character;
  const held = { capsLock: false, ctrl: false, alt: false, altGraph: false };
  return { ...held, code, key, shift, timeMs: keyGapMs * index, repeat: false };
}

/** Types a code as a keyboard scanner does and shows what the till makes of it. */
export function wedgeScan(player: Player, step: Fields): Shown {
  const wedge = createWedge({ ...defaultWedgeSettings, scan: settings });
  const replies = [...(text(step, 'code') ?? ''), '\r'].map((character, index) =>
    wedge.key(keyOf(character, index), step['focus'] !== undefined),
  );
  const deadlineMs = wedge.deadlineMs();
  const outcomes = replies.map(({ outcome }) => outcome);
  if (deadlineMs !== null) outcomes.push(wedge.tick(deadlineMs));
  const scan = outcomes.find((outcome) => outcome?.kind === 'scan');
  const texts = scan?.kind === 'scan' ? [scan.text, ...scan.alternatives] : [];
  const code = decodeCandidates(texts, 'keyboard', settings);
  const names: Readonly<Record<string, string>> = { card: 'member', product: 'product' };
  const [order] = [...player.orders.values()];
  const lines =
    order === undefined
      ? []
      : previewSale(player.ledger, requestOf(order, player.ledger.programmes)).lines;
  return {
    member_selected: code.kind === 'card',
    quantity_field_unchanged: scan?.kind === 'scan' && scan.restoreFrom === replies[0]?.keyId,
    resolved: names[code.kind] ?? 'unknown',
    order_unchanged: lines.length === (order?.lines.length ?? 0),
  };
}
