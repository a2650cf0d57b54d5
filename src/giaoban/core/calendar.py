"""Working days of state agencies: Monday to Friday without the days off, and the Saturdays worked in exchange.

Lunar holidays, days in lieu and swaps come from the `holidays` package (MIT); `catalogue/working_days.csv` holds what
it lacks or may lack in an older release, each row with its legal source. Counting follows Bộ luật Dân sự 2015 Đ147–148:
the first day is not counted; "within n working days after" starts on the working day after the event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from giaoban import catalogue

DAY = timedelta(days=1)
OFF_KINDS = ("HOLIDAY", "COMP_OFF", "SWAP_OFF")
WORK_KINDS = ("SWAP_WORK",)


@dataclass(frozen=True)
class WorkCalendar:
    """Days off on weekdays, and days worked on a weekend. Data, so that a province or a test can have its own."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    return day in calendar.worked or (day.weekday() < 5 and day not in calendar.off)


def add_working_days(day: date, n: int, calendar: WorkCalendar) -> date:
    """The n-th working day after `day`, or before it when n is negative; `day` itself is not counted."""
    step = DAY if n > 0 else -DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, calendar)
    return day


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Working days after `first` up to and with `last`; nought when `last` is not later."""
    return sum(is_working_day(first + DAY * n, calendar) for n in range(1, (last - first).days + 1))


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """`day` itself when worked, else the first working day after: a term that ends on a rest day (BLDS Đ148 k5)."""
    return day if is_working_day(day, calendar) else add_working_days(day, 1, calendar)


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last day of that month where it has no such day (BLDS Đ148)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    first_after = date(year + month // 12, month % 12 + 1, 1)
    return min(day.replace(year=year, month=month, day=1) + DAY * (day.day - 1), first_after - DAY)


def invitation_days(meeting: date, calendar: WorkCalendar, n: int = 3) -> tuple[date, date]:
    """Last day to send an invitation "at least n working days before": the strict reading, then the lenient one.

    QĐ 45/2018/QĐ-TTg leaves open whether n full working days must lie between; we warn on the stricter and block on
    neither.
    """
    return add_working_days(meeting, -(n + 1), calendar), add_working_days(meeting, -n, calendar)


@cache
def vietnam(year: int) -> WorkCalendar:
    """The calendar of state agencies for a year and its neighbours, so that a term may cross New Year."""
    off: set[date] = set()
    worked: set[date] = set()
    for each in (year - 1, year, year + 1):
        published = holidays.country_holidays("VN", years=each)
        off.update(published)
        worked.update(day for day in published.weekend_workdays if day.year == each)
    for row in catalogue.rows("working_days.csv"):
        day = date.fromisoformat(row["date"])
        if abs(day.year - year) > 1:
            continue
        if row["kind"] in WORK_KINDS:
            worked.add(day)
        elif row["kind"] in OFF_KINDS:
            off.add(day)
        else:
            raise ValueError(f"working_days.csv: unknown kind {row['kind']}")
    return WorkCalendar(frozenset(off), frozenset(worked))
