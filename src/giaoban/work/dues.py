"""Due times in the words people use: "trước ngày 15/3/2027", "Quý III/2026", "hằng tháng", "thường xuyên".

`read(words, on)` gives the kind, the last day in term and, for recurring work, the cycle; the words are always kept.
Periods are calendar ones (quarter I ends on 31/3); a year left out is the one in which the time next ends. Semester and
school year take the project's convention: 15/01 and 31/5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from giaoban.core import calendar, period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import fold

DATE, MONTH, QUARTER, HALF, YEAR = "DATE", "MONTH", "QUARTER", "HALF", "YEAR"
RECURRING, CONTINUOUS, EVENT = "RECURRING", "CONTINUOUS", "EVENT"
CYCLES = ("WEEK", "MONTH", "QUARTER", "HALF", "YEAR")


class BadDue(Refused):
    """The words name no time."""

    sentence = sentence(
        "“%(text)s” names no due time. Write a day (15/3/2026), a month, quarter, half-year or year (Quý II/2026), "
        "“hằng tháng”, “thường xuyên”, or the event that starts it (khi có Thông tư mới)."
    )
    field = "due"


@dataclass(frozen=True)
class Due:
    """`on` is the last day in term; None for work that recurs, goes on, or waits for an event."""

    kind: str
    text: str
    on: date | None = None
    cycle: str = ""


def read(words: str, on: date) -> Due:
    """The due time meant by words written on a day."""
    text = re.sub(r"\s+", " ", fold(words)).strip(" .;,")
    for rule in _RULES:
        found = rule(text, on)
        if found:
            kind, last, cycle = found
            return Due(kind, words.strip(), last, cycle)
    raise BadDue(text=words.strip())


def cycle_due(due: Due, day: date) -> date:
    """When the instance of recurring work is due whose cycle holds the day: "ngày 20 hằng tháng" is the 20th."""
    match = _DAY_OF_MONTH.search(fold(due.text))
    if due.cycle == "MONTH" and match:
        last = period.month_end(day.year, day.month)
        return last.replace(day=min(int(match[1]) or 1, last.day))
    return cycle_end(due.cycle, day)


def cycle_end(cycle: str, day: date) -> date:
    """Last day of the calendar cycle in which the day lies."""
    if cycle == "WEEK":
        return day + timedelta(days=6 - day.weekday())
    months = {"MONTH": 1, "QUARTER": 3, "HALF": 6, "YEAR": 12}[cycle]
    return period.month_end(day.year, -(-day.month // months) * months)


def cycle_label(cycle: str, day: date) -> str:
    """What an instance of recurring work is called: "tháng 3/2026", "quý I/2026"."""
    if cycle == "WEEK":
        first = day - timedelta(days=day.weekday())
        return f"tuần {first:%d/%m}-{first + timedelta(days=6):%d/%m/%Y}"
    if cycle == "MONTH":
        return f"tháng {day.month}/{day.year}"
    if cycle == "QUARTER":
        return f"quý {_ROMAN[(day.month - 1) // 3]}/{day.year}"
    if cycle == "HALF":
        return f"6 tháng {'đầu' if day.month <= 6 else 'cuối'} năm {day.year}"
    return f"năm {day.year}"


Found = tuple[str, date | None, str] | None
_ROMAN = ("I", "II", "III", "IV")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FULL = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d\d)(?!\d)")
_SPELT = re.compile(r"ngay (\d{1,2}) thang (\d{1,2})(?: nam ((?:19|20)\d\d))?")
_SHORT = re.compile(r"(?<![\d/])(\d{1,2})\s*[/-]\s*(\d{1,2})(?![\d/])(?: nam ((?:19|20)\d\d))?")
_DAY_OF_MONTH = re.compile(r"\bngay (\d{1,2})\b(?! thang \d|\s*[/-])")
_WITHIN = re.compile(r"(?:trong (?:vong|thoi han)?|sau|cham nhat)\s*(\d{1,3}) (?:\([^)]*\) )?ngay( lam viec)?")
_QUARTER_WORDS = re.compile(r"\bquy (iv|iii|ii|i|[1-4])\b(?:\s*(?:/|-|nam)?\s*((?:19|20)\d\d))?")
_HALF_WORDS = re.compile(r"(?:6|sau) thang (dau|cuoi)(?: nam)?(?:\s*/?\s*((?:19|20)\d\d))?")
_MONTH_WORDS = re.compile(r"(?:\bthang |^t|^)(\d{1,2})\b(?:\s*(?:/|-|nam)\s*((?:19|20)\d\d))")
_MONTH_ALONE = re.compile(r"\bthang (\d{1,2})\b")
_YEAR_WORDS = re.compile(r"\bnam ((?:19|20)\d\d)\b|^((?:19|20)\d\d)$|\btrong nam\b|\bcuoi nam\b(?! hoc)")
_SEMESTER = re.compile(r"\bhoc ky (ii|i|1|2)\b(?:.*?((?:19|20)\d\d)\s*[-/]\s*((?:19|20)\d\d))?")
_SCHOOL_YEAR = re.compile(r"\bnam hoc(?:\s*((?:19|20)\d\d)\s*[-/]\s*((?:19|20)\d\d))?")
_FROM = re.compile(r"^(?:bat dau )?(?:ke )?tu (?:ngay|thang|quy|nam|hoc ky)\b(?!.*\bden\b)")
_EVENT = re.compile(
    r"^(?:ngay )?(?:khi|sau khi)\b|\bkhi co\b|^theo (?:thong tu|nghi dinh|van ban|ke hoach|huong dan|chi dao)"
)
_CONTINUOUS = re.compile(r"thuong xuyen|lien tuc|hang ngay|trong suot")
_CYCLE_WORDS = (
    ("HALF", re.compile(r"(?:dinh ky|hang|moi) (?:6|sau) thang|(?:6|sau) thang (?:mot|1|/) ?lan")),
    ("WEEK", re.compile(r"(?:hang|moi|dinh ky|theo|tung) tuan")),
    ("MONTH", re.compile(r"(?:hang|moi|dinh ky|theo|tung) (?:hang )?thang")),
    ("QUARTER", re.compile(r"(?:hang|moi|dinh ky|theo|tung) (?:hang )?quy")),
    ("YEAR", re.compile(r"(?:hang|moi|dinh ky|tung) (?:hang )?nam")),
)


def _date(text: str, on: date) -> Found:
    match = _FULL.search(text)
    if match:
        return _day(int(match[3]), int(match[2]), int(match[1]))
    match = _SPELT.search(text)
    return _dayless_year(match, on) if match else None


def _day_month(text: str, on: date) -> Found:
    match = _SHORT.search(text)
    return _dayless_year(match, on) if match else None


def _dayless_year(match: re.Match[str], on: date) -> Found:
    day, month = int(match[1]), int(match[2])
    if match[3]:
        return _day(int(match[3]), month, day)
    return _coming(on, lambda year: (_day(year, month, day) or (DATE, None, ""))[1], DATE)


def _within(text: str, on: date) -> Found:
    """ "trong 05 ngày làm việc": the first day is not counted (BLDS 2015 Đ147)."""
    match = _WITHIN.search(text)
    if not match:
        return None
    days = int(match[1])
    last = calendar.add_working_days(on, days, calendar.vietnam(on.year)) if match[2] else on + timedelta(days=days)
    return DATE, last, ""


def _school(text: str, on: date) -> Found:
    match = _SEMESTER.search(text)
    if match:
        number = 1 if match[1] in ("i", "1") else 2
        if match[3]:
            return DATE, period.semester_end(int(match[2]), number), ""
        return _coming(on, lambda year: period.semester_end(year - 1, number), DATE)
    match = _SCHOOL_YEAR.search(text)
    if match is None or _recurs(text):
        return None
    if match[1]:
        return DATE, period.semester_end(int(match[1]), 2), ""
    return _coming(on, lambda year: period.semester_end(year - 1, 2), DATE)


def _quarter(text: str, on: date) -> Found:
    match = _QUARTER_WORDS.search(text)
    if not match:
        return None
    month = _QUARTERS[match[1]] * 3
    return _ends(QUARTER, match[2], on, lambda year: period.month_end(year, month))


def _half(text: str, on: date) -> Found:
    match = _HALF_WORDS.search(text)
    if not match:
        return None
    month = 6 if match[1] == "dau" else 12
    return _ends(HALF, match[2], on, lambda year: period.month_end(year, month))


def _month(text: str, on: date) -> Found:
    match = _MONTH_WORDS.search(text) or _MONTH_ALONE.search(text)
    if not match or not 1 <= int(match[1]) <= 12:
        return None
    written = match[2] if match.re is _MONTH_WORDS else None
    return _ends(MONTH, written, on, lambda year: period.month_end(year, int(match[1])))


def _year(text: str, on: date) -> Found:
    match = _YEAR_WORDS.search(text)
    if not match:
        return None
    return YEAR, date(int(match[1] or match[2] or on.year), 12, 31), ""


def _recurring(text: str, on: date) -> Found:
    cycle = _recurs(text)
    return (RECURRING, None, cycle) if cycle else None


def _recurs(text: str) -> str:
    return next((cycle for cycle, words in _CYCLE_WORDS if words.search(text)), "")


def _continuous(text: str, on: date) -> Found:
    return (CONTINUOUS, None, "") if _CONTINUOUS.search(text) else None


def _from(text: str, on: date) -> Found:
    """ "từ tháng 9/2025" says when work starts, not when it ends."""
    return (CONTINUOUS, None, "") if _FROM.search(text) else None


def _event(text: str, on: date) -> Found:
    return (EVENT, None, "") if _EVENT.search(text) else None


def _ends(kind: str, year: str | None, on: date, last: Callable[[int], date]) -> Found:
    return (kind, last(int(year)), "") if year else _coming(on, last, kind)


def _coming(on: date, last: Callable[[int], date | None], kind: str) -> Found:
    """The first such day that is not past."""
    days = [day for year in (on.year, on.year + 1) if (day := last(year)) is not None and day >= on]
    return (kind, days[0], "") if days else None


def _day(year: int, month: int, day: int) -> Found:
    try:
        return DATE, date(year, month, day), ""
    except ValueError:
        return None


_RULES = (
    _from,
    _date,
    _within,
    _day_month,
    _school,
    _event,
    _half,
    _recurring,
    _quarter,
    _month,
    _year,
    _continuous,
)
