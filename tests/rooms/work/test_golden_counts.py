"""The published tables of 2017 and of Quảng Nam 2020, asked through the same public queries as every page.

The dates are moved to the day of the made-up province, whose units and rights begin in 2025: a state depends on the
distance of days alone.
"""

from __future__ import annotations

from dataclasses import astuple

import pytest

from giaoban.core.numbers import vi_percent
from giaoban.work import queries
from giaoban.work.models import Task
from giaoban.work.states import Counts, bucket, count, days_late
from tests.rooms.work.test_work_states import dated
from tests.rooms.work.world import TODAY, World, at, client

LEADS = ("suoi", "doi", "so", "vhxh", "thcs")


def given(world: World, on_time: int, late: int, in_term: int, overdue: int) -> dict[int, list]:
    """That many tasks of the province's leader, among five units; what each unit has, kept by hand."""
    by_hand: dict[int, list] = {world.units[name]: [] for name in LEADS}
    rows = []
    for number, dates in enumerate(dated(on_time, late, in_term, overdue, TODAY)):
        lead = world.units[LEADS[number * number % 7 % len(LEADS)]]  # unevenly shared
        by_hand[lead].append(dates)
        rows.append(
            Task(
                title=f"Nhiệm vụ {number}",
                text=f"Nhiệm vụ {number}",
                assigned_by_id=world.province,
                assigned_at=at(),
                lead_id=lead,
                due_kind="DATE",
                due_text="",
                due_on=dates.due_on,
                first_due_on=dates.due_on,
                binds_on=min(TODAY, dates.due_on),
                completed_on=dates.completed_on,
                confirmed_at=at() if dates.completed_on else None,
            )
        )
    Task.objects.bulk_create(rows, batch_size=1000)
    return by_hand


def agree(world: World, by_hand: dict[int, list], whole: Counts) -> None:
    """The table, the counts by unit and the lists behind them say the same."""
    tasks = queries.tasks_for(world.chu_tich_tinh, TODAY)
    assert queries.counts(tasks, TODAY) == whole
    lines = queries.counts_by_lead(tasks, TODAY)
    assert {line.unit_id: astuple(line.counts)[:5] for line in lines} == {
        unit: astuple(count(dates, TODAY))[:5] for unit, dates in by_hand.items() if dates
    }
    assert sum((line.counts for line in lines), Counts()) == whole
    for state in ("DONE_ON_TIME", "DONE_LATE", "OPEN_IN_TERM", "OPEN_OVERDUE", "NO_DEADLINE"):
        listed = queries.tasks_for(world.chu_tich_tinh, TODAY, state=state).count()
        assert listed == getattr(whole, state.lower())


def test_the_government_table_of_2017_by_unit(world: World) -> None:
    """Báo cáo 1270/BC-TCTTTg: 16.051 done (14.068 + 1.983), 5.863 open (5.640 + 223), 21.914 in all."""
    by_hand = given(world, 14_068, 1_983, 5_640, 223)
    whole = queries.counts(queries.tasks_for(world.chu_tich_tinh, TODAY), TODAY)
    assert astuple(whole)[:5] == (14_068, 1_983, 5_640, 223, 0)
    assert (whole.done, whole.open, whole.total) == (16_051, 5_863, 21_914)
    agree(world, by_hand, whole)


@pytest.mark.usefixtures("today")
def test_quang_nam_2020_by_unit_and_on_the_page(world: World) -> None:
    """833 = 585 + 67 + 181; 21,7 %, printed as 22 %; overdue tasks in the buckets of local reports."""
    by_hand = given(world, 585, 0, 67, 181)
    whole = queries.counts(queries.tasks_for(world.chu_tich_tinh, TODAY), TODAY)
    assert (whole.done, whole.open_in_term, whole.open_overdue, whole.total) == (585, 67, 181, 833)
    agree(world, by_hand, whole)
    assert vi_percent(whole.open_overdue, whole.total, 0) == "22%"
    late = [
        dates for found in by_hand.values() for dates in found if days_late(dates, TODAY) and not dates.completed_on
    ]
    expected = [0, 0, 0, 0]
    for dates in late:
        expected[bucket(days_late(dates, TODAY), (30, 60, 120))] += 1
    found = queries.overdue_buckets(queries.tasks_for(world.chu_tich_tinh, TODAY), TODAY)
    assert [number for _low, _high, number in found] == expected
    page = client(world.chu_tich_tinh).get("/viec/?xem=tat-ca").content.decode()
    assert "585" in page
    assert "181" in page
