-- The open basket, so that a killed till comes back with the same sale.
CREATE TABLE draft (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  json TEXT NOT NULL
) STRICT;

-- The return being prepared: its receipt and what is chosen, never what goes back.
CREATE TABLE draft_return (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  json TEXT NOT NULL
) STRICT;

-- Sales set aside for a while, without the points and codes they had on hold.
CREATE TABLE parked_sale (
  sale TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;

-- Where in the journal a sale or a return is. `number` is the receipt number, consecutive per till.
CREATE TABLE sale (
  seq INTEGER PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  number INTEGER NOT NULL,
  tx TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'return')),
  receipt TEXT NOT NULL UNIQUE,
  content_hash TEXT NOT NULL,
  of TEXT,
  balance_after INTEGER
) STRICT;

CREATE INDEX sale_of ON sale (of) WHERE of IS NOT NULL;

-- One claim per sale, ever, as far as this till knows.
CREATE TABLE claim (
  sale TEXT PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE print_job (
  job TEXT PRIMARY KEY,
  sale TEXT NOT NULL,
  copy INTEGER NOT NULL CHECK (copy >= 0),
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'return', 'card', 'shift', 'drawer', 'keys')),
  document TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'unconfirmed', 'failed', 'cancelled')),
  problem TEXT,
  detail TEXT NOT NULL DEFAULT '',
  sent_bytes INTEGER NOT NULL DEFAULT 0,
  total_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX print_job_sale ON print_job (sale);
CREATE INDEX print_job_open ON print_job (job) WHERE state IN ('queued', 'sending');

CREATE TABLE shift (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER,
  opened_at_ms INTEGER NOT NULL,
  sales INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX shift_open ON shift ((last_seq IS NULL)) WHERE last_seq IS NULL;

-- Points the server set aside for this till. `asked` is durable before the request leaves.
CREATE TABLE grant_held (
  request TEXT PRIMARY KEY,
  grant_ref TEXT UNIQUE,
  -- `sale` pays one reward of one sale; `held` and `risk` are kept across sales, to be spent offline.
  purpose TEXT NOT NULL CHECK (purpose IN ('sale', 'held', 'risk')),
  sale TEXT,
  member TEXT NOT NULL,
  programme TEXT NOT NULL,
  reward TEXT,
  amount INTEGER NOT NULL CHECK (amount > 0),
  spent INTEGER NOT NULL CHECK (spent BETWEEN 0 AND amount),
  state TEXT NOT NULL CHECK (state IN ('asked', 'accepted', 'spent', 'closed', 'refused')),
  -- Counted down by the monotonic clock while the till runs.
  lease_left_ms INTEGER NOT NULL
) STRICT;

-- A state of the screen asks for those of one member several times.
CREATE INDEX grant_open ON grant_held (member) WHERE state IN ('asked', 'accepted');

-- Grants this till closed without having accepted them: a late answer for one is ignored.
CREATE TABLE grant_never (
  grant_ref TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Wrong PINs since the last right one, by staff reference; '' counts for the whole till. A fold of the
-- journal; how long the next one waits follows from it.
CREATE TABLE pin_tries (
  cashier TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL CHECK (wrong > 0)
) STRICT, WITHOUT ROWID;
