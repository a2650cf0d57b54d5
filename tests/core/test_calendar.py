"""The days of 2026 that people plan by; tests/spec/working_days.py has the single cases."""

from datetime import date, timedelta

from giaoban.core import calendar

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_2026_has_the_days_off_the_state_published():
    found = calendar.vietnam(2026)
    off = [day for day in YEAR if day.weekday() < 5 and not calendar.is_working_day(day, found)]
    days = [(1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1), (8, 31), (9, 1)]
    assert off == [date(2026, *day) for day in (*days, (9, 2), (11, 24))]
    assert [day for day in YEAR if day.weekday() >= 5 and calendar.is_working_day(day, found)] == [
        date(2026, 1, 10),
        date(2026, 8, 22),
    ]


def test_swapped_days_balance():
    found = calendar.vietnam(2026)
    swaps_off = [date(2026, 1, 2), date(2026, 8, 31)]
    assert all(day in found.off for day in swaps_off)
    assert len([day for day in found.worked if day.year == 2026]) == len(swaps_off)


def test_counting_forth_and_back_meets():
    found = calendar.vietnam(2026)
    for day in YEAR[:200]:
        if calendar.is_working_day(day, found):
            assert calendar.add_working_days(calendar.add_working_days(day, 7, found), -7, found) == day


def test_days_between_are_those_counted():
    found = calendar.vietnam(2026)
    first = date(2026, 11, 19)
    assert calendar.working_days_between(first, calendar.add_working_days(first, 5, found), found) == 5
    assert calendar.working_days_between(first, first, found) == 0


def test_a_calendar_is_data():
    strict = calendar.WorkCalendar(off=frozenset({date(2026, 10, 9)}))
    assert calendar.add_working_days(date(2026, 10, 8), 1, strict) == date(2026, 10, 12)
