CREATE TABLE tipkey_person_key (
  id        TEXT        PRIMARY KEY,
  person_id TEXT        NOT NULL REFERENCES org_person (id),
  recipient {{.path}}   NOT NULL UNIQUE,
  signer    {{.path}}   NOT NULL UNIQUE,
  sealed    TEXT        NOT NULL,
  made      TIMESTAMPTZ NOT NULL,
  replaced  TIMESTAMPTZ,
  version   BIGINT      NOT NULL
);
--bun:split
CREATE UNIQUE INDEX tipkey_person_key_current ON tipkey_person_key (person_id) WHERE replaced IS NULL;
--bun:split
CREATE INDEX tipkey_person_key_person ON tipkey_person_key (person_id, id);
--bun:split
CREATE TABLE tipkey_channel (
  id        TEXT        PRIMARY KEY,
  unit_id   TEXT        NOT NULL UNIQUE REFERENCES org_unit (id),
  hybrid    BOOLEAN     NOT NULL,
  opened    TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE TABLE tipkey_generation (
  channel_id       TEXT        NOT NULL REFERENCES tipkey_channel (id),
  generation       BIGINT      NOT NULL,
  state            TEXT        NOT NULL,
  kind             TEXT        NOT NULL,
  recipient        {{.path}}   NOT NULL UNIQUE,
  threshold        BIGINT      NOT NULL,
  share_set        BIGINT      NOT NULL,
  statement        TEXT        NOT NULL,
  maker            TEXT        NOT NULL,
  maker_key        TEXT        NOT NULL REFERENCES tipkey_person_key (id),
  maker_sig        TEXT        NOT NULL,
  confirmer        TEXT        NOT NULL,
  confirmer_key    TEXT        REFERENCES tipkey_person_key (id),
  confirmer_sig    TEXT        NOT NULL,
  made             TIMESTAMPTZ NOT NULL,
  expires          TIMESTAMPTZ NOT NULL,
  confirmed        TIMESTAMPTZ,
  PRIMARY KEY (channel_id, generation)
);
--bun:split
CREATE UNIQUE INDEX tipkey_generation_current ON tipkey_generation (channel_id) WHERE state = 'current';
--bun:split
CREATE UNIQUE INDEX tipkey_generation_pending ON tipkey_generation (channel_id) WHERE state = 'pending';
--bun:split
CREATE TABLE tipkey_holding (
  channel_id TEXT        NOT NULL,
  generation BIGINT      NOT NULL,
  person_id  TEXT        NOT NULL REFERENCES org_person (id),
  key_id     TEXT        NOT NULL REFERENCES tipkey_person_key (id),
  wrap       TEXT        NOT NULL,
  share_key  TEXT        NOT NULL REFERENCES tipkey_person_key (id),
  share      TEXT        NOT NULL,
  share_set  BIGINT      NOT NULL,
  made       TIMESTAMPTZ NOT NULL,
  made_by    TEXT        NOT NULL,
  revoked    TIMESTAMPTZ,
  PRIMARY KEY (channel_id, generation, person_id),
  FOREIGN KEY (channel_id, generation) REFERENCES tipkey_generation (channel_id, generation)
);
--bun:split
CREATE INDEX tipkey_holding_person ON tipkey_holding (person_id);
--bun:split
CREATE TABLE tipkey_recovery (
  id         TEXT        PRIMARY KEY,
  channel_id TEXT        NOT NULL,
  generation BIGINT      NOT NULL,
  share_set  BIGINT      NOT NULL,
  threshold  BIGINT      NOT NULL,
  asker      TEXT        NOT NULL REFERENCES org_person (id),
  reason     TEXT        NOT NULL,
  recipient  TEXT        NOT NULL,
  asked      TIMESTAMPTZ NOT NULL,
  expires    TIMESTAMPTZ NOT NULL,
  fetched    TIMESTAMPTZ,
  FOREIGN KEY (channel_id, generation) REFERENCES tipkey_generation (channel_id, generation)
);
--bun:split
CREATE INDEX tipkey_recovery_channel ON tipkey_recovery (channel_id, id);
--bun:split
CREATE TABLE tipkey_recovery_share (
  recovery_id TEXT        NOT NULL REFERENCES tipkey_recovery (id),
  person_id   TEXT        NOT NULL REFERENCES org_person (id),
  share       TEXT        NOT NULL,
  given       TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (recovery_id, person_id)
);
--bun:split
CREATE TABLE tipkey_directory (
  id        TEXT        PRIMARY KEY,
  state     TEXT        NOT NULL,
  origin    TEXT        NOT NULL,
  vkey      {{.path}}   NOT NULL UNIQUE,
  maker     TEXT        NOT NULL,
  confirmer TEXT        NOT NULL,
  made      TIMESTAMPTZ NOT NULL,
  expires   TIMESTAMPTZ NOT NULL,
  confirmed TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX tipkey_directory_active ON tipkey_directory (state) WHERE state = 'active';
--bun:split
CREATE UNIQUE INDEX tipkey_directory_pending ON tipkey_directory (state) WHERE state = 'pending';
--bun:split
CREATE TABLE tipkey_directory_wrap (
  directory_id TEXT        NOT NULL REFERENCES tipkey_directory (id),
  person_id    TEXT        NOT NULL REFERENCES org_person (id),
  unit_id      TEXT        NOT NULL REFERENCES org_unit (id),
  key_id       TEXT        NOT NULL REFERENCES tipkey_person_key (id),
  wrap         TEXT        NOT NULL,
  made         TIMESTAMPTZ NOT NULL,
  made_by      TEXT        NOT NULL,
  revoked      TIMESTAMPTZ,
  PRIMARY KEY (directory_id, person_id)
);
--bun:split
CREATE TABLE tipkey_signers (
  directory_id TEXT        NOT NULL REFERENCES tipkey_directory (id),
  n            BIGINT      NOT NULL,
  list         TEXT        NOT NULL,
  signature    TEXT        NOT NULL,
  listed       TIMESTAMPTZ NOT NULL,
  listed_by    TEXT        NOT NULL,
  PRIMARY KEY (directory_id, n)
);
