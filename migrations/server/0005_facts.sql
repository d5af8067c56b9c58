-- What rules and tiers ask about a member, kept with every posting. All of it can be derived again
-- from archive, ledger and sales.

-- What happened to a sale since: counters hold exactly what stands here.
alter table sale
  -- Thousandths by line, and money without goods: the engine's `Returned`.
  add column returned jsonb not null default '{"milliByLine":{},"amountMinor":0}',
  -- Nothing of it is left with the customer.
  add column complete boolean not null default false,
  -- Who claimed it afterwards, as journalled.
  add column claimed_by text;
create index sale_by_claimant on sale (tenant, claimed_by) where claimed_by is not null;

-- The part of a row that counts towards a tier; null where all of it does.
alter table ledger add column qualifying bigint;
-- For `expire`: the lot it closes, by the entry that opened it.
alter table ledger add column lot text;
-- For rows of the server's own: points per rule. Those of tills say it in their entries.
alter table ledger add column breakdown jsonb;
-- True once a night has closed the lot this row opened.
alter table ledger add column ended boolean not null default false;
create index ledger_ending on ledger (tenant, expires_at_ms)
  where expires_at_ms is not null and not ended;

create table member_fact (
  tenant text not null,
  owner text not null,
  visits bigint not null default 0,
  last_sale_at_ms bigint,
  -- When the member was last asked about the shop.
  surveyed_at_ms bigint,
  -- Grows with every change of what tills are told besides balances and profile.
  version integer not null default 0 check (version >= 0),
  primary key (tenant, owner)
);

-- How often rules, rewards and limit groups were used, in the day, week, month and year that the
-- latest use lies in, and ever. `id` is empty for the programme as a whole; `owner` is empty for
-- nobody (sales without a member, vouchers) and `*` for all together where a shared limit asks.
create table use_count (
  tenant text not null,
  owner text not null,
  programme text not null,
  id text not null,
  last_day date not null,
  last_at_ms bigint,
  day_times bigint not null,
  day_points bigint not null,
  week_times bigint not null,
  week_points bigint not null,
  month_times bigint not null,
  month_points bigint not null,
  year_times bigint not null,
  year_points bigint not null,
  life_times bigint not null,
  life_points bigint not null,
  primary key (tenant, owner, programme, id)
);

-- Points a programme with a budget has given.
create table programme_given (
  tenant text not null,
  programme text not null,
  points bigint not null,
  primary key (tenant, programme)
);

create table held_tier (
  tenant text not null,
  owner text not null,
  programme text not null,
  tier text,
  since date not null,
  -- Last day before it is looked at again, grace included; null has no end.
  through date,
  primary key (tenant, owner, programme)
);
create index held_tier_ending on held_tier (tenant, programme, through) where tier is not null;

-- Changes of tier: each in the manager's day once, and with the member until a till has told it.
create table tier_move (
  tenant text not null,
  owner text not null,
  programme text not null,
  source text not null,
  kind text not null check (kind in ('up', 'down')),
  from_tier text,
  to_tier text,
  day date not null,
  at_ms bigint not null,
  till text not null,
  told boolean not null,
  primary key (tenant, owner, programme, source)
);
create index tier_move_by_day on tier_move (tenant, day);

-- Sales of paid memberships, and what they come to: the exclusive end of the last term paid.
create table membership_sale (
  tenant text not null,
  tx uuid not null,
  programme text not null,
  returned boolean not null,
  primary key (tenant, tx, programme)
);
create table membership (
  tenant text not null,
  owner text not null,
  programme text not null,
  paid_until_ms bigint not null,
  -- The end of the term that tills were told of; a night moves it on. Null once it has lapsed.
  shown_until_ms bigint,
  primary key (tenant, owner, programme)
);
create index membership_ending on membership (tenant, shown_until_ms) where shown_until_ms is not null;

-- Coupons, gift cards, unique codes. Their points are in the account of `holder`.
create table voucher (
  tenant text not null,
  code text not null,
  holder text not null,
  programme text not null,
  -- As journalled; null for whoever has the paper.
  owner text,
  by_programme text not null,
  by_rule text not null,
  name jsonb,
  expires_at_ms bigint,
  state text not null default 'active' check (state in ('active', 'blocked')),
  primary key (tenant, code)
);
create unique index voucher_by_holder on voucher (tenant, holder);
create index voucher_by_owner on voucher (tenant, owner) where owner is not null;

-- The server's own journal, terminal 0: its head. Entries are in `entry_key` and `archive`.
create table server_head (
  tenant text primary key references tenant,
  seq bigint not null default 0 check (seq >= 0),
  hash text not null check (length(hash) = 64)
);

-- Nights that were run, per store and business day.
create table night (
  tenant text not null,
  store text not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, store, day)
);

-- What members were asked after a sale and what they said: facts of tills, without a person's data.
-- `asked` has no answer; a question that was skipped has no row.
create table survey (
  tenant text not null,
  store text not null,
  of_tx uuid not null,
  question text not null check (question in ('asked', 'nps', 'cli-recommend', 'cli-again', 'cli-other')),
  answer integer check (answer between 0 and 10),
  member text not null,
  till text not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, of_tx, question)
);
create index survey_by_day on survey (tenant, store, day);
