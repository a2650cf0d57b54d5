"""When a check is planned, in the words of plans: "tháng 3/2026", "quý II/2026", "từ 16/3 đến 20/3/2026"."""

from __future__ import annotations

import re
from datetime import date

from giaoban.core import period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import fold

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
DAY = r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?"


class BadTime(Refused):
    """The words name no stretch of days."""

    sentence = sentence(
        "“%(text)s” names no time of a check. Write a month (tháng 3/2026), a quarter (quý II/2026), "
        "a day (16/3/2026), or two days (16/3/2026 – 20/3/2026)."
    )
    field = "time"


def read(words: str, year: int) -> tuple[date, date]:
    """First and last day meant; a year left out is that of the plan."""
    text = re.sub(r"\s+", " ", fold(words)).strip(" .;,")
    try:
        found = _months(text, year) or _quarter(text, year) or _days(text, year)
    except ValueError:
        found = None
    if found is None or found[1] < found[0]:
        raise BadTime(text=words.strip())
    return found


def words(starts: date, ends: date) -> str:
    """How a stretch without words of its own is written."""
    if starts == ends:
        return f"{starts:%d/%m/%Y}"
    if starts.day == 1 and ends == period.month_end(starts.year, starts.month):
        return f"Tháng {starts.month}/{starts.year}"
    return f"{starts:%d/%m/%Y} – {ends:%d/%m/%Y}"


def _months(text: str, year: int) -> tuple[date, date] | None:
    match = re.fullmatch(r"(?:trong )?thang (\d{1,2})(?:\s*-\s*(\d{1,2}))?(?:[/ ](?:nam )?(\d{4}))?", text)
    if not match:
        match = re.fullmatch(r"(\d{1,2})()/(\d{4})", text)
    if not match:
        return None
    year = int(match[3] or year)
    first, last = int(match[1]), int(match[2] or match[1])
    return date(year, first, 1), period.month_end(year, last)


def _quarter(text: str, year: int) -> tuple[date, date] | None:
    match = re.fullmatch(r"(?:trong )?quy (iv|iii|ii|i|[1-4])(?:[/ ](?:nam )?(\d{4}))?", text)
    if not match:
        return None
    number = ROMAN.get(match[1]) or int(match[1])
    year = int(match[2] or year)
    return date(year, number * 3 - 2, 1), period.month_end(year, number * 3)


def _days(text: str, year: int) -> tuple[date, date] | None:
    match = re.fullmatch(rf"(?:tu )?(?:ngay )?{DAY}(?:\s*(?:-|–|den|den ngay)\s*(?:ngay )?{DAY})?", text)
    if match:
        last_year = int(match[6] or match[3] or year)
        first = date(int(match[3] or last_year), int(match[2]), int(match[1]))
        return first, date(last_year, int(match[5]), int(match[4])) if match[4] else first
    match = re.fullmatch(r"(?:tu )?(?:ngay )?(\d{1,2})\s*(?:-|–|den)\s*(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", text)
    if match:
        month, year = int(match[3]), int(match[4] or year)
        return date(year, month, int(match[1])), date(year, month, int(match[2]))
    return None
