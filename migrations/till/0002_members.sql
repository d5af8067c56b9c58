-- Members as this till knows them, by random reference. What names a person is sealed under the
-- member's key, which is in a file of its own beside this folder.
CREATE TABLE member (
  member TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'blocked', 'merged', 'erased')),
  merged_into TEXT,
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
  -- Short name and birthday; null where neither was given.
  sealed TEXT,
  language TEXT NOT NULL,
  tier TEXT,
  tier_progress INTEGER NOT NULL,
  -- Visits, uses, standings, vouchers … as the record brought them; read whole, never searched.
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What concerns programmes as a whole, as the server last told it.
CREATE TABLE programme_facts (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  json TEXT NOT NULL
) STRICT;

-- What this till's own sales add to the server's facts until those include them. No member: ''.
-- Read once, in order: an index would only be one more page of each sale's commit.
CREATE TABLE local_fact (
  seq INTEGER PRIMARY KEY,
  member TEXT NOT NULL,
  -- Of the member's record then: a later one, once the entry is acknowledged, includes it.
  version INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;

CREATE TABLE identifier (
  hash TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('card', 'phone')),
  masked TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identifier_member ON identifier (member);

-- The server's balances; an older version never replaces a newer one.
CREATE TABLE balance (
  member TEXT NOT NULL,
  programme TEXT NOT NULL,
  posted INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  available INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (member, programme)
) STRICT, WITHOUT ROWID;

-- What this till booked for a member and the server has not acknowledged.
CREATE TABLE movement (
  seq INTEGER PRIMARY KEY,
  member TEXT NOT NULL,
  programme TEXT NOT NULL,
  points INTEGER NOT NULL
) STRICT;

-- Their sums, kept in step by triggers: a busy member costs no more to show.
CREATE TABLE movement_sum (
  member TEXT NOT NULL,
  programme TEXT NOT NULL,
  added INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  PRIMARY KEY (member, programme)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER movement_added AFTER INSERT ON movement
BEGIN
  INSERT INTO movement_sum VALUES (NEW.member, NEW.programme, max(NEW.points, 0), min(NEW.points, 0))
  ON CONFLICT DO UPDATE SET added = added + excluded.added, taken = taken + excluded.taken;
END;

CREATE TRIGGER movement_dropped AFTER DELETE ON movement
BEGIN
  UPDATE movement_sum
     SET added = added - max(OLD.points, 0), taken = taken - min(OLD.points, 0)
   WHERE member = OLD.member AND programme = OLD.programme;
END;

CREATE TRIGGER movement_moved AFTER UPDATE ON movement
BEGIN
  UPDATE movement_sum
     SET added = added - max(OLD.points, 0), taken = taken - min(OLD.points, 0)
   WHERE member = OLD.member AND programme = OLD.programme;
  INSERT INTO movement_sum VALUES (NEW.member, NEW.programme, max(NEW.points, 0), min(NEW.points, 0))
  ON CONFLICT DO UPDATE SET added = added + excluded.added, taken = taken + excluded.taken;
END;

-- Personal data on its way to the server, beside the journal and never in it.
CREATE TABLE profile (
  member TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version > 0),
  sealed TEXT NOT NULL,
  acknowledged INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX profile_waiting ON profile (member) WHERE version > acknowledged;
