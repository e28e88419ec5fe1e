# What a person types. Every target stops at the first error and needs no input.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# `exec`, so that a signal sent to make reaches the script and not a shell around it.
.PHONY: help run miniprogram test-miniprogram phones gallery run-grown test test-crash reset fmt lint bench-audit bench-load bench-delivery bench-address fuzz-address

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## builds the program and starts the demo street; prints where to look
	@exec cargo run --release --locked -- demo serve

run-grown: ## the same as two processes, api and engine, on PostgreSQL + Redis that are started for it
	@exec tools/grown.sh

test: ## runs everything that must pass, on SQLite and on PostgreSQL + Redis
	@exec tools/test.sh </dev/null

test-crash: ## the faults of delivery in their long form, on SQLite or with ZHINAN_TEST_BACKEND=postgres
	@ZHINAN_FAULTS=long exec cargo test --test it --locked -- --test-threads=1 faults:: crash:: futures </dev/null

reset: ## forgets the demo's data; the next run starts from the beginning
	@rm -rf data/demo

miniprogram: ## emits miniprogram/dist/weapp, which DevTools opens and miniprogram-ci uploads; fails over its sizes
	@cd miniprogram && npm ci --no-audit --no-fund --silent && npm run -s build

test-miniprogram: ## runs everything that must pass for the mini-program, in Chromium against the real server
	@[ -n "$${ZHINAN_BIN:-}" ] || cargo build --locked
	@exec miniprogram/tools/test.sh </dev/null

phones: ## serves a street with everybody's phone, to try the mini-program by hand in a browser
	@[ -n "$${ZHINAN_BIN:-}" ] || cargo build --locked
	@cd miniprogram && npm ci --no-audit --no-fund --silent && exec npm run -s phones

gallery: ## writes one HTML page with every screen of the mini-program at every size
	@[ -n "$${ZHINAN_BIN:-}" ] || cargo build --locked
	@cd miniprogram && npm ci --no-audit --no-fund --silent && tools/browser.sh && npm run -s gallery

fmt: ## formats all Rust code
	@cargo fmt --all

lint: ## what test checks, and the documentation, licences, unused crates and spelling
	@exec tools/lint.sh </dev/null

bench-address: ## the resolver beside BM25 and pg_trgm, street and city: make bench-address [ZHINAN_GAZETTEER=DIR ZHINAN_MESSAGES=FILE]
	@exec cargo bench --bench address --locked

fuzz-address: ## feeds the resolver broken texts: make fuzz-address [MINUTES=10]
	@MINUTES=$${MINUTES:-10} exec cargo bench --bench fuzz_address --locked

bench-audit: ## figures from cells, from the ledger and by plain SQL: make bench-audit [ARGS="--cases 100000,1000000 --database URL"]
	@exec cargo bench --bench audit --locked -- $(ARGS)

bench-load: ## the whole program under load: make bench-load ARGS="--gazetteer DIR --messages FILE [--database URL] [--kill N [--gently]]"
	@exec cargo bench --bench load --locked -- $(ARGS)

bench-delivery: ## writing, telling and sending, beside a bare insert: make bench-delivery [ARGS="--database URL --json FILE"]
	@exec cargo bench --bench delivery --locked -- $(ARGS)
