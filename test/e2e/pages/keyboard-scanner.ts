import type { Page } from 'playwright-core';

/** Milliseconds between two keys of a keyboard scanner as delivered. */
const scannerMs = 8;
/** The same of a person: at this pace no code is ever taken for a scan (`rhythmEvidence`). */
const handMs = 140;
const shiftModifier = 8;

interface Stroke {
  readonly code: string;
  readonly key: string;
  readonly shift: boolean;
}

const signs: Readonly<Record<string, readonly [code: string, shift: boolean]>> = {
  ':': ['Semicolon', true],
  '-': ['Minus', false],
  '/': ['Slash', false],
  '.': ['Period', false],
  ']': ['BracketRight', false],
  ' ': ['Space', false],
};

/**
 * A scanner that types: places of a US keyboard, Shift held where it must be, Enter at the end.
 *
 * Each key carries its own time stamp, 8 ms after the one before, so that a busy machine does not
 * turn a scanner into a slow typist. The keys go out together and arrive in order.
 */
export function scanByKeyboard(page: Page, text: string): Promise<void> {
  return press(page, text, scannerMs, true);
}

/**
 * A person who types: the keys carry time stamps a hand's pace apart, up to now.
 *
 * Stamped, they are a person's keys on the busiest machine too, where keys that were really sent
 * 140 ms apart may arrive together and look like a scanner. A page younger than the typing would be
 * takes its time: nothing is stamped before the page was.
 */
export async function typeByHand(page: Page, text: string, withEnter = false): Promise<void> {
  const lastingMs = ([...text].length + 2) * handMs;
  const ageMs = await page.evaluate(() => performance.now());
  if (ageMs < lastingMs) await page.waitForTimeout(lastingMs - ageMs);
  await press(page, text, handMs, withEnter);
}

async function press(page: Page, text: string, paceMs: number, withEnter: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const strokes = [...text].map(strokeOf);
  const startMs = Date.now() - (strokes.length + 1) * paceMs;
  const sent = strokes.flatMap((stroke, index) => {
    const timestamp = (startMs + index * paceMs) / 1_000;
    const modifiers = stroke.shift ? shiftModifier : 0;
    const common = { code: stroke.code, key: stroke.key, modifiers, timestamp };
    return [
      session.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown', text: stroke.key }),
      session.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' }),
    ];
  });
  const enter = {
    code: 'Enter',
    key: 'Enter',
    windowsVirtualKeyCode: 13,
    timestamp: (startMs + strokes.length * paceMs) / 1_000,
  };
  if (withEnter) {
    sent.push(
      session.send('Input.dispatchKeyEvent', { ...enter, type: 'keyDown', text: '\r' }),
      session.send('Input.dispatchKeyEvent', { ...enter, type: 'keyUp' }),
    );
  }
  await Promise.all(sent);
  await session.detach();
}

function strokeOf(character: string): Stroke {
  if (/\d/.test(character)) return { code: `Digit${character}`, key: character, shift: false };
  if (/[a-z]/.test(character))
    return { code: `Key${character.toUpperCase()}`, key: character, shift: false };
  if (/[A-Z]/.test(character)) return { code: `Key${character}`, key: character, shift: true };
  const sign = signs[character];
  if (sign === undefined)
    throw new Error(`the test scanner has no key for ${JSON.stringify(character)}`);
  return { code: sign[0], key: character, shift: sign[1] };
}
