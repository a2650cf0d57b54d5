"""Handing a task down: rights by the relation of the day, the first deadline in sight, states rolled up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, Unit
from giaoban.work import actions, refusals, refusals_tasks
from giaoban.work.actions import NewTask
from giaoban.work.models import Task
from giaoban.work.queries import handing
from tests.rooms.work.test_work_tasks import done, give
from tests.rooms.work.world import TODAY, World, at


def from_above(world: World) -> Task:
    """The province gives the commune a task."""
    return give(world, by=world.chu_tich_tinh, unit_id=world.province, lead_id=world.suoi, due="31/3/2026")


def down(world: World, task: Task, by: Any = None, at_day: date = TODAY, **changes: Any) -> Task:
    of = {"text": "Rà soát tại trường", "due": "15/3/2026", "lead_id": world.thcs} | changes
    return actions.hand_down(by=by or world.chu_tich, at=at(at_day), task=task, new=NewTask(**of))


def test_the_lead_gives_it_on_and_the_first_day_stays_in_sight(world: World) -> None:
    task = from_above(world)
    child = down(world, task)
    assert (child.assigned_by_id, child.lead_id, child.relation) == (world.suoi, world.thcs, "ASSIGN")
    assert handing.chain(child) == [task]
    assert handing.first_of(child).first_due_on == date(2026, 3, 31)
    assert task.diary.get(kind="HANDED").text.startswith("Trường THCS Suối Thử: 15/3/2026")
    assert Task.objects.get(pk=task.pk).taken_up_at is not None
    assert Message.objects.filter(subject__startswith="Được giao", unit_id=world.thcs).exists()


def test_through_two_levels_the_first_assigner_is_named_first(world: World) -> None:
    task = from_above(world)
    office = down(world, task, lead_id=world.vhxh)
    group = down(world, task, lead_id=None, part_ids=(world.thcs, world.tieu_hoc), group="Các trường")
    part = Task.objects.get(parent=group, lead_id=world.thcs)
    assert handing.chain(part) == [task]  # a part has its whole's
    assert handing.chain(office) == [task]
    assert {each.pk for each in handing.handed_down(task)} == {office.pk, group.pk}
    assert handing.rolled_up(task, TODAY).number == 3


def test_only_downwards_by_the_relation_of_the_day(world: World) -> None:
    task = from_above(world)
    with pytest.raises(refusals_tasks.NotBelow):
        down(world, task, lead_id=world.thcs_doi)
    with pytest.raises(refusals_tasks.NotBelow):
        down(world, task, lead_id=world.suoi)
    with pytest.raises(NotAllowed):
        down(world, task, by=world.chu_tich_doi)
    orgs.move(
        by=SYSTEM,
        at=at(),
        unit=Unit.objects.get(pk=world.thcs),
        hierarchy=MANAGEMENT,
        parent=world.doi,
        on=date(2026, 2, 1),
    )
    assert down(world, task).pk  # still under it today
    with pytest.raises(refusals_tasks.NotBelow):
        down(world, task, at_day=date(2026, 2, 2))


def test_a_later_day_than_the_one_above_is_named(world: World) -> None:
    task = from_above(world)
    down(world, task)
    late = down(world, task, due="15/4/2026", lead_id=world.tieu_hoc)
    assert handing.rolled_up(task, TODAY).late == (late,)


def test_those_below_roll_up_and_the_lead_proposes_the_whole(world: World) -> None:
    task = from_above(world)
    one, two = down(world, task), down(world, task, lead_id=world.tieu_hoc)
    actions.report_progress(by=world.hieu_truong_th, at=at(), task=two, text="Một nửa", percent=50)
    done(world, one, date(2026, 1, 20))
    rolled = handing.rolled_up(task, date(2026, 1, 21))
    assert (rolled.number, rolled.confirmed, rolled.percent) == (2, 1, 75)
    assert rolled.counts.done_on_time == 1
    assert not Message.objects.filter(subject__startswith="Các đơn vị được giao lại").exists()
    done(world, two, date(2026, 1, 22), by=world.hieu_truong_th)
    assert handing.rolled_up(task, date(2026, 1, 22)).all_confirmed
    told = Message.objects.get(subject__startswith="Các đơn vị được giao lại")
    assert told.unit_id == world.suoi
    task.refresh_from_db()
    assert (task.proposed_at, task.completed_on) == (None, None)  # its own lead has not proposed it


def test_a_finished_task_is_not_given_on(world: World) -> None:
    task = give(world, lead_id=world.suoi)
    actions.call_off(by=world.chu_tich, at=at(), task=task, reason="Thôi")
    with pytest.raises(refusals.Finished):
        down(world, task)
