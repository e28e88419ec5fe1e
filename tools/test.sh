#!/usr/bin/env bash
# Runs everything that must pass: format, lints, all tests on SQLite and on PostgreSQL + Redis, and
# the mini-program in a browser against the program.
#
# A stage that fails does not hide the later ones, except where they could not mean anything. The
# last line is `N passed, N failed` over all test runs; a stage that broke without a failed test
# (format, lints, a build error, a crash) counts as one failure, so that 0 means all is well.
# Whatever was started is gone afterwards, also after Ctrl-C or TERM.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Databases that live for a second need no disk: memory, where there is plenty of it.
roomy() {
  local free memory
  [[ -w /dev/shm ]] || return 1
  free=$(df --output=avail -m /dev/shm | tail -n 1)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  ((free >= 8192 && memory >= 12288))
}
if [[ -z ${TMPDIR:-} ]] && roomy 2>/dev/null; then export TMPDIR=/dev/shm; fi

work=$(mktemp -d "${TMPDIR:-/tmp}/zhinan-test.XXXXXX")
# As root the servers run as another user, who must be able to walk through to his own folder.
chmod 711 "$work"
# A snapshot that differs fails; only a person accepts one, never this script.
export INSTA_UPDATE=no
unset INSTA_FORCE_PASS
# Most tests wait for a database or a process now and then, so two for each processor keep it busy,
# and four where the database is a server of its own: a seventh less time, measured on two processors.
beside=${RUST_TEST_THREADS:-$((4 * $(nproc)))}
export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$((2 * $(nproc)))}
# A fresh clone is built once: what would make a second build faster costs it time and gigabytes.
[[ -d target/debug/incremental ]] || export CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}
passed=0
failed=0
summary=()
child=

# Kills the whole group of the running stage: cargo, the test binary, and what tests started.
cleanup() {
  trap - EXIT
  trap '' INT TERM HUP
  if [[ -n $child ]]; then
    kill -s TERM -- "-$child" 2>/dev/null || true
    # Reaped first: a dead leader would still count as a living group.
    wait "$child" 2>/dev/null || true
    for _ in {1..100}; do
      kill -0 -- "-$child" 2>/dev/null || break
      sleep 0.05
    done
    kill -s KILL -- "-$child" 2>/dev/null || true
  fi
  tools/servers.sh stop "$work/servers" || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'echo "interrupted" >&2; exit 130' INT
trap 'echo "terminated" >&2; exit 143' TERM
trap 'exit 129' HUP

# Runs one stage in its own process group, in the background, because bash would let a signal wait
# for a foreground command. Adds the stage's tests to the totals and one line to the summary.
stage() {
  local name=$1 log status=0 began took ok bad
  shift
  log=$work/$name.log
  printf '\n=== %s: %s\n' "$name" "$*"
  began=$SECONDS
  set -m
  { "$@" </dev/null 2>&1 | tee "$log"; exit "${PIPESTATUS[0]}"; } &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  took=$((SECONDS - began))
  read -r ok bad < <(counts "$log")
  if [[ $status -ne 0 && $bad -eq 0 ]]; then bad=1; fi
  [[ $status -eq 0 ]] || reasons "$log" >>"$work/reasons"
  passed=$((passed + ok))
  failed=$((failed + bad))
  summary+=("$(printf '%-10s %-6s %5d s  %5d passed  %3d failed' "$name" \
    "$([[ $status -eq 0 ]] && echo ok || echo FAILED)" "$took" "$ok" "$bad")")
  return "$status"
}

counts() {
  awk '/^test result:/ {
         for (i = 2; i <= NF; i++) {
           if ($i == "passed;") ok += $(i - 1)
           if ($i == "failed;") bad += $(i - 1)
         }
       }
       $1 == "ℹ" && $2 == "pass" { ok += $3 }
       $1 == "ℹ" && $2 == "fail" { bad += $3 }
       END { print ok + 0, bad + 0 }' "$1"
}

# Why tests failed, in few lines: the last lines of a long log are what everybody reads, and what some
# keep.
reasons() {
  awk '/^---- .* stdout ----$/ { test = $2 }
       /panicked at/ && test != "" { print test ":"; left = 7 }
       /^✖ failing tests:/ { left = 60 }
       left-- > 0 { print "  " substr($0, 1, 300) }' "$1" | head -n 100
}

# A snapshot that no test compares any more says nothing and looks as if it did.
unreferenced_snapshots() {
  local stale
  stale=$(comm -23 \
    <(find src tests -name '*.snap*' -exec realpath {} + | sort -u) \
    <(xargs -r -d '\n' realpath <"$work/snapshots" | sort -u))
  [[ -z $stale ]] || { printf 'no test compares this snapshot, remove it:\n%s\n' "$stale"; return 1; }
}

# Cargo says of each crate how many warnings it has.
silent() { ! grep -E '^warning: .* generated [0-9]+ warning' "$1"; }

start_servers() { tools/servers.sh install && tools/servers.sh start "$work/servers"; }

report() {
  if [[ -s $work/reasons ]]; then
    printf '\n=== why tests failed\n'
    cat "$work/reasons"
  fi
  printf '\n=== summary\n'
  printf '%s\n' "${summary[@]}"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [[ $failed -eq 0 ]] || exit 1
}

command -v cargo >/dev/null || { echo "cargo is not installed: see https://rustup.rs" >&2; exit 1; }

# Servers first: what is missing should be said now, not after the build.
stage servers start_servers || { report; exit 1; }
stage format cargo fmt --all --check || true
# Clippy is a compiler that lints, so that one build serves both. What it refuses is built without it
# then: a lint hides no test.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver
build=(cargo test --workspace --all-targets --locked --no-run)
stage build "${build[@]}" || { unset RUSTC_WORKSPACE_WRAPPER; stage again "${build[@]}" || { report; exit 1; }; }
stage lint silent "$work/build.log" || true

touch "$work/snapshots"
stage sqlite env -u TEST_DATABASE_URL -u TEST_REDIS_URL ZHINAN_TEST_BACKEND=sqlite \
  INSTA_SNAPSHOT_REFERENCES_FILE="$work/snapshots" \
  cargo test --workspace --all-targets --locked --no-fail-fast || true

stage snapshots unreferenced_snapshots || true

stage miniprogram env ZHINAN_BIN="$PWD/target/debug/zhinan" miniprogram/tools/test.sh || true

# Only what touches a database runs again: the program as a whole, and the tests beside the SQL.
if [[ -e $work/servers/env ]]; then
  # shellcheck disable=SC1091
  source "$work/servers/env"
fi
stage postgres env ZHINAN_TEST_BACKEND=postgres RUST_TEST_THREADS="$beside" \
  cargo test --workspace --locked --no-fail-fast --test it || true
stage store env ZHINAN_TEST_BACKEND=postgres \
  cargo test --locked --no-fail-fast --lib -- store:: engine:: app:: || true
report
