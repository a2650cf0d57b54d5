"""The statistics office's figures as the series "gso": read, checked row by row, handed to `actions.import_series`.

A row gives one cell in one province for many years. The province is the one that bore the code on the data day of the
period: code 12 was the undivided Lai Châu until 2003, code 15 was Yên Bái until 30/6/2025.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from giaoban import catalogue
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.refusal import Invalid, Refused, sentence
from giaoban.indicators import actions
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.loading.catalogue import GSO_SERIES
from giaoban.indicators.models import Cell
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs

FIGURES = "gso/figures.csv.gz"
PERIODS: Mapping[str, Callable[[int], Period]] = {
    "school_year_start": lambda year: periods.school_year(year, periods.Kind.SCHOOL_YEAR_START),
    "school_year": periods.school_year,
    "calendar_year": periods.calendar_year,
}
PROVINCE_KINDS = ("province", "city")
YEARS = range(1900, 2200)
MOST_FAULTS = 100


class UnknownCell(Refused):
    """The row names no cell of the statistics series."""

    sentence = sentence("Row %(row)s, field “cell”: there is no cell “%(value)s” in the statistics series.")


class UnknownArea(Refused):
    """No province bore the code on the data day."""

    sentence = sentence("Row %(row)s, field “code”: no province had the code “%(value)s” on %(day)s.")


class BadFigure(Refused):
    """A figure must be a whole number, not below nought, or empty."""

    sentence = sentence("Row %(row)s, field “%(field_name)s”: “%(value)s” is not a whole number.")


class BadHeader(Refused):
    """The first line of the file must name the columns."""

    sentence = sentence("Row 1 must name the columns “cell”, “code” and the years; it says “%(value)s”.")


class NotText(Refused):
    """The file is not a table in UTF-8 text."""

    sentence = sentence("The file is not a table of UTF-8 text.")


def import_gso(
    *,
    by: Actor,
    at: datetime,
    file: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Bring in the shipped figures, or a file of the same form; lines of the ledger written (none the second time)."""
    rows = series_rows(catalogue.rows(FIGURES) if file is None else _read(file))
    return actions.import_series(by=by, at=at, series=GSO_SERIES, rows=rows, progress=progress)


def _read(file: Path) -> Iterator[dict[str, str]]:
    try:
        yield from csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise NotText(field="file") from fault


def series_rows(rows: Iterable[Mapping[str, str]]) -> list[SeriesRow]:
    """The figures of a table; every bad row and field is named before anything is stored."""
    reader = _Reader()
    for number, row in enumerate(rows, start=2):
        if number == 2:
            reader.check_header(row)
        reader.take(number, row)
        if len(reader.faults) >= MOST_FAULTS:
            break
    if reader.faults:
        raise Invalid(reader.faults)
    return reader.found


class _Reader:
    """Reads one table; remembers cells, periods and the provinces of each day."""

    def __init__(self) -> None:
        self.found: list[SeriesRow] = []
        self.faults: list[Refused] = []
        tables = catalogue.table("gso/gso.toml")["table"]
        self.period_of = {table["element"]: cache(PERIODS[table["period"]]) for table in tables}
        self.cells = dict(Cell.objects.filter(element__in=self.period_of).values_list("key", "pk"))
        self.provinces = cache(_provinces)

    def check_header(self, row: Mapping[str, str]) -> None:
        years = [name for name in row if (name or "").isdecimal()]
        if not {"cell", "code"} <= set(row) or not years or not all(int(year) in YEARS for year in years):
            raise BadHeader(value=", ".join(str(name) for name in row), field="row-1")

    def take(self, number: int, row: Mapping[str, str]) -> None:
        cell = self.cells.get(row["cell"] or "")
        if cell is None:
            self.faults.append(UnknownCell(row=number, value=row["cell"], field=f"row-{number}.cell"))
            return
        period_of = self.period_of[row["cell"].partition("[")[0]]
        for name, text in row.items():
            if (name or "").isdecimal() and text:
                self._figure(number, row["code"], cell, period_of(int(name)), name, text)

    def _figure(self, number: int, code: str, cell: int, period: Period, name: str, text: str) -> None:
        unit = self.provinces(period.data_day).get(code)
        if unit is None:
            day = f"{period.data_day:%d/%m/%Y}"
            self.faults.append(UnknownArea(row=number, value=code, day=day, field=f"row-{number}.code"))
        elif not text.isdecimal():
            self.faults.append(BadFigure(row=number, field_name=name, value=text, field=f"row-{number}.{name}"))
        else:
            self.found.append(SeriesRow(unit_id=unit, period_code=period.code, cell_id=cell, value=int(text)))


def _provinces(day: date) -> dict[str, int]:
    """{code: unit} of the provinces that stood on the day."""
    rows = orgs.living(day).filter(kind__in=PROVINCE_KINDS)
    return dict(rows.values_list("code", "unit_id"))
