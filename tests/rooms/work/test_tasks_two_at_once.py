"""Two people act on one task in the same moment: one of two equal acts stands, nothing is lost or doubled."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from giaoban.work import actions, refusals_tasks
from giaoban.work.actions import NewTask
from giaoban.work.models import CycleReport, Drafting, Task
from tests.rooms.work.test_tasks_drafting import drafted
from tests.rooms.work.test_work_tasks import give
from tests.rooms.work.test_work_two_at_once import together
from tests.rooms.work.world import TODAY, at, build


@pytest.mark.django_db(transaction=True)
def test_two_act_on_one_task_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite; run by scripts/postgres.sh")
    world = build()
    draft = drafted(world)

    def version(name: str) -> None:
        actions.add_version(by=world.truong_phong, at=at(), task=draft, file=(name, name.encode()))

    assert together(lambda: version("a.docx"), lambda: version("b.docx")) == []
    assert [each.no for each in Drafting.objects.get(task=draft).versions.all()] == [1, 2]

    owing = give(world, due="năm 2026", report="ngày 20 hằng tháng")

    def report(text: str) -> None:
        actions.write_report(by=world.hieu_truong, at=at(), task=owing, due_on=date(2026, 1, 20), text=text)

    (refused,) = together(lambda: report("một"), lambda: report("hai"))
    assert isinstance(refused, refusals_tasks.ReportWritten)
    assert CycleReport.objects.count() == 1

    whole = give(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc))
    parts = {each.lead_id: each for each in whole.parts.all()}
    for by, unit in ((world.hieu_truong, world.thcs), (world.hieu_truong_th, world.tieu_hoc)):
        actions.propose_done(by=by, at=at(), task=parts[unit], text="Đã xong")
    chosen = [each.pk for each in parts.values()]

    def confirm() -> None:
        actions.confirm_all(by=world.chu_tich, at=at(), whole=whole, part_ids=chosen)

    (refused,) = together(confirm, confirm)
    assert isinstance(refused, refusals_tasks.NotProposedAll)
    assert {each.diary.filter(kind="CONFIRMED").count() for each in parts.values()} == {1}

    above = give(world, by=world.chu_tich_tinh, unit_id=world.province, lead_id=world.suoi, due="31/3/2026")

    def down(unit: int) -> None:
        new = NewTask(text="Rà soát", due="15/3/2026", lead_id=unit)
        actions.hand_down(by=world.chu_tich, at=at(TODAY, 9), task=above, new=new)

    assert together(lambda: down(world.thcs), lambda: down(world.tieu_hoc)) == []
    assert Task.objects.filter(handed_from=above).count() == 2
    assert above.diary.filter(kind="HANDED").count() == 2
