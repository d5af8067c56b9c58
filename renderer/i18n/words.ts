import type { Message, Notice } from '#contract/till-state.ts';
import { isMessageKey, type MessageKey } from './messages.ts';
import { type Speech, type TextValues, useSpeech } from './use-text.ts';

/** Words for a code of the core. */
export type Words = (message: Message, tone: Notice['tone']) => string;

/**
 * Sentences for the core's codes.
 *
 * A code without a sentence, or one whose parameters do not fit it, gets the general sentence of
 * its tone: what happened may be unknown to this page, what to do next is not.
 */
export function useWords(): Words {
  return wordsFor(useSpeech());
}

/** The same for a speech at hand. */
export function wordsFor(speech: Speech): Words {
  return (message, tone) => {
    const values = valuesOf(message.params, speech);
    const keys = [`code.${message.code}`, `code.${message.code}-plain`];
    for (const key of keys) {
      const text = isMessageKey(key) ? speech.tryText(key, values) : null;
      if (text !== null) return text;
    }
    return speech.t(fallback[tone], { code: message.code });
  };
}

const fallback: Readonly<Record<Notice['tone'], MessageKey>> = {
  info: 'code.other-info',
  ok: 'code.other-ok',
  warning: 'code.other-warning',
  refusal: 'code.other-refusal',
};

/** What somebody typed or called something is no figure, even where it is all digits. */
const texts: ReadonlySet<string> = new Set(['name', 'code', 'masked']);
const isoDay = /^\d{4}-\d{2}-\d{2}$/;
/** Exact numbers cross as text, `381.25`, so that nothing is rounded on the way. */
const exactNumber = /^-?\d{1,15}(?:\.\d{1,6})?$/;
/** Where no decimals are exact they cross as a fraction, `125/3`. */
const fraction = /^(-?\d{1,15})\/(\d{1,15})$/;

/** Parameters named after their unit are written in it; everything else goes in as it is. */
function valuesOf(params: Message['params'], { format, language }: Speech): TextValues {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value !== 'number') {
        if (name === 'voucher') return [name, value.replaceAll('-', '\u2011')];
        if (texts.has(name)) return [name, inLanguage(value, language)];
        if (isoDay.test(value)) return [name, format.date(Date.parse(`${value}T12:00:00Z`))];
        return [name, figure(value, format) ?? inLanguage(value, language)];
      }
      if (name.endsWith('Minor')) return [name, format.money(value)];
      if (name.endsWith('Milli')) return [name, format.quantity(value)];
      if (name.endsWith('DayMs') || name === 'endedMs') return [name, format.date(value)];
      if (name.endsWith('Ms')) return [name, format.day(value)];
      return [name, value];
    }),
  );
}

function figure(text: string, format: Speech['format']): string | null {
  if (exactNumber.test(text)) return format.exact(text);
  const parts = fraction.exec(text);
  if (parts === null) return null;
  return `≈ ${format.exact((Number(parts[1]) / Number(parts[2])).toFixed(2))}`;
}

/** A parameter may carry a name in several languages as JSON text. */
function inLanguage(value: string, language: string): string {
  if (!value.startsWith('{')) return value;
  try {
    const names = JSON.parse(value) as { readonly [language: string]: unknown };
    const chosen = names[language] ?? names['en'];
    return typeof chosen === 'string' ? chosen : value;
  } catch {
    return value;
  }
}
