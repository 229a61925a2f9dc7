-- phase: expand
ALTER TABLE products ADD COLUMN price INTEGER;
