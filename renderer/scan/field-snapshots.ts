/** A text field and what stood in it before a key. */
export interface FieldSnapshot {
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly value: string;
  readonly caret: number | null;
}

/** The text field that a key would write into, if any. */
export function focusedTextField(page: Document): FieldSnapshot['field'] | null {
  const focused = page.activeElement;
  if (focused instanceof HTMLTextAreaElement)
    return focused.readOnly || focused.disabled ? null : focused;
  if (!(focused instanceof HTMLInputElement)) return null;
  const writes = ![
    'button',
    'checkbox',
    'radio',
    'range',
    'submit',
    'reset',
    'file',
    'color',
  ].includes(focused.type);
  return writes && !focused.readOnly && !focused.disabled ? focused : null;
}

/** What stands in a field now. */
export function snapshotOf(field: FieldSnapshot['field']): FieldSnapshot {
  return { field, value: field.value, caret: field.selectionStart };
}

/** Puts a field back, and tells the framework that owns it. */
export function restoreField({ field, value, caret }: FieldSnapshot): void {
  if (field.value === value) return;
  setValue(field, value);
  if (caret !== null) field.setSelectionRange(caret, caret);
}

/** Writes text at the caret, as if it had been typed. */
export function insertText(field: FieldSnapshot['field'], text: string): void {
  const from = field.selectionStart ?? field.value.length;
  const to = field.selectionEnd ?? from;
  const room =
    field.maxLength < 0
      ? text
      : text.slice(0, Math.max(0, field.maxLength - field.value.length + to - from));
  setValue(field, field.value.slice(0, from) + room + field.value.slice(to));
  field.setSelectionRange(from + room.length, from + room.length);
}

/** React overrides `value` on the element; the prototype's setter makes the event count as typing. */
function setValue(field: FieldSnapshot['field'], value: string): void {
  const prototype =
    field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  const setter = Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
  setter?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
