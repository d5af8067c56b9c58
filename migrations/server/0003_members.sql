-- Members by random reference. What names a person lives in `profile` and `identifier` alone, and in
-- `profile` only sealed.
create table member (
  tenant text not null,
  member text not null,
  -- Whose accounts its entries go to: itself, or the member it was merged into. Always one step.
  owner text not null,
  status text not null default 'active' check (status in ('active', 'blocked', 'merged', 'erased')),
  provisional boolean not null,
  enrolled boolean not null,
  market text,
  proof text,
  enrolled_till text not null,
  enrolled_day date not null,
  enrolled_at_ms bigint not null,
  -- Changes of this row and of its profile; a record's version adds those of its accounts.
  changes integer not null default 0 check (changes >= 0),
  primary key (tenant, member),
  check ((status = 'merged') = (owner <> member))
);
create index member_by_owner on member (tenant, owner);
create index member_by_day on member (tenant, enrolled_day);

create table profile (
  tenant text not null,
  member text not null,
  -- 0 where it came from a member that was merged into this one.
  version integer not null check (version >= 0),
  -- Under whose key it is sealed, as which version: this member's own, or that of a merged one.
  sealed_for text not null,
  sealed_version integer not null,
  -- Name, phone, birthday, language; AES-256-GCM, base64.
  sealed text not null,
  -- Whether there is one in it: the night opens no other.
  has_birthday boolean not null,
  primary key (tenant, member)
);

-- Keys of what is sealed, where PostgreSQL is the database; the embedded one keeps them in a file of
-- its own. Null: destroyed.
create table member_key (
  tenant text not null,
  member text not null,
  key text,
  primary key (tenant, member)
);

-- Members whose data was erased: who ordered it, when, and what was left on their accounts.
create table erasure (
  tenant text not null,
  member text not null,
  by text not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, member)
);

-- One hash finds one member. Old cards stay and resolve.
create table identifier (
  tenant text not null,
  hash text not null check (length(hash) = 64),
  kind text not null check (kind in ('card', 'phone')),
  masked text not null,
  member text not null,
  primary key (tenant, hash)
);
create index identifier_by_member on identifier (tenant, member);

create table consent (
  tenant text not null,
  member text not null,
  purpose text not null,
  given boolean not null,
  text_version text not null,
  language text not null,
  at_ms bigint not null,
  till text not null,
  -- By whose hand: 'display' the shopper's own, 'till' at the cashier's screen.
  channel text not null check (channel in ('display', 'till')),
  primary key (tenant, member, purpose, at_ms, till)
);

-- What tills must hear of, one row per subject: a change moves the row ahead. The cursor is the
-- transaction's number, read only below the oldest one still running: numbers of a sequence would
-- become visible out of order and a reader would skip some.
create sequence feed_place;
create table feed (
  tenant text not null,
  kind text not null check (kind in ('member', 'merge', 'config', 'facts')),
  subject text not null,
  other text,
  xid xid8 not null,
  -- Tells rows of one transaction apart, nothing more.
  place bigint not null default nextval('feed_place'),
  primary key (tenant, kind, subject)
);
create index feed_by_xid on feed (tenant, xid, place);
