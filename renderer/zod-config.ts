import { z } from 'zod';

/**
 * Schemas without generated code.
 *
 * zod's fast path builds functions from text, which the page's policy (Trusted Types, no eval)
 * forbids. This file is the first import of the entry, so that no schema exists before it runs.
 */
z.config({ jitless: true });
