-- What people read later: texts nobody understood (authors) and signs of danger (counsellors).
CREATE TABLE unmatched (
    number       INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation (number),
    at_ms        INTEGER NOT NULL,
    text         TEXT NOT NULL,
    candidates   TEXT NOT NULL
) STRICT;
CREATE INDEX unmatched_by_conversation ON unmatched (conversation);

CREATE TABLE escalation (
    number       INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation (number),
    at_ms        INTEGER NOT NULL,
    intent       TEXT NOT NULL,
    quote        TEXT NOT NULL
) STRICT;
CREATE INDEX escalation_by_conversation ON escalation (conversation);
