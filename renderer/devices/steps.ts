/** The steps of the devices' screen, in their order; each can be gone to at once. */
export const steps = ['printer', 'paper', 'drawer', 'scanner', 'pole', 'report'] as const;
export type Step = (typeof steps)[number];
