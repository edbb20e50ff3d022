CREATE TABLE campaign (
  id               TEXT        PRIMARY KEY,
  slug             TEXT        NOT NULL UNIQUE,
  year             BIGINT      NOT NULL,
  number           BIGINT      NOT NULL,
  title            TEXT        NOT NULL,
  theme            TEXT        NOT NULL,
  summary          TEXT        NOT NULL,
  place            {{.path}}   NOT NULL,
  starts           TEXT        NOT NULL,
  ends             TEXT        NOT NULL,
  consultation_day TEXT        NOT NULL,
  tour_starts      TEXT        NOT NULL,
  tour_ends        TEXT        NOT NULL,
  tour_brand       TEXT        NOT NULL,
  until            TEXT        NOT NULL,
  mode             TEXT        NOT NULL,
  template         TEXT        NOT NULL,
  created          TIMESTAMPTZ NOT NULL,
  version          BIGINT      NOT NULL,
  UNIQUE (place, year)
);
--bun:split
CREATE INDEX campaign_by_until ON campaign (until);
--bun:split
CREATE TABLE campaign_unit (
  campaign_id TEXT        NOT NULL REFERENCES campaign (id),
  unit_id     TEXT        NOT NULL,
  joined      TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (campaign_id, unit_id)
);
--bun:split
CREATE INDEX campaign_unit_by_joined ON campaign_unit (campaign_id, joined, unit_id);
