import { type PageContract, pageContract } from '#contract/page.ts';
import type { TillState } from '#contract/till-state.ts';
import type { LivingChannel } from '#renderer/channel/web-socket-channel.ts';
import { type CoreClient, type CoreSnapshot, createCoreClient } from './core-client.ts';

/** What the cashier's page knows of its till. */
export type TillSnapshot = CoreSnapshot<TillState>;

/** The till as the cashier's screens use it, with the devices its shell runs. */
export type TillClient = CoreClient<PageContract>;

/** The cashier's connection to the till core. */
export function createTillClient(channel: LivingChannel): TillClient {
  return createCoreClient(pageContract, channel);
}
