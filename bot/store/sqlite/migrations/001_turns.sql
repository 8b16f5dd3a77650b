-- Conversations and their turns. Turn rows are only ever appended, with one index, on the conversation.
CREATE TABLE conversation (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE
) STRICT;

-- number is given out by the writer and never reused while it runs. id_hash and text_hash are 64-bit FNV-1a.
CREATE TABLE turn (
    number       INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation (number),
    id_hash      INTEGER NOT NULL,
    id           TEXT NOT NULL,
    text_hash    INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    first_seq    INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL,
    at_ms        INTEGER NOT NULL,
    inbound      BLOB NOT NULL,
    outcome      BLOB NOT NULL
) STRICT;
CREATE INDEX turn_by_conversation ON turn (conversation, id_hash);

-- The encoded session after a turn: appended too; that of the newest turn counts, older ones are cleared in batches.
CREATE TABLE state (
    number INTEGER PRIMARY KEY REFERENCES turn (number),
    bytes  BLOB NOT NULL
) STRICT;
