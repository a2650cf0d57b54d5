"""Reporting periods as values.

A period has a kind, a start, an end (the day after its last day) and a *data day*: the day at which its figures close
("thời điểm chốt số liệu") and whose map is meant by "as it was". Every period ends with its data day. Kinds are never
converted into one another: the previous period and the same period of last year stay inside a kind.

Windows: NĐ 09/2019/NĐ-CP Điều 12 for month, quarter, half and report year (15th to 14th); TT 25/2024/TT-BGDĐT for the
start and end of the school year (30/9, 31/5); semesters and the year by the frame of the province (`core.school_year`),
where the last day of semester I without a province's own day is 15/01 by convention.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from giaoban.core.refusal import Refused, sentence
from giaoban.core.school_year import semester_1_last, year_last

DAY = timedelta(days=1)
ROMAN = ("", "I", "II", "III", "IV")


class BadPeriod(Refused):
    """The text names no period."""

    sentence = sentence(
        "“%(text)s” is not a reporting period; write for example 2025-2026.HK1, 2025-2026.DN, 2026-03, 2026-Q1, "
        "2026-H1, 2026-BC, 2026 or 2026-03-15..2026-03-20."
    )
    field = "period"


class Kind(StrEnum):
    SCHOOL_YEAR = "SCHOOL_YEAR"
    SCHOOL_YEAR_START = "SCHOOL_YEAR_START"
    SEMESTER_1 = "SEMESTER_1"
    SEMESTER_2 = "SEMESTER_2"
    SCHOOL_YEAR_END = "SCHOOL_YEAR_END"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF_YEAR = "HALF_YEAR"
    YEAR = "YEAR"
    CALENDAR_YEAR = "CALENDAR_YEAR"
    ONE_OFF = "ONE_OFF"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.SCHOOL_YEAR: "Năm học",
    Kind.SCHOOL_YEAR_START: "Đầu năm học",
    Kind.SEMESTER_1: "Học kỳ I",
    Kind.SEMESTER_2: "Học kỳ II",
    Kind.SCHOOL_YEAR_END: "Cuối năm học",
    Kind.MONTH: "Tháng",
    Kind.QUARTER: "Quý",
    Kind.HALF_YEAR: "6 tháng",
    Kind.YEAR: "Năm báo cáo",
    Kind.CALENDAR_YEAR: "Năm",
    Kind.ONE_OFF: "Đột xuất",
}
SCHOOL_KINDS = (
    Kind.SCHOOL_YEAR,
    Kind.SCHOOL_YEAR_START,
    Kind.SEMESTER_1,
    Kind.SEMESTER_2,
    Kind.SCHOOL_YEAR_END,
)


@dataclass(frozen=True, order=True)
class Period:
    """One reporting period; made by `parse` or one of the makers below, which keep code and dates together."""

    start: date
    end: date
    kind: Kind = field(compare=False)
    data_day: date = field(compare=False)
    code: str
    label: str = field(compare=False)

    def __str__(self) -> str:
        return self.code

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        return self.end - DAY

    @property
    def cutoff(self) -> date:
        """The last day whose facts count; a calendar date that never moves to a working day (NĐ 09/2019 Đ8 k5)."""
        return self.data_day

    def previous(self) -> Period | None:
        """The period before, of the same kind; a one-off has none."""
        return self._step(-1)

    def next(self) -> Period | None:
        return self._step(1)

    def same_last_year(self) -> Period | None:
        """The same period of the year before ("cùng kỳ"); a one-off has none."""
        return self._step(-(PER_YEAR.get(self.kind, 1)))

    def _step(self, steps: int) -> Period | None:
        if self.kind is Kind.ONE_OFF:
            return None
        year, number = _place(self)
        count = PER_YEAR.get(self.kind, 1)
        index = year * count + (number - 1) + steps
        try:
            return make(self.kind, index // count, index % count + 1)
        except ValueError:
            return None

    @property
    def latest_submission(self) -> date | None:
        """The latest day ministries and UBND tỉnh report to the Government (NĐ 09/2019 Đ13 k1); None outside it."""
        if self.kind in (Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR):
            return self.last_day.replace(day=25)
        return None


PER_YEAR = {Kind.MONTH: 12, Kind.QUARTER: 4, Kind.HALF_YEAR: 2}


def school_year(year: int, kind: Kind = Kind.SCHOOL_YEAR) -> Period:
    """The school year that opens in September of `year`, or one of its rounds."""
    name = f"{year}-{year + 1}"
    start, last, suffix, prefix = {
        Kind.SCHOOL_YEAR: (date(year, 8, 1), year_last(year), "", "Năm học"),
        Kind.SCHOOL_YEAR_START: (date(year, 6, 1), date(year, 9, 30), ".DN", "Đầu năm học"),
        Kind.SEMESTER_1: (date(year, 8, 1), semester_1_last(year), ".HK1", "Học kỳ I năm học"),
        Kind.SEMESTER_2: (semester_1_last(year) + DAY, year_last(year), ".HK2", "Học kỳ II năm học"),
        Kind.SCHOOL_YEAR_END: (date(year, 10, 1), date(year + 1, 5, 31), ".CN", "Cuối năm học"),
    }[kind]
    return _period(kind, start, last, name + suffix, f"{prefix} {name}")


def month(year: int, number: int) -> Period:
    """Month m of NĐ 09/2019: from the 15th of the month before to the 14th."""
    return _period(
        Kind.MONTH,
        _shift(date(year, number, 15), -1),
        date(year, number, 14),
        f"{year:04}-{number:02}",
        f"Tháng {number}/{year}",
    )


def quarter(year: int, number: int) -> Period:
    last = date(year, number * 3, 14)
    return _period(Kind.QUARTER, _shift(last + DAY, -3), last, f"{year:04}-Q{number}", f"Quý {ROMAN[number]}/{year}")


def half_year(year: int, number: int) -> Period:
    last = date(year, number * 6, 14)
    which = "đầu" if number == 1 else "cuối"
    return _period(Kind.HALF_YEAR, _shift(last + DAY, -6), last, f"{year:04}-H{number}", f"6 tháng {which} năm {year}")


def report_year(year: int) -> Period:
    """The year of NĐ 09/2019: 15/12 of the year before to 14/12."""
    return _period(Kind.YEAR, date(year - 1, 12, 15), date(year, 12, 14), f"{year:04}-BC", f"Năm báo cáo {year}")


def calendar_year(year: int) -> Period:
    return _period(Kind.CALENDAR_YEAR, date(year, 1, 1), date(year, 12, 31), f"{year:04}", f"Năm {year}")


def one_off(first: date, last: date) -> Period:
    """Days asked for once ("đột xuất"), first and last included; figures close on the last."""
    if first > last:
        raise ValueError("a one-off period ends before it starts")
    return _period(
        Kind.ONE_OFF, first, last, f"{first.isoformat()}..{last.isoformat()}", f"Từ {_day(first)} đến {_day(last)}"
    )


def make(kind: Kind, year: int, number: int = 1) -> Period:
    """A period by kind, year and number inside the year (months 1–12, quarters 1–4, halves 1–2, else 1)."""
    if kind in SCHOOL_KINDS:
        return school_year(year, kind)
    numbered: dict[Kind, Callable[[int, int], Period]] = {
        Kind.MONTH: month,
        Kind.QUARTER: quarter,
        Kind.HALF_YEAR: half_year,
    }
    if kind in numbered:
        return numbered[kind](year, number)
    if kind is Kind.YEAR:
        return report_year(year)
    if kind is Kind.CALENDAR_YEAR:
        return calendar_year(year)
    raise ValueError("a one-off period has no number")


SCHOOL_CODE = re.compile(r"(\d{4})-(\d{4})(?:\.([A-Z0-9]+))?")
MONTH_CODE = re.compile(r"(\d{4})-(\d{2})")
QUARTER_CODE = re.compile(r"(\d{4})-Q([1-4])")
HALF_CODE = re.compile(r"(\d{4})-H([12])")
REPORT_YEAR_CODE = re.compile(r"(\d{4})-BC")
YEAR_CODE = re.compile(r"(\d{4})")
ONE_OFF_CODE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
ROUNDS = {
    None: Kind.SCHOOL_YEAR,
    "DN": Kind.SCHOOL_YEAR_START,
    "HK1": Kind.SEMESTER_1,
    "HK2": Kind.SEMESTER_2,
    "CN": Kind.SCHOOL_YEAR_END,
}


def parse(text: str) -> Period:
    """The period a code names; `parse(period.code) == period`. `ĐN` is read as `DN`."""
    code = text.strip().upper().replace("Đ", "D").replace("Ð", "D")
    try:
        found = _parse(code)
    except ValueError:
        found = None
    if found is None:
        raise BadPeriod(text=text)
    return found


def _parse(code: str) -> Period | None:
    if match := SCHOOL_CODE.fullmatch(code):
        first, second, suffix = int(match[1]), int(match[2]), match[3]
        return school_year(first, ROUNDS[suffix]) if second == first + 1 and suffix in ROUNDS else None
    if match := MONTH_CODE.fullmatch(code):
        return month(int(match[1]), int(match[2]))
    if match := QUARTER_CODE.fullmatch(code):
        return quarter(int(match[1]), int(match[2]))
    if match := HALF_CODE.fullmatch(code):
        return half_year(int(match[1]), int(match[2]))
    if match := REPORT_YEAR_CODE.fullmatch(code):
        return report_year(int(match[1]))
    if match := YEAR_CODE.fullmatch(code):
        return calendar_year(int(match[1]))
    if match := ONE_OFF_CODE.fullmatch(code):
        return one_off(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    return None


def on_day(kind: Kind, day: date) -> Period:
    """The period of a kind a day belongs to: the latest that has started (July belongs to the school year before)."""
    if kind is Kind.ONE_OFF:
        return one_off(day, day)
    period = make(kind, day.year + 1, PER_YEAR.get(kind, 1))
    while period.start > day:
        before = period.previous()
        assert before is not None
        period = before
    return period


def school_year_of(day: date) -> int:
    """The September year of the school year a day belongs to (1 August opens a new one)."""
    return day.year if day >= date(day.year, 8, 1) else day.year - 1


def parse_many(text: str) -> list[Period]:
    """Periods separated by commas, or a stretch of one kind: `2010 to 2016` is written `2010:2016`."""
    found: list[Period] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, colon, last = part.partition(":")
        period, stop = parse(first), parse(last if colon else first)
        if period.kind is not stop.kind or stop < period:
            raise BadPeriod(text=part)
        found.append(period)
        while found[-1] != stop:
            following = found[-1].next()
            if following is None or following > stop:
                raise BadPeriod(text=part)
            found.append(following)
    return found


# Due dates follow the plain calendar, not the report windows ("Quý III/2026" is due on 30/9/2026).


def month_end(year: int, number: int) -> date:
    return _shift(date(year, number, 1), 1) - DAY


def quarter_end(year: int, number: int) -> date:
    return month_end(year, number * 3)


def half_end(year: int, number: int) -> date:
    return month_end(year, number * 6)


def year_end(year: int) -> date:
    return date(year, 12, 31)


def semester_end(school_year: int, number: int) -> date:
    """The last day of a semester by the frame of the province; by convention 15/01 and 31/5."""
    return semester_1_last(school_year) if number == 1 else year_last(school_year)


def _period(kind: Kind, start: date, last: date, code: str, label: str) -> Period:
    return Period(start=start, end=last + DAY, kind=kind, data_day=last, code=code, label=label)


def _place(period: Period) -> tuple[int, int]:
    """Year and number inside the year of a period that has them."""
    last = period.last_day
    if period.kind is Kind.SCHOOL_YEAR_START:
        return last.year, 1
    if period.kind in SCHOOL_KINDS:
        return last.year - 1, 1
    count = PER_YEAR.get(period.kind, 1)
    return last.year, (last.month * count + 11) // 12


def _shift(day: date, months: int) -> date:
    """The same day of the month so many months away; every window starts on a day all months have."""
    index = day.year * 12 + day.month - 1 + months
    return day.replace(year=index // 12, month=index % 12 + 1)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
