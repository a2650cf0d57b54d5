"""The calendar as data, for whoever opens rounds: school years, periods of the decree, days off and swapped days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from giaoban.core import calendar, school_year
from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.core.refusal import NotAllowed
from giaoban.indicators.queries import rounds
from giaoban.indicators.queries.openings import periods_near
from giaoban.indicators.views.frame import room_tabs
from giaoban.people.guards import signed_in

KINDS = (Kind.SEMESTER_1, Kind.SEMESTER_2, Kind.SCHOOL_YEAR_START, Kind.SCHOOL_YEAR_END, Kind.MONTH, Kind.QUARTER,
         Kind.HALF_YEAR, Kind.YEAR)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day that is not as its weekday says."""

    day: date
    worked: bool


@dataclass(frozen=True)
class SchoolYear:
    """One school year: its own days, the national bounds and the decisions behind them."""

    name: str
    semester_1_last: date
    year_last: date
    bound: date | None
    frames: tuple[school_year.Frame, ...]


@signed_in
def days(request: HttpRequest) -> HttpResponse:
    """This year and the next: nothing here is code, all of it rows with their source."""
    if not rounds.follows_others(request.actor, request.today):
        raise NotAllowed()
    year = request.today.year
    context = {
        "years": [_year(one) for one in range(periods.school_year_of(request.today) + 1, 2016, -1)][:4],
        "periods": [(kind.label, _near(near)) for kind, near in periods_near(request.today) if kind in KINDS],
        "special": [(one, _special(one)) for one in (year, year + 1)],
        "tabs": room_tabs(request, "lines"),
    }
    return render(request, "indicators/days.html", context)


def _year(year: int) -> SchoolYear:
    return SchoolYear(
        f"{year}-{year + 1}",
        school_year.semester_1_last(year),
        school_year.year_last(year),
        school_year.national(year, "semester_1_before"),
        school_year.frames(year),
    )


def _near(found: list[Period]) -> list[Period]:
    following = found[0].next()
    return [*([following] if following else []), *found[:2]]


def _special(year: int) -> list[Day]:
    work = calendar.vietnam(year)
    first = date(year, 1, 1)
    every = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
    return [
        Day(day, calendar.is_working_day(day, work))
        for day in every
        if calendar.is_working_day(day, work) != (day.weekday() < 5)
    ]
