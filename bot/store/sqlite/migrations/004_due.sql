-- Events to come, at most one of a kind and conversation: idle, retention, later reminders. A row is written when an event is
-- first due and when it fires, not at every turn.
CREATE TABLE due (
    conversation INTEGER NOT NULL REFERENCES conversation (number),
    kind         TEXT NOT NULL,
    at_ms        INTEGER NOT NULL,
    PRIMARY KEY (conversation, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_by_time ON due (at_ms);
