#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The server with demo data, and Vite in front of it; both end with Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
go run ./cmd/anlan serve --demo &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
(cd web && npm run dev)
