"""What a room may take of another: questions, verbs, tables for foreign keys, and a short list of open pieces.

import-linter (pyproject.toml) holds which room may import which; this holds which part of it.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src" / "giaoban"
PLAIN = {"core", "journal", "ui", "catalogue", "files", "reading"}  # rooms that are libraries to those above them
PARTS = {"actions", "queries", "models"}
OPEN = {
    "people": {
        "guards",
        "middleware",
        "refusals",
        "roles",
        "words",
    },  # the guard of every view and how a refusal is said
    "orgs": {"decree", "refusals", "rights", "spelling"},  # the words of a decree, its faults; where rights plug in
    # how a document is cited; how a file is kept, read and sent; the verbs by which a reform passes papers on
    "documents": {  # and where tasks plug in their count; half-done readings, attached figures, what is in force
        "naming",
        "serving",
        "following",
        "keeping",
        "plain",
        "progress",
        "readings",
        "quoted",
        "force",
        "citing",
    },
    # the verbs by which a reform passes unread messages on; where a room says what other systems are told of it
    "notices": {"following", "events"},
    "indicators": {"loading", "refusals"},  # the shipped catalogue and series; the faults of a typed figure
    "jobs": {"registry", "working"},  # what a room's background work is registered with, and what it is handed
    # plain functions: a due time in words, the four states, passages of a text; annexes in and out
    "work": {"dues", "states", "marking", "exchange"},
    "analytics": {"upkeep", "naming"},  # compaction after the demonstration; what units and maps are called
    "quick": {"shipped"},  # the demonstration asks by a shipped template
    "desk": {"proposals"},  # the demonstration reads a document as the page does
}
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if "migrations" not in path.parts]


def taken(path: Path) -> set[tuple[str, str]]:
    """(room, part) of every import from another room."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {tuple(name.split(".")[1:3]) for name in names if name.startswith("giaoban.") and name.count(".") > 1}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_take_only_what_others_offer(path):
    here = path.relative_to(ROOT).parts[0]
    for room, part in taken(path):
        if room != here and room not in PLAIN:
            assert part in PARTS | OPEN.get(room, set()), f"{here} takes {room}.{part}"


def test_every_open_piece_is_used():
    used = {(room, part) for path in MODULES for room, part in taken(path) if path.relative_to(ROOT).parts[0] != room}
    assert not {(room, part) for room, parts in OPEN.items() for part in parts} - used
