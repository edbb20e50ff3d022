CREATE TABLE transparency_count (
  kind TEXT   NOT NULL,
  word TEXT   NOT NULL,
  n    BIGINT NOT NULL,
  PRIMARY KEY (kind, word)
);
--bun:split
INSERT INTO transparency_count (kind, word, n) SELECT kind, word, count(*) FROM transparency_entry GROUP BY kind, word;
--bun:split
DROP INDEX transparency_entry_word;
--bun:split
CREATE TABLE transparency_open (
  idx   {{if .sqlite}}INTEGER{{end}}{{if .pg}}BIGINT{{end}} PRIMARY KEY,
  due   TEXT        NOT NULL,
  since TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX transparency_open_due ON transparency_open (due, since);
--bun:split
DROP INDEX transparency_pending_about;
{{if .pg}}--bun:split
ALTER TABLE transparency_tile ALTER COLUMN data SET STORAGE EXTERNAL;
{{end}}