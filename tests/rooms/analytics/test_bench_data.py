"""The benchmarks measure what they say: their made-up province has in the record what it has in the columnar store."""

from __future__ import annotations

from pathlib import Path

import pytest

from giaoban.analytics import queries, upkeep
from giaoban.core import period
from giaoban.indicators.models import Cell, Effect, Report
from giaoban.orgs.models import COUNTRY_ID, Unit

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return pytest.importorskip("data")


@pytest.mark.django_db
def test_the_province_is_the_same_in_the_record_and_in_the_store(data: object, root: Path) -> None:
    size = data.world("P1", "tiny")  # type: ignore[attr-defined]
    data.make_units(size)  # type: ignore[attr-defined]
    data.make_asked(size)  # type: ignore[attr-defined]
    made = data.make_figures(size, record=True)  # type: ignore[attr-defined]

    assert Unit.objects.count() == size.units
    assert Cell.objects.count() == size.cells
    assert Report.objects.filter(state="accepted").exists()
    assert made["values"] == Effect.objects.count()
    assert made["values"] > 10_000
    assert upkeep.verify() == []
    first, last = data.CODES[0], data.CODES[-1]  # type: ignore[attr-defined]
    for code, map in ((first, "as_was"), (first, "today"), (last, "today")):
        lines = Effect.objects.filter(period_code=code, cell__element="e000").values_list("value_delta", flat=True)
        (answer,) = queries.ask(["count-e000"], [COUNTRY_ID], [period.parse(code)], on=data.TODAY, map=map)  # type: ignore[attr-defined]
        assert answer.value == sum(lines)
        assert 0 < answer.reported < answer.expected


def test_every_data_set_can_be_asked_for_by_name(data: object) -> None:
    assert {(each.name, each.scale) for each in data.WORLDS} >= {  # type: ignore[attr-defined]
        (name, scale) for name in ("P1", "N1", "R1") for scale in ("small", "full")
    }
    assert data.world("P1", "full").wanted == 24_000_000  # type: ignore[attr-defined]
    assert data.world("N1", "full").wanted == 216_000_000  # type: ignore[attr-defined]
