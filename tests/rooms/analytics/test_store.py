"""The files of the store: what survives whom, without a database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from giaoban.analytics import coding
from giaoban.analytics import store as module
from giaoban.analytics.ledger import SCHEMA
from giaoban.analytics.store import Busy, Manifest, Store


def lines(*rows: tuple) -> pa.Table:
    """(period, unit, cell, value, present) in series "report"."""
    return pa.Table.from_pylist(
        [dict(zip(("series", "period", "unit", "cell", "value", "present"), ("report", *row))) for row in rows],
        schema=SCHEMA,
    )


def seal(kept: Store, table: pa.Table, upto: int) -> Manifest:
    return kept.seal(lambda old: (table, upto, f"mark {upto}"))


def content(kept: Store) -> tuple[int, list[tuple]]:
    with kept.reading() as manifest:
        paths = kept.paths(manifest)
        if not paths:
            return manifest.sealed, []
        codes = {coding.number(period): period for period in manifest.parts["report"]}
        found = duckdb.read_parquet(paths).project("period, unit, cell, value, present").fetchall()
        return manifest.sealed, sorted((codes[period], *row) for period, *row in found)


@pytest.fixture
def kept(tmp_path) -> Store:
    return Store(tmp_path / "store")


def test_an_empty_store_reads_as_nothing(kept):
    assert content(kept) == (0, [])


def test_lines_merge_to_one_row_a_key(kept):
    seal(kept, lines(("2025", 1, 1, 10, 1), ("2025", 1, 1, -3, 0), ("2025", 2, 1, 5, 1)), 3)
    seal(kept, lines(("2025", 2, 1, -5, -1), ("2025", 1, 2, 0, 1)), 5)
    assert content(kept) == (5, [("2025", 1, 1, 7, 1), ("2025", 1, 2, 0, 1)])


def test_only_touched_periods_are_written_again(kept):
    seal(kept, lines(("2024", 1, 1, 1, 1), ("2025", 1, 1, 1, 1)), 2)
    before = {path.name: path.stat().st_mtime_ns for path in (kept.root / "parts").iterdir()}
    seal(kept, lines(("2025", 1, 1, 1, 0)), 3)
    after = {path.name: path.stat().st_mtime_ns for path in (kept.root / "parts").iterdir()}
    assert "report.2024.00000001.parquet" in after.keys() & before.keys()
    assert after["report.2024.00000001.parquet"] == before["report.2024.00000001.parquet"]
    assert sorted(after) == ["report.2024.00000001.parquet", "report.2025.00000002.parquet"]


def test_a_period_that_came_to_nothing_has_no_part(kept):
    seal(kept, lines(("2025", 1, 1, 4, 1)), 1)
    manifest = seal(kept, lines(("2025", 1, 1, -4, -1)), 2)
    assert manifest.parts == {} and content(kept) == (2, [])


def test_a_reader_keeps_its_parts(kept):
    seal(kept, lines(("2025", 1, 1, 1, 1)), 1)
    with kept.reading() as manifest:
        paths = kept.paths(manifest)
        seal(kept, lines(("2025", 1, 1, 1, 0)), 2)
        seal(kept, lines(("2025", 1, 1, 1, 0)), 3)
        assert duckdb.read_parquet(paths).project("value").fetchall() == [(1,)]
        assert len(list((kept.root / "parts").iterdir())) == 2, "the middle state had no reader"
    seal(kept, lines(("2025", 1, 1, 1, 0)), 4)
    assert content(kept) == (4, [("2025", 1, 1, 4, 1)])
    assert len(list((kept.root / "parts").iterdir())) == 1
    assert len(list(kept.root.glob("manifest-*"))) == 1


def test_one_process_compacts(kept):
    seal(kept, lines(), 0)
    with kept._writing(wait=True), pytest.raises(Busy):
        kept.seal(lambda old: (lines(), 1, ""), wait=False)


def test_a_manifest_removed_by_hand_is_an_empty_store(kept):
    manifest = seal(kept, lines(("2025", 1, 1, 1, 1)), 1)
    (kept.root / manifest.name).unlink()
    assert content(kept) == (0, [])


def test_anew_forgets_what_was_there(kept):
    seal(kept, lines(("2024", 1, 1, 1, 1), ("2025", 1, 1, 1, 1)), 2)
    kept.seal(lambda old: (lines(("2025", 1, 1, 8, 1)), old.sealed + 1, "other"), anew=lambda manifest: True)
    assert content(kept) == (1, [("2025", 1, 1, 8, 1)])


class Killed(BaseException):
    """Not an Exception: nothing may catch it on the way."""


@pytest.mark.parametrize("step", range(1, 8))
def test_a_compaction_killed_at_any_file_leaves_the_old_state_whole(kept, monkeypatch, step):
    first = lines(("2024", 1, 1, 1, 1), ("2025", 1, 1, 1, 1))
    fresh = lines(("2024", 1, 1, 5, 0), ("2025", 2, 1, 7, 1), ("2026", 1, 1, 9, 1))
    seal(kept, first, 2)
    old = content(kept)
    settle, count = module._settle, 0

    def dying(passing: Path, final: Path) -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        settle(passing, final)

    monkeypatch.setattr(module, "_settle", dying)
    if step <= 5:  # three parts, the manifest, CURRENT
        with pytest.raises(Killed):
            seal(kept, fresh, 5)
        assert content(kept) == old
    monkeypatch.setattr(module, "_settle", settle)
    seal(kept, fresh, 5)
    assert content(kept) == (
        5,
        [("2024", 1, 1, 6, 1), ("2025", 1, 1, 1, 1), ("2025", 2, 1, 7, 1), ("2026", 1, 1, 9, 1)],
    )
    assert not list(kept.root.rglob("*.tmp")), "what a killed compaction left is cleared up"
    assert len(list((kept.root / "parts").iterdir())) == 3


def test_a_killed_process_leaves_the_old_state_whole_and_the_lock_free(kept):
    seal(kept, lines(("2025", 1, 1, 1, 1)), 1)
    script = """
        import os, signal, sys
        import django
        django.setup()
        from giaoban.analytics import store
        from tests.rooms.analytics.test_store import lines, seal
        settle = store._settle
        def dying(passing, final):
            if final.name == "CURRENT":
                os.kill(os.getpid(), signal.SIGKILL)
            settle(passing, final)
        store._settle = dying
        seal(store.Store(store.Path(sys.argv[1])), lines(("2025", 1, 1, 1, 0)), 2)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(kept.root)],
        env={**os.environ, "PYTHONPATH": "src:.", "DJANGO_SETTINGS_MODULE": "giaoban.settings"},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert content(kept) == (1, [("2025", 1, 1, 1, 1)])
    seal(kept, lines(("2025", 1, 1, 1, 0)), 2)
    assert content(kept) == (2, [("2025", 1, 1, 2, 1)])


def test_the_manifest_is_plain_to_read(kept):
    manifest = seal(kept, lines(("2025", 1, 1, 1, 1)), 1)
    assert json.loads((kept.root / manifest.name).read_text()) == {
        "generation": 1,
        "sealed": 1,
        "mark": "mark 1",
        "parts": {"report": {"2025": "report.2025.00000001.parquet"}},
        "layout": 2,
    }
