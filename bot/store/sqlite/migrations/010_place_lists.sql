-- Places of turns as they are filed, many of a conversation in one row: in the order of their numbers, of each its number and
-- the hash of its id, eight bytes each, least first. A row of `place` for each was a quarter of the writer's work. Those that are
-- there stay, and are read too: rewriting those of a million turns would keep a start waiting.
CREATE TABLE place_list (
    conversation INTEGER NOT NULL,
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    places       BLOB NOT NULL,
    PRIMARY KEY (conversation, first)
) STRICT, WITHOUT ROWID;
