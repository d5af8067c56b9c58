/** What is worth saying about a number, without stopping anybody. */
export interface EnrolNotes {
  readonly takesSms: boolean;
  readonly unusual: boolean;
}

/** Where joining stands. The number itself is what stands in the entry line at step 1. */
export type EnrolStep =
  | { readonly at: 'phone' }
  | {
      readonly at: 'existing';
      readonly phone: string;
      readonly displayName: string | null;
      readonly masked: string;
    }
  | { readonly at: 'shopper'; readonly phone: string | null; readonly notes: EnrolNotes };
