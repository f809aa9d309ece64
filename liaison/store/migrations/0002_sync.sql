-- What the exchange between PCs has to remember beside the log.

CREATE TABLE segment_apart (
    name TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE heard (
    pc INTEGER,
    incarnation INTEGER,
    counter INTEGER NOT NULL,
    at TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (pc, incarnation)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    teller INTEGER,
    pc INTEGER,
    incarnation INTEGER,
    seq INTEGER NOT NULL,
    PRIMARY KEY (teller, pc, incarnation)
) STRICT, WITHOUT ROWID;

-- a restored PC also sends what its earlier lives left unsent
DROP TABLE outbox;

CREATE TABLE outbox (
    tag INTEGER,
    seq INTEGER,
    name TEXT NOT NULL,
    first_unit INTEGER NOT NULL,
    last_unit INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    sent TEXT,
    PRIMARY KEY (tag, seq)
) STRICT;
