"""When units end: comments on drafts, signatures, tasks handed down and reports by rhythm go on with the heir."""

from __future__ import annotations

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.decree import Become, Establish
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Change
from giaoban.orgs.queries.heirs import succession
from giaoban.work.actions.following import follow, take_back
from giaoban.work.models import Drafting, Task
from giaoban.work.queries import drafting, rhythm
from tests.rooms.work.test_tasks_delegation import down, from_above
from tests.rooms.work.test_tasks_drafting import ask, drafted, with_version
from tests.rooms.work.test_work_tasks import give
from tests.rooms.work.world import TODAY, World, at


def merged(world: World) -> tuple[Change, int]:
    """Primary and lower secondary become one school."""
    parents = {TERRITORY: world.suoi, MANAGEMENT: world.suoi, PROFESSIONAL: world.so}
    steps = [
        Establish("moi", "primary_lower_secondary", "Trường TH&THCS Suối Thử", parents=parents),
        Become(world.thcs, "moi"),
        Become(world.tieu_hoc, "moi"),
    ]
    change = orgs.carry_out(by=SYSTEM, at=at(), on=TODAY, steps=steps, title="Sáp nhập trường")
    return change, succession(change).founded[0]


def test_open_duties_go_to_the_heir_and_back(world: World) -> None:
    draft = drafted(world)
    with_version(world, draft)
    ask(world, draft, world.thcs, world.tieu_hoc)
    child = down(world, from_above(world))
    owing = give(world, due="năm 2026", report="hằng tháng")
    other = drafted(world, issuer_id=world.thcs)
    change, heir = merged(world)
    followed = follow(by=SYSTEM, at=at(), change=change, seats={})
    units = sorted(each.unit_id for each in drafting.open_comments(TODAY))
    assert units == sorted([heir, world.tieu_hoc]), "asked once; the second question stays where it was"
    assert Task.objects.get(pk=child.pk).lead_id == heir
    assert Task.objects.get(pk=child.pk).handed_from_id == child.handed_from_id
    assert [one.task.lead_id for one in rhythm.owed(TODAY, 31) if one.task.pk == owing.pk] == [heir]
    assert Drafting.objects.get(task=other).issuer_id == heir
    orgs.undo(by=SYSTEM, at=at(), change=change, why="Quyết định bị thu hồi")
    take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    assert sorted(each.unit_id for each in drafting.open_comments(TODAY)) == sorted([world.thcs, world.tieu_hoc])
    assert Drafting.objects.get(task=other).issuer_id == world.thcs
    assert Task.objects.get(pk=child.pk).lead_id == world.thcs
