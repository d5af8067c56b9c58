import { voucherCodeOf } from '#contract/facts.ts';
import type { Message } from '#contract/till-state.ts';
import type { EntryBody } from '#journal/entry.ts';
import { displayVoucherCode } from '#loyalty/card.ts';
import type { Quote, QuotedAward } from '#loyalty/quote-types.ts';
import { assertNever } from '#loyalty/result.ts';
import { tierRank } from '#loyalty/tiers.ts';
import { programmeOf, type Core } from './core.ts';
import type { LocalFact } from './database.ts';
import { tierMessage, type ToldNews } from './member-news.ts';
import type { Session } from './session.ts';
import { unitView } from './unit-view.ts';
import { words } from './words.ts';

/** Most lines of good news after one sale. */
const AWARDS_MAX = 32;

/** What a settled sale gave besides the points of its main programme. */
export interface Given {
  readonly open: Session;
  readonly quote: Quote;
  readonly memberships: LocalFact['memberships'];
  readonly news: readonly ToldNews[];
  readonly issued: readonly Extract<EntryBody, { kind: 'issue' }>[];
}

/**
 * What the shopper is told besides points, as codes with the names in them: first what changes who
 * they are to the shop, then what they take home. The screen words them now, the receipt for good.
 */
export function awardsOf(core: Core, given: Given): readonly Message[] {
  const { quote, memberships, news, issued } = given;
  return [
    ...tiersReached(core, quote),
    ...news.map(({ message }) => message),
    ...membershipsBought(core, memberships),
    ...otherEarnings(core, quote),
    ...issued.map((issue) => voucherMessage(core, issue)),
    ...quote.awards.flatMap((award) => awardMessage(core, award)),
  ].slice(0, AWARDS_MAX);
}

function tiersReached(core: Core, quote: Quote): readonly Message[] {
  return quote.tiers.flatMap(({ programme, before, after }) => {
    const known = programmeOf(core, programme);
    const isUp =
      known !== undefined && tierRank(known, after) > Math.max(0, tierRank(known, before));
    const message = isUp ? tierMessage(core, programme, after, 'up') : null;
    return message === null ? [] : [message];
  });
}

function membershipsBought(core: Core, bought: Given['memberships']): readonly Message[] {
  return Object.entries(bought).flatMap(([id, untilMs]): Message[] => {
    const programme = programmeOf(core, id);
    if (programme === undefined || untilMs === null) return [];
    // The end is exclusive: the last day is the one before it.
    const params = { name: words(programme.name), lastDayMs: untilMs - 1 };
    return [{ code: 'award-membership', params }];
  });
}

/** Points of the second programme and the following; the first has its own large line. */
function otherEarnings(core: Core, quote: Quote): readonly Message[] {
  return quote.earnings.slice(1).map(({ programme, name, points }): Message => {
    const { kind, scale } = unitView(programmeOf(core, programme));
    return kind === 'money'
      ? { code: 'award-money', params: { name: words(name), valueMinor: points } }
      : { code: 'award-points', params: { name: words(name), points: points / 10 ** scale } };
  });
}

function voucherMessage(core: Core, issue: Given['issued'][number]): Message {
  const { member, programme, expiresAtMs } = issue;
  const code = voucherCodeOf(core.ports.crypto.identifierHash('voucher', member));
  const name = words(programmeOf(core, programme)?.name ?? { en: programme });
  const params = { name, voucher: displayVoucherCode(code) };
  return expiresAtMs === null
    ? { code: 'award-voucher', params }
    : { code: 'award-voucher-until', params: { ...params, lastDayMs: expiresAtMs - 1 } };
}

function awardMessage(core: Core, award: QuotedAward): readonly Message[] {
  switch (award.kind) {
    case 'voucher':
      return [];
    case 'badge': {
      const rules = programmeOf(core, award.programme)?.rules ?? [];
      const name = rules.find(({ id }) => id === award.rule)?.name ?? { en: award.badge };
      return [{ code: 'award-badge', params: { name: words(name) } }];
    }
    case 'comeback':
      return [
        { code: 'award-comeback', params: { name: words(award.name), lastDay: award.lastDay } },
      ];
    case 'benefit':
      return [{ code: 'award-benefit', params: { name: words(award.benefit) } }];
    default:
      return assertNever(award, 'award');
  }
}
