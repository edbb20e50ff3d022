CREATE TABLE ledger_entry (
  seq        {{.serial}},
  tx         BIGINT      NOT NULL,
  id         TEXT        NOT NULL UNIQUE,
  kind       TEXT        NOT NULL,
  campaign   TEXT        NOT NULL,
  place      {{.path}}   NOT NULL,
  unit_id    TEXT        NOT NULL,
  unit_path  {{.path}}   NOT NULL,
  actor      TEXT        NOT NULL,
  actor_unit TEXT        NOT NULL,
  channel    TEXT        NOT NULL,
  subject    TEXT        NOT NULL,
  happened   TIMESTAMPTZ NOT NULL,
  recorded   TIMESTAMPTZ NOT NULL,
  quantities TEXT        NOT NULL,
  facts      TEXT        NOT NULL,
  corrects   TEXT        NOT NULL,
  declared   BOOLEAN     NOT NULL
);
--bun:split
CREATE INDEX ledger_entry_subject ON ledger_entry (subject, seq);
--bun:split
CREATE INDEX ledger_entry_kind ON ledger_entry (kind, happened);
--bun:split
CREATE TABLE ledger_cursor (
  reader TEXT   PRIMARY KEY,
  tx     BIGINT NOT NULL,
  seq    BIGINT NOT NULL
);
--bun:split
CREATE TABLE ledger_epoch (
  id    BIGINT PRIMARY KEY,
  shift BIGINT NOT NULL
);
--bun:split
INSERT INTO ledger_epoch (id, shift) VALUES (1, 0);
{{if .pg}}
--bun:split
CREATE INDEX ledger_entry_order ON ledger_entry (tx, seq);
{{end}}
