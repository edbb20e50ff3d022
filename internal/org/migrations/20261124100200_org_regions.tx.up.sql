CREATE TABLE org_region (
  path       {{.path}} NOT NULL,
  valid_from TEXT      NOT NULL,
  valid_to   TEXT      NOT NULL,
  code       TEXT      NOT NULL,
  parent     {{.path}} NOT NULL,
  name       TEXT      NOT NULL,
  depth      BIGINT    NOT NULL,
  kind       TEXT      NOT NULL,
  pseudo     BOOLEAN   NOT NULL,
  successors TEXT      NOT NULL,
  PRIMARY KEY (path, valid_from)
);
--bun:split
CREATE INDEX org_region_by_parent ON org_region (parent, path);
--bun:split
CREATE INDEX org_region_by_code ON org_region (code);
--bun:split
CREATE INDEX org_region_names ON org_region (depth, path, name) WHERE depth < 5;
--bun:split
CREATE TABLE org_zone_division (
  zone     {{.path}} NOT NULL,
  division {{.path}} NOT NULL,
  PRIMARY KEY (zone, division)
);
--bun:split
CREATE UNIQUE INDEX org_zone_division_owner ON org_zone_division (division);
