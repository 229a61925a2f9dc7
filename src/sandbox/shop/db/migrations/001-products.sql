-- phase: expand
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, remark TEXT);
INSERT INTO products (name) VALUES ('Lantern'), ('Compass'), ('Rope');
