#!/usr/bin/env bash
# Runs a command with DATABASE_URL on a throwaway PostgreSQL cluster on loopback, and removes the cluster afterwards.
#   scripts/postgres.sh COMMAND …
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed: apt-get install postgresql"; exit 69; }
dir=$(mktemp -d /tmp/giaoban-pg.XXXXXX)
port=${GIAOBAN_TEST_PGPORT:-$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')}
as() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
[ "$(id -u)" -ne 0 ] || chown postgres "$dir"
cd /
as "$bin/initdb" -D "$dir/data" -U giaoban --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-c listen_addresses=127.0.0.1 -p $port -k $dir -c fsync=off -c full_page_writes=off -c max_connections=60" start >/dev/null
trap 'as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
cd "$OLDPWD"
export DATABASE_URL="postgres://giaoban@127.0.0.1:$port/postgres"
"$@"
