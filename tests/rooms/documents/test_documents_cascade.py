"""What follows from what: relations, and who has issued a plan of their own (cascade.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions, queries
from giaoban.documents.models import Document, Relation
from giaoban.journal.actor import SYSTEM
from tests.rooms.work.world import TODAY, World, at


def issue(world: World, owner: int, symbol: str, day: date, **changes: Any) -> Document:
    return actions.register(
        by=SYSTEM,
        at=at(),
        owner_id=owner,
        direction="OUT",
        symbol=symbol,
        subject=f"Văn bản {symbol}",
        issued_on=day,
        **changes,
    )


def follow(child: Document, parent: Document, kind: str = "implements", **more: Any) -> Relation:
    return actions.link(by=SYSTEM, at=at(), source=child, target=parent, kind=kind, **more)


@pytest.fixture
def chain(world: World) -> dict[str, Document]:
    """The province's programme, the commune's plan, the school's plan."""
    top = issue(
        world,
        world.province,
        "45/KH-UBND",
        date(2025, 9, 1),
        addressee_ids=[world.suoi, world.doi],
        plan_due_on=date(2025, 10, 1),
    )
    middle = issue(world, world.suoi, "12/KH-UBND", date(2025, 9, 20), addressee_ids=[world.thcs, world.tieu_hoc])
    low = issue(world, world.thcs, "03/KH-THCS", date(2025, 10, 5))
    follow(middle, top, clause="mục II.2")
    follow(low, middle)
    return {"top": top, "middle": middle, "low": low}


def test_the_tree_shows_what_implements_what_with_lags(world: World, chain: dict[str, Document]) -> None:
    found = queries.cascade(world.chu_tich_tinh, chain["top"], TODAY)
    assert found.depth == 3
    branch = found.root.below[0]
    assert (branch.document, branch.lag, branch.clause, branch.unit_name) == (
        chain["middle"],
        19,
        "mục II.2",
        "UBND xã Suối Thử",
    )
    assert branch.below[0].document == chain["low"]
    assert branch.below[0].lag == 15


def test_units_that_owe_a_plan_and_those_that_issued_it(world: World, chain: dict[str, Document]) -> None:
    found = queries.cascade(world.chu_tich_tinh, chain["top"], TODAY)
    assert [(duty.unit_id, duty.state, duty.plan) for duty in found.duties] == [
        (world.doi, "late", None),
        (world.suoi, "issued", chain["middle"]),
    ]
    assert found.duties[0].days_late == (TODAY - date(2025, 10, 1)).days
    assert (found.issued, len(found.duties)) == (1, 2)
    on_time = queries.cascade(world.chu_tich_tinh, chain["top"], date(2025, 10, 1))
    assert on_time.duties[0].state == "waiting"


def test_without_a_day_a_missing_plan_is_missing_not_late(world: World, chain: dict[str, Document]) -> None:
    found = queries.cascade(world.chu_tich, chain["middle"], TODAY)
    assert {(duty.unit_id, duty.state) for duty in found.duties} == {
        (world.thcs, "issued"),
        (world.tieu_hoc, "missing"),
    }


def test_a_child_is_not_dated_before_its_parent(world: World, chain: dict[str, Document]) -> None:
    early = issue(world, world.doi, "05/KH-UBND", date(2025, 8, 31))
    with pytest.raises(actions.ParentLater) as refused:
        follow(early, chain["top"])
    assert "31/08/2025" in str(refused.value)
    same_day = issue(world, world.doi, "06/KH-UBND", date(2025, 9, 1))
    assert follow(same_day, chain["top"]).pk


def test_no_circle_and_no_relation_twice(world: World) -> None:
    day = date(2025, 9, 1)
    a, b, c = (issue(world, world.suoi, f"{n}/KH-UBND", day) for n in (1, 2, 3))
    follow(b, a)
    follow(c, b)
    with pytest.raises(actions.Circle):
        follow(a, c)
    with pytest.raises(actions.Circle):
        follow(a, a)
    with pytest.raises(actions.AlreadyLinked):
        follow(b, a)


