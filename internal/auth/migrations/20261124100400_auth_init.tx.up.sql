CREATE TABLE auth_account (
  person_id     TEXT        PRIMARY KEY,
  login         {{.path}}   NOT NULL UNIQUE,
  hash          TEXT        NOT NULL,
  must_change   BOOLEAN     NOT NULL,
  initial_until TIMESTAMPTZ,
  disabled      BOOLEAN     NOT NULL,
  totp          {{.bytes}},
  totp_pending  {{.bytes}},
  totp_step     BIGINT      NOT NULL,
  locale        TEXT        NOT NULL,
  place         {{.path}}   NOT NULL,
  unit_path     {{.path}}   NOT NULL,
  created       TIMESTAMPTZ NOT NULL,
  last_sign_in  TIMESTAMPTZ,
  version       BIGINT      NOT NULL
);
--bun:split
CREATE TABLE auth_recovery (
  person_id TEXT        NOT NULL REFERENCES auth_account (person_id),
  hash      TEXT        NOT NULL,
  used      TIMESTAMPTZ,
  PRIMARY KEY (person_id, hash)
);
--bun:split
CREATE TABLE auth_failure (
  guess_key    {{.path}}   PRIMARY KEY,
  failures     BIGINT      NOT NULL,
  last         TIMESTAMPTZ NOT NULL,
  locked_until TIMESTAMPTZ
);
--bun:split
CREATE INDEX auth_failure_last ON auth_failure (last);
--bun:split
CREATE TABLE auth_session (
  id         TEXT        PRIMARY KEY,
  token_hash TEXT        NOT NULL UNIQUE,
  person_id  TEXT        NOT NULL REFERENCES auth_account (person_id),
  unit_id    TEXT        NOT NULL,
  device     TEXT        NOT NULL,
  address    TEXT        NOT NULL,
  created    TIMESTAMPTZ NOT NULL,
  last_seen  TIMESTAMPTZ NOT NULL,
  idle_s     BIGINT      NOT NULL,
  idle_until TIMESTAMPTZ NOT NULL,
  expires    TIMESTAMPTZ NOT NULL,
  confirmed  TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX auth_session_person ON auth_session (person_id, id);
--bun:split
CREATE TABLE auth_token (
  id        TEXT        PRIMARY KEY,
  hash      TEXT        NOT NULL,
  person_id TEXT        NOT NULL REFERENCES auth_account (person_id),
  unit_id   TEXT        NOT NULL,
  name      TEXT        NOT NULL,
  perms     TEXT        NOT NULL,
  created   TIMESTAMPTZ NOT NULL,
  expires   TIMESTAMPTZ NOT NULL,
  last_used TIMESTAMPTZ
);
--bun:split
CREATE INDEX auth_token_person ON auth_token (person_id, id);
--bun:split
CREATE TABLE auth_access (
  id         TEXT        PRIMARY KEY,
  at         TIMESTAMPTZ NOT NULL,
  person_id  TEXT        NOT NULL,
  login_hash TEXT        NOT NULL,
  outcome    TEXT        NOT NULL,
  place      {{.path}}   NOT NULL,
  address    TEXT        NOT NULL,
  device     TEXT        NOT NULL,
  session_id TEXT        NOT NULL
);
--bun:split
CREATE INDEX auth_access_person ON auth_access (person_id, id);
--bun:split
CREATE TABLE auth_setup (
  id        BIGINT PRIMARY KEY,
  code_hash TEXT   NOT NULL
);
