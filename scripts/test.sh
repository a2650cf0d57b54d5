#!/usr/bin/env bash
# The whole suite: on SQLite with the browser journeys, then the rooms again on PostgreSQL.
set -u
bin=.venv/bin
if [ "${DATABASE_URL:-}" = "" ]; then unset DATABASE_URL; fi
echo "== The rooms on PostgreSQL (throwaway cluster on loopback)"
bash scripts/postgres.sh "$bin/pytest" -n 2 -m "not journey" tests/rooms tests/generative; pg=$?
if [ $pg -eq 69 ]; then
  echo "PostgreSQL could not be had: its run is skipped."
  [ "${CI:-}" = "true" ] && exit 1
elif [ $pg -ne 0 ] && [ $pg -ne 5 ]; then exit $pg; fi
echo "== The whole suite on SQLite, with the browser journeys"
"$bin/pytest" -n 2 --dist loadgroup tests
