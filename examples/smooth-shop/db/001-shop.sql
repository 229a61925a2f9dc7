CREATE TABLE products (id serial PRIMARY KEY, name text NOT NULL, remark text);
CREATE TABLE orders (id text PRIMARY KEY);
INSERT INTO products (name) VALUES ('Lantern'), ('Compass'), ('Rope');
