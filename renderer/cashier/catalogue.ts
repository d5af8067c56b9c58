import { createContext, useContext, useEffect, useState } from 'react';
import type { CallsOf } from '#contract/rpc.ts';
import type { TillContract } from '#contract/till.ts';
import { useTill, useTillSnapshot } from '#renderer/till/till-context.ts';

/** The goods the till knows, in the catalogue's order; null until the first answer. */
export type Catalogue = Awaited<ReturnType<CallsOf<TillContract>['products']>> | null;

export const CatalogueContext = createContext<Catalogue>(null);

/** The catalogue of this screen. */
export function useCatalogue(): Catalogue {
  return useContext(CatalogueContext);
}

/** Asks for the catalogue once, and again when the core has been away; keeps it meanwhile. */
export function useCatalogueFromTill(): Catalogue {
  const till = useTill();
  const isAnswering = useTillSnapshot(({ core }) => core === 'answering');
  const [catalogue, setCatalogue] = useState<Catalogue>(null);
  useEffect(() => {
    if (!isAnswering) return;
    till.call.products(null).then(setCatalogue, () => undefined);
  }, [till, isAnswering]);
  return catalogue;
}
