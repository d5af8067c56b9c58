/** How long a test waits for what must come. It decides nothing: a busy machine is not a defect. */
export const PATIENCE_MS = 20_000;
