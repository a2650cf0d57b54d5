"""The four states of QĐ 42/2014/QĐ-TTg: computed from dates, and equal to the published tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giaoban.core.numbers import vi_percent
from giaoban.work.states import Counts, Dates, State, bucket, count, days_late, due_soon, state

DUE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("completed", "on", "expected"),
    [
        (None, date(2026, 3, 30), State.OPEN_IN_TERM),
        (None, DUE, State.OPEN_IN_TERM),  # the due day itself is in term
        (None, date(2026, 4, 1), State.OPEN_OVERDUE),
        (DUE, date(2026, 5, 1), State.DONE_ON_TIME),
        (date(2026, 4, 1), date(2026, 5, 1), State.DONE_LATE),
        (date(2026, 4, 1), DUE, State.OPEN_IN_TERM),  # seen from a day before it was done
        (date(2026, 4, 3), date(2026, 4, 2), State.OPEN_OVERDUE),
    ],
)
def test_state_follows_from_dates(completed: date | None, on: date, expected: State) -> None:
    assert state(Dates(DUE, completed), on) is expected


def test_without_a_due_day_a_task_is_in_the_fifth_column_and_never_overdue() -> None:
    for completed in (None, DUE):
        assert state(Dates(None, completed), date(2030, 1, 1)) is State.NO_DEADLINE
    assert days_late(Dates(None), date(2030, 1, 1)) == 0


def test_due_soon_is_a_warning_inside_in_term() -> None:
    assert not due_soon(Dates(DUE), DUE - timedelta(8), 7)
    assert due_soon(Dates(DUE), DUE - timedelta(7), 7)
    assert due_soon(Dates(DUE), DUE, 7)
    assert not due_soon(Dates(DUE), DUE + timedelta(1), 7)
    assert not due_soon(Dates(DUE, DUE - timedelta(5)), DUE, 7)


def test_days_late_stop_at_completion() -> None:
    assert days_late(Dates(DUE), DUE) == 0
    assert days_late(Dates(DUE), DUE + timedelta(4)) == 4
    assert days_late(Dates(DUE, DUE + timedelta(2)), DUE + timedelta(400)) == 2
    assert days_late(Dates(DUE, DUE - timedelta(2)), DUE + timedelta(400)) == 0


def test_overdue_buckets_of_local_reports() -> None:
    bounds = (30, 60, 120)
    assert [bucket(days, bounds) for days in (1, 30, 31, 60, 61, 120, 121, 900)] == [0, 0, 1, 1, 2, 2, 3, 3]


def dated(on_time: int, late: int, in_term: int, overdue: int, on: date) -> list[Dates]:
    """That many tasks with dates of many kinds, each of which has the state it should have by hand."""
    tasks = []
    for n in range(on_time):
        due = on - timedelta(n % 300 - 20)
        tasks.append(Dates(due, min(due, on) - timedelta(n % 7)))
    for n in range(late):
        due = on - timedelta(2 + n % 200)
        tasks.append(Dates(due, due + timedelta(1 + n % 2)))
    tasks += [Dates(on + timedelta(n % 365)) for n in range(in_term)]
    tasks += [Dates(on - timedelta(1 + n % 400)) for n in range(overdue)]
    return tasks


def test_the_table_of_government_tasks_of_2017() -> None:
    """Báo cáo 1270/BC-TCTTTg, 27/12/2017: 21.914 tasks."""
    on = date(2017, 12, 27)
    found = count(dated(14_068, 1_983, 5_640, 223, on), on)
    assert (found.done_on_time, found.done_late, found.open_in_term, found.open_overdue) == (14_068, 1_983, 5_640, 223)
    assert (found.done, found.open, found.total) == (16_051, 5_863, 21_914)


def test_quang_nam_2020() -> None:
    """01/01–06/7/2020: 833 = 585 done + 67 in term + 181 overdue; 21,7 %, which the press printed as 22 %."""
    on = date(2020, 7, 6)
    found = count(dated(585, 0, 67, 181, on), on)
    assert (found.done, found.open_in_term, found.open_overdue, found.total) == (585, 67, 181, 833)
    assert vi_percent(found.open_overdue, found.total, 1) == "21,7%"
    assert vi_percent(found.open_overdue, found.total, 0) == "22%"


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(st.none() | days, st.none() | days)), days)
def test_every_task_has_exactly_one_state(pairs: list[tuple[date | None, date | None]], on: date) -> None:
    tasks = [Dates(*pair) for pair in pairs]
    found = count(tasks, on, 7)
    assert found.total == len(tasks)
    assert found.soon <= found.open_in_term
    assert sum((count([each], on, 7) for each in tasks), Counts()) == found
