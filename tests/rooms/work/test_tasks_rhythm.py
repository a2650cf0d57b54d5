"""Reports by rhythm: which are expected, which are missing, who sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.work import actions, refusals_tasks
from giaoban.work.models import ReportDuty, Task
from giaoban.work.queries import rhythm
from giaoban.work.rhythms import Standing
from tests.rooms.work.test_work_tasks import done, give
from tests.rooms.work.world import TODAY, World, at

MARCH = date(2026, 3, 10)


def owing(world: World, **changes: Any) -> Task:
    return give(world, due="năm 2026", report="ngày 20 hằng tháng", **changes)


def write(world: World, task: Task, due_on: date, day: date, **more: Any) -> Any:
    return actions.write_report(
        by=world.hieu_truong, at=at(day), task=task, due_on=due_on, text="Đã làm", percent=20, **more
    )


def days(task: Task, on: date) -> list[tuple[date, Standing]]:
    return [(each.due_on, each.standing) for each in rhythm.reports_of(task, on)[::-1]]


def test_each_period_is_expected_from_the_day_it_was_given(world: World) -> None:
    task = owing(world)
    assert days(task, TODAY) == [(date(2026, 1, 20), Standing.NEXT)]
    assert days(task, MARCH) == [
        (date(2026, 1, 20), Standing.MISSING),
        (date(2026, 2, 20), Standing.MISSING),
        (date(2026, 3, 20), Standing.NEXT),
    ]
    assert days(task, date(2026, 1, 20)) == [(date(2026, 1, 20), Standing.NEXT)]  # its day itself is in term
    assert [each.label for each in rhythm.reports_of(task, MARCH)] == ["tháng 3/2026", "tháng 2/2026", "tháng 1/2026"]


def test_given_after_this_month_s_day_it_begins_with_the_next(world: World) -> None:
    task = owing(world, at=at(date(2026, 1, 25)))
    assert days(task, date(2026, 1, 26)) == [(date(2026, 2, 20), Standing.NEXT)]


def test_weeks_and_quarters(world: World) -> None:
    weekly, quarterly = give(world, report="hằng tuần"), give(world, due="năm 2026", report="hằng quý")
    assert days(weekly, date(2026, 1, 20))[0] == (date(2026, 1, 18), Standing.MISSING)
    assert days(quarterly, TODAY) == [(date(2026, 3, 31), Standing.NEXT)]


def test_one_report_a_period_late_ones_are_late(world: World) -> None:
    task = owing(world)
    write(world, task, date(2026, 1, 20), date(2026, 1, 19))
    made = write(world, task, date(2026, 2, 20), MARCH)
    assert made.progress.kind == "REPORT"
    assert days(task, MARCH)[:2] == [(date(2026, 1, 20), Standing.WRITTEN), (date(2026, 2, 20), Standing.LATE)]
    task.refresh_from_db()
    assert task.percent == 20
    with pytest.raises(refusals_tasks.ReportWritten):
        write(world, task, date(2026, 2, 20), MARCH)
    with pytest.raises(refusals_tasks.NoSuchReport):
        write(world, task, date(2026, 2, 21), MARCH)
    with pytest.raises(refusals_tasks.NoSuchReport):
        write(world, task, date(2026, 5, 20), MARCH)  # only the coming one ahead of its day
    with pytest.raises(NotAllowed):
        actions.write_report(by=world.hieu_truong_th, at=at(MARCH), task=task, due_on=date(2026, 3, 20), text="x")


def test_what_is_missing_is_seen_by_both_sides_and_by_reminders(world: World) -> None:
    task = owing(world)
    for actor, view in ((world.hieu_truong, "unit"), (world.chu_tich, "given")):
        found = rhythm.owed_by(actor, MARCH, view=view)
        assert [(one.task.pk, one.occurrence.label) for one in found] == [
            (task.pk, "tháng 1/2026"),
            (task.pk, "tháng 2/2026"),
            (task.pk, "tháng 3/2026"),
        ]
    assert rhythm.owed_by(world.chu_tich_doi, MARCH, view="given") == []
    assert [one.occurrence.due_on for one in rhythm.owed(MARCH, 3)] == [date(2026, 1, 20), date(2026, 2, 20)]
    assert len(rhythm.owed(MARCH, 10)) == 3
    assert rhythm.missing_among(Task.objects.all(), MARCH) == {task.pk: 2}


def test_nothing_is_expected_after_the_end(world: World) -> None:
    task = owing(world)
    task = done(world, task, date(2026, 2, 10))
    assert [each[0] for each in days(task, MARCH)] == [date(2026, 1, 20)]
    assert rhythm.owed(MARCH, 30) == []
    other = owing(world)
    actions.set_rhythm(by=world.chu_tich, at=at(date(2026, 2, 1)), task=other, words="")
    assert [each[0] for each in days(other, MARCH)] == [date(2026, 1, 20)]


def test_the_assigner_sets_and_changes_it(world: World) -> None:
    task = give(world, due="năm 2026")
    with pytest.raises(NotAllowed):
        actions.set_rhythm(by=world.hieu_truong, at=at(), task=task, words="hằng tháng")
    with pytest.raises(refusals_tasks.NoRhythm):
        actions.set_rhythm(by=world.chu_tich, at=at(), task=task, words="15/3/2026")
    actions.set_rhythm(by=world.chu_tich, at=at(), task=task, words="hằng tháng")
    write(world, task, date(2026, 1, 31), TODAY)
    actions.set_rhythm(by=world.chu_tich, at=at(MARCH), task=task, words="hằng quý")
    assert days(task, MARCH) == [(date(2026, 1, 31), Standing.WRITTEN), (date(2026, 3, 31), Standing.NEXT)]


def test_each_part_of_a_group_owes_its_own(world: World) -> None:
    whole = give(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc), due="năm 2026", report="hằng tháng")
    assert ReportDuty.objects.filter(task__parent=whole).count() == 2
    with pytest.raises(refusals_tasks.RhythmTwice):
        give(world, due="hằng tháng", report="hằng tháng")
