#!/usr/bin/env bash
# Scores the reader against gold marks beside the checkout; says so where they are absent.
set -eu
reading=${GIAOBAN_READING:-../shared/reading}
[ -d "$reading/gold" ] || { echo "No gold marks at $reading: nothing scored."; exit 0; }
.venv/bin/python "$reading/score.py" --docs "$reading/docs" --gold "$reading/gold" --predict "$PWD/.venv/bin/python -m giaoban.reading {file}"
