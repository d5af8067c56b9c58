import type { EntryRow, ExceptionView, ManagerCall } from '#contract/manager.ts';
import type { LoyaltyReport, StaffReport, StaffRow } from '#contract/manager-figures.ts';
import type { MemberDetail, MemberListRow } from '#contract/manager-members.ts';
import type { HandlersOf } from '#contract/rpc.ts';
import type { TillContract } from '#contract/till.ts';
import { galleryNowMs } from './fixtures.ts';

const hour = 3_600_000;
const ayse = { member: 'm1', name: 'Ayşe K.' };

/** Exceptions of several kinds, with the ways their rules allow. */
const someExceptions: readonly ExceptionView[] = [
  {
    id: 'e1',
    code: 'negative-balance',
    params: { member: 'm1', programme: 'points', balance: -240 },
    till: 't1',
    tillName: 'Till 1',
    atMs: galleryNowMs - 2 * hour,
    member: ayse,
    other: null,
    ways: [
      { way: 'accept', points: 0, needsPin: false },
      { way: 'write-off', points: 240, needsPin: true },
      { way: 'contact', points: 0, needsPin: false },
    ],
    settled: null,
  },
  {
    id: 'e2',
    code: 'reversal-over-original',
    params: { member: 'm1', wanted: -60, posted: -40 },
    till: 't3',
    tillName: 'Till 3',
    atMs: galleryNowMs - 3 * hour,
    member: ayse,
    other: null,
    ways: [
      { way: 'accept', points: 0, needsPin: false },
      { way: 'take', points: -20, needsPin: true },
      { way: 'contact', points: 0, needsPin: false },
    ],
    settled: null,
  },
  {
    id: 'e3',
    code: 'unknown-member',
    params: { member: 'm9' },
    till: 't2',
    tillName: 'Till 2',
    atMs: galleryNowMs - 5 * hour,
    member: { member: 'm9', name: null },
    other: null,
    ways: [
      { way: 'accept', points: 0, needsPin: false },
      { way: 'merge', points: 0, needsPin: true },
      { way: 'block', points: 0, needsPin: true },
    ],
    settled: null,
  },
  {
    id: 'e4',
    code: 'same-number',
    params: { member: 'm7', into: 'm1' },
    till: 't2',
    tillName: 'Till 2',
    atMs: galleryNowMs - 6 * hour,
    member: { member: 'm7', name: 'Eva D.' },
    other: ayse,
    ways: [
      { way: 'accept', points: 0, needsPin: false },
      { way: 'contact', points: 0, needsPin: false },
      { way: 'merge', points: 0, needsPin: true },
    ],
    settled: null,
  },
];

const kinds = ['sale', 'earn', 'redeem', 'return', 'reverse', 'adjust'] as const;

/** Entries of every kind, latest first. */
const someEntries: readonly EntryRow[] = Array.from({ length: 24 }, (_, index) => {
  const what = kinds[index % kinds.length] ?? 'sale';
  const isMoney = what === 'sale' || what === 'return';
  return {
    id: `entry-${index}`,
    what,
    atMs: galleryNowMs - index * 600_000,
    day: '2026-11-21',
    till: what === 'adjust' ? '0' : 't1',
    tillName: what === 'adjust' ? '0' : 'Till 1',
    cashier: what === 'adjust' ? null : 'c1',
    member: index % 4 === 3 ? null : ayse,
    programme: isMoney ? null : 'points',
    points: isMoney ? null : what === 'redeem' || what === 'reverse' ? -120 : 45,
    moneyMinor: isMoney ? (what === 'sale' ? 45_000 : -12_000) : null,
    receipt: isMoney ? '7K2M9QX4T' : null,
  };
});

const names = [
  'Ayşe K.',
  'Şule I.',
  'Mehmet D.',
  null,
  'Lena H.',
  'عمر ا.',
  'James M.',
  'Özgür Ç.',
];

/** Members as the list shows them. */
const someMembers: readonly MemberListRow[] = names.map((name, index) => ({
  member: `m${index + 1}`,
  name,
  masked: `··${index}${index + 3}`,
  status: index === 6 ? 'blocked' : 'active',
  provisional: name === null,
  enrolledAtMs: galleryNowMs - index * 24 * hour,
  visits: 3 * index,
  lastSaleAtMs: index === 0 ? null : galleryNowMs - index * hour,
  points: 335 * index,
}));

