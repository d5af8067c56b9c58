import { deviceSetupCalls } from './device-setup.ts';
import { joinCalls } from './join.ts';
import type { Contract } from './rpc.ts';
import { tillContract } from './till.ts';

/** The cashier's page ↔ its shell: the till, and the devices the shell runs for it. */
export const pageContract = {
  calls: { ...tillContract.calls, ...deviceSetupCalls, ...joinCalls },
  events: tillContract.events,
} as const satisfies Contract;
export type PageContract = typeof pageContract;

/** The part of it that the shell answers itself. */
export const deviceSetupContract = {
  calls: deviceSetupCalls,
  events: {},
} as const satisfies Contract;
export type DeviceSetupContract = typeof deviceSetupContract;

/** Another part the shell answers: who may join this till's server. */
export const joinContract = { calls: joinCalls, events: {} } as const satisfies Contract;
export type JoinContract = typeof joinContract;
