#!/usr/bin/env bash
# Starts and stops throw-away PostgreSQL and Redis servers for the tests.
#
#   tools/servers.sh install       installs what is missing (Debian, as root) or says what to install
#   tools/servers.sh start FOLDER  starts both inside FOLDER and writes FOLDER/env for `source`
#   tools/servers.sh stop FOLDER   stops both and removes FOLDER
#   tools/servers.sh halt FOLDER   stops PostgreSQL alone and keeps what it holds
#   tools/servers.sh resume FOLDER starts it again on its port
#
# A server named by TEST_DATABASE_URL or TEST_REDIS_URL is used as it is and never started here.
# Servers listen on 127.0.0.1 on free ports, ask for a random password, and keep everything they
# write inside FOLDER: a system cluster is neither read nor touched. As root they run as another
# user, because PostgreSQL refuses root and Redis should not have it.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
die() { say "servers: $*"; exit 1; }

# Prints the folder that holds initdb, pg_ctl and postgres; the newest version wins.
postgres_bin() {
  local folder
  while read -r folder; do
    if [[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done < <(
    compgen -G '/usr/lib/postgresql/*/bin' | sort -rV || true
    compgen -G '/usr/pgsql-*/bin' | sort -rV || true
    dirname "$(command -v initdb || printf /nowhere/initdb)"
  )
  return 1
}

redis_bin() { command -v redis-server || command -v valkey-server; }

needs_postgres() { [[ -z ${TEST_DATABASE_URL:-} ]]; }
needs_redis() { [[ -z ${TEST_REDIS_URL:-} ]]; }

# Debian starts a service as soon as it is installed; we only want the programs.
forbid_services() {
  policy=/usr/sbin/policy-rc.d
  [[ -e $policy ]] && return 0
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
}

install_missing() {
  local packages=()
  if needs_postgres && ! postgres_bin >/dev/null; then packages+=(postgresql); fi
  if needs_redis && ! redis_bin >/dev/null; then packages+=(redis-server); fi
  [[ ${#packages[@]} -eq 0 ]] && return 0
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    say "servers: missing ${packages[*]}. Do one of these, then run again:"
    say "  Debian, Ubuntu:  sudo apt-get install ${packages[*]}"
    say "  macOS:           brew install ${packages[*]/redis-server/redis}"
    say "  elsewhere:       put initdb, pg_ctl, postgres and redis-server on PATH"
    say "  own servers:     export TEST_DATABASE_URL=postgres://… TEST_REDIS_URL=redis://…"
    exit 1
  fi
  say "servers: installing ${packages[*]}"
  forbid_services
  apt_install "${packages[@]}" || { apt_update && apt_install "${packages[@]}"; } ||
    die "apt-get could not install ${packages[*]}"
}

apt_update() { apt-get update -qq </dev/null >&2; }

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}

# Runs a command as the owner of the servers: ourselves, or as root somebody harmless.
as_owner() {
  if [[ $owner == "$(id -un)" ]]; then
    "$@"
  elif command -v runuser >/dev/null; then
    runuser -u "$owner" -- "$@"
  elif command -v setpriv >/dev/null; then
    setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- "$@"
  else
    die "running as root needs runuser or setpriv (package util-linux)"
  fi
}

choose_owner() {
  owner=$(id -un)
  [[ $(id -u) -ne 0 ]] && return 0
  for owner in postgres nobody; do
    id -u "$owner" >/dev/null 2>&1 && return 0
  done
  die "running as root needs a user called postgres or nobody to run the servers"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Draws below the range the kernel hands out to clients, so that nobody slips in between.
free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    if ! listens "$port"; then
      printf '%s\n' "$port"
      return 0
    fi
  done
  die "no free port between 20000 and 32000"
}

new_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

create_cluster() {
  local locale
  for locale in C.UTF-8 C.utf8 en_US.UTF-8; do
    rm -rf "$folder/pg"
    # Under a locale without UTF-8 the trigram functions see no Chinese at all.
    # md5 and no fsync: connecting and writing are cheap, and nothing here outlives the run.
    if as_owner "$bin/initdb" -D "$folder/pg" -U zhinan -E UTF8 --locale="$locale" --auth=md5 \
      --pwfile="$folder/password" --no-sync >"$folder/initdb.log" 2>&1; then
      return 0
    fi
  done
  cat "$folder/initdb.log" >&2
  die "initdb failed"
}

start_postgres() {
  local bin port
  bin=$(postgres_bin) || die "PostgreSQL is not installed: run tools/servers.sh install"
  create_cluster
  cat >>"$folder/pg/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
autovacuum_naptime = 5min
log_min_messages = warning
timezone = 'UTC'
CONF
  # Another program may take the port between our look and the server's bind: draw again.
  for _ in {1..5}; do
    port=$(free_port)
    if as_owner "$bin/pg_ctl" -D "$folder/pg" -l "$folder/postgres.log" -o "-p $port" -w -t 60 \
      start >/dev/null 2>&1 </dev/null; then
      printf '%s\n' "$port" >"$folder/port"
      printf 'export TEST_DATABASE_URL=%q\n' \
        "postgres://zhinan:$password@127.0.0.1:$port/postgres" >>"$folder/env"
      return 0
    fi
  done
  cat "$folder/postgres.log" >&2
  die "PostgreSQL does not start"
}

start_redis() {
  local server port
  server=$(redis_bin) || die "Redis is not installed: run tools/servers.sh install"
  for _ in {1..5}; do
    port=$(free_port)
    cat >"$folder/redis.conf" <<CONF
bind 127.0.0.1
port $port
requirepass $password
daemonize yes
pidfile $folder/redis.pid
logfile $folder/redis.log
dir $folder
save ""
appendonly no
CONF
    as_owner "$server" "$folder/redis.conf" >/dev/null 2>&1 </dev/null || continue
    for _ in {1..100}; do
      if [[ -s $folder/redis.pid ]] && listens "$port"; then
        printf 'export TEST_REDIS_URL=%q\n' "redis://default:$password@127.0.0.1:$port/" >>"$folder/env"
        return 0
      fi
      sleep 0.05
    done
  done
  cat "$folder/redis.log" >&2
  die "Redis does not start"
}

start() {
  choose_owner
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  chmod 700 "$folder"
  # Not for other users: the files below hold the password.
  umask 077
  password=$(new_password)
  printf '%s\n' "$password" >"$folder/password"
  : >"$folder/env"
  : >"$folder/redis.conf"
  if [[ $owner != "$(id -un)" ]]; then chown -R "$owner" "$folder"; fi
  # The owner may not be allowed to see the folder we were called from.
  cd "$folder"
  if needs_postgres; then start_postgres; fi
  if needs_redis; then start_redis; fi
}

# Ends every session as a restart of the server does; what was committed stays.
halt() {
  local bin
  bin=$(postgres_bin)
  choose_owner
  folder=$(cd "$folder" && pwd)
  cd "$folder"
  as_owner "$bin/pg_ctl" -D "$folder/pg" -m fast -w -t 60 stop >/dev/null
}

resume() {
  local bin port
  bin=$(postgres_bin)
  choose_owner
  folder=$(cd "$folder" && pwd)
  cd "$folder"
  read -r port <"$folder/port"
  as_owner "$bin/pg_ctl" -D "$folder/pg" -l "$folder/postgres.log" -o "-p $port" -w -t 60 start \
    >/dev/null 2>&1 </dev/null
}

# Must also work on a half-started folder, and twice.
stop() {
  [[ -d $folder ]] || return 0
  choose_owner
  folder=$(cd "$folder" && pwd)
  cd /
  stop_pid "$folder/pg/postmaster.pid" QUIT
  # Redis names its process a moment after it has left our process group.
  if [[ -s $folder/redis.conf && ! -s $folder/redis.pid ]]; then sleep 1; fi
  stop_pid "$folder/redis.pid" KILL
  rm -rf "$folder"
}

# A process that is dead but not yet collected by init counts as gone.
alive() {
  local state=
  kill -0 "$1" 2>/dev/null || return 1
  if [[ -r /proc/$1/stat ]]; then read -r _ _ state _ <"/proc/$1/stat" || true; fi
  [[ $state != Z ]]
}

# Sends the signal, waits ten seconds, then insists.
stop_pid() {
  local pid
  [[ -s $1 ]] || return 0
  read -r pid <"$1" || true
  [[ $pid =~ ^[0-9]+$ ]] || return 0
  kill -s "$2" "$pid" 2>/dev/null || return 0
  for _ in {1..200}; do
    alive "$pid" || return 0
    sleep 0.05
  done
  kill -s KILL "$pid" 2>/dev/null || true
}

folder=${2:-}
case ${1:-} in
  install) install_missing ;;
  start | stop | halt | resume)
    [[ -n $folder ]] || die "name a folder"
    "$1"
    ;;
  *)
    sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
