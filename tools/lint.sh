#!/usr/bin/env bash
# Runs the lints of `make test` and those that need a program with a long install.
# A program that is missing is named with the command that installs it, and makes the run fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

status=0

run() {
  printf '\n=== %s\n' "$*"
  "$@" || status=1
}

# Runs the command when the program exists: run_if PROGRAM CRATE COMMAND…
run_if() {
  local program=$1 crate=$2
  shift 2
  if command -v "$program" >/dev/null; then
    run "$@"
  else
    printf '\n=== %s is not installed: cargo install --locked %s\n' "$program" "$crate"
    status=1
  fi
}

run cargo fmt --all --check
run cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS='-D warnings' run cargo doc --workspace --no-deps --document-private-items --locked
run_if cargo-deny cargo-deny cargo deny --locked check
run_if cargo-machete cargo-machete cargo machete
run_if typos typos-cli typos
exit "$status"
