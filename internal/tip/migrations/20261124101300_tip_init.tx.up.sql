CREATE TABLE tip_tip (
  seq               {{.serial}},
  id                TEXT        NOT NULL UNIQUE,
  no                TEXT        NOT NULL UNIQUE,
  lookup_hash       {{.bytes}}  NOT NULL UNIQUE,
  channel_id        TEXT        NOT NULL,
  generation        BIGINT      NOT NULL,
  office            TEXT        NOT NULL,
  office_place      {{.path}}   NOT NULL,
  first_office      TEXT        NOT NULL,
  place             {{.path}}   NOT NULL,
  class             TEXT        NOT NULL,
  unit_id           TEXT        NOT NULL,
  unit_path         {{.path}}   NOT NULL,
  source            TEXT        NOT NULL,
  danger            BOOLEAN     NOT NULL,
  named             BOOLEAN     NOT NULL,
  quarantined       BOOLEAN     NOT NULL,
  received          TIMESTAMPTZ NOT NULL,
  case_recipient    TEXT        NOT NULL,
  mailbox_recipient TEXT        NOT NULL,
  leaf              TEXT        NOT NULL,
  receipt           {{.bytes}},
  status            TEXT        NOT NULL,
  assignee          TEXT        NOT NULL,
  master_id         TEXT        NOT NULL,
  hazard_id         TEXT        NOT NULL,
  reason            TEXT        NOT NULL,
  conclusion        TEXT        NOT NULL,
  rewardable        BOOLEAN     NOT NULL,
  answered          TIMESTAMPTZ,
  extension         TEXT        NOT NULL,
  objections        BIGINT      NOT NULL,
  due_kind          TEXT        NOT NULL,
  due               TIMESTAMPTZ,
  due_rule          TEXT        NOT NULL,
  opened            BIGINT      NOT NULL,
  unread            BIGINT      NOT NULL,
  version           BIGINT      NOT NULL
);
--bun:split
CREATE INDEX tip_by_office ON tip_tip (office, seq);
--bun:split
CREATE INDEX tip_waiting ON tip_tip (office, due, seq) WHERE due IS NOT NULL;
--bun:split
CREATE INDEX tip_by_place ON tip_tip (office_place, status, seq);
--bun:split
CREATE INDEX tip_by_assignee ON tip_tip (assignee, seq) WHERE assignee <> '';
--bun:split
CREATE INDEX tip_by_master ON tip_tip (master_id, seq) WHERE master_id <> '';
--bun:split
CREATE INDEX tip_by_hazard ON tip_tip (hazard_id) WHERE hazard_id <> '';
--bun:split
CREATE INDEX tip_by_channel ON tip_tip (channel_id, generation, seq);
--bun:split
CREATE TABLE tip_sealed (
  tip_id   TEXT       PRIMARY KEY,
  envelope {{.bytes}} NOT NULL,
  content  {{.bytes}} NOT NULL
);
--bun:split
CREATE TABLE tip_file (
  name     TEXT        PRIMARY KEY,
  tip_id   TEXT        NOT NULL,
  size     BIGINT      NOT NULL,
  sha256   {{.bytes}}  NOT NULL,
  uploaded TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX tip_file_by_tip ON tip_file (tip_id, name) WHERE tip_id <> '';
--bun:split
CREATE INDEX tip_file_loose ON tip_file (uploaded) WHERE tip_id = '';
--bun:split
CREATE TABLE tip_message (
  seq     {{.serial}},
  id      TEXT        NOT NULL UNIQUE,
  tip_id  TEXT        NOT NULL,
  origin  TEXT        NOT NULL,
  kind    TEXT        NOT NULL,
  author  TEXT        NOT NULL,
  sealed  {{.bytes}}  NOT NULL,
  at      TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX tip_message_by_tip ON tip_message (tip_id, seq);
--bun:split
CREATE TABLE tip_history (
  tip_id     TEXT        NOT NULL,
  version    BIGINT      NOT NULL,
  at         TIMESTAMPTZ NOT NULL,
  action     TEXT        NOT NULL,
  from_status TEXT       NOT NULL,
  to_status  TEXT        NOT NULL,
  actor      TEXT        NOT NULL,
  actor_unit TEXT        NOT NULL,
  office     TEXT        NOT NULL,
  words      TEXT        NOT NULL,
  reason     TEXT        NOT NULL,
  due        TIMESTAMPTZ,
  due_rule   TEXT        NOT NULL,
  late       BOOLEAN     NOT NULL,
  step_key   TEXT        NOT NULL,
  PRIMARY KEY (tip_id, version)
);
--bun:split
CREATE UNIQUE INDEX tip_history_key ON tip_history (tip_id, step_key) WHERE step_key <> '';
--bun:split
CREATE TABLE tip_opening (
  id     TEXT        PRIMARY KEY,
  tip_id TEXT        NOT NULL,
  person TEXT        NOT NULL,
  what   TEXT        NOT NULL,
  reason TEXT        NOT NULL,
  at     TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX tip_opening_by_tip ON tip_opening (tip_id, id);
--bun:split
CREATE TABLE tip_permit (
  nonce {{.bytes}}  PRIMARY KEY,
  used  {{.bytes}}  NOT NULL,
  until TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX tip_permit_until ON tip_permit (until);
