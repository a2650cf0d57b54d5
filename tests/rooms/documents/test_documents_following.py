"""A unit that becomes another hands on what it had not received yet and what waits for its leader's note."""

from __future__ import annotations

from datetime import date

from giaoban.documents import actions, following, queries
from giaoban.documents.models import Addressee, Handling, Line
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Change, Unit
from tests.rooms.work.world import World, at

ON = date(2026, 1, 12)


def test_open_duties_go_to_the_heir_and_come_back(world: World) -> None:
    line = {"by": SYSTEM, "at": at(), "subject": "Kế hoạch", "issued_on": date(2026, 1, 5)}
    paper = actions.register(
        **line, owner_id=world.suoi, direction="IN", symbol="45/KH-UBND", issuer_text="UBND tỉnh Thử Nghiệm"
    )
    sent = actions.register(**line, owner_id=world.so, direction="OUT", symbol="9/KH-SGDĐT", addressee_ids=[world.suoi])
    actions.propose(by=SYSTEM, at=at(), document=paper, unit_id=world.suoi, proposal="Giao Phòng VH-XH")
    heir = orgs.merge(
        by=SYSTEM,
        at=at(),
        on=ON,
        predecessors=[Unit.objects.get(pk=world.suoi), Unit.objects.get(pk=world.doi)],
        kind="commune",
        name="Xã Suối Đồi",
        parents={TERRITORY: world.province, MANAGEMENT: world.province},
    )
    change = Change.objects.latest("pk")
    record = following.follow(by=SYSTEM, at=at(), change=change).record
    assert Handling.objects.get().unit_id == heir.pk
    assert Addressee.objects.get(document=sent).unit_id == heir.pk
    assert Line.objects.filter(addressee__unit=heir, sender=world.so).exists()  # the way it came by goes along
    actions.note(by=SYSTEM, at=at(), document=paper, unit_id=heir.pk, opinion="Lưu")
    assert [each.noted_at is not None for each in queries.handlings(paper)] == [True]
    Change.objects.filter(pk=change.pk).update(undone_at=at(), undone_why="Nhầm")
    following.take_back(by=SYSTEM, at=at(), change=change, records=[record])
    assert (Handling.objects.get().unit_id, Addressee.objects.get(document=sent).unit_id) == (world.suoi, world.suoi)
