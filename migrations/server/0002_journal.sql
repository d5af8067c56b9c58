-- The tills' journals as they came, one row per push: its texts, verbatim and in order, each after the
-- other with U+001E between, zstd. What was posted is what `terminal.ack_seq` says, nothing else; a
-- journal's rows follow each other without a gap, and each row's hash follows from the one before.
-- By business day of the first entry, so that months can be detached to cold storage.
create table archive (
  tenant text not null,
  day date not null,
  till text not null,
  inc integer not null,
  first_seq bigint not null check (first_seq > 0),
  last_seq bigint not null,
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  packed bytea not null,
  primary key (tenant, till, inc, first_seq, day),
  check (last_seq >= first_seq)
) partition by range (day);
create table archive_rest partition of archive default;

create table sale (
  tenant text not null,
  tx uuid not null,
  receipt text not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  member text,
  proof text,
  currency text not null,
  subtotal_minor bigint not null check (subtotal_minor >= 0),
  discount_minor bigint not null check (discount_minor >= 0),
  total_minor bigint not null check (total_minor >= 0),
  tender text not null,
  primary key (tenant, tx)
);
create index sale_by_receipt on sale (tenant, receipt);
create index sale_by_day on sale (tenant, day);
create index sale_by_member on sale (tenant, member) where member is not null;

create table sale_return (
  tenant text not null,
  tx uuid not null,
  of_tx uuid not null,
  receipt text not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  member text,
  refund_minor bigint not null check (refund_minor >= 0),
  primary key (tenant, tx)
);
create index sale_return_by_sale on sale_return (tenant, of_tx);
create index sale_return_by_day on sale_return (tenant, day);

-- A sale's points are given to somebody once.
create table claim (
  tenant text not null,
  of_tx uuid not null,
  tx uuid not null,
  member text not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, of_tx)
);
create index claim_by_tx on claim (tenant, tx);

create table posting_exception (
  tenant text not null,
  id text not null,
  code text not null,
  params jsonb not null,
  till text not null,
  inc integer not null,
  seq bigint not null,
  day date not null,
  at_ms bigint not null,
  primary key (tenant, id)
);
create index posting_exception_by_day on posting_exception (tenant, day);
