#!/usr/bin/env bash
# Serves the demo street as one that has grown does: api and engine as two processes on PostgreSQL,
# with Redis between them. Both servers are started here, on free ports, and gone after the end; the
# street is made anew each time. Servers of your own: set TEST_DATABASE_URL and TEST_REDIS_URL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d "${TMPDIR:-/tmp}/zhinan-grown.XXXXXX")
# As root the servers run as another user, who must be able to walk through to his own folder.
chmod 711 "$work"
cleanup() {
  trap - EXIT
  tools/servers.sh stop "$work/servers" || true
  rm -rf "$work"
}
trap cleanup EXIT
# Ctrl-C reaches the program too, which stops by itself; the servers outlive it.
trap : INT TERM

cargo build --release --locked
tools/servers.sh install
tools/servers.sh start "$work/servers"
# shellcheck source=/dev/null
source "$work/servers/env"
export ZHINAN__DATABASE__URL=$TEST_DATABASE_URL ZHINAN__REDIS__URL=$TEST_REDIS_URL
target/release/zhinan demo serve --apart --dir "$work/demo" "$@" &
program=$!
wait "$program" || { kill -s TERM "$program" 2>/dev/null || true; wait "$program"; }
