CREATE TABLE org_import (
  id         TEXT        PRIMARY KEY,
  kind       TEXT        NOT NULL,
  state      TEXT        NOT NULL,
  actor      TEXT        NOT NULL,
  actor_unit TEXT        NOT NULL,
  bytes      BIGINT      NOT NULL,
  progress   BIGINT      NOT NULL,
  report     TEXT        NOT NULL,
  failure    TEXT        NOT NULL,
  created    TIMESTAMPTZ NOT NULL,
  changed    TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE TABLE org_import_part (
  import_id TEXT      NOT NULL REFERENCES org_import (id),
  n         BIGINT    NOT NULL,
  body      {{.bytes}} NOT NULL,
  PRIMARY KEY (import_id, n)
);
