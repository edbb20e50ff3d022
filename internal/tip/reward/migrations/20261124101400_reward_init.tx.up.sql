CREATE TABLE reward_reward (
  id           TEXT        PRIMARY KEY,
  tip_id       TEXT        NOT NULL,
  tip_no       TEXT        NOT NULL,
  class        TEXT        NOT NULL,
  kind         TEXT        NOT NULL,
  place        {{.path}}   NOT NULL,
  office_id    TEXT        NOT NULL,
  office_path  TEXT        NOT NULL,
  office_place {{.path}}   NOT NULL,
  concluded    TEXT        NOT NULL,
  month        TEXT        NOT NULL,
  informant    TEXT        NOT NULL,
  named        BOOLEAN     NOT NULL,
  claim_hash   {{.bytes}},
  status       TEXT        NOT NULL,
  table_id     TEXT        NOT NULL,
  findings     TEXT        NOT NULL,
  steps        TEXT        NOT NULL,
  fen          BIGINT      NOT NULL,
  paid_fen     BIGINT      NOT NULL,
  year         BIGINT      NOT NULL,
  proposer     TEXT        NOT NULL,
  approver     TEXT        NOT NULL,
  payer        TEXT        NOT NULL,
  reason       TEXT        NOT NULL,
  filed_with   TEXT        NOT NULL,
  filed_no     TEXT        NOT NULL,
  notified     TIMESTAMPTZ,
  announced    TIMESTAMPTZ,
  due          TIMESTAMPTZ,
  due_last     TEXT        NOT NULL,
  due_rule     TEXT        NOT NULL,
  way          TEXT        NOT NULL,
  receipt_no   TEXT        NOT NULL,
  blind_hash   {{.bytes}},
  created      TIMESTAMPTZ NOT NULL,
  version      BIGINT      NOT NULL
);
--bun:split
CREATE UNIQUE INDEX reward_reward_by_tip ON reward_reward (tip_id) WHERE status <> 'returned';
--bun:split
CREATE UNIQUE INDEX reward_reward_by_claim ON reward_reward (claim_hash) WHERE status <> 'returned';
--bun:split
CREATE INDEX reward_reward_by_place ON reward_reward (office_place, id);
--bun:split
CREATE INDEX reward_reward_by_informant ON reward_reward (informant, month) WHERE informant <> '';
--bun:split
CREATE TABLE reward_witness (
  reward_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (reward_id, person_id)
);
--bun:split
CREATE TABLE reward_payee (
  reward_id TEXT       PRIMARY KEY,
  sealed    {{.bytes}} NOT NULL
);
--bun:split
CREATE TABLE reward_look (
  id        TEXT        PRIMARY KEY,
  reward_id TEXT        NOT NULL,
  actor     TEXT        NOT NULL,
  reason    TEXT        NOT NULL,
  at        TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX reward_look_by_reward ON reward_look (reward_id, id);
--bun:split
CREATE TABLE reward_budget (
  office_id TEXT    NOT NULL,
  year      BIGINT  NOT NULL,
  fen       BIGINT  NOT NULL,
  used      BIGINT  NOT NULL,
  warn      BIGINT  NOT NULL,
  warned    BOOLEAN NOT NULL,
  version   BIGINT  NOT NULL,
  PRIMARY KEY (office_id, year)
);
--bun:split
CREATE TABLE reward_key (
  id        TEXT       PRIMARY KEY,
  office_id TEXT       NOT NULL,
  year      BIGINT     NOT NULL,
  fen       BIGINT     NOT NULL,
  public    {{.bytes}} NOT NULL,
  sealed    {{.bytes}} NOT NULL,
  expires   TEXT       NOT NULL,
  issued    BIGINT     NOT NULL,
  spent     BIGINT     NOT NULL,
  UNIQUE (office_id, year, fen)
);
--bun:split
CREATE TABLE reward_spent (
  hash   {{.bytes}} PRIMARY KEY,
  key_id TEXT       NOT NULL
);
