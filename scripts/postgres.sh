#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts a throw-away PostgreSQL for tests and prints its address; "stop DIR" ends it.
# Its locale is en_US.UTF-8, because C hides collation faults.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$*"; else bash -c "$*"; fi; }

start() {
  local dir=$1 port=$2
  mkdir -p "$dir"
  [ "$(id -u)" = 0 ] && chown postgres "$dir"
  if [ ! -f "$dir/data/PG_VERSION" ]; then
    as "$bin/initdb -D $dir/data -U anlan -A trust --locale=en_US.UTF-8 -E UTF8 >$dir/initdb.log"
  fi
  as "$bin/pg_ctl -D $dir/data -w -t 60 -l $dir/postgres.log -o '-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=400 -c shared_buffers=256MB' start >/dev/null"
  echo "postgres://anlan@127.0.0.1:$port/postgres?sslmode=disable"
}

stop() { as "$bin/pg_ctl -D $1/data -m fast -w stop >/dev/null" || true; }

case "${1:-}" in
  start) start "$2" "$3" ;;
  stop) stop "$2" ;;
  *) echo "usage: $0 start DIR PORT | stop DIR" >&2; exit 2 ;;
esac