def test_a_plan_may_have_several_parents(world: World, chain: dict[str, Document]) -> None:
    party = issue(world, world.dang_uy, "02-NQ/ĐU", date(2025, 9, 10))
    follow(chain["middle"], party)
    parents, _others = (lambda c: (c.parents, c.others))(queries.cascade(SYSTEM, chain["middle"], TODAY))
    assert {relation.target for relation, _seen in parents} == {chain["top"], party}


def test_amendments_and_reports_stand_beside_the_tree(world: World, chain: dict[str, Document]) -> None:
    report = issue(world, world.doi, "30/BC-UBND", date(2025, 12, 20))
    follow(report, chain["top"], "reports_on")
    found = queries.cascade(world.chu_tich_tinh, chain["top"], TODAY)
    assert [(relation.source, relation.kind) for relation, _seen in found.others] == [(report, "reports_on")]
    assert report not in [branch.document for branch in found.root.below]


def test_another_register_s_line_of_the_same_document_counts_as_it(world: World, chain: dict[str, Document]) -> None:
    """The commune entered the province's plan as incoming; its own plan follows that line."""
    received = actions.register(
        by=world.van_thu_doi,
        at=at(),
        owner_id=world.doi,
        direction="IN",
        symbol="45/KH-UBND",
        subject="KH của tỉnh",
        issued_on=date(2025, 9, 1),
        issuer_id=world.province,
    )
    plan = issue(world, world.doi, "21/KH-UBND", date(2025, 9, 25))
    follow(plan, received)
    found = queries.cascade(world.chu_tich_tinh, chain["top"], TODAY)
    assert {duty.state for duty in found.duties} == {"issued"}


def test_documents_not_for_the_actor_are_named_but_not_open(world: World, chain: dict[str, Document]) -> None:
    found = queries.cascade(world.hieu_truong_th, chain["middle"], TODAY)
    assert [(relation.target, seen) for relation, seen in found.parents] == [(chain["top"], False)]
    assert found.root.visible
    assert not found.root.below[0].visible


def test_only_the_register_s_people_link_and_the_target_must_be_theirs_to_see(
    world: World, chain: dict[str, Document]
) -> None:
    other = issue(world, world.doi, "09/KH-UBND", date(2025, 10, 9))
    with pytest.raises(NotAllowed):
        actions.link(by=world.hieu_truong, at=at(), source=chain["middle"], target=chain["top"], kind="cites")
    with pytest.raises(Document.DoesNotExist):
        actions.link(by=world.van_thu, at=at(), source=chain["middle"], target=other, kind="cites")


def test_a_relation_is_taken_back_with_a_reason(world: World, chain: dict[str, Document]) -> None:
    relation = Relation.objects.get(source=chain["low"])
    with pytest.raises(actions.Required):
        actions.unlink(by=SYSTEM, at=at(), relation=relation, reason="")
    actions.unlink(by=SYSTEM, at=at(), relation=relation, reason="Nhập nhầm văn bản")
    assert not Relation.objects.filter(source=chain["low"]).exists()


def test_documents_named_in_the_text_are_found_in_the_register(world: World, chain: dict[str, Document]) -> None:
    text = "Căn cứ Nghị quyết số 71-NQ/TW ngày 22/8/2025; Kế hoạch số 45/KH-UBND ngày 01/9/2025 của UBND tỉnh."
    found = issue(world, world.suoi, "33/KH-UBND", date(2025, 11, 1), text=text)
    named = queries.named_in(world.chu_tich_tinh, found, TODAY)
    assert [(each.number, each.document) for each in named] == [("71-NQ/TW", None), ("45/KH-UBND", chain["top"])]
    assert queries.named_in(world.hieu_truong, found, TODAY)[1].document is None  # not theirs to see
