-- Conversations erased on request or by retention: a restored backup erases them again. version and last_seq are where
-- the conversation stood, so that neither ever goes back.
CREATE TABLE erased (
    conversation TEXT PRIMARY KEY,
    at_ms        INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
