#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fails when a generated file differs from what its source makes: the OpenAPI document and its TypeScript types.
set -euo pipefail
cd "$(dirname "$0")/.."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

go run ./cmd/anlan openapi >"$made/openapi.yaml"
diff -u api/openapi.yaml "$made/openapi.yaml" || { echo "api/openapi.yaml is stale: run 'make api'" >&2; exit 1; }
(cd web && npx --no-install openapi-typescript ../api/openapi.yaml -o "$made/schema.d.ts" >/dev/null)
diff -u web/src/shared/api/schema.d.ts "$made/schema.d.ts" || { echo "schema.d.ts is stale: run 'make api'" >&2; exit 1; }
