CREATE TABLE org_person (
  seq          {{.serial}},
  id           TEXT        NOT NULL UNIQUE,
  name         TEXT        NOT NULL,
  phone_sealed {{.bytes}},
  phone_print  TEXT        NOT NULL,
  phone_masked TEXT        NOT NULL,
  created      TIMESTAMPTZ NOT NULL,
  version      BIGINT      NOT NULL
);
--bun:split
CREATE UNIQUE INDEX org_person_phone ON org_person (phone_print) WHERE phone_print <> '';
--bun:split
{{if .sqlite}}
CREATE VIRTUAL TABLE org_person_search USING fts5 (terms, content='', contentless_delete=1, tokenize='ascii');
{{end}}
{{if .pg}}
CREATE TABLE org_person_search (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
--bun:split
CREATE INDEX org_person_search_terms ON org_person_search USING gin (terms) WITH (fastupdate = off);
{{end}}
--bun:split
CREATE TABLE org_membership (
  id         TEXT    PRIMARY KEY,
  person_id  TEXT    NOT NULL REFERENCES org_person (id),
  unit_id    TEXT    NOT NULL REFERENCES org_unit (id),
  title      TEXT    NOT NULL,
  manager_id TEXT    REFERENCES org_person (id),
  head       BOOLEAN NOT NULL,
  main       BOOLEAN NOT NULL,
  starts     TEXT    NOT NULL,
  ends       TEXT    NOT NULL
);
--bun:split
CREATE UNIQUE INDEX org_membership_main ON org_membership (person_id) WHERE main = TRUE AND ends = '';
--bun:split
CREATE UNIQUE INDEX org_membership_once ON org_membership (person_id, unit_id) WHERE ends = '';
--bun:split
CREATE INDEX org_membership_by_person ON org_membership (person_id, id);
--bun:split
CREATE INDEX org_membership_by_unit ON org_membership (unit_id, person_id);
--bun:split
CREATE TABLE org_grant (
  id        TEXT        PRIMARY KEY,
  person_id TEXT        NOT NULL REFERENCES org_person (id),
  unit_id   TEXT        NOT NULL REFERENCES org_unit (id),
  role      TEXT        NOT NULL,
  place     {{.path}}   NOT NULL,
  line      TEXT        NOT NULL,
  granted   TIMESTAMPTZ NOT NULL,
  UNIQUE (person_id, unit_id, role, place, line)
);
--bun:split
CREATE INDEX org_grant_by_unit ON org_grant (unit_id, id);
--bun:split
CREATE TABLE org_reveal (
  id        TEXT        PRIMARY KEY,
  person_id TEXT        NOT NULL REFERENCES org_person (id),
  actor     TEXT        NOT NULL,
  reason    TEXT        NOT NULL,
  at        TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX org_reveal_by_person ON org_reveal (person_id, id);
