#!/usr/bin/env bash
# The long tests, which `make test` leaves out: compaction under kill -9 with readers and a writer, on both databases,
# every kind of question on a real Spark cluster (a master and two workers on loopback), and thousands of mutated files.
#   scripts/soak.sh                     all of it, a quarter of an hour on two free cores
#   GIAOBAN_SOAK_ROUNDS=5000            how often compaction is killed on each database (default 300)
#   GIAOBAN_SOAK_FILES=5000             how many mutations of every kind of file are opened (default 400)
#   GIAOBAN_SOAK_WORLDS=100             how many made-up countries Spark is asked about (default 8)
set -u
bin=.venv/bin
[ -n "${DATABASE_URL:-}" ] || unset DATABASE_URL
soak() { "$bin/pytest" -n 0 -s -m soak "$@"; }
echo "== Kills, readers and a writer on PostgreSQL (throwaway cluster on loopback)"
bash scripts/postgres.sh "$bin/pytest" -n 0 -s -m soak tests/soak/test_long_siege.py; pg=$?
if [ $pg -eq 69 ]; then echo "PostgreSQL could not be had: its run is skipped."; elif [ $pg -ne 0 ]; then exit $pg; fi
echo "== Kills, readers and a writer on SQLite"
soak tests/soak/test_long_siege.py || exit $?
echo "== Mutated files of every kind"
soak tests/files/test_files_fuzz.py || exit $?
echo "== Spark: a master and two workers on loopback"
soak tests/soak/test_spark.py -rs
