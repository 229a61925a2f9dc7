-- A column that may be empty: the release before this one does not know it, and still works.
ALTER TABLE orders ADD COLUMN note VARCHAR(500) NULL;