const aDetail: MemberDetail = {
  ...(someMembers[1] as MemberListRow),
  fullName: 'Şule Işık',
  language: 'tr',
  enrolledOn: '2025-03-04',
  identifiers: [
    { kind: 'card', masked: '··19' },
    { kind: 'phone', masked: '··67' },
  ],
  balances: [
    { programme: 'cashback', posted: 4250, pending: 0, available: 4250 },
    { programme: 'points', posted: 1260, pending: 40, available: 1010 },
  ],
  tiers: [{ programme: 'points', tier: 'gold' }],
  consents: [],
  followUps: [
    {
      id: '0190a1b2-0000-7000-8000-000000000001',
      member: ayse,
      till: null,
      exception: null,
      words: 'Yeni kart istedi; geldiğinde ara',
      by: 'c1',
      atMs: galleryNowMs - 4 * hour,
    },
  ],
};

const someStaff: readonly StaffRow[] = ['c1', 'c2', 'c3'].map((cashier, index) => ({
  cashier,
  sales: 81 - 20 * index,
  salesWithMember: 60 - 18 * index,
  salesTotalMinor: 2_106_000 - 400_000 * index,
  returns: index,
  enrolments: 7 - 2 * index,
  kudos: index === 1 ? 2 : 0,
}));

const someKudos: StaffReport['kudos'] = (['welcoming', 'teamwork'] as const).map(
  (reason, index) => ({
    id: `0190a1b2-0000-7000-8000-00000000000${index + 3}`,
    cashier: 'c2',
    reason,
    by: 'c1',
    atMs: galleryNowMs - index * hour,
  }),
);

const aLoyalty: LoyaltyReport = {
  repeat: { buyers: 420, repeat: 168, share: 0.4 },
  value: { averageSaleMinor: 26_140, salesPerYear: 14.2, yearMinor: 371_200 },
  retention: { before: 390, kept: 257, share: 0.659 },
  points: {
    issued: 21_340,
    redeemed: 5_900,
    expired: 760,
    reversed: 25,
    redemption: 0.2765,
    breakage: 0.0356,
    outstanding: 14_655,
  },
  coupon: {
    test: { members: 64, back: 41, spentMinor: 1_204_000 },
    control: { members: 356, back: 171, spentMinor: 4_950_000 },
    liftMinor: 4_908,
  },
  survey: null,
};

/** The manager's part of a till whose answers are written down beforehand. */
export function managerAnswers(): Pick<HandlersOf<TillContract>, ManagerCall> {
  const detail = { outcome: 'answered', answer: aDetail } as const;
  const done = { outcome: 'answered', answer: null } as const;
  return {
    'manager.exceptions': ({ settled }) => ({
      outcome: 'answered',
      answer: {
        items: settled ? [] : [...someExceptions],
        open: someExceptions.length,
        next: null,
      },
    }),
    'manager.settle': () => ({
      outcome: 'refused',
      refusal: { code: 'manager-pin-wrong', params: { left: 4 } },
    }),
    'manager.entries': () => ({
      outcome: 'answered',
      answer: { rows: [...someEntries], next: 'more', source: 'server' },
    }),
    'manager.members': ({ text }) => ({
      outcome: 'answered',
      answer: { rows: text === 'zzz' ? [] : [...someMembers], next: null, partly: false },
    }),
    'manager.member': () => detail,
    'manager.adjust': () => detail,
    'manager.merge': () => detail,
    'manager.erase': ({ confirm }) => ({
      outcome: 'answered',
      answer:
        confirm === null
          ? {
              step: 'confirm',
              preview: {
                member: 'm2',
                name: 'Şule I.',
                masked: ['··19', '··67'],
                points: [
                  { programme: 'cashback', points: 4250 },
                  { programme: 'points', points: 1260 },
                ],
                openGrants: 0,
                confirm: 'A1B2C3',
              },
            }
          : { step: 'erased', member: 'm2' },
    }),
    'manager.note': () => done,
    'manager.note-done': () => done,
    'manager.staff': () => ({
      outcome: 'answered',
      answer: { people: [...someStaff], kudos: [...someKudos] },
    }),
    'manager.kudos': () => done,
    'manager.loyalty': () => ({ outcome: 'answered', answer: aLoyalty }),
    'manager.group': () => ({
      outcome: 'answered',
      answer: {
        rows: someMembers.map((row, index) => ({
          ...row,
          sales: index + 1,
          spentMinor: 12_500 * (index + 1),
        })),
        next: null,
      },
    }),
    'manager.follow-ups': () => ({
      outcome: 'answered',
      answer: { items: [...aDetail.followUps] },
    }),
  };
}
