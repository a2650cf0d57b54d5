"""Catalogue: data that ships with the product, and a tiny reader of it. Knows no Django and no other room.

`rows("admin/communes_2025.csv")` reads a table (plain or .gz), `table("kinds.toml")` a TOML file, `path(name)` finds a
file. Data is Vietnamese and names its source; it is never read from outside the package.
"""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Where a shipped file lies; a name cannot lead out of the catalogue."""
    found = (HERE / name).resolve()
    if not found.is_relative_to(HERE) or not found.is_file():
        raise FileNotFoundError(f"catalogue has no file {name}")
    return found


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, each a dict of texts; `.csv.gz` files are read the same way."""
    source = path(name)
    raw = gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()
    yield from csv.DictReader(io.StringIO(raw.decode("utf-8"), newline=""))


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML file, read once. Treat what comes back as read-only."""
    return tomllib.loads(path(name).read_text(encoding="utf-8"))
