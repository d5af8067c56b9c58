declare module 'vitest' {
  interface TaskMeta {
    /** Why it was skipped. */
    missing?: string;
  }
}

/** The options of a suite or a test that needs something. Named in the results where it is missing. */
export interface Needs {
  readonly skip: boolean;
  readonly meta: { readonly missing?: string };
}

/**
 * What a suite or a test needs and this machine may not have: `describe('…', needs(reason), …)`.
 *
 * `missing` = null where it is there, else the reason that `npm test` prints beside the skip. A suite
 * that is skipped this way runs none of its hooks.
 */
export function needs(missing: string | null): Needs {
  return missing === null ? { skip: false, meta: {} } : { skip: true, meta: { missing } };
}
