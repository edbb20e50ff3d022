{{if .sqlite}}
CREATE VIRTUAL TABLE hazard_search USING fts5 (terms, content='', contentless_delete=1, tokenize='ascii');
{{end}}
{{if .pg}}
CREATE TABLE hazard_search (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
--bun:split
CREATE INDEX hazard_search_terms ON hazard_search USING gin (terms) WITH (fastupdate = off);
{{end}}
--bun:split
CREATE TABLE hazard_view (
  id        TEXT        PRIMARY KEY,
  person_id TEXT        NOT NULL,
  name      TEXT        NOT NULL,
  query     TEXT        NOT NULL,
  created   TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX hazard_view_by_person ON hazard_view (person_id, id);
--bun:split
CREATE TABLE hazard_export (
  id        TEXT        PRIMARY KEY,
  person_id TEXT        NOT NULL,
  unit_id   TEXT        NOT NULL,
  query     TEXT        NOT NULL,
  state     TEXT        NOT NULL,
  done      BIGINT      NOT NULL,
  total     BIGINT      NOT NULL,
  file      TEXT        NOT NULL,
  created   TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX hazard_export_by_person ON hazard_export (person_id, id);
