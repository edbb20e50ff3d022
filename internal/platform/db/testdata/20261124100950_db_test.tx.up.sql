CREATE TABLE thing (n BIGINT PRIMARY KEY, path {{.path}} NOT NULL);
--bun:split
CREATE TABLE part (thing BIGINT NOT NULL REFERENCES thing (n));
