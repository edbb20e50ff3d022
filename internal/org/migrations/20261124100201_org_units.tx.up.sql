CREATE TABLE org_unit (
  seq        {{.serial}},
  id         TEXT        NOT NULL UNIQUE,
  code       TEXT        NOT NULL UNIQUE,
  name       TEXT        NOT NULL,
  kind       TEXT        NOT NULL,
  uscc       TEXT        NOT NULL,
  industry   TEXT        NOT NULL,
  lines      TEXT        NOT NULL,
  place      {{.path}}   NOT NULL,
  address    TEXT        NOT NULL,
  parent_id  TEXT        REFERENCES org_unit (id),
  group_path {{.path}}   NOT NULL,
  opened     TEXT        NOT NULL,
  closed     TEXT        NOT NULL,
  created    TIMESTAMPTZ NOT NULL,
  version    BIGINT      NOT NULL
);
--bun:split
CREATE UNIQUE INDEX org_unit_uscc ON org_unit (uscc) WHERE uscc <> '' AND closed = '';
--bun:split
CREATE INDEX org_unit_by_place ON org_unit (place, id, closed, kind, lines, industry);
--bun:split
CREATE INDEX org_unit_by_group ON org_unit (group_path);
--bun:split
CREATE INDEX org_unit_by_parent ON org_unit (parent_id, id);
--bun:split
CREATE INDEX org_unit_by_name ON org_unit (name);
--bun:split
CREATE INDEX org_unit_offices ON org_unit (place, id) WHERE kind = 'office' AND closed = '';
{{if .sqlite}}
--bun:split
CREATE VIRTUAL TABLE org_unit_search USING fts5 (terms, content='', contentless_delete=1, tokenize='ascii');
{{end}}
{{if .pg}}
--bun:split
CREATE TABLE org_unit_search (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
--bun:split
CREATE INDEX org_unit_search_terms ON org_unit_search USING gin (terms) WITH (fastupdate = off);
{{end}}
