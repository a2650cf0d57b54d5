"""Vietnamese writing of time: days, ranges, months, quarters, halves, semesters, school years and years.

Conventions of the house, used where a province's own school-year frame is not at hand: the first semester ends on 15
January, the second and the school year on 31 May. A time named as a deadline means its last day.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

DAY, RANGE, MONTH, QUARTER, HALF, SEMESTER, SCHOOL_YEAR, YEAR, PHASE = (
    "day", "range", "month", "quarter", "half", "semester", "school_year", "year", "phase",
)  # fmt: skip

_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:1[0-2]|0?[1-9])", r"(?:19|20)\d\d"
_SEP = r"\s?[/.-]\s?"
_NO_DIGIT = r"(?<![\d/.,-])"
_END = r"(?![\d/]|[.,-]\d|\s?%)"
_TO = r"\s?(?:-|đến(?:\s+hết)?(?:\s+ngày)?|và(?:\s+ngày)?|,)\s?(?:ngày\s)?"

_FROM = rf"{_NO_DIGIT}(?<!thứ\s)(?P<d1>{_D})(?:{_SEP}(?P<m1>{_M})(?:{_SEP}(?P<y1>{_Y}))?)?"
_UNTIL = rf"(?P<d2>{_D}){_SEP}(?P<m2>{_M})(?:{_SEP}(?P<y2>{_Y}))?{_END}"
_DAY_ENDS = r"(?![\d/]|[.,-]\d|\s?%|\s?-(?:19|20)\d\d)"
_SHORT_DAY = rf"(?P<d2>{_D})\s?[/-]\s?(?P<m2>{_M}){_DAY_ENDS}"
_DOTTED_DAY = rf"(?P<d2>{_D})\s?[./-]\s?(?P<m2>{_M}){_DAY_ENDS}"  # as newspapers of the south write
_IN_YEAR = rf"(?:\s?(?:/|-|,?\snăm\s)\s?(?P<y2>{_Y}))?"
_SCHOOL = rf"năm học\s(?P<y1>{_Y})\s?(?:-|\s|/|và)\s?(?P<y2>{_Y})"
_WRITTEN: tuple[tuple[str, str], ...] = (
    (RANGE, rf"(?:(?:từ\s)?ngày\s|từ\s){_FROM}{_TO}{_UNTIL}"),
    (RANGE, rf"{_FROM}\s?(?:-|đến|và)\s?(?:ngày\s)?{_UNTIL}"),
    (
        RANGE,
        rf"(?:từ\s)?ngày\s(?P<d1>{_D})(?:\stháng\s(?P<m1>{_M})(?:\snăm\s(?P<y1>{_Y}))?)?{_TO}"
        rf"(?P<d2>{_D})\stháng\s(?P<m2>{_M})(?:(?:,?\snăm\s|\s?/\s?)(?P<y2>{_Y}))?{_END}",
    ),
    (
        DAY,
        rf"(?:ngày\s|mùng\s|mồng\s)?{_NO_DIGIT}(?P<d2>{_D})\stháng\s(?P<m2>{_M})"
        rf"(?:(?:,?\snăm\s|\s?/\s?|,?\s)(?P<y2>{_Y}))?{_END}",
    ),
    (DAY, rf"(?:ngày\s)?{_NO_DIGIT}(?P<d2>{_D}){_SEP}(?P<m2>{_M})(?:{_SEP}|\snăm\s)(?P<y2>{_Y}){_END}"),
    (DAY, rf"(?:ngày|mùng|mồng)\s{_DOTTED_DAY}"),
    (DAY, rf"\b(?:ngày|(?:sáng|chiều|tối|trưa)(?:\s(?:hôm\s)?(?:nay|qua))?),?\s\(?(?P<at>{_DOTTED_DAY})"),
    (DAY, rf"(?:hôm nay|trước|hết|đến|từ)\s(?P<at>{_SHORT_DAY})"),
    (DAY, rf"(?:trước|chậm nhất)\s(?P<at>{_DOTTED_DAY})(?!\s(?:tỷ|triệu|điểm|m))"),
    (MONTH, rf"tháng\s(?P<m2>{_M}){_IN_YEAR}{_END}"),
    (QUARTER, rf"quý\s(?P<q>iv|i{{1,3}}|[1-4])\b(?:\s?(?:/|-|,?\snăm\s|\s)\s?(?P<y2>{_Y}))?(?![\d/])"),
    (HALF, rf"(?:6|06|sáu)\stháng\s(?P<h>đầu|cuối)\snăm(?:\s(?P<y2>{_Y}))?(?![\d/])"),
    (SEMESTER, rf"(?:học kỳ|hki?|kỳ)\s?(?P<s>ii|i|1|2)\b(?:,?\s(?:của\s)?{_SCHOOL})?(?![\d/])"),
    (SCHOOL_YEAR, rf"{_SCHOOL}(?![\d/])"),
    (
        PHASE,
        rf"(?:giai đoạn|nhiệm kỳ|thời kỳ)\s(?:từ\s)?(?:năm\s)?(?P<y1>{_Y})(?:\s?-\s?|\sđến\s(?:năm\s)?)"
        rf"(?P<y2>{_Y})(?![\d/])",
    ),
    (YEAR, rf"năm\s(?P<y2>{_Y})(?![\d/]|\s?-\s?{_Y})"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _WRITTEN)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Time:
    """A time as the text names it. `first` and `last` are its days, None while its year is not known."""

    kind: str
    start: int
    end: int
    first: date | None = None
    last: date | None = None
    day: int = 0
    month: int = 0
    first_day: int = 0
    first_month: int = 0
    years: tuple[int, int] | None = None  # of a school year or a phase
    part: int = 0  # semester, quarter or half
    wrong: bool = False  # no such day in the calendar, or a range that runs backwards

    @property
    def dated(self) -> bool:
        return self.last is not None

    def in_year(self, year: int) -> Time:
        """The same time once its year is known."""
        if self.last is not None or self.wrong:
            return self
        return _resolve(replace(self), year, year)


def find(low: str) -> list[Time]:
    """Every time named in a text, in order; the longest reading wins where two overlap."""
    found: list[Time] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(low):
            time = _read(kind, match)
            if time is not None:
                found.append(time)
    found.sort(key=lambda time: (time.start, -time.end))
    apart: list[Time] = []
    for time in found:
        if not apart or time.start >= apart[-1].end:
            apart.append(time)
    return apart


def within(times: list[Time], start: int, end: int) -> list[Time]:
    """Those of the sorted `times` that begin inside start..end."""
    first = bisect_left(times, start, key=lambda time: time.start)
    last = bisect_left(times, end, lo=first, key=lambda time: time.start)
    return times[first:last]


def school_year(day: date) -> tuple[int, int]:
    """The school year a day lies in, counted from 1 July."""
    return (day.year, day.year + 1) if day.month >= 7 else (day.year - 1, day.year)


def year_in(years: tuple[int, int], month: int) -> int:
    """The calendar year of a month within a school year."""
    return years[0] if month >= 7 else years[1]


def span(times: Iterable[Time]) -> tuple[date, date] | None:
    """First and last day of several times."""
    days = [day for time in times for day in (time.first, time.last) if day is not None]
    return (min(days), max(days)) if days else None


def _int(match: re.Match[str], name: str) -> int:
    value = match.groupdict().get(name)
    return int(value) if value else 0


def _read(kind: str, match: re.Match[str]) -> Time | None:
    year, first_year = _int(match, "y2"), _int(match, "y1")
    time = Time(
        kind, match.start("at") if "at" in match.re.groupindex else match.start(), match.end(),
        day=_int(match, "d2"), month=_int(match, "m2"), first_day=_int(match, "d1"), first_month=_int(match, "m1"),
    )  # fmt: skip
    if kind in (SCHOOL_YEAR, PHASE):
        if kind == SCHOOL_YEAR and year != first_year + 1:
            kind = PHASE
        return _resolve(replace(time, kind=kind, years=(first_year, year)), first_year, year)
    if kind == SEMESTER:
        part = 2 if match["s"] in ("ii", "2") else 1
        return _resolve(replace(time, part=part, years=(first_year, year) if year else None), first_year, year)
    if kind == QUARTER:
        return _resolve(replace(time, part=_QUARTERS[match["q"]]), year, year)
    if kind == HALF:
        return _resolve(replace(time, part=1 if match["h"] == "đầu" else 2), year, year)
    if kind == RANGE and not time.first_month and time.first_day >= time.day:
        return None  # "3, 4/2" and "5-2/9" are something else
    return _resolve(time, first_year or year, year)


def _resolve(time: Time, first_year: int, year: int) -> Time:
    """Fill in the days, where the year is given."""
    if time.kind == DAY:
        if time.day > monthrange(year or 2024, time.month)[1]:
            return replace(time, wrong=True)
        return time if not year else _set(time, date(year, time.month, time.day), date(year, time.month, time.day))
    if not year:
        return time
    if time.kind == RANGE:
        first_month = time.first_month or time.month
        if first_year == year and first_month > time.month + 6:
            first_year = year - 1  # "từ 25/12 đến 10/01/2025"
        if time.day > monthrange(year, time.month)[1] or time.first_day > monthrange(first_year, first_month)[1]:
            return replace(time, wrong=True)
        first, last = date(first_year, first_month, time.first_day), date(year, time.month, time.day)
        return _set(time, first, last) if first <= last else replace(time, first=first, last=last, wrong=True)
    if time.kind == MONTH:
        return _set(time, date(year, time.month, 1), date(year, time.month, monthrange(year, time.month)[1]))
    if time.kind == QUARTER:
        month = 3 * time.part
        return _set(time, date(year, month - 2, 1), date(year, month, monthrange(year, month)[1]))
    if time.kind == HALF:
        first = date(year, 1, 1) if time.part == 1 else date(year, 7, 1)
        return _set(time, first, date(year, 6, 30) if time.part == 1 else date(year, 12, 31))
    if time.kind == SEMESTER and time.part == 1:
        return _set(time, date(first_year, 9, 5), date(year, 1, 15))
    if time.kind == SEMESTER:
        return _set(time, date(year, 1, 16), date(year, 5, 31))
    if time.kind == SCHOOL_YEAR:
        return _set(time, date(first_year, 9, 5), date(year, 5, 31))
    return _set(time, date(first_year or year, 1, 1), date(year, 12, 31))


def _set(time: Time, first: date, last: date) -> Time:
    return replace(time, first=first, last=last)
