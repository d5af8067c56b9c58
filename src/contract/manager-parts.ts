import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { message } from './till-state.ts';

/** Longest PIN that is looked at. */
const PIN_LENGTH_MAX = 40;

/** Where the next page begins; opaque, null at the end. */
export const pageCursor = z.string().max(440).nullable();
/** A manager's PIN; null where nothing asks for it. */
export const managerPin = z.string().max(PIN_LENGTH_MAX).nullable();

/** A member as lists show it: `Ayşe K.`, else `··67`, else null. */
export const memberLabel = z.strictObject({ member: ref, name: z.string().max(64).nullable() });
export type MemberLabel = z.infer<typeof memberLabel>;

/** Till ↔ page: an answer, or a reason in words. */
export function told<Answer extends z.ZodType>(answer: Answer) {
  return z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('answered'), answer }),
    z.strictObject({ outcome: z.literal('refused'), refusal: message }),
  ]);
}

/** Till ↔ server: a question in somebody's name. */
export function asked<Ask extends z.ZodType>(ask: Ask) {
  return z.strictObject({ by: ref, ask });
}
