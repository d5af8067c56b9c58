import type { SceneName } from './scenes.ts';

type Steps = readonly string[];

/** Screens that need a hand on the page, by the parts to press. */
export const panels: Readonly<Record<string, readonly [SceneName, Steps]>> = {
  tenders: ['known', ['pay']],
  enrol: ['known', ['action-enrol']],
  'enrol-shopper': ['known', ['action-enrol', 'enrol-no-phone', 'enrol-age-yes']],
  'find-receipt': ['known', ['action-return']],
  'code-panel': ['known', ['enter-code']],
  parked: ['parked', ['action-parked']],
  settings: ['known', ['open-settings']],
  scanner: ['known', ['open-settings', 'open-scanner']],
  join: ['known', ['open-settings', 'open-join']],
  'screen-size': ['known', ['open-settings', 'open-screen-size']],
  help: ['known', ['open-help']],
  why: ['known', ['why-open']],
  'selected-line': ['known', ['line']],
  day: ['day-ties', ['open-day']],
  'close-shift': ['day-differs', ['open-day', 'close-shift']],
  'close-shift-uncounted': ['day-uncounted', ['open-day', 'close-shift', 'count-float']],
  'z-report': ['day-ties', ['open-day', 'close-shift', 'close-uncounted']],
  'day-empty': ['day-empty', ['open-day']],
  'open-shift': ['day-empty', ['open-day', 'close-shift']],
  people: ['known', ['cashier']],
  pin: ['known', ['cashier', 'person']],
  'pin-waiting': ['locked-waiting', ['person']],
  'shop-rules': ['known', ['open-settings', 'open-shop-rules']],
  'shop-rules-on': ['known', ['open-settings', 'open-shop-rules', 'risk-on']],
  staff: ['known', ['cashier', 'open-staff', 'staff-person']],
  'staff-rules': ['known', ['cashier', 'open-staff', 'staff-rules']],
};
/** What a cashier sees in most of a day. */
export const mainScenes: readonly SceneName[] = [
  'empty',
  'locked',
  'known',
  'known-offline',
  'unknown-phone',
  'waiting-for-proof',
  'swapped',
  'warned',
  'returning',
  'claimable',
  'codes',
  'without-member',
  'tier-news',
];

/** Every page of the manager's, by what is pressed to come to it; the last part is there once it stands. */
export const managerPages: Readonly<
  Record<string, readonly [steps: readonly string[], stands: string]>
> = {
  span: [['span-open'], 'span-picker'],
  entries: [['scan-rate'], 'entry'],
  day: [[], 'hour-bar'],
  hours: [['chart-as-table'], 'hour-entries'],
  programmes: [['show-by-programme'], 'programme-row'],
  exceptions: [['tab-exceptions'], 'way-accept'],
  todo: [['tab-exceptions', 'exceptions-todo'], 'note'],
  settle: [['tab-exceptions', 'way-write-off'], 'manager-pin'],
  members: [['tab-members'], 'member-row'],
  member: [['tab-members', 'member-row'], 'entry'],
  adjust: [['tab-members', 'member-row', 'member-adjust'], 'adjust-points'],
  notes: [['tab-members', 'member-row', 'member-notes'], 'note'],
  merge: [['tab-members', 'member-row', 'member-merge'], 'pick-member'],
  erase: [['tab-members', 'member-row', 'member-erase'], 'erase-word'],
  staff: [['tab-staff'], 'staff-row'],
  loyalty: [['tab-figures'], 'group-repeat'],
  group: [['tab-figures', 'group-repeat'], 'group-row'],
  reports: [['tab-reports'], 'shift-report'],
};
