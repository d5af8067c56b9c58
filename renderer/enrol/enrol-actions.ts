import type { EnrolInput } from '#contract/till.ts';
import type { Counter } from '#renderer/cashier/counter.ts';
import { perform, tellFailure } from '#renderer/cashier/perform.ts';
import type { EnrolNotes } from './enrol-step.ts';

/** Step 2 of joining: the number is known to be free (or there is none); the shopper answers. */
export function askShopper(counter: Counter, phone: string | null, notes: EnrolNotes): void {
  const { panel } = counter.ui();
  if (panel.kind !== 'enrol') return;
  counter.change({
    entry: '',
    notice: null,
    panel: {
      kind: 'enrol',
      useScannedCard: panel.useScannedCard,
      step: { at: 'shopper', phone, notes },
    },
  });
}

/** Next after the number: a twin is offered as the member they already are. */
export async function nextFromPhone(counter: Counter): Promise<void> {
  const { panel, entry } = counter.ui();
  if (panel.kind !== 'enrol' || panel.step.at !== 'phone' || entry === '') return;
  try {
    const check = await counter.till.call['enrol.check']({ phone: entry });
    if (counter.ui().panel !== panel) return;
    switch (check.outcome) {
      case 'free':
        askShopper(counter, entry, { takesSms: check.takesSms, unusual: check.unusual });
        return;
      case 'existing':
        counter.change({
          notice: null,
          panel: {
            ...panel,
            step: {
              at: 'existing',
              phone: entry,
              displayName: check.displayName,
              masked: check.masked,
            },
          },
        });
        return;
      case 'refused':
        counter.change({ notice: { from: 'core', message: check.refusal } });
        return;
    }
  } catch (error) {
    tellFailure(counter, error);
  }
}

/** Uses the membership that the number already has. */
export async function takeExisting(counter: Counter, phone: string): Promise<void> {
  const done = await perform(counter, () => counter.till.call['enrol.use-existing']({ phone }));
  if (done) counter.change({ panel: { kind: 'sell' }, entry: '' });
}

/** Joins with what the shopper answered; on a refusal everything stays as it was typed. */
export async function join(counter: Counter, input: EnrolInput): Promise<void> {
  const done = await perform(counter, () => counter.till.call['enrol.commit'](input));
  if (done) counter.change({ panel: { kind: 'sell' }, entry: '', lastPhone: '' });
}
