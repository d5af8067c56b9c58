import { createHmac } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import { cardNumberFromSerial } from '#loyalty/card.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme, type Programme } from '#loyalty/programme.ts';
import type { MemberProfile } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { StaffMember } from '#contract/staff.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { measureDay } from '#server/members/tier-rules.ts';
import { demoProducts } from './products.ts';

/** References of the demo's tenant and store. */
export const DEMO_TENANT = 'demo';
export const DEMO_STORE = 'moda';

const DAY_MS = 86_400_000;

interface SampleMember {
  readonly member: string;
  readonly name: string;
  readonly card: string;
  readonly phone: string;
  readonly language: string;
  readonly points: number;
  readonly tier: string;
  readonly tierProgress: number;
}

const SAMPLES: readonly SampleMember[] = [
  sample(1, 'Ayşe Kaya', '+905321110001', 'tr', 335, 'silver', 1812),
  sample(2, 'Mehmet Demir', '+905321110002', 'tr', 48, 'basic', 148),
  sample(3, 'Elif Şahin', '+905321110003', 'tr', 1260, 'gold', 2460),
  sample(4, 'Lena Hoffmann', '+4915112340004', 'de', 720, 'silver', 980),
  sample(5, 'عمر الحربي', '+966501110005', 'ar', 96, 'basic', 96),
  sample(6, 'James Miller', '+12015550106', 'en', 5430, 'platinum', 6120),
];

function sample(
  number: number,
  name: string,
  phone: string,
  language: string,
  points: number,
  tier: string,
  tierProgress: number,
): SampleMember {
  const card = cardNumberFromSerial(1000 + number);
  return { member: `sample-${number}`, name, card, phone, language, points, tier, tierProgress };
}

/** A card to try the till with. */
export interface SampleCard {
  readonly number: string;
  readonly name: string;
}

/** The cards of the sample members. */
export const sampleCards: readonly SampleCard[] = SAMPLES.map(({ card, name }) => ({
  number: card,
  name,
}));

/** Somebody of the demo shop, with the PIN to try it as them. */
export interface SampleStaff {
  readonly name: string;
  readonly role: StaffMember['role'];
  /** Null = no PIN: the till opens with this person. */
  readonly pin: string | null;
}

/**
 * Who works in the demo shop. The hashes are those of the PINs beside them, under salts that are no
 * secret either: the same shop on every machine.
 */
const demoStaff: readonly { readonly member: StaffMember; readonly pin: string | null }[] = [
  staff('cashier-deniz', 'Deniz', 'cashier', null),
  staff('cashier-selin', 'Selin', 'supervisor', {
    pin: '2580',
    salt: 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1',
    hash: '0fc7398cfec36f191d276ba0c0dd12c7327209e03dfd6ff9e8db3a8124e7f1e9',
  }),
  staff('cashier-can', 'Can', 'manager', {
    pin: '1470',
    salt: 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2',
    hash: '95cd939461afb477dca605f05b31193ca4a2d2daf2d4cf0a3f4acaf71c136fa7',
  }),
];

function staff(
  cashier: string,
  name: string,
  role: StaffMember['role'],
  known: { readonly pin: string; readonly salt: string; readonly hash: string } | null,
): (typeof demoStaff)[number] {
  const pin = known === null ? null : { salt: known.salt, hash: known.hash };
  return { member: { cashier, name, role, isActive: true, pin }, pin: known?.pin ?? null };
}

/** The people of the demo shop, for whoever starts it. */
export const sampleStaff: readonly SampleStaff[] = demoStaff.map(({ member, pin }) => ({
  name: member.name,
  role: member.role,
  pin,
}));

/** The demo shop as its tills know it. Version and tills are the server's to fill in. */
export function demoShop(): ShopConfig {
  return {
    version: 1,
    storeName: 'Moda Kahve',
    storeAddress: 'Moda Caddesi 12, Kadıköy, İstanbul',
    timeZone: 'Europe/Istanbul',
    cutOverHour: 4,
    currency: 'TRY',
    market: 'TR',
    // The demo has no way to send a code; its shop lets a scanned card spend.
    redeemFrom: 'presented',
    language: 'tr',
    programmes: [programme.parse(pointsPreset)],
    products: [...demoProducts],
    cashiers: demoStaff.map(({ member }) => member),
    tills: [],
  };
}

/** What seeding needs besides the database. */
export interface DemoEnvironment {
  readonly database: ReadableDb;
  readonly executor: Executor;
  readonly nowMs: number;
  /** A random key for the identifier HMAC; used the first time only. */
  readonly identifierKey: string;
}

/** Sets the demo shop up; a second time changes nothing, whatever happened since. */
export async function seedDemo(environment: DemoEnvironment): Promise<void> {
  const { database, executor, nowMs } = environment;
  const config = demoShop();
  const seeded = await database.query('select 1 from store where tenant = $1', [DEMO_TENANT]);
  // What its manager changed since stays changed.
  if (seeded.length === 0) {
    await executor.execute<'shop'>({
      kind: 'shop',
      nowMs,
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      identifierKey: environment.identifierKey,
      config,
    });
  }
  const keys = await database.query<{ key: string }>(
    'select identifier_key as key from tenant where tenant = $1',
    [DEMO_TENANT],
  );
  const key = keys[0]?.key ?? environment.identifierKey;
  // The members joined before today, so that the first day opens with their points.
  const joinedMs = nowMs - DAY_MS;
  const day = businessDay(joinedMs, config);
  await executor.execute<'opening'>({
    kind: 'opening',
    nowMs: joinedMs,
    tenant: DEMO_TENANT,
    day,
    tiers: { programme: points(config).id, since: measureDay(points(config), day) },
    members: SAMPLES.map(({ member, tier, tierProgress }) => ({
      member,
      market: 'TR',
      proof: 'verified',
      tier,
      tierProgress,
    })),
    adjustments: SAMPLES.map((row) => ({
      member: row.member,
      programme: points(config).id,
      version: points(config).version,
      points: row.points,
      source: `opening:${row.member}`,
    })),
  });
  await executor.execute<'profile'>({
    kind: 'profile',
    nowMs,
    tenant: DEMO_TENANT,
    till: '0',
    day,
    profiles: SAMPLES.map((row) => profileOf(row, key)),
  });
}

function points(config: ShopConfig): Programme {
  const first = config.programmes[0];
  if (first === undefined) throw new Error('A shop without a programme');
  return first;
}

function profileOf(row: SampleMember, key: string): MemberProfile {
  const identifier = (
    kind: 'card' | 'phone',
    value: string,
  ): MemberProfile['identifiers'][number] => ({
    kind,
    hash: createHmac('sha256', Buffer.from(key, 'hex')).update(`${kind}:${value}`).digest('hex'),
    masked: `··${value.slice(-2)}`,
  });
  return {
    member: row.member,
    version: 1,
    market: 'TR',
    name: row.name,
    phone: row.phone,
    phoneTakesSms: true,
    language: row.language,
    identifiers: [identifier('card', row.card), identifier('phone', row.phone)],
    consents: [],
  };
}
