-- The till's own journal: text and hash are stored as they travel, and never change again.
-- One database is one incarnation; a new incarnation begins a new database.
CREATE TABLE identity (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  tenant TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  inc INTEGER NOT NULL CHECK (inc > 0)
) STRICT;

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  tx TEXT NOT NULL,
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  text TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX journal_day ON journal (day);

CREATE TRIGGER journal_contiguous BEFORE INSERT ON journal
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN
  SELECT raise(ABORT, 'the journal is contiguous');
END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
  SELECT raise(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
  SELECT raise(ABORT, 'the journal is append-only');
END;

-- How far the server has come, and how far this till has read the server's changes.
CREATE TABLE sync (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  ack_seq INTEGER NOT NULL CHECK (ack_seq >= 0),
  ack_hash TEXT NOT NULL,
  durable_seq INTEGER NOT NULL CHECK (durable_seq >= 0),
  epoch INTEGER NOT NULL,
  cursor TEXT,
  stopped TEXT,
  contact_at_ms INTEGER,
  pulled_at_ms INTEGER
) STRICT;

INSERT INTO sync VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, 0, NULL, NULL, NULL, NULL);

CREATE TABLE config (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;

-- Every version of a programme this till has sold under: a refund needs the one of its sale.
CREATE TABLE programme_version (
  programme TEXT NOT NULL,
  version INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (programme, version)
) STRICT, WITHOUT ROWID;
