import { describe, expect, it } from 'vitest';
import { scannedCode } from '#contract/scan.ts';
import { decodeScan } from '#scan/decode.ts';
import { gs1CheckDigit } from '#scan/ean.ts';
import { gtinOfElementString, parseElementString } from '#scan/gs1.ts';
import { cardNumberOf, readMagstripe } from '#scan/magstripe.ts';
import { isPaymentCardNumber } from '#scan/payment-card.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import {
  bytesOfText,
  FUZZ_SEED,
  FUZZ_STREAMS,
  FUZZ_TIMEOUT_MS,
  mutated,
  textOfByteList,
} from './support/mutate.ts';
import { createRandom, type Random } from './support/random.ts';

const BANK_CARDS = ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117'];

function digits(length: number, random: Random): string {
  return Array.from({ length }, () => random.integer(0, 9)).join('');
}

/** A swipe as readers type it: tracks in order, some missing, some in error. */
function swipe(random: Random): string {
  const pan = random.next() < 0.4 ? random.pick(BANK_CARDS) : digits(random.integer(6, 19), random);
  const rest = digits(random.integer(4, 20), random);
  return [
    random.pick([`%B${pan}^DOE/JOHN^${rest}?`, `%${pan}?`, '%E?', '']),
    random.pick([`;${pan}=${rest}?`, `;${pan}?`, ';E?', '']),
    random.pick([`+${rest}?`, '+E?', '']),
    random.pick(['\r', '\n', '']),
  ].join('');
}

/** An element string: fixed and variable elements, separators, brackets, a Digital Link. */
function elementString(random: Random): string {
  const body = digits(13, random);
  const gtin = body + gs1CheckDigit(body);
  const elements = Array.from({ length: random.integer(0, 6) }, () =>
    random.pick([
      `11${digits(6, random)}`,
      `310${digits(7, random)}`,
      `10LOT${digits(3, random)}\u001d`,
      `21${digits(8, random)}\u001d`,
      `8005${digits(6, random)}\u001d`,
      `(10)A(21)B`,
      '\u001d',
    ]),
  ).join('');
  return random.pick([
    `01${gtin}${elements}`,
    `]d201${gtin}${elements}`,
    `(01)${gtin}(10)A1`,
    `https://shop.example/01/${gtin}/10/L?17=271231`,
    `${elements}01${gtin}`,
  ]);
}

function eachStream(grammar: (random: Random) => string, check: (text: string) => void): void {
  const random = createRandom(FUZZ_SEED);
  for (let stream = 0; stream < FUZZ_STREAMS; stream += 1) {
    const text = textOfByteList(mutated(bytesOfText(grammar(random)), random));
    try {
      check(text);
    } catch (error) {
      throw new Error(`stream ${stream} of seed ${FUZZ_SEED}: ${JSON.stringify(text)}`, {
        cause: error,
      });
    }
  }
}

/** Every run of digits in a text that is a bank card's number as a whole. */
function bankCardsIn(text: string): readonly string[] {
  return (text.match(/\d+/g) ?? []).filter((run) => isPaymentCardNumber(run, []));
}

describe(`any of ${FUZZ_STREAMS} broken streams`, () => {
  it(
    'of a card reader is decoded to something, and never to a bank card’s digits',
    () => {
      eachStream(swipe, (text) => {
        const code = decodeScan(text, 'keyboard', defaultScanSettings);
        if (!scannedCode.safeParse(code).success) expect.fail('not a code of the contract');
        if (bankCardsIn(JSON.stringify(code)).length > 0) expect.fail('shows a bank card');
        const read = readMagstripe(text);
        if (read === null) return;
        const number = cardNumberOf(read);
        const spaceless = (each: string): string => each.replaceAll(' ', '');
        if (number !== null && !spaceless(text).includes(spaceless(number)))
          expect.fail('a number that was not swiped');
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'of GS1 elements is taken apart completely or not at all',
    () => {
      eachStream(elementString, (text) => {
        const elements = parseElementString(text);
        if (elements !== null && !text.startsWith('(')) {
          const joined = elements.map(({ identifier, value }) => identifier + value).join('');
          if (joined !== text.replaceAll('\u001d', '')) expect.fail('lost or made up a character');
        }
        const gtin = gtinOfElementString(text);
        if (gtin !== null && !/^\d{14}$/.test(gtin)) expect.fail(`a GTIN of ${gtin}`);
        const code = decodeScan(text, 'serial', defaultScanSettings);
        if (!scannedCode.safeParse(code).success) expect.fail('not a code of the contract');
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});
