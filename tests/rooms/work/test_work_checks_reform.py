"""Checks when units end: plans go on with the heir; who is gone without one waits for a decision."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.decree import Become, Close, Establish
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Change
from giaoban.orgs.queries.heirs import succession
from giaoban.work import check_refusals as refusals
from giaoban.work.actions import checks
from giaoban.work.actions.following import follow, take_back
from giaoban.work.models import CheckPlan
from giaoban.work.queries import checks as queries
from tests.rooms.work.test_work_checks import issue, line, of_so
from tests.rooms.work.world import TODAY, World, at

pytestmark = pytest.mark.django_db


def merged_schools(world: World) -> tuple[Change, int]:
    """Primary and lower secondary become one school."""
    parents = {TERRITORY: world.suoi, MANAGEMENT: world.suoi, PROFESSIONAL: world.so}
    steps = [
        Establish("moi", "primary_lower_secondary", "Trường TH&THCS Suối Thử", parents=parents),
        Become(world.thcs, "moi"),
        Become(world.tieu_hoc, "moi"),
    ]
    change = orgs.carry_out(by=SYSTEM, at=at(), on=TODAY, steps=steps, title="Sáp nhập trường")
    return change, succession(change).founded[0]


def test_a_unit_to_be_checked_passes_to_its_heir_once(world: World) -> None:
    both, one = line(world), of_so(world)
    change, heir = merged_schools(world)
    followed = follow(by=SYSTEM, at=at(), change=change, seats={})
    units = sorted(each.unit_id for each in both.targets.all())
    assert heir in units and len(units) == 2, "one row passed on, the other stays as it was"
    assert one.targets.get().unit_id == heir
    orgs.undo(by=SYSTEM, at=at(), change=change, why="Quyết định bị thu hồi")
    take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    assert one.targets.get().unit_id == world.thcs


def test_a_closed_unit_waits_in_the_line_until_somebody_decides(world: World) -> None:
    made = line(world)
    issue(world)
    with pytest.raises(refusals.NotAnHeir):
        checks.hand_target_on(
            by=world.chuyen_vien, at=at(), target=made.targets.get(unit_id=world.thcs), unit_id=world.mam_non
        )
    change = orgs.carry_out(by=SYSTEM, at=at(), on=TODAY, steps=[Close(world.thcs)], title="Giải thể")
    follow(by=SYSTEM, at=at(), change=change, seats={})
    target = made.targets.get(unit_id=world.thcs)
    assert queries.gone(queries.lines(made.plan)[0].targets.all(), TODAY) == {target.pk}
    checks.hand_target_on(by=world.chuyen_vien, at=at(), target=target, unit_id=world.mam_non)
    assert queries.gone(made.targets.all(), TODAY) == set()
    target.refresh_from_db()
    assert target.dropped_at is not None and "không còn" in target.reason


def test_a_plan_goes_on_with_the_unit_above_when_its_unit_closes(world: World) -> None:
    plan = CheckPlan.objects.create(unit_id=world.vhxh, year=2026)
    own = line(world, lead_id=world.vhxh, time="tháng 10/2026")
    change = orgs.carry_out(by=SYSTEM, at=at(), on=TODAY, steps=[Close(world.vhxh)], title="Bỏ phòng")
    followed = follow(by=SYSTEM, at=at(), change=change, seats={})
    own.refresh_from_db()
    plan.refresh_from_db()
    assert own.lead_id == world.suoi, "the office is gone; the commune itself conducts the check"
    assert ["line", own.pk, "lead_id", world.vhxh] in followed.record["checks"]
    assert own.starts_on == date(2026, 10, 1)
