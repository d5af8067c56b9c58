/** What a step came to; a step that could not run has failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** One step of the deep run: prints what it finds as it goes, and answers with the count. */
export interface Step {
  readonly name: string;
  readonly about: string;
  /** `parts` narrows a step that has parts; empty is everything. */
  run(parts: readonly string[]): Promise<Tally>;
}
