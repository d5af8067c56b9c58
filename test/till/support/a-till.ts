import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberRecord } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { StaffMember } from '#contract/staff.ts';
import { tillState, type TillState } from '#contract/till-state.ts';
import { journalEntry, type EntryBody, type JournalEntry } from '#journal/entry.ts';
import { cardNumberFromSerial } from '#loyalty/card.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { assert } from '#loyalty/result.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import { openTillDatabase } from '#sqlite/open.ts';
import type { TillDatabase } from '#till/database.ts';
import type { TillPorts } from '#till/ports.ts';
import { createTill, type Till } from '#till/till.ts';
import { fakeDevices, type FakeDevices } from './fake-devices.ts';
import { fakeServer, type FakeServer } from './fake-server.ts';
import { fakeTime, type FakeTime } from './fake-time.ts';

export const IDENTITY = { tenant: 'tenant1', store: 'store1', till: 'till1', inc: 1 } as const;
export const MIGRATIONS = new URL('../../../migrations/till/', import.meta.url).pathname;

/** A card number of this project's own. */
export const CARD = cardNumberFromSerial(1234567890);
export const OTHER_CARD = cardNumberFromSerial(9876543210);
export const COFFEE_GTIN = '08690000000013';

/** The tenant's hash of an identifier, as the tests' tills compute it. */
export function hashOf(kind: 'card' | 'phone' | 'voucher', value: string): string {
  return createHmac('sha256', 'tenant key').update(`${kind}:${value}`).digest('hex');
}

/** The hash of a PIN that tests' centres send. */
export function quickHash(pin: string, salt: string): string {
  return createHash('sha256').update(`${salt}${pin}`).digest('hex');
}

function pepperOf(hash: string): string {
  return createHmac('sha256', 'pepper').update(hash).digest('hex');
}

/** Somebody with a PIN, as this till keeps them. */
export function somebody(
  cashier: string,
  role: StaffMember['role'],
  pin: string | null,
): StaffMember {
  const salt = createHash('md5').update(cashier).digest('hex');
  const kept = pin === null ? null : { salt, hash: pepperOf(quickHash(pin, salt)) };
  return { cashier, name: cashier.toUpperCase(), role, isActive: true, pin: kept };
}

/** A shop that sells coffee and cake. */
export function aConfig(more: Partial<ShopConfig> = {}): ShopConfig {
  return {
    version: 1,
    storeName: 'Kahve Evi',
    storeAddress: 'Moda Cad. 1, Kadıköy',
    timeZone: 'Europe/Istanbul',
    cutOverHour: 4,
    currency: 'TRY',
    market: 'DE',
    redeemFrom: null,
    language: 'en',
    programmes: [programme.parse(pointsPreset)],
    products: [
      {
        sku: 'coffee',
        name: { en: 'Coffee', tr: 'Kahve' },
        gtins: [COFFEE_GTIN],
        unitPriceMinor: 5000,
        categories: ['drinks'],
      },
      {
        sku: 'cake',
        name: { en: 'Cake', tr: 'Pasta' },
        gtins: [],
        unitPriceMinor: 12_050,
        categories: [],
      },
    ],
    cashiers: [{ cashier: 'c1', name: 'Deniz', role: 'cashier', isActive: true, pin: null }],
    tills: [{ till: 'till1', name: 'Till 1' }],
    ...more,
  };
}

/** A member with a card and points. */
export function aRecord(more: Partial<MemberRecord> = {}): MemberRecord {
  return {
    member: 'm-ayse',
    version: 1,
    status: 'active',
    mergedInto: null,
    provisional: false,
    displayName: 'Ayşe K.',
    language: 'tr',
    tier: 'basic',
    tierProgress: 312,
    identifiers: [{ kind: 'card', hash: hashOf('card', CARD), masked: `··${CARD.slice(-2)}` }],
    balances: [{ programme: 'points', posted: 800, pending: 0, available: 800, version: 3 }],
    birthday: null,
    enrolledOn: null,
    segments: [],
    standings: [],
    visits: 0,
    lastSaleAtMs: null,
    uses: [],
    vouchers: [],
    news: [],
    ...more,
  };
}

/** Somebody else, with the other card. */
export const bora: MemberRecord = aRecord({
  member: 'm-bora',
  displayName: 'Bora T.',
  identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' }],
});

