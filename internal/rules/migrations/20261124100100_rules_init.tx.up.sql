CREATE TABLE rules_rule (
  id         TEXT        PRIMARY KEY,
  key        TEXT        NOT NULL,
  place      {{.path}}   NOT NULL,
  valid_from TEXT        NOT NULL,
  valid_to   TEXT        NOT NULL,
  value      TEXT        NOT NULL,
  source_doc TEXT        NOT NULL,
  note       TEXT        NOT NULL,
  builtin    BOOLEAN     NOT NULL,
  created_by TEXT        NOT NULL,
  created    TIMESTAMPTZ NOT NULL,
  version    BIGINT      NOT NULL
);
--bun:split
CREATE UNIQUE INDEX rules_rule_one ON rules_rule (key, place, valid_from) WHERE valid_to = '' OR valid_to >= valid_from;
--bun:split
CREATE TABLE rules_year (
  year       BIGINT  PRIMARY KEY,
  source_doc TEXT    NOT NULL,
  builtin    BOOLEAN NOT NULL,
  version    BIGINT  NOT NULL
);
--bun:split
CREATE TABLE rules_day (
  year BIGINT NOT NULL,
  day  TEXT   NOT NULL,
  kind TEXT   NOT NULL,
  name TEXT   NOT NULL,
  PRIMARY KEY (year, day)
);
--bun:split
CREATE TABLE rules_standard (
  id         TEXT    PRIMARY KEY,
  title      TEXT    NOT NULL,
  doc_no     TEXT    NOT NULL,
  issuer     TEXT    NOT NULL,
  lines      TEXT    NOT NULL,
  valid_from TEXT    NOT NULL,
  valid_to   TEXT    NOT NULL,
  successor  TEXT    NOT NULL,
  confirmed  BOOLEAN NOT NULL,
  builtin    BOOLEAN NOT NULL,
  version    BIGINT  NOT NULL
);
--bun:split
CREATE TABLE rules_clause (
  standard TEXT   NOT NULL,
  no       TEXT   NOT NULL,
  ord      BIGINT NOT NULL,
  text     TEXT   NOT NULL,
  keywords TEXT   NOT NULL,
  hint     BOOLEAN NOT NULL,
  PRIMARY KEY (standard, no)
);
--bun:split
CREATE TABLE rules_generation (
  id BIGINT PRIMARY KEY,
  n  BIGINT NOT NULL
);
--bun:split
INSERT INTO rules_generation (id, n) VALUES (1, 0);
