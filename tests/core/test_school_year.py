"""School years per province, holidays and swapped Saturdays, NĐ 09 windows: all as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from giaoban import catalogue
from giaoban.core import calendar, period, school_year
from giaoban.core.period import DAY, Kind

COLUMNS = ["province", "first_year", "last_year", "decision", "semester_1_last", "year_last"]


def own(*values: str) -> list[school_year.Frame]:
    return school_year.read([dict.fromkeys(school_year.BOUNDS, "") | dict(zip(COLUMNS, values, strict=True))])


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    yield
    school_year.use("")


def test_the_decisions_give_the_bounds_of_their_years() -> None:
    assert school_year.national(2025, "semester_1_before") == date(2026, 1, 18)
    assert school_year.national(2022, "semester_1_before") == date(2023, 1, 15)
    assert school_year.national(2021, "graduation_before") == date(2022, 6, 30)
    assert school_year.national(2018, "year_before") == date(2019, 5, 31)
    assert school_year.national(2019, "year_before") == date(2020, 7, 15), "the decision for one year goes before"
    assert school_year.national(2031, "semester_1_before") == date(2032, 1, 18), "a standing rule from 2026-27 on"
    assert school_year.national(2015, "year_before") is None


def test_every_school_year_since_2016_has_one_row_and_its_source() -> None:
    for year in range(2016, 2030):
        rows = [one for one in school_year.shipped() if not one.province and one.governs(year)]
        assert 1 <= len(rows) <= 2 and all(one.source and one.confidence in ("V", "V2", "M") for one in rows)


def test_without_a_day_of_the_province_the_convention_holds() -> None:
    found = period.parse("2025-2026.HK1")
    assert found.data_day == date(2026, 1, 15) and period.parse("2025-2026.HK2").start == date(2026, 1, 16)
    assert period.parse("2025-2026").last_day == period.parse("2025-2026.CN").data_day == date(2026, 5, 31)


def test_a_province_sets_its_own_day_and_codes_stay() -> None:
    school_year.use("15", own("15", "2025", "2025", "QĐ của UBND tỉnh", "01-17", "05-29"))
    first, second = period.parse("2025-2026.HK1"), period.parse("2025-2026.HK2")
    assert (first.code, first.data_day) == ("2025-2026.HK1", date(2026, 1, 17))
    assert second.start == first.end == date(2026, 1, 18) and second.data_day == date(2026, 5, 29)
    assert period.parse("2025-2026.CN").data_day == date(2026, 5, 31), "the data day of statistics is the ministry's"
    assert period.parse("2024-2025.HK1").data_day == date(2025, 1, 15)
    assert first.same_last_year() == period.parse("2024-2025.HK1") and first.next().code == "2026-2027.HK1"
    assert period.semester_end(2025, 1) == date(2026, 1, 17)


def test_the_year_of_the_epidemic_ended_in_july() -> None:
    found = period.parse("2019-2020")
    assert found.last_day == date(2020, 7, 15) and period.parse("2019-2020.HK2").last_day == date(2020, 7, 15)
    assert found.next() == period.parse("2020-2021") and found.next().start == date(2020, 8, 1)


@pytest.mark.parametrize(
    ("first", "last"), [("02-03", ""), ("", "06-16"), ("01-17", "01-10")]
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_at_start(first: str, last: str) -> None:
    with pytest.raises(school_year.BadFrame):
        school_year.use("15", own("15", "2025", "2025", "QĐ", first, last))
    school_year.use("15", own("15", "2025", "2025", "QĐ", "02-02", ""))  # 15 days after 18/01


@pytest.mark.parametrize("kind", [Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR])
def test_windows_of_a_kind_cover_the_year_without_gap_or_overlap(kind: Kind) -> None:
    """NĐ 09/2019/NĐ-CP Đ12: from the 15th to the 14th."""
    found = period.on_day(kind, date(2020, 1, 1))
    while found.start < date(2027, 1, 1):
        following = found.next()
        assert following is not None and following.start == found.end
        assert found.start.day == 15 and found.last_day.day == 14
        assert found.latest_submission == found.last_day.replace(day=25)
        found = following


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-03", date(2026, 2, 15), date(2026, 3, 14)), ("2026-01", date(2025, 12, 15), date(2026, 1, 14)),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14)), ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14)), ("2026-H2", date(2026, 6, 15), date(2026, 12, 14)),
        ("2026-BC", date(2025, 12, 15), date(2026, 12, 14)),
    ],
)  # fmt: skip
def test_the_windows_of_the_decree(code: str, first: date, last: date) -> None:
    found = period.parse(code)
    assert (found.start, found.end - DAY, found.cutoff) == (first, last, last)


def test_swapped_saturdays_are_worked_and_their_days_off_are_not() -> None:
    work = calendar.vietnam(2026)
    assert calendar.is_working_day(date(2026, 8, 22), work) and not calendar.is_working_day(date(2026, 8, 31), work)
    assert calendar.is_working_day(date(2026, 1, 10), work) and not calendar.is_working_day(date(2026, 1, 2), work)
    assert not calendar.is_working_day(date(2026, 11, 24), work), "Ngày Văn hóa Việt Nam, first in 2026"
    assert calendar.is_working_day(date(2025, 11, 24), calendar.vietnam(2025))
    assert not calendar.is_working_day(date(2026, 4, 27), work), "in lieu of Giỗ Tổ on a Sunday"
    for day in ("2013-05-04", "2014-04-26", "2014-09-06", "2014-12-27", "2015-02-14", "2015-04-25", "2019-01-05",
                "2019-05-04", "2024-05-04", "2025-04-26"):  # fmt: skip
        found = date.fromisoformat(day)
        assert found.weekday() == 5 and calendar.is_working_day(found, calendar.vietnam(found.year))


def test_every_row_of_working_days_names_its_source() -> None:
    for row in catalogue.rows("working_days.csv"):
        assert row["legal_source"] and row["confidence"] in ("V", "V2", "M")
        assert row["kind"] in (*calendar.OFF_KINDS, *calendar.WORK_KINDS)
