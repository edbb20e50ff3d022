CREATE TABLE hazard_hazard (
  seq             {{.serial}},
  id              TEXT        NOT NULL UNIQUE,
  code_hash       {{.bytes}}  NOT NULL UNIQUE,
  place           {{.path}}   NOT NULL,
  at_county       {{.path}}   NOT NULL,
  at_town         {{.path}}   NOT NULL,
  campaign        TEXT        NOT NULL DEFAULT '',
  unit_id         TEXT        NOT NULL DEFAULT '',
  unit_path       {{.path}}   NOT NULL DEFAULT '',
  lines           TEXT        NOT NULL DEFAULT '',
  source          TEXT        NOT NULL,
  channel         TEXT        NOT NULL,
  class           TEXT        NOT NULL,
  words           TEXT        NOT NULL,
  spot            TEXT        NOT NULL DEFAULT '',
  danger          BOOLEAN     NOT NULL DEFAULT FALSE,
  photos          BIGINT      NOT NULL DEFAULT 0,
  found           TIMESTAMPTZ NOT NULL,
  found_doubt     BOOLEAN     NOT NULL DEFAULT FALSE,
  created         TIMESTAMPTZ NOT NULL,
  reporter_id     TEXT        NOT NULL DEFAULT '',
  reporter_unit   TEXT        NOT NULL DEFAULT '',
  internal        BOOLEAN     NOT NULL DEFAULT FALSE,
  handler_unit    TEXT        NOT NULL,
  handler_before  TEXT        NOT NULL DEFAULT '',
  was_internal    BOOLEAN     NOT NULL DEFAULT FALSE,
  status          TEXT        NOT NULL,
  grade           TEXT        NOT NULL DEFAULT '',
  accident        TEXT        NOT NULL DEFAULT '',
  accident_list   TEXT        NOT NULL DEFAULT '',
  factor          TEXT        NOT NULL DEFAULT '',
  inspection      TEXT        NOT NULL DEFAULT '',
  standard        TEXT        NOT NULL DEFAULT '',
  clause          TEXT        NOT NULL DEFAULT '',
  master_id       TEXT        NOT NULL DEFAULT '',
  due_kind        TEXT        NOT NULL,
  due             TIMESTAMPTZ,
  due_rule        TEXT        NOT NULL,
  deadline        TIMESTAMPTZ,
  deadline_rule   TEXT        NOT NULL DEFAULT '',
  extension_until TEXT        NOT NULL DEFAULT '',
  order_unit      TEXT        NOT NULL DEFAULT '',
  order_path      {{.path}}   NOT NULL DEFAULT '',
  order_place     {{.path}}   NOT NULL DEFAULT '',
  has_order       BOOLEAN     NOT NULL DEFAULT FALSE,
  has_plan        BOOLEAN     NOT NULL DEFAULT FALSE,
  has_receipts    BOOLEAN     NOT NULL DEFAULT FALSE,
  was_stopped     BOOLEAN     NOT NULL DEFAULT FALSE,
  resumed         BOOLEAN     NOT NULL DEFAULT FALSE,
  rectifiers      TEXT        NOT NULL DEFAULT '',
  reopened        BIGINT      NOT NULL DEFAULT 0,
  closed          TIMESTAMPTZ,
  version         BIGINT      NOT NULL
);
--bun:split
CREATE INDEX hazard_by_county ON hazard_hazard (at_county, seq);
--bun:split
CREATE INDEX hazard_by_town ON hazard_hazard (at_town, seq);
--bun:split
CREATE INDEX hazard_by_status ON hazard_hazard (status, seq);
--bun:split
CREATE INDEX hazard_by_unit ON hazard_hazard (unit_path, seq) WHERE unit_path <> '';
--bun:split
CREATE INDEX hazard_by_reporter ON hazard_hazard (reporter_id, seq) WHERE reporter_id <> '';
--bun:split
CREATE INDEX hazard_waiting ON hazard_hazard (handler_unit, due, status) WHERE due IS NOT NULL;
--bun:split
CREATE INDEX hazard_by_due ON hazard_hazard (due, seq) WHERE due IS NOT NULL;
--bun:split
CREATE INDEX hazard_in_danger ON hazard_hazard (handler_unit, seq) WHERE danger AND status = 'reported';
--bun:split
CREATE INDEX hazard_running ON hazard_hazard (deadline) WHERE status IN ('ordered', 'rectifying');
--bun:split
CREATE TABLE hazard_history (
  hazard_id   TEXT        NOT NULL REFERENCES hazard_hazard (id),
  version     BIGINT      NOT NULL,
  at          TIMESTAMPTZ NOT NULL,
  action      TEXT        NOT NULL,
  from_status TEXT        NOT NULL,
  to_status   TEXT        NOT NULL,
  actor       TEXT        NOT NULL,
  actor_unit  TEXT        NOT NULL,
  words       TEXT        NOT NULL,
  reason      TEXT        NOT NULL,
  grade       TEXT        NOT NULL,
  detail      TEXT        NOT NULL,
  due         TIMESTAMPTZ,
  due_rule    TEXT        NOT NULL,
  step_key    TEXT        NOT NULL,
  PRIMARY KEY (hazard_id, version)
);
--bun:split
CREATE UNIQUE INDEX hazard_history_key ON hazard_history (hazard_id, step_key) WHERE step_key <> '';
--bun:split
CREATE TABLE hazard_sealed (
  hazard_id TEXT       NOT NULL REFERENCES hazard_hazard (id),
  what      TEXT       NOT NULL,
  box       {{.bytes}} NOT NULL,
  PRIMARY KEY (hazard_id, what)
);
--bun:split
CREATE TABLE hazard_order (
  hazard_id    TEXT        NOT NULL REFERENCES hazard_hazard (id),
  version      BIGINT      NOT NULL,
  owner_unit   TEXT        NOT NULL,
  owner_person TEXT        NOT NULL,
  owner_name   TEXT        NOT NULL,
  measures     TEXT        NOT NULL,
  fen          BIGINT      NOT NULL,
  money_source TEXT        NOT NULL,
  money_reason TEXT        NOT NULL,
  deadline     TEXT        NOT NULL,
  interim      TEXT        NOT NULL,
  emergency    TEXT        NOT NULL,
  document_no  TEXT        NOT NULL,
  ordered_by   TEXT        NOT NULL,
  at           TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (hazard_id, version)
);
--bun:split
CREATE TABLE hazard_governance (
  hazard_id  TEXT        PRIMARY KEY REFERENCES hazard_hazard (id),
  goals      TEXT        NOT NULL,
  methods    TEXT        NOT NULL,
  resources  TEXT        NOT NULL,
  bodies     TEXT        NOT NULL,
  schedule   TEXT        NOT NULL,
  safeguards TEXT        NOT NULL,
  written_by TEXT        NOT NULL,
  at         TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE TABLE hazard_receipts (
  hazard_id     TEXT        PRIMARY KEY REFERENCES hazard_hazard (id),
  regulator_no  TEXT        NOT NULL,
  regulator_day TEXT        NOT NULL,
  workers_no    TEXT        NOT NULL,
  workers_day   TEXT        NOT NULL,
  recorded_by   TEXT        NOT NULL,
  at            TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE TABLE hazard_look (
  id        TEXT        PRIMARY KEY,
  hazard_id TEXT        NOT NULL REFERENCES hazard_hazard (id),
  what      TEXT        NOT NULL,
  actor     TEXT        NOT NULL,
  reason    TEXT        NOT NULL,
  at        TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX hazard_look_by_hazard ON hazard_look (hazard_id, id);
--bun:split
CREATE INDEX hazard_by_master ON hazard_hazard (master_id) WHERE master_id <> '';
