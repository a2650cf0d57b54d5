"""The statistics office's real series, taken in by the wizard as a user would: guess, answer three questions, load."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from giaoban import catalogue
from giaoban.indicators import loading
from giaoban.indicators.loading.gso import FIGURES, series_rows
from giaoban.indicators.models import Effect
from giaoban.intake import actions, checks, queries, trying
from giaoban.intake.models import Intake
from giaoban.intake.spec import Spec
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs import queries as units
from tests.rooms.intake.samples import xlsx
from tests.world import NOW

SOURCE = Path(__file__).resolve().parents[4] / "shared/data/stats/gso_education_2002_2017.csv"
ON = date(2026, 1, 29)
LOST = {  # thousands that the print lost: the catalogue leaves them out, the wizard lists them as leaps
    ("22", "2009-2010.DN", "gso_giao_vien[cap_pt=th]"),
    ("22", "2009-2010.DN", "gso_giao_vien[cap_pt=thcs]"),
    ("01", "2011-2012.DN", "gso_hoc_sinh_dtts[cap_pt=thpt]"),
    ("26", "2011-2012.DN", "gso_hoc_sinh_dtts[cap_pt=thpt]"),
    ("22", "2011-2012.DN", "gso_hoc_sinh_dtts[cap_pt=thpt]"),
}
pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db,
    pytest.mark.skipif(not SOURCE.is_file(), reason="../shared is not at hand"),
]


@pytest.fixture
def whole_country() -> None:
    orgs.load_administrative_units(by=SYSTEM, at=NOW)
    loading.load_catalogue(by=SYSTEM, at=NOW)


def begin(content: bytes, name: str) -> Intake:
    return actions.begin(by=SYSTEM, at=NOW, name=name, content=content, series="gso")


@pytest.mark.usefixtures("whole_country")
def test_the_guessed_layout_gives_the_ledger_of_the_shipped_import() -> None:
    intake = begin(SOURCE.read_bytes(), SOURCE.name)
    spec = Spec.from_json(intake.spec)
    assert [one.role for one in spec.columns] == ["name", "period", "variable", "variable", "value", "flag", "ignore"]
    intake = actions.try_out(by=SYSTEM, at=NOW, intake=intake)
    asked = {one["plain"]: one["suggested"] for one in intake.tried["questions"]}
    assert asked == {
        "general classes in universities have been excluded in province": "skip",
        "pupils in universities": "skip",
        "other provinces": "skip",
    }
    intake = actions.answer(by=SYSTEM, at=NOW, intake=intake, names=asked)
    made = trying.plan(intake, ON)
    assert not made.reading.faults and not made.reading.questions
    got = {key: figure.value for key, figure in made.reading.figures.items()}
    want = {(one.unit_id, one.period_code, one.cell_id): one.value for one in series_rows(catalogue.rows(FIGURES))}
    keys = {info.id: info.key for info in made.infos.values()}
    more = got.keys() - want.keys()
    there = units.snapshots({unit for unit, _, _ in more}, date(2012, 1, 1))
    extra = {(there[unit].code, code, keys[cell]) for unit, code, cell in more}
    assert extra == LOST
    assert {key: got[key] for key in want} == want
    _preliminary_is_flagged(made, keys)
    _real_jumps_are_listed(made, keys)

    done = actions.load(by=SYSTEM, at=NOW, intake=intake)
    assert done.result["written"] == len(got)
    assert loading.import_gso(by=SYSTEM, at=NOW) == 0, "the shipped import finds nothing to add"
    lines = Effect.objects.count()
    again = actions.load(by=SYSTEM, at=NOW, intake=begin(SOURCE.read_bytes(), SOURCE.name))
    assert again.result["written"] == 0 and Effect.objects.count() == lines
    early = queries.preliminary("gso", ["2016"])
    assert sum(early.values()) > 60


def _preliminary_is_flagged(made: trying.Plan, keys: dict[int, str]) -> None:
    flagged = [key for key, one in made.reading.figures.items() if one.preliminary]
    early = {(code, keys[cell].partition("[")[0]) for _, code, cell in flagged}
    with SOURCE.open() as file:
        printed = {(row["indicator"], row["year"]) for row in csv.DictReader(file)
                   if row["preliminary"] == "1" or row["category"] == "Pre."}  # fmt: skip
    assert early and len({code for code, _ in early}) == len({year for _, year in printed})


def _real_jumps_are_listed(made: trying.Plan, keys: dict[int, str]) -> None:
    odd = {(one.unit_id, one.period, one.cell) for one in made.odd}
    codes = {unit: row.code for unit, row in units.snapshots({one[0] for one in odd}, date(2012, 1, 1)).items()}
    listed = {(codes.get(unit, ""), period, cell) for unit, period, cell in odd}
    assert listed >= LOST
    assert ("06", "2006-2007.DN", "gso_giao_vien_dtts[cap_pt=th]") in listed, "Bắc Kạn: 1.529 → 153 → 1.530"
    assert all(one.kind in (checks.JUMP, checks.LEVEL, checks.PEERS) for one in made.odd)
    assert len(made.odd) < 500, "of 29.358 figures"
    printed = {(one.printed.name, one.printed.period, one.printed.of) for one in made.differs}
    assert ("Quang Ninh", "2009-2010.DN", "gso_giao_vien") in printed
    assert ("WHOLE COUNTRY", "2005-2006.DN", "gso_hoc_sinh_dtts[cap_pt=thpt]") in printed


@pytest.mark.usefixtures("whole_country")
def test_the_same_figures_printed_as_a_matrix_are_read_alike() -> None:
    """Years as columns, regions among provinces, thousands, two languages: the genre of the yearbook itself."""
    figures: dict[tuple[str, str], str] = {}
    areas: list[str] = []
    with SOURCE.open() as file:
        for row in csv.DictReader(file):
            if (row["indicator"], row["category"]) == ("pupils", "Lower secondary") and int(row["year"]) >= 2010:
                areas += [row["area"]] if row["area"] not in areas else []
                figures[row["area"], row["year"]] = row["value"]
    years = [str(year) for year in range(2010, 2017)]
    rows: list[list[Any]] = [
        ["Số học sinh trung học cơ sở tại thời điểm 30/9 phân theo địa phương"],
        ["Number of lower secondary pupils as of 30 September by province"],
        [],
        ["", *years[:-1], f"Sơ bộ\nPrel. {years[-1]}"],
        *([area, *(float(figures.get((area, year)) or "nan") for year in years)] for area in areas),
        ["Nguồn: Tổng cục Thống kê"],
    ]
    rows = [[".." if cell != cell else cell for cell in row] for row in rows]
    made = trying.plan(begin(xlsx(rows), "hoc-sinh-thcs.xlsx"), ON)
    cell = made.infos["gso_hoc_sinh[cap_pt=thcs]"].id
    got = {key: figure.value for key, figure in made.reading.figures.items()}
    want = {
        (one.unit_id, one.period_code, one.cell_id): one.value
        for one in series_rows(catalogue.rows(FIGURES))
        if one.cell_id == cell and "2010" <= one.period_code <= "2017"
    }
    assert got == want and not made.reading.faults
    assert {key[1] for key, figure in made.reading.figures.items() if figure.preliminary} == {"2016-2017.DN"}
    assert made.agreeing > 40
