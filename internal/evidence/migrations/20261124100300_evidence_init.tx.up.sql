CREATE TABLE evidence_item (
  id            TEXT        PRIMARY KEY,
  kind          TEXT        NOT NULL,
  type          TEXT        NOT NULL,
  state         TEXT        NOT NULL,
  refusal       TEXT        NOT NULL,
  width         BIGINT      NOT NULL,
  height        BIGINT      NOT NULL,
  duration_ms   BIGINT      NOT NULL,
  bytes         BIGINT      NOT NULL,
  sha256        TEXT        NOT NULL,
  stored_type   TEXT        NOT NULL,
  stored_bytes  BIGINT      NOT NULL,
  stored_sha256 TEXT        NOT NULL,
  phash         BIGINT      NOT NULL,
  origin        {{.bytes}},
  idem          TEXT        NOT NULL,
  uploaded_by   TEXT        NOT NULL,
  subject       TEXT        NOT NULL,
  purpose       TEXT        NOT NULL,
  created       TIMESTAMPTZ NOT NULL,
  attached      TIMESTAMPTZ,
  claimed       TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX evidence_item_idem ON evidence_item (idem) WHERE idem <> '';
--bun:split
CREATE INDEX evidence_item_subject ON evidence_item (subject, id) WHERE subject <> '';
--bun:split
CREATE INDEX evidence_item_loose ON evidence_item (created) WHERE subject = '';
--bun:split
CREATE INDEX evidence_item_received ON evidence_item (id) WHERE state = 'received';
--bun:split
CREATE TABLE evidence_band (
  slot    BIGINT NOT NULL,
  item_id TEXT   NOT NULL REFERENCES evidence_item (id) ON DELETE CASCADE,
  PRIMARY KEY (slot, item_id)
){{if .sqlite}} WITHOUT ROWID{{end}};
--bun:split
CREATE INDEX evidence_band_item ON evidence_band (item_id);
--bun:split
CREATE TABLE evidence_upload (
  id          TEXT        PRIMARY KEY,
  type        TEXT        NOT NULL,
  bytes       BIGINT      NOT NULL,
  received    BIGINT      NOT NULL,
  idem        TEXT        NOT NULL,
  uploaded_by TEXT        NOT NULL,
  created     TIMESTAMPTZ NOT NULL,
  touched     TIMESTAMPTZ NOT NULL,
  done        BOOLEAN     NOT NULL
);
--bun:split
CREATE UNIQUE INDEX evidence_upload_idem ON evidence_upload (idem) WHERE idem <> '';
--bun:split
CREATE INDEX evidence_upload_touched ON evidence_upload (touched);
--bun:split
CREATE TABLE evidence_origin_read (
  id         TEXT        PRIMARY KEY,
  item_id    TEXT        NOT NULL,
  actor      TEXT        NOT NULL,
  actor_unit TEXT        NOT NULL,
  reason     TEXT        NOT NULL,
  at         TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX evidence_origin_read_item ON evidence_origin_read (item_id, at);