/** A till on a real database in a folder of its own, with a scripted server, devices and time. */
export interface TestTill {
  readonly till: Till;
  readonly call: Till['handlers'];
  readonly database: TillDatabase;
  readonly directory: string;
  readonly server: FakeServer;
  readonly devices: FakeDevices;
  readonly time: FakeTime;
  readonly logged: string[];
  state(): TillState;
  /** Bodies of the whole journal. */
  bodies(): EntryBody[];
  entries(): JournalEntry[];
  member(record?: MemberRecord): void;
  scanCard(number?: string): Promise<void>;
  /** Stops and closes; with `crash` the till is dropped as it stands. */
  close(): Promise<void>;
  /** The same folder, opened anew by a new process. */
  restart(options?: Partial<TestOptions>): Promise<TestTill>;
}

export interface TestOptions {
  readonly config: ShopConfig;
  readonly directory: string;
  readonly server: FakeServer;
  readonly devices: FakeDevices;
  readonly time: FakeTime;
  readonly ballastBytes: number;
  /** Wraps the database, to make it fail in a chosen way. */
  readonly wrap: (database: TillDatabase) => TillDatabase;
  readonly start: boolean;
}

const folders: string[] = [];

/** A folder that is removed by `removeFolders`. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-till-'));
  folders.push(folder);
  return folder;
}

/** Call after each test file. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A UUID version 7 with random bits. */
export function uuid7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** Opens the database of a test, or fails loudly. */
export function openDatabase(directory: string, ballastBytes = 0): TillDatabase {
  const opened = openTillDatabase({
    directory,
    migrationsDirectory: MIGRATIONS,
    identity: IDENTITY,
    ballastBytes,
  });
  if (!opened.ok) throw new Error(`the database does not open: ${JSON.stringify(opened.error)}`);
  return opened.value;
}

/** Makes and starts a till; online as soon as time has moved a little. */
export async function aTill(given: Partial<TestOptions> = {}): Promise<TestTill> {
  const directory = given.directory ?? join(aFolder(), 'till');
  const time = given.time ?? fakeTime();
  const server = given.server ?? fakeServer();
  const devices = given.devices ?? fakeDevices();
  const logged: string[] = [];
  const opened = openDatabase(directory, given.ballastBytes);
  const database = given.wrap?.(opened) ?? opened;
  const log = (event: string, fields: object): void =>
    void logged.push(`${event} ${JSON.stringify(fields)}`);
  const ports: TillPorts = {
    database,
    server,
    devices,
    clock: time.clock,
    timer: time.timer,
    ids: {
      uuid: () => uuid7(time.clock.wallMs()),
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
    },
    crypto: {
      chainHash,
      identifierHash: hashOf,
      sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
      sign: (hex) => Buffer.from(hex, 'hex').toString('base64url'),
      pepperPin: pepperOf,
      // Quick, unlike the real one: what is tested here is who may try, and when.
      pinFits: async (pin, { salt, hash }) => pepperOf(quickHash(pin, salt)) === hash,
    },
    log: { info: log, warn: log, error: log },
  };
  const till = createTill(ports, {
    identity: IDENTITY,
    app: 'test/1',
    epoch: 1,
    config: given.config ?? aConfig(),
  });
  const malformed: string[] = [];
  till.onState((state) => {
    const parsed = tillState.safeParse(state);
    if (!parsed.success) malformed.push(JSON.stringify(parsed.error.issues[0]));
  });
  const entries = (): JournalEntry[] =>
    database.read
      .entriesAfter(0, 1_000_000)
      .map(({ text }) => journalEntry.parse(JSON.parse(text)));
  const made: TestTill = {
    till,
    call: till.handlers,
    database,
    directory,
    server,
    devices,
    time,
    logged,
    state: () => {
      const state = till.handlers.state(null);
      assert(!(state instanceof Promise), 'the state is there at once');
      return state as TillState;
    },
    entries,
    bodies: () => entries().map(({ body }) => body),
    member(record = aRecord()) {
      server.know(record);
      const saved = database.write((writes) => writes.saveMember(record));
      assert(saved.ok, 'the member is saved');
    },
    async scanCard(number = CARD) {
      await till.handlers.scan({
        code: { kind: 'card', number, symbology: 'ean' },
        source: 'keyboard',
      });
      await time.settle();
    },
    async close() {
      const stopped = till.stop();
      await time.advance(60_000);
      await stopped;
      // Every state that was told must be one the page accepts, in every test.
      assert(malformed.length === 0, `states keep their contract: ${malformed[0]}`);
      database.close();
    },
    async restart(options = {}) {
      return aTill({ ...given, directory, time, server, devices, ...options });
    },
  };
  if (given.start ?? true) {
    till.start();
    await time.advance(10);
  }
  return made;
}
