"""The frame of a school year as data: when semesters and the year end, by decision, per province.

`catalogue/school_years.csv` holds a row per decision of Bộ GD&ĐT (with the first and last school year it governs) and
rows of provinces; a house adds its own from a file of the same columns (`use`). National decisions give bounds ("ends
before 18/01"), the chair of the province the day itself: where no day was set, semester I ends on 15/01 and the year on
31/5 by convention. Codes of periods never change with it. Days are month-day of the calendar year they fall in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from giaoban import catalogue

SEMESTER_1_LAST, YEAR_LAST = (1, 15), (5, 31)  # by convention, where no province has set its day
SHIFT = timedelta(days=15)  # how far a province may go beyond a national bound
FIRST, LAST = 2000, 9999
BOUNDS = ("semester_1_before", "programme_before", "year_before", "graduation_before", "admission_before")


class BadFrame(ValueError):
    """A row of school years that cannot be used; said at start, not when a report is due."""


@dataclass(frozen=True)
class Frame:
    """One row: which school years of which province it governs, and its days as (month, day)."""

    province: str  # code of the Statistics Office; "" for the whole country
    first_year: int
    last_year: int
    decision: str
    days: Mapping[str, tuple[int, int]]
    weeks: str = ""
    source: str = ""
    confidence: str = ""

    def governs(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def day(self, name: str, year: int) -> date | None:
        """A day of the row in the school year that opens in September of `year`."""
        if name not in self.days:
            return None
        month, number = self.days[name]
        return date(year if name == "opens_not_before" else year + 1, month, number)


def read(rows: Iterable[Mapping[str, str]]) -> list[Frame]:
    """Rows of the table as frames."""
    found = []
    for row in rows:
        days = {}
        for name in ("opens_not_before", *BOUNDS, "semester_1_last", "year_last"):
            if row.get(name):
                month, number = row[name].split("-")
                days[name] = int(month), int(number)
        found.append(
            Frame(
                province=row["province"],
                first_year=int(row["first_year"] or FIRST),
                last_year=int(row["last_year"] or LAST),
                decision=row["decision"],
                days=days,
                weeks=row.get("weeks", ""),
                source=row.get("source", ""),
                confidence=row.get("confidence", ""),
            )
        )
    return found


@cache
def shipped() -> tuple[Frame, ...]:
    return tuple(read(catalogue.rows("school_years.csv")))


class _House:
    """Whose school years hold here: set once at start."""

    province = ""
    own: tuple[Frame, ...] = ()


def use(province: str, own: Iterable[Frame] = ()) -> None:
    """Let the days of a province hold, with rows of its own over the shipped ones."""
    rows = tuple(own)
    for frame in rows:
        check(frame)
    _House.province, _House.own = province, rows
    frames.cache_clear()


def check(frame: Frame) -> None:
    """A province ends its semester at the latest 15 days after the national bound, and the year after the semester."""
    for year in range(max(frame.first_year, 2017), min(frame.last_year, 2040) + 1):
        first, last = frame.day("semester_1_last", year), frame.day("year_last", year)
        for name, own in (("semester_1_before", first), ("year_before", last)):
            bound = national(year, name)
            if own is not None and bound is not None and own > bound + SHIFT:
                raise BadFrame(f"{frame.decision}: {own:%d/%m/%Y} lies more than 15 days after {bound:%d/%m/%Y}")
        if first is not None and last is not None and last <= first:
            raise BadFrame(f"{frame.decision}: the year ends before the semester")


def national(year: int, name: str) -> date | None:
    """A day of the decisions for the whole country; the one for fewest years holds."""
    return _first([frame for frame in shipped() if not frame.province], year, name)


@cache
def frames(year: int) -> tuple[Frame, ...]:
    """What governs a school year here, the nearest first: the house's rows, the province's, the country's."""
    mine = [frame for frame in (*_House.own, *shipped()) if frame.governs(year)]
    mine = [frame for frame in mine if frame.province in ("", _House.province) or frame in _House.own]
    return tuple(
        sorted(mine, key=lambda one: (one not in _House.own, not one.province, one.last_year - one.first_year))
    )


def _first(rows: Iterable[Frame], year: int, name: str) -> date | None:
    fitting = sorted((one for one in rows if one.governs(year)), key=lambda one: one.last_year - one.first_year)
    return next((day for one in fitting if (day := one.day(name, year)) is not None), None)


def semester_1_last(year: int) -> date:
    """The last day of semester I of the school year that opens in September of `year`."""
    return _set(year, "semester_1_last") or date(year + 1, *SEMESTER_1_LAST)


def year_last(year: int) -> date:
    """The last day of the school year."""
    return _set(year, "year_last") or date(year + 1, *YEAR_LAST)


def _set(year: int, name: str) -> date | None:
    return next((day for one in frames(year) if (day := one.day(name, year)) is not None), None)
