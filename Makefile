# SPDX-License-Identifier: Apache-2.0
# `make help` lists what there is. Everything that is missing on a Debian machine with Go, Node and apt is installed.

SHELL := /bin/bash
GO_FILES := $(shell find cmd internal web -name '*.go' -not -path '*/node_modules/*' 2>/dev/null)
WEB_FILES := $(shell find web/src web/build web/public -type f 2>/dev/null) $(wildcard web/*.html web/*.ts web/package.json)
export CGO_ENABLED = 0

.PHONY: help run test build lint verify api dev bench clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: build ## build and start the product with demo data on http://127.0.0.1:8080
	@exec ./bin/anlan serve --demo

test: ## install what is missing and pass every test: Go on both databases, web, browser
	@scripts/test.sh

build: bin/anlan ## build bin/anlan with the web pages in it

bin/anlan: web/dist/index.html $(GO_FILES) go.mod go.sum
	@echo "building bin/anlan"
	@go build -trimpath -ldflags "-s -w -X anlan/internal/app.Version=$$(git describe --tags --always --dirty 2>/dev/null || echo dev)" -o bin/anlan ./cmd/anlan

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_FILES)
	@echo "building the web pages"
	@cd web && npm run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	@echo "installing front-end packages"
	@cd web && npm ci --ignore-scripts --no-audit --no-fund

lint: web/node_modules/.package-lock.json ## check form: gofmt, go vet, types, ESLint
	@test -z "$$(gofmt -l cmd internal web/*.go)" || { gofmt -l cmd internal web/*.go; echo "run gofmt -w on these"; exit 1; }
	@go vet ./...
	@cd web && npm run --silent typecheck && npm run --silent lint

verify: web/node_modules/.package-lock.json ## fail when a generated file is stale
	@scripts/verify.sh

api: web/node_modules/.package-lock.json ## write api/openapi.yaml and the TypeScript types anew
	@mkdir -p api && go run ./cmd/anlan openapi > api/openapi.yaml
	@cd web && npx --no-install openapi-typescript ../api/openapi.yaml -o src/shared/api/schema.d.ts >/dev/null

dev: web/node_modules/.package-lock.json ## server on :8080 and Vite on :5173, both reload
	@scripts/dev.sh

bench: build ## run every benchmark and print its conditions
	@./bin/anlan bench all

clean: ## remove what was built; data/ stays
	rm -rf bin web/dist/assets web/dist/*.html* .cache
