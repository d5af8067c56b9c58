/**
 * How sure the till is that the person is the member.
 *
 * `declared`: a typed number. `presented`: a printed card was scanned. `verified`: rotating QR,
 * code, approval in an app, or card PIN. The market profile says what each may do.
 */
export const proofLevels = ['declared', 'presented', 'verified'] as const;

/** One of the three levels. */
export type ProofLevel = (typeof proofLevels)[number];

/** Whether `level` is at least `needed`. */
export function reaches(level: ProofLevel, needed: ProofLevel): boolean {
  return proofLevels.indexOf(level) >= proofLevels.indexOf(needed);
}
