"""A position passes from one person to another in one step, and its open work with it."""

from __future__ import annotations

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Position
from giaoban.work import actions, queries
from giaoban.work.actions import NewTask
from tests.rooms.work.world import TODAY, World, at


def test_open_work_moves_with_the_position(world: World) -> None:
    head = world.hieu_truong
    task = actions.assign(
        by=world.chu_tich,
        at=at(),
        unit_id=world.suoi,
        task=NewTask(
            text="Rà soát học sinh bỏ học",
            due="trước ngày 30/01/2026",
            lead_id=world.thcs,
            officer_id=head.position_id,
        ),
    )
    position = Position.objects.get(pk=head.position_id)
    successor = people.create_account(
        by=SYSTEM, at=at(), unit=world.thcs, username="nguoi.moi", full_name="Người Mới", must_change_password=False
    )

    people.hand_over(by=SYSTEM, at=at(hour=9), position=position, to=successor, on=TODAY)

    new = people_queries.actor(successor, position.pk, TODAY)
    assert task in queries.tasks_for(new, TODAY, view="mine")
    actions.report_progress(by=new, at=at(hour=10), task=task, text="Đã nhận bàn giao", percent=10)
    with pytest.raises(NotAllowed):
        actions.report_progress(by=head, at=at(hour=10), task=task, text="Người cũ", percent=20)
