-- The encoded session goes with its turn, so that a turn changes no row: whole, or as the bytes behind the first `shared` ones
-- of the state in the turn `base`, which is always a whole one. No state: a turn from before this migration that was not
-- the newest of its conversation.
ALTER TABLE turn ADD COLUMN state BLOB;
ALTER TABLE turn ADD COLUMN base INTEGER;
ALTER TABLE turn ADD COLUMN shared INTEGER;
UPDATE turn SET state = (SELECT newest.state FROM newest WHERE newest.conversation = turn.conversation)
    WHERE number IN (SELECT max(number) FROM turn INDEXED BY turn_by_conversation GROUP BY conversation);
DROP TABLE newest;
