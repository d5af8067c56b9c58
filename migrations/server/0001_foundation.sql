-- Tenants, stores, tills.
create table tenant (
  tenant text primary key,
  -- Key of the identifier HMAC, hex.
  identifier_key text not null check (length(identifier_key) = 64),
  -- Grows when the server was restored from a backup: tills then send again from its ack.
  epoch integer not null default 1 check (epoch > 0)
);

create table store (
  tenant text not null references tenant,
  store text not null,
  version integer not null check (version > 0),
  -- The whole shop configuration, as the contract has it.
  config jsonb not null,
  primary key (tenant, store)
);

create table terminal (
  tenant text not null,
  till text not null,
  store text not null,
  name text not null,
  -- Raw Ed25519 public key, base64url.
  public_key text not null,
  inc integer not null default 1 check (inc > 0),
  state text not null default 'active' check (state in ('active', 'fenced', 'forked')),
  fork_at bigint,
  ack_seq bigint not null default 0 check (ack_seq >= 0),
  ack_hash text not null check (length(ack_hash) = 64),
  -- The server's life this till has joined, where its journal ended then, and whether all of it is back.
  epoch integer not null,
  recover_through bigint not null default 0,
  recovered boolean not null default true,
  enrolled_at_ms bigint not null,
  last_contact_ms bigint,
  app text,
  primary key (tenant, till),
  foreign key (tenant, store) references store,
  check ((state = 'forked') = (fork_at is not null))
);
-- A signed request names the till alone; till references are random and unique everywhere.
create unique index terminal_by_till on terminal (till);

create table pairing_code (
  tenant text not null,
  -- SHA-256 of the code, hex: a copy of the database pairs nobody.
  code_hash text not null,
  store text not null,
  expires_at_ms bigint not null,
  tries integer not null default 0 check (tries >= 0),
  used_by text,
  primary key (tenant, code_hash),
  foreign key (tenant, store) references store
);

-- What this database is: a cursor from another life of it starts anew.
create table server_state (
  singleton boolean primary key default true check (singleton),
  -- Random; made with the database, and again when it was rebuilt.
  generation text not null,
  -- Last command of the log that is contained here; stays 0 on PostgreSQL.
  applied_command bigint not null default 0 check (applied_command >= 0)
);
-- Wrong PINs for what only a manager may do. The PINs themselves are with the staff in the store's
-- configuration, salted and slow to try.
create table manager_pin (
  tenant text not null,
  store text not null,
  -- Since the last right one.
  tries integer not null default 0 check (tries >= 0),
  locked_until_ms bigint not null default 0,
  primary key (tenant, store),
  foreign key (tenant, store) references store
);
