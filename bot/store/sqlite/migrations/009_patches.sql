-- The state of a turn is whole (no base), or a patch (store/patch.h) of the state after the turn `base`, the one before, that
-- makes one of `length` bytes: a turn changes a hundred bytes of some thousand, here and there. Rows of before, with a base
-- and without a length, stay as they are: bytes behind the first `shared` ones of a whole state.
ALTER TABLE turn ADD COLUMN length INTEGER;
