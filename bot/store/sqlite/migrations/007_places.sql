-- Which turns a conversation has. An index would change one page for every turn; a place is filed some thousand turns later, many at
-- a time, sorted. up_to: turns up to this number are filed; the writer knows the others, and files them when it starts.
CREATE TABLE place (
    conversation INTEGER NOT NULL,
    id_hash      INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    PRIMARY KEY (conversation, id_hash, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE filed (up_to INTEGER NOT NULL) STRICT;
INSERT INTO place SELECT conversation, id_hash, number FROM turn ORDER BY conversation, id_hash, number;
INSERT INTO filed SELECT coalesce(max(number), 0) FROM turn;
DROP INDEX turn_by_conversation;
