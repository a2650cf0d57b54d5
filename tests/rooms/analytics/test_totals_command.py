"""giaoban totals: the whole cube in a file, and it says what ask says."""

from __future__ import annotations

import csv

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError

from giaoban.analytics import queries
from giaoban.core import period
from tests.rooms.analytics.test_analytics_commands import BEFORE, CODE, figures, run  # noqa: F401
from tests.world import TODAY


def totals(path, *words: str) -> str:
    return run("totals", "--periods", f"{BEFORE},{CODE}", "--out", str(path), "--on", TODAY.isoformat(), *words)


@pytest.mark.parametrize("map", ["as-was", "today"])
def test_the_file_holds_what_ask_answers(figures, tmp_path, map):  # noqa: F811
    totals(tmp_path / "all.csv", "--map", map)
    rows = list(csv.DictReader((tmp_path / "all.csv").open(encoding="utf-8")))
    units = sorted({int(row["don_vi"]) for row in rows})
    assert figures["province"] in units and {row["ky"] for row in rows} == {BEFORE, CODE}
    spans = [period.parse(code) for code in (BEFORE, CODE)]
    for answer in queries.ask(["girls"], units, spans, on=TODAY, map=map.replace("-", "_")):
        held = {
            row["o_so_lieu"]: row
            for row in rows
            if (int(row["don_vi"]), row["ky"]) == (answer.unit_id, answer.period.code)
        }
        values = [int(held[key]["gia_tri"]) if key in held else None for key in ("c2", "c1")]
        assert values == [answer.numerator, answer.denominator]
        assert any(int(row["uoc_tinh"]) for row in held.values()) == answer.estimated
        assert all(row["ngay_ban_do"] == answer.day.isoformat() for row in held.values())


def test_parquet_holds_the_same_and_a_broken_run_leaves_nothing(figures, tmp_path):  # noqa: F811
    totals(tmp_path / "all.csv")
    totals(tmp_path / "all.parquet")
    table = pq.read_table(tmp_path / "all.parquet")
    assert table.num_rows == len(list(csv.DictReader((tmp_path / "all.csv").open(encoding="utf-8"))))
    assert "Tỉnh Mẫu" in table["ten_don_vi"].to_pylist()
    with pytest.raises(CommandError, match="nobody"):
        totals(tmp_path / "other.csv", "--series", "nobody")
    with pytest.raises(CommandError, match=r"all\.txt"):
        totals(tmp_path / "all.txt")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["all.csv", "all.parquet"]
