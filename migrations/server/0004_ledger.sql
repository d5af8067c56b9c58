-- The ledger: append-only, six types, one row per (account, type, source).
create table ledger (
  tenant text not null,
  -- As journalled; the account is that of the member's owner.
  member text not null,
  programme text not null,
  type text not null check (type in ('earn', 'redeem', 'expire', 'adjust', 'transfer', 'reverse')),
  source text not null,
  points bigint not null,
  -- False while `effective_at_ms` is ahead.
  counted boolean not null,
  version integer not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  effective_at_ms bigint not null,
  expires_at_ms bigint,
  basis_minor bigint,
  allocated_minor bigint,
  value_minor bigint,
  grant_ref text,
  of_type text check (of_type in ('earn', 'redeem')),
  of_source text,
  -- Sources come in the order of time, so that new keys go to the index's end.
  primary key (tenant, source, type, programme, member),
  check (type <> 'earn' or points > 0),
  check (type <> 'redeem' or points < 0),
  check ((type = 'reverse') = (of_source is not null and of_type is not null))
);
create index ledger_by_member on ledger (tenant, member);
create index ledger_by_original on ledger (tenant, of_source) where of_source is not null;
create index ledger_by_day on ledger (tenant, day);
create index ledger_waiting on ledger (tenant, effective_at_ms) where not counted;

-- Reversals that came before what they reverse.
create table held_reversal (
  tenant text not null,
  member text not null,
  programme text not null,
  of_type text not null check (of_type in ('earn', 'redeem')),
  of_source text not null,
  source text not null,
  points bigint not null check (points <> 0),
  expires_at_ms bigint,
  version integer not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, of_source, of_type, programme, member, source)
);

-- What the ledger sums to, per owner; available = posted - granted.
create table account (
  tenant text not null,
  owner text not null,
  programme text not null,
  posted bigint not null default 0,
  pending bigint not null default 0,
  held bigint not null default 0 check (held >= 0),
  granted bigint not null default 0 check (granted >= 0),
  version integer not null default 0 check (version >= 0),
  primary key (tenant, owner, programme)
);

-- Accounts that fall short of what was promised out of them: few, and what risk is bounded by.
create index account_short on account (tenant, programme) where posted < granted;

-- Points taken out of an available quantity for one till to spend.
create table point_grant (
  tenant text not null,
  grant_ref text not null,
  request_id uuid not null,
  member text not null,
  programme text not null,
  till text not null,
  inc integer not null,
  amount bigint not null check (amount > 0),
  spent bigint not null default 0,
  state text not null default 'offered' check (state in ('offered', 'accepted', 'closed')),
  -- `held` is kept by its till across sales, and so is `risk`, which no account stands for; a recalled
  -- one is to be given back.
  purpose text not null default 'sale' check (purpose in ('sale', 'held', 'risk')),
  recalled boolean not null default false,
  lease_ms bigint not null check (lease_ms > 0),
  created_at_ms bigint not null,
  primary key (tenant, grant_ref),
  unique (tenant, till, request_id),
  check (spent between 0 and amount)
);
create index point_grant_risk on point_grant (tenant, programme) where purpose = 'risk';
create index point_grant_open on point_grant (tenant, till) where state <> 'closed';
create index point_grant_by_member on point_grant (tenant, member) where state <> 'closed';

-- What a tier looks at, summed per window: `since` is the window's first day; a window that moves
-- every day has a row per day, a lifetime one row from the first day there is.
create table tier_measure (
  tenant text not null,
  owner text not null,
  programme text not null,
  since date not null,
  earned bigint not null,
  qualifying bigint not null,
  spend_minor bigint not null,
  units bigint not null,
  visits bigint not null,
  primary key (tenant, owner, programme, since)
);
