CREATE TABLE transparency_log (
  id          BIGINT      PRIMARY KEY,
  origin      TEXT        NOT NULL,
  epoch       BIGINT      NOT NULL,
  holder      TEXT        NOT NULL,
  lease       TIMESTAMPTZ NOT NULL,
  size        BIGINT      NOT NULL,
  signed_size BIGINT      NOT NULL,
  signed_root {{.bytes}}  NOT NULL,
  signed_at   TIMESTAMPTZ NOT NULL,
  served      TEXT        NOT NULL,
  served_size BIGINT      NOT NULL,
  served_at   TIMESTAMPTZ NOT NULL,
  agreed      BOOLEAN     NOT NULL
);
--bun:split
CREATE TABLE transparency_pending (
  seq    {{.serial}},
  kind   TEXT        NOT NULL,
  leaf   {{.bytes}}  NOT NULL,
  about  TEXT        NOT NULL,
  queued TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX transparency_pending_about ON transparency_pending (about);
--bun:split
CREATE TABLE transparency_entry (
  idx  {{if .sqlite}}INTEGER{{end}}{{if .pg}}BIGINT{{end}} PRIMARY KEY,
  hash TEXT       NOT NULL UNIQUE,
  kind TEXT       NOT NULL,
  word TEXT       NOT NULL,
  leaf {{.bytes}} NOT NULL
);
--bun:split
CREATE INDEX transparency_entry_word ON transparency_entry (kind, word, idx);
--bun:split
CREATE TABLE transparency_tile (
  level BIGINT     NOT NULL,
  n     BIGINT     NOT NULL,
  data  {{.bytes}} NOT NULL,
  PRIMARY KEY (level, n)
);
--bun:split
CREATE TABLE transparency_salt (
  received   TEXT       NOT NULL,
  commitment TEXT       NOT NULL,
  sealed     {{.bytes}} NOT NULL,
  PRIMARY KEY (received, commitment)
){{if .sqlite}} WITHOUT ROWID{{end}};
--bun:split
CREATE TABLE transparency_key (
  generation BIGINT      PRIMARY KEY,
  vkey       TEXT        NOT NULL,
  clock_vkey TEXT        NOT NULL,
  made       TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE TABLE transparency_witness (
  name TEXT   PRIMARY KEY,
  size BIGINT NOT NULL
);
--bun:split
CREATE TABLE transparency_head (
  id       BIGINT      PRIMARY KEY,
  entries  BIGINT      NOT NULL,
  chain    {{.bytes}}  NOT NULL,
  headed   TIMESTAMPTZ NOT NULL
);
