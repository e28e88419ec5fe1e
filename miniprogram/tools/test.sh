#!/usr/bin/env bash
# Everything that must pass for the mini-program, the quick things first. Needs Node 20 and a built
# `zhinan` (ZHINAN_BIN, target/release or target/debug); installs what npm and the browser need.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { local from=$SECONDS; echo "== $1"; shift; "$@"; echo "   $((SECONDS - from)) s"; }
command -v node >/dev/null || { echo "the mini-program needs Node 20 or newer" >&2; exit 1; }
[ node_modules/.package-lock.json -nt package-lock.json ] || step "npm ci" npm ci --no-audit --no-fund --silent
step "browser" tools/browser.sh
step "the API's types are the server's" npm run -s api:check
step "types of scripts and templates, rules of style" npm run -s check
step "units" node --test --test-reporter=spec tests/unit/*.test.mjs
step "package and its sizes, classic framework" npm run -s test:exparser
step "browser, on the real server" npm run -s test:browser
