import type { StoredEntry } from '#journal/entry.ts';
import type { GrantPurpose, ServerGrant } from '#journal/held-grant.ts';
import type { HelloHead, PushBatch } from '#journal/posting-batch.ts';
import type { JoiningHello } from '#journal/recovery.ts';
import type { OpenGrants, ServerWord } from '#journal/till-sync.ts';
import type { SimBalance } from './disk.ts';

/** What a till says. The shapes of `syncContract`, without what no decision reads. */
export type SimCall =
  | { readonly name: 'hello'; readonly hello: HelloHead & JoiningHello }
  | { readonly name: 'push'; readonly batch: PushBatch }
  | {
      readonly name: 'profile';
      readonly profiles: readonly { readonly member: string; readonly card: string }[];
    }
  | {
      readonly name: 'grant';
      readonly requestId: string;
      readonly member: string;
      readonly want: number;
      readonly purpose: GrantPurpose;
    }
  | { readonly name: 'find-sale'; readonly receipt: string }
  | { readonly name: 'pull'; readonly cursor: number | null };

export type SimChange =
  | {
      readonly kind: 'member';
      readonly member: string;
      readonly mergedInto: string | null;
      readonly cards: readonly string[];
      readonly balance: SimBalance | null;
    }
  | { readonly kind: 'merge'; readonly from: string; readonly into: string };

/** What the server answers. */
export type SimAnswer =
  | {
      readonly name: 'word';
      readonly word: ServerWord;
      readonly balances: readonly (SimBalance & { readonly member: string })[];
    }
  | { readonly name: 'profile'; readonly accepted: readonly string[] }
  /** Entries of the sale and of what was done to it, as the server has them. */
  | { readonly name: 'sale'; readonly entries: readonly StoredEntry[] }
  | {
      readonly name: 'grant';
      readonly outcome:
        | { readonly outcome: 'granted'; readonly grant: ServerGrant }
        | { readonly outcome: 'refused'; readonly code: string };
    }
  | {
      readonly name: 'pull';
      readonly changes: readonly SimChange[];
      readonly cursor: number;
      readonly epoch: number;
      readonly openGrants: OpenGrants;
    };
