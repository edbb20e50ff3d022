#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every test there is, on a machine that may have nothing but Go, Node and apt. A skip is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }
scratch=$(mktemp -d)
chmod 755 "$scratch"
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  scripts/postgres.sh stop "$scratch/pg" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

step "setting up"
scripts/setup.sh
make --no-print-directory web/node_modules/.package-lock.json

step "form"
make --no-print-directory lint

step "web: unit tests, build, size budget"
(cd web && npm run --silent test)
make --no-print-directory build

step "Go on SQLite and PostgreSQL"
port=$(scripts/free-port.sh)
ANLAN_TEST_POSTGRES=$(scripts/postgres.sh start "$scratch/pg" "$port")
export ANLAN_TEST_POSTGRES ANLAN_TEST_ALL=1 ANLAN_TEST_VERSITYGW="$PWD/.cache/bin/versitygw"
unset AWS_CA_BUNDLE
go test -count=1 -timeout 15m ./...

step "generated files"
scripts/verify.sh

step "browser journeys"
port=$(scripts/free-port.sh)
./bin/anlan serve --demo --addr "127.0.0.1:$port" --metrics "" --data "$scratch/data" >"$scratch/server.log" 2>&1 &
server=$!
for _ in $(seq 300); do
  curl -fs "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$scratch/server.log"; exit 1; }
  sleep 0.2
done
(cd web && ANLAN_URL="http://127.0.0.1:$port" npm run --silent e2e) || { tail -n 50 "$scratch/server.log"; exit 1; }

step "all passed"
