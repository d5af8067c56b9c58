/** The state of the machine that software does not choose. */
export interface Mechanism {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly coverOpen: boolean;
  readonly cutterJammed: boolean;
  readonly headHot: boolean;
  /** Level of pin 3 of the drawer connector; what it means depends on the drawer. */
  readonly drawerPinHigh: boolean;
  /** It takes no byte and answers nothing, as one that hangs. */
  readonly asleep: boolean;
}

/** A machine with nothing to complain about. */
export const HEALTHY: Mechanism = {
  paper: 'ok',
  coverOpen: false,
  cutterJammed: false,
  headHot: false,
  drawerPinHigh: true,
  asleep: false,
};

/** Whether the printer takes nothing from its buffer. */
export function isOffline(mechanism: Mechanism): boolean {
  return (
    mechanism.paper === 'out' || mechanism.coverOpen || mechanism.cutterJammed || mechanism.headHot
  );
}

/** The byte that answers DLE EOT 1 to 4. */
export function realTimeAnswer(mechanism: Mechanism, which: number): number {
  const failed = mechanism.cutterJammed || mechanism.headHot;
  switch (which) {
    case 1:
      return 0x12 | flag(mechanism.drawerPinHigh, 0x04) | flag(isOffline(mechanism), 0x08);
    case 2:
      return (
        0x12 |
        flag(mechanism.coverOpen, 0x04) |
        flag(mechanism.paper === 'out', 0x20) |
        flag(failed, 0x40)
      );
    case 3:
      return 0x12 | flag(mechanism.cutterJammed, 0x08) | flag(mechanism.headHot, 0x40);
    default:
      return 0x12 | flag(mechanism.paper !== 'ok', 0x0c) | flag(mechanism.paper === 'out', 0x60);
  }
}

/** The four bytes of an automatic status. */
export function automaticAnswer(mechanism: Mechanism): Uint8Array {
  return Uint8Array.of(
    0x10 |
      flag(mechanism.drawerPinHigh, 0x04) |
      flag(isOffline(mechanism), 0x08) |
      flag(mechanism.coverOpen, 0x20),
    flag(mechanism.cutterJammed, 0x08) | flag(mechanism.headHot, 0x40),
    flag(mechanism.paper !== 'ok', 0x03) | flag(mechanism.paper === 'out', 0x0c),
    0x0f,
  );
}

/** The byte that answers GS r 1: the paper sensors. */
export function paperInTurnAnswer(mechanism: Mechanism): number {
  return flag(mechanism.paper !== 'ok', 0x03) | flag(mechanism.paper === 'out', 0x0c);
}

function flag(on: boolean, bit: number): number {
  return on ? bit : 0;
}
