"""From the register to the leader's note: the office proposes, the note makes the task in one step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions, queries
from giaoban.documents.models import Document, Handling
from giaoban.work.actions import noting
from giaoban.work.dues import BadDue
from giaoban.work.models import Task
from tests.rooms.work.world import TODAY, World, at, client


@pytest.fixture
def paper(world: World) -> Document:
    return actions.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="IN",
        symbol="45/KH-UBND",
        issued_on=date(2026, 1, 5),
        issuer_text="UBND tỉnh Thử Nghiệm",
        subject="Kế hoạch phổ cập",
    )


def test_the_note_makes_the_task_in_one_step(world: World, paper: Document) -> None:
    assert queries.inbox(world.chuyen_vien, TODAY).to_propose == [paper]
    actions.propose(
        by=world.chuyen_vien,
        at=at(),
        document=paper,
        unit_id=world.suoi,
        proposal="Giao Phòng VH-XH",
        lead_id=world.vhxh,
        partner_ids=[world.kinhte],
        due_text="31/01/2026",
    )
    waiting = queries.inbox(world.chu_tich, TODAY)
    assert ([each.document for each in waiting.to_note], waiting.to_propose) == ([paper], [])
    noted = noting.note(
        by=world.chu_tich,
        at=at(),
        document=paper,
        unit_id=world.suoi,
        opinion="Đồng ý, làm trước Tết",
        lead_id=world.vhxh,
        partner_ids=[world.kinhte],
        due="31/01/2026",
        leader="Bùi Văn Hóa, Trưởng phòng",
    )
    task = Task.objects.get()
    assert task.leader == "Bùi Văn Hóa, Trưởng phòng"
    assert (task.lead_id, task.due_on, task.document, task.assigned_by_id) == (
        world.vhxh,
        date(2026, 1, 31),
        paper,
        world.suoi,
    )
    assert [each.unit_id for each in task.partners.all()] == [world.kinhte]
    assert (noted.task_id, noted.noted_by) == (task.pk, "Nguyễn Văn Suối")
    assert queries.inbox(world.chu_tich, TODAY).to_note == []
    tree = queries.cascade(world.chu_tich, paper, TODAY)
    assert tree.root.tasks == queries.Part(0, 1)
    with pytest.raises(actions.AlreadyNoted):
        actions.propose(by=world.chuyen_vien, at=at(), document=paper, unit_id=world.suoi, proposal="Lại")


def test_a_note_whose_task_is_refused_leaves_nothing(world: World, paper: Document) -> None:
    with pytest.raises(BadDue):
        noting.note(
            by=world.chu_tich,
            at=at(),
            document=paper,
            unit_id=world.suoi,
            opinion="",
            lead_id=world.vhxh,
            due="lúc nào đó xyz",
        )
    assert not Handling.objects.exists()
    assert not Task.objects.exists()


def test_without_a_lead_it_is_only_filed(world: World, paper: Document) -> None:
    noting.note(by=world.chu_tich, at=at(), document=paper, unit_id=world.suoi, opinion="Lưu")
    assert Handling.objects.get().task_id is None
    assert not Task.objects.exists()
    assert queries.inbox(world.chuyen_vien, TODAY).to_propose == []


def test_who_may_propose_does_not_note_and_only_what_came_in_is_handled(world: World, paper: Document) -> None:
    for actor in (world.chuyen_vien, world.van_thu, world.chu_tich_doi):
        with pytest.raises(NotAllowed):
            noting.note(by=actor, at=at(), document=paper, unit_id=world.suoi, opinion="Lưu")
    with pytest.raises(actions.NotInThisRegister):
        actions.note(by=world.chu_tich_doi, at=at(), document=paper, unit_id=world.doi, opinion="Lưu")
    with pytest.raises(actions.NothingProposed):
        actions.propose(by=world.van_thu, at=at(), document=paper, unit_id=world.suoi, proposal=" ")


def test_the_pages_lead_from_the_proposal_to_the_task(world: World, paper: Document, monkeypatch: Any) -> None:
    from giaoban.people import middleware

    monkeypatch.setattr(middleware, "now", lambda: at())
    office, leader = client(world.van_thu), client(world.chu_tich)
    assert "45/KH-UBND" in office.get(reverse("documents:waiting")).content.decode()
    sent = {"words": "Giao Phòng VH-XH", "lead": "Phòng Văn hóa - Xã hội xã Suối Thử", "due": "31/01/2026"}
    assert office.post(reverse("work:propose", args=[paper.pk]), sent).status_code == 302
    assert office.post(reverse("work:note", args=[paper.pk]), sent).status_code == 403
    shown = leader.get(reverse("work:handling", args=[paper.pk])).content.decode()
    assert 'value="31/01/2026"' in shown  # the note begins with what was proposed
    assert leader.post(reverse("work:note", args=[paper.pk]), {**sent, "due": ""}).status_code == 422
    assert leader.post(reverse("work:note", args=[paper.pk]), sent).status_code == 302
    assert (
        Task.objects.get().get_absolute_url() in leader.get(reverse("work:handling", args=[paper.pk])).content.decode()
    )
    assert client(world.hieu_truong).get(reverse("work:handling", args=[paper.pk])).status_code == 404
