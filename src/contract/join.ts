import { z } from 'zod';

/** Page ↔ shell: another till of the shop joins this one's server over the network. */
export const joinCalls = {
  'join.invite': {
    input: z.null(),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({
        outcome: z.literal('invited'),
        /** Addresses of this machine, `https://192.168.1.20:7443`; the other till needs one of them. */
        servers: z.array(z.string().max(100)).max(16),
        /** Carries the server's key: `ABCD1234-…`. Lets in one till. */
        code: z.string().max(64),
        goodForMinutes: z.int().positive(),
      }),
      z.strictObject({
        outcome: z.literal('refused'),
        /**
         * `lan-off`: this till was started without `--lan`, or has no server of its own. `manager-needed`:
         * whoever is signed in may not. `not-now`: the server does not answer, or there is no network.
         */
        code: z.enum(['lan-off', 'manager-needed', 'not-now']),
      }),
    ]),
  },
} as const;

/** What the shell answers: what to type at the other till, or why there is nothing to type. */
export type JoinAnswer = z.infer<(typeof joinCalls)['join.invite']['output']>;
