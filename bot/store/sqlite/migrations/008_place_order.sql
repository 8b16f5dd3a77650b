-- Places of a conversation in the order of its turns: new ones go to its end, many to one page. In the order of their ids each
-- went to a page of its own in a long conversation. Which ids a conversation has, the writer remembers while people talk.
CREATE TABLE place_ordered (
    conversation INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    id_hash      INTEGER NOT NULL,
    PRIMARY KEY (conversation, number)
) STRICT, WITHOUT ROWID;
INSERT INTO place_ordered SELECT conversation, number, id_hash FROM place ORDER BY conversation, number;
DROP TABLE place;
ALTER TABLE place_ordered RENAME TO place;
