"""Any grid gets some guess and some reading; nothing a file may hold breaks the wizard; reading twice is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from giaoban.core.period import Kind
from giaoban.files.grids import Grid
from giaoban.intake import cells, shape, units
from giaoban.intake import spec as specs
from giaoban.intake.reading import Reader, address
from giaoban.intake.spec import FIGURE, Meant, Spec
from giaoban.intake.targets import Info

TODAY = date(2026, 1, 29)
WORDS = [
    *("", "Lào Cai", "CẢ NƯỚC", "Tổng số", "..", "-", "…", "2015", "Sơ bộ 2016", "1.234", "12,5", "STT", "Mã", "A"),
    *("Tên đơn vị", "Năm học 2015-2016", "Nghìn người", "năm", "30/9/2015", "1,234.5", "(1)", "Đồng bằng sông Hồng"),
    *("\n", "%"),
]
CELL = st.one_of(
    st.sampled_from(WORDS),
    st.integers(-5, 10**7),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
    st.text(max_size=12),
    st.booleans(),
)
ROWS = st.lists(st.lists(CELL, min_size=0, max_size=7), min_size=1, max_size=14)


class Known(units.Finder):
    """A finder of three names, without a record."""

    def __init__(self) -> None:
        super().__init__(level="province", under=None, today=TODAY)

    def day(self, on: date) -> Any:
        if on not in self.days:
            index = units._Day()
            for number, name in enumerate(("Lào Cai", "Yên Bái", "Hà Nội"), start=1):
                self._name(index, name, number, 3)
            self.days[on] = index
        return self.days[on]


INFO = {"c": Info(1, "c", "c", "c", 0, True, "")}


def grid(rows: list[list[Any]]) -> Grid:
    width = max(map(len, rows), default=0) or 1
    return Grid([row + [""] * (width - len(row)) for row in rows])


def pointed(found: Spec) -> Spec:
    labels = {specs.joined([column.label]) for column in found.columns} | {""}
    targets = {label: Meant(FIGURE, "c", Kind.CALENDAR_YEAR.value, "1") for label in labels}
    return found.changed(level="province", targets=targets)


@settings(max_examples=300, deadline=None)
@given(ROWS, st.booleans())
def test_any_grid_is_guessed_and_read(rows: list[list[Any]], keep: bool) -> None:
    table = grid(rows)
    finder = Known()
    found = pointed(shape.guess(table, finder.share))
    assert Spec.from_json(found.to_json()) == found
    first = Reader(found, Known(), INFO, keep=keep).read([table.rows])
    second = Reader(found, Known(), INFO, keep=keep).read([[row] for row in table.rows])
    assert first.figures == second.figures and first.faults == second.faults, "however the rows arrive"
    for fault in first.faults:
        assert fault.address[0].isalpha() and fault.row < len(table.rows)
    for key, figure in first.figures.items():
        assert figure.value >= 0 and key[0] in (1, 2, 3)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([cells.VIETNAMESE, cells.ENGLISH]), st.integers(0, 999))
def test_a_number_written_either_way_is_read_back(whole: int, style: str, part: int) -> None:
    grouped = f"{whole:,}"
    text = f"{grouped}.{part:03}5" if part else grouped
    if style == cells.VIETNAMESE:
        text = text.translate(str.maketrans({",": ".", ".": ","}))
    assert cells.number(text, style) == cells.number(f"{whole}.{part:03}5" if part else whole, cells.ENGLISH)


@settings(max_examples=200, deadline=None)
@given(st.integers(1990, 2030), st.sampled_from(list(Kind)), st.integers(1, 2))
def test_the_label_of_a_period_is_read_back(year: int, kind: Kind, number: int) -> None:
    from giaoban.core import period as periods

    if kind is Kind.ONE_OFF:
        return
    period = periods.make(kind, year, number if kind in (Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR) else 1)
    said = cells.said(period.label)
    assert said is not None and said.period(kind) == period
    said = cells.said(period.code)
    assert said is not None and said.period(kind) == period


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 800))
def test_addresses_are_those_of_spreadsheets(row: int, column: int) -> None:
    from openpyxl.utils import get_column_letter

    assert address(row, column) == f"{get_column_letter(column + 1)}{row + 1}"
