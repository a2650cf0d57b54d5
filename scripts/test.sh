#!/usr/bin/env bash
# The whole suite: the rooms on PostgreSQL, everything on SQLite, then the journeys in a browser.
set -u
bin=.venv/bin
[ -n "${DATABASE_URL:-}" ] || unset DATABASE_URL
echo "== The rooms on PostgreSQL (throwaway cluster on loopback)"
bash scripts/postgres.sh "$bin/pytest" -n 2 --dist loadfile -m "not journey and not soak" tests/rooms tests/generative; pg=$?
if [ $pg -eq 69 ]; then
  echo "PostgreSQL could not be had: its run is skipped."
  [ "${CI:-}" = "true" ] && exit 1
elif [ $pg -ne 0 ]; then exit $pg; fi
echo "== Everything on SQLite"
"$bin/pytest" -n 2 --dist loadfile -m "not journey and not soak" tests || exit $?
echo "== In a browser" # one process: a browser under load is slow, and Playwright keeps one event loop
"$bin/pytest" -n 0 -m journey tests
