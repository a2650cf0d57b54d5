"""What the entry page says while somebody types is what the server says of the same figures: verdicts, words, order."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from giaoban.indicators.models import Report, Round, SheetRule
from giaoban.indicators.queries import reports, sheet_data
from giaoban.indicators.queries.bounds import CHANGE, KINDS, PERIOD_BEFORE, SAME_PERIOD, Bound
from giaoban.indicators.queries.findings import Finding, judge, shown
from tests.generative.chromium import CHROMIUM, call, page_with
from tests.rooms.indicators.place import DUE, LAST_YEAR, Place


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


def test_the_page_carries_what_a_browser_needs(place: Place, report: Report) -> None:
    data = sheet_data.data_of(report, DUE)
    json.dumps(data)
    assert {cell["key"] for cell in data["cells"]} == set(place.cells) - {"to_chuc"}  # of other kinds of unit only
    assert [rule["hard"] for rule in data["rules"]] == [True, False]
    assert [(total["unit"], len(total["sums"])) for total in data["totals"]] == [("học sinh", 2), ("%", 0)]
    assert data["values"] == {} and data["version"] == 0
    assert data["words"]["faults"]["BadCellNumber"].startswith("%(cell)s: “%(text)s” không phải số")


def test_bounds_are_whole_numbers_as_text(place: Place, round: Round) -> None:
    last = place.open(period_code=LAST_YEAR, due_on=DUE)
    place.accept(place.hand_in(last, "na_hoi", hoc_sinh="400"))
    bounds = sheet_data.data_of(place.report(round, "na_hoi"), DUE)["bounds"][str(place.cells["hoc_sinh"])]
    assert bounds[0]["before"] == "400" and int(bounds[0]["low"]) < 400 < int(bounds[0]["high"])
    assert "cùng kỳ năm trước" in bounds[0]["words"] and "cao hơn" in bounds[0]["above"]


LIVE = """
import { Sheet } from "/live.js";
export function say(data, plays) {
  return plays.map(({ values, notes }) => {
    const sheet = new Sheet(data);
    const typed = data.cells.filter((cell) => cell.id in values);
    const faults = typed.map(({ id }) => sheet.put(id, values[id], notes[id] ?? "")).filter(Boolean);
    const found = sheet.findings().map((one) => [one.sentence, one.open, one.explanation, one.look, one.cell]);
    return { faults, found };
  });
}
"""
LOOKS = {"rule": "rule", "change": "change", "unusual": "unusual", "blank": "blank"}


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium")
def test_browser_and_server_point_out_the_same(place: Place, report: Report) -> None:
    dice = random.Random(11)
    lines = reports.lines_for("hoc_ky", "primary")
    scales = {row.cell_id: row.cell.element.scale for row in lines if row.cell_id}
    bounds = {cell: _bounds(dice, scale) for cell, scale in scales.items()}
    data = sheet_data.data_of(report, DUE) | {"bounds": sheet_data._bounds(bounds)}
    rules = list(SheetRule.objects.filter(sheet="hoc_ky"))
    plays, expected = [], []
    for _ in range(400):
        values = {
            cell: dice.choice([None, 0, 1, 4, 7, 12, 30, 55, 100, 1000]) for cell in scales if dice.random() < 0.9
        }
        notes = {cell: dice.choice(["", "", "đã rà"]) for cell in values}
        texts = {str(cell): "" if value is None else shown(value, scales[cell]) for cell, value in values.items()}
        plays.append({"values": texts, "notes": {str(cell): note for cell, note in notes.items()}})
        expected.append([_told(one) for one in judge(lines, rules, values, notes, bounds)])
    with page_with({"say.js": LIVE}) as page:
        said = call(page, "say.js", "say", data, plays)
    for play, mine, theirs in zip(plays, said, expected, strict=True):
        assert mine["found"] == theirs, play
        assert mine["faults"] == []
    assert len({tuple(row) for found in expected for row in found}) > 60


def _bounds(dice: random.Random, scale: int) -> list[Bound]:
    found = []
    for kind in KINDS:
        if dice.random() < 0.6:
            low, high = dice.choice([(5, 20), (None, 50), (10, None), (0, 3)])
            against = dice.choice([SAME_PERIOD, PERIOD_BEFORE]) if kind in (CHANGE, "year_on_year") else ""
            before = dice.choice([0, 4, 10, 33]) if against else None
            found.append(Bound(kind, low, high, dice.random() < 0.5, scale, before, against))
    return found


def _told(one: Finding) -> list[Any]:
    look = "must" if one.hard and one.open else "words" if one.open else LOOKS[one.kind]
    return [one.sentence, one.open, one.explanation, look, str(one.cells[0])]
