CREATE TABLE stats_indicator (
  key        TEXT    PRIMARY KEY,
  zh         TEXT    NOT NULL,
  en         TEXT    NOT NULL,
  unit       TEXT    NOT NULL,
  op         TEXT    NOT NULL,
  parts      TEXT    NOT NULL,
  num        TEXT    NOT NULL,
  den        TEXT    NOT NULL,
  valid_from TEXT    NOT NULL,
  valid_to   TEXT    NOT NULL,
  builtin    BOOLEAN NOT NULL,
  live       BOOLEAN NOT NULL,
  pos_tx     BIGINT  NOT NULL,
  pos_seq    BIGINT  NOT NULL
);
--bun:split
CREATE TABLE stats_rollup (
  indicator TEXT    NOT NULL,
  region    {{.path}} NOT NULL,
  unit      TEXT    NOT NULL,
  dim       TEXT    NOT NULL,
  day       TEXT    NOT NULL,
  n         BIGINT  NOT NULL,
  PRIMARY KEY (indicator, region, unit, dim, day)
){{if .sqlite}} WITHOUT ROWID{{end}};
