-- What a manager decided and wants to remember. Nothing here changes a balance: points move by ledger
-- rows of the server's own journal, under the same transaction reference.

-- An exception is settled once. Who and when; the way is one the rules allowed at that moment.
create table exception_settlement (
  tenant text not null,
  exception text not null,
  way text not null,
  -- Change of the member's balance that was posted with it; 0 where none was.
  points bigint not null default 0,
  member text,
  programme text,
  by_cashier text not null,
  -- Whose manager's PIN confirmed it; null where none had to.
  approved_by text,
  tx uuid not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, exception)
);

-- Something a person means to do: about a member, a till, an exception. Its words may name a person,
-- so they are here, where they can be forgotten, and in no journal.
create table follow_up (
  tenant text not null,
  id uuid not null,
  member text,
  till text,
  exception text,
  words text not null,
  by_cashier text not null,
  at_ms bigint not null,
  done_by text,
  done_at_ms bigint,
  primary key (tenant, id),
  check ((done_by is null) = (done_at_ms is null))
);
create index follow_up_by_member on follow_up (tenant, member) where member is not null;
create index follow_up_open on follow_up (tenant, at_ms) where done_at_ms is null;

-- Thanks among staff: never part of the members' ledger.
create table kudos (
  tenant text not null,
  id uuid not null,
  cashier text not null,
  reason text not null,
  by_cashier text not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, id)
);
create index kudos_by_day on kudos (tenant, day);
