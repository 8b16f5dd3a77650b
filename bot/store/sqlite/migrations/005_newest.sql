-- Where each conversation stands and its encoded session, overwritten in place: an append-only table of states had to be
-- cleared again row by row, which cost a second page for every turn.
CREATE TABLE newest (
    conversation INTEGER PRIMARY KEY REFERENCES conversation (number),
    version      INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL,
    state        BLOB NOT NULL
) STRICT;
INSERT INTO newest (conversation, version, last_seq, state)
    SELECT turn.conversation, turn.version, turn.last_seq, state.bytes
    FROM (SELECT max(number) AS number FROM turn GROUP BY conversation) AS last
    JOIN turn ON turn.number = last.number
    JOIN state ON state.number = last.number
    ORDER BY turn.conversation;
DROP TABLE state;
