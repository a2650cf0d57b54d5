"""Everything a document asks is gathered from whatever register its line stands in, each seeing only what they may."""

from __future__ import annotations

from datetime import date

from giaoban.documents import actions as documents
from giaoban.journal.actor import SYSTEM
from giaoban.work import actions, queries
from giaoban.work.actions import NewTask
from tests.rooms.work.world import TODAY, World, at


def test_two_lines_of_one_paper_ask_together(world: World) -> None:
    given = {"symbol": "77/KH-UBND", "subject": "Kế hoạch", "issued_on": date(2026, 1, 12), "issuer_id": world.province}
    own = documents.register(by=SYSTEM, at=at(), owner_id=world.province, direction="OUT", **given)
    theirs = documents.register(by=SYSTEM, at=at(), owner_id=world.suoi, direction="IN", text="Rà soát.", **given)
    documents.address(
        by=SYSTEM, at=at(), document=own, unit_ids=[world.suoi, world.thcs], must_issue=True, due_on=date(2026, 2, 1)
    )
    documents.receive(by=SYSTEM, at=at(), document=own, unit_id=world.suoi)
    task = actions.assign(
        by=world.chu_tich,
        at=at(),
        unit_id=world.suoi,
        document=theirs,
        start=0,
        end=7,
        task=NewTask(text="Rà soát", lead_id=world.thcs, due="trước ngày 15/02/2026", deliverable="Danh sách"),
    )
    for line in (own, theirs):
        asked = queries.asked_by(world.chu_tich, line, TODAY)
        assert [each.pk for each in asked.tasks] == [task.pk]
        assert (asked.receipts.done, asked.receipts.of, asked.plans_due) == (1, 2, 2)
    assert queries.asked_by(world.van_thu_doi, own, TODAY).tasks == []
