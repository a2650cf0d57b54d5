"""Verbs on units: what they write, what they refuse, and that a refusal leaves nothing behind."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.journal import queries as journal
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, derived, queries, refusals
from giaoban.orgs.actions import Became, Founding, Part
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    PROFESSIONAL,
    TERRITORY,
    Closure,
    Code,
    Existence,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)
from giaoban.people.roles import Role
from tests.rooms.orgs.conftest import appoint
from tests.world import EVE, NOW, REFORM, SINCE, TODAY

DO = {"by": SYSTEM, "at": NOW}
NEXT = date(2026, 8, 1)


def counts():
    return [table.objects.count() for table in (Unit, Existence, Name, Code, Link, Lineage, Snapshot, Closure)]


@pytest.fixture
def nothing_left(world):
    """What a refused verb leaves: exactly what was there."""
    before = counts()
    yield
    assert counts() == before


# Establishing


def test_establish_writes_rows_snapshot_closure_and_event(world):
    unit = actions.establish(
        **DO,
        on=NEXT,
        kind="preschool",
        name="  Trường Mầm non Sen Hồng ",
        parents={TERRITORY: world["cao_son"], MANAGEMENT: world["cao_son"], PROFESSIONAL: world["so"]},
        codes={"moet": "99003009"},
        aliases=["MN Sen Hồng", "MN Sen Hồng"],
    )
    shown = queries.snapshot(unit.pk, NEXT)
    assert (shown.name, shown.kind_id, shown.code) == ("Trường Mầm non Sen Hồng", "preschool", "99003009")
    assert queries.is_under(unit.pk, world["province"], TERRITORY, NEXT)
    assert not queries.exists(unit.pk, NEXT - timedelta(days=1))
    event = journal.history(unit).get()
    assert (event.verb, event.unit_id, event.data["on"]) == ("unit.establish", unit.pk, "2026-08-01")
    assert queries.by_code("99003009", NEXT, "moet") == unit


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"kind": "castle"}, refusals.UnknownKind, "kind"),
        ({"name": "  "}, refusals.EmptyName, "name"),
        ({"name": "x" * 201}, refusals.LongText, "name"),
        ({"parents": {TERRITORY: 999_999}}, refusals.UnknownParent, "parents"),
        ({"parents": {"FAMILY": COUNTRY_ID}}, refusals.UnknownHierarchy, "hierarchy"),
        ({"codes": {"passport": "1"}}, refusals.UnknownScheme, "codes"),
        ({"codes": {"moet": "99 001"}}, refusals.BadCode, "codes"),
        ({"codes": {"moet": "99001001"}}, refusals.CodeTaken, "codes"),
    ],
)
def test_establish_refuses_by_name(nothing_left, changes, refusal, field):
    wanted = {"kind": "primary", "name": "Trường Tiểu học Mới", **changes}
    with pytest.raises(refusal) as refused:
        actions.establish(**DO, on=NEXT, **wanted)
    assert refused.value.field == field


def test_a_parent_must_stand_on_the_day(world, nothing_left):
    gone = {MANAGEMENT: world["huyen_thuong"]}
    with pytest.raises(refusals.ParentNotThere, match=r"Huyện Thượng.*01/08/2026"):
        actions.establish(**DO, on=NEXT, kind="primary", name="Trường Mới", parents=gone)
    with pytest.raises(refusals.ParentEnds, match="01/07/2025"):
        actions.establish(**DO, on=EVE, kind="primary", name="Trường Mới", parents=gone)


def test_many_are_all_or_none_and_name_row_and_field(world, nothing_left):
    good = Founding("primary", "Trường Tiểu học Mới", parents={TERRITORY: world["cao_son"]}, codes={"moet": "1"})
    twice = Founding("primary", "Trường Tiểu học Khác", codes={"moet": "1"})
    bad = Founding("castle", "", parents={TERRITORY: 999_999})
    with pytest.raises(Invalid) as refused:
        actions.establish_many(**DO, on=NEXT, foundings=[good, twice, bad])
    faults = [(fault.row, fault.params["column"], type(fault.fault)) for fault in refused.value.faults]
    assert faults == [
        (2, "codes", refusals.CodeTaken),
        (3, "kind", refusals.UnknownKind),
        (3, "name", refusals.EmptyName),
        (3, "parents", refusals.UnknownParent),
    ]


def test_without_kinds_nothing_can_be_founded(db):
    with pytest.raises(refusals.NotLoaded):
        actions.establish(**DO, on=NEXT, kind="primary", name="Trường")


def test_offices_of_an_area_are_founded_once(world):
    before = counts()
    found = actions.establish_offices(**DO, on=NEXT, unit=world.binh_minh)
    assert counts() == before
    assert found["Phòng Văn hóa - Xã hội"].pk == world["vhxh_binh_minh"]
    ward = queries.name(world["kinh_te_phuong_ha"], TODAY)
    assert ward == "Phòng Kinh tế, Hạ tầng và Đô thị phường Hạ"  # NĐ 150/2025/NĐ-CP: another name in a ward


# Changing


def test_rename_keeps_the_past(world):
    actions.rename(**DO, on=NEXT, unit=world.tieu_hoc, name="Trường Tiểu học số 1 Bình Minh")
    assert queries.name(world["tieu_hoc"], TODAY) == "Trường Tiểu học Ánh Dương"
    assert queries.name(world["tieu_hoc"], NEXT) == "Trường Tiểu học số 1 Bình Minh"
    assert [row.start for row in Snapshot.objects.filter(unit=world.tieu_hoc).order_by("start")] == [SINCE, NEXT]


def test_a_ward_is_the_same_unit_as_the_township(world):
    before, after = queries.snapshot(world["phuong_ha"], EVE), queries.snapshot(world["phuong_ha"], REFORM)
    assert (before.name, before.kind_id, before.body_name) == ("Thị trấn Hạ", "township", "UBND thị trấn Hạ")
    assert (after.name, after.kind_id, after.body_name) == ("Phường Hạ", "ward", "UBND phường Hạ")
    assert not queries.successors(world["phuong_ha"]).exists()


def test_two_changes_of_one_sort_on_one_day_are_refused(world, nothing_left):
    for change in (
        lambda: actions.rename(**DO, on=REFORM, unit=world.phuong_ha, name="Phường Khác"),
        lambda: actions.reclassify(**DO, on=REFORM, unit=world.phuong_ha, kind="commune"),
        lambda: actions.move(**DO, on=REFORM, unit=world.phuong_ha, hierarchy=TERRITORY, parent=world["so"]),
        lambda: actions.recode(**DO, on=SINCE, unit=world.thcs, scheme="moet", code="99009009"),
    ):
        with pytest.raises(refusals.AlreadyChanged):
            change()


def test_what_does_not_exist_cannot_be_changed(world, nothing_left):
    for change in (
        lambda: actions.rename(**DO, on=TODAY, unit=world.huyen_ha, name="Huyện Khác"),
        lambda: actions.reclassify(**DO, on=TODAY, unit=world.huyen_ha, kind="town"),
        lambda: actions.move(**DO, on=TODAY, unit=world.huyen_ha, hierarchy=TERRITORY, parent=COUNTRY_ID),
        lambda: actions.close(**DO, on=TODAY, unit=world.huyen_ha),
    ):
        with pytest.raises(refusals.NotThere, match=r"Huyện Hạ.*29/01/2026"):
            change()


def test_reclassify_needs_a_kind(world, nothing_left):
    with pytest.raises(refusals.UnknownKind):
        actions.reclassify(**DO, on=NEXT, unit=world.thcs, kind="castle")


def test_recode_moves_a_code_and_an_empty_one_ends_it(world):
    actions.recode(**DO, on=NEXT, unit=world.thcs, scheme="moet", code="")
    assert queries.by_code("99001003", TODAY, "moet") == world.thcs
    assert queries.by_code("99001003", NEXT, "moet") is None
    actions.recode(**DO, on=NEXT, unit=world.tieu_hoc, scheme="moet", code="99001003")
    assert queries.by_code("99001003", NEXT, "moet") == world.tieu_hoc
    with pytest.raises(refusals.CodeTaken, match="Ánh Dương"):
        actions.recode(**DO, on=NEXT, unit=world.mam_non, scheme="moet", code="99001003")


def test_move_reaches_everything_below(world):
    actions.move(**DO, on=NEXT, unit=world.tieu_hoc, hierarchy=TERRITORY, parent=world["cao_son"])
    assert queries.is_under(world["diem_truong"], world["cao_son"], TERRITORY, NEXT)
    assert queries.is_under(world["diem_truong"], world["binh_minh"], TERRITORY, NEXT - timedelta(days=1))
    assert not queries.is_under(world["diem_truong"], world["binh_minh"], TERRITORY, NEXT)


def test_leaving_a_hierarchy(world):
    actions.move(**DO, on=NEXT, unit=world.thcs, hierarchy=PROFESSIONAL, parent=None)
    assert queries.parent(world["thcs"], PROFESSIONAL, NEXT) is None
    assert queries.parent(world["thcs"], MANAGEMENT, NEXT) == world["cao_son"]


def test_a_unit_cannot_stand_above_itself(world, nothing_left):
    with pytest.raises(refusals.Loop, match=r"Điểm trường Suối Ba.*Trường Tiểu học Ánh Dương"):
        actions.move(**DO, on=NEXT, unit=world.tieu_hoc, hierarchy=TERRITORY, parent=world["diem_truong"])
    both = [(world["thcs"], TERRITORY, world["mam_non"]), (world["mam_non"], TERRITORY, world["thcs"])]
    with pytest.raises(refusals.Loop):  # neither alone is a circle
        actions.move_many(**DO, on=NEXT, moves=both)


def test_many_moves_name_the_row(world, nothing_left):
    moves = [
        (world["thcs"], TERRITORY, world["binh_minh"]),
        (world["thcs"], TERRITORY, world["yen_lap"]),
        (world["mam_non"], "FAMILY", world["binh_minh"]),
        (world["mam_non"], TERRITORY, world["huyen_ha"]),
    ]
    with pytest.raises(Invalid) as refused:
        actions.move_many(**DO, on=NEXT, moves=moves)
    assert [(fault.row, type(fault.fault)) for fault in refused.value.faults] == [
        (2, refusals.AlreadyChanged),
        (3, refusals.UnknownHierarchy),
        (4, refusals.ParentNotThere),
    ]


def test_close_ends_existence_and_links(world):
    actions.close(**DO, on=NEXT, unit=world.diem_truong)
    assert queries.exists(world["diem_truong"], NEXT - timedelta(days=1))
    assert not queries.exists(world["diem_truong"], NEXT)
    ends = Link.objects.filter(unit=world.diem_truong, start=NEXT)
    assert {(row.hierarchy_id, row.parent_id) for row in ends} == {(TERRITORY, None), (MANAGEMENT, None)}
    with pytest.raises(refusals.EndsAlready):
        actions.close(**DO, on=TODAY, unit=world.diem_truong)


def test_close_refuses_while_something_stands_below(world, nothing_left):
    with pytest.raises(refusals.StillHasChildren, match=r"Trường Tiểu học Ánh Dương.*Điểm trường Suối Ba"):
        actions.close(**DO, on=NEXT, unit=world.tieu_hoc)


# Reorganising


def test_merge_founds_a_new_unit_and_hands_over_what_stood_below(world):
    new = actions.merge(
        **DO,
        on=NEXT,
        predecessors=[world.cao_son, world.yen_lap],
        kind="commune",
        name="Xã Cao Sơn",
        parents={TERRITORY: world["province"], MANAGEMENT: world["province"]},
        codes={"gso": "99003"},
    )
    assert new.pk not in (world["cao_son"], world["yen_lap"])
    assert not queries.exists(world["cao_son"], NEXT)
    assert queries.parent(world["thcs"], TERRITORY, NEXT) == new.pk
    assert queries.parent(world["vhxh_yen_lap"], MANAGEMENT, NEXT) == new.pk
    assert queries.by_code("99003", NEXT) == new
    assert queries.by_code("99003", NEXT - timedelta(days=1)) == world.cao_son
    shares = {(row.predecessor_id, row.numerator, row.denominator, row.basis) for row in queries.predecessors(new.pk)}
    assert shares == {(world["cao_son"], 1, 1, "whole"), (world["yen_lap"], 1, 1, "whole")}


def test_merge_takes_links_planned_for_later_along(world):
    later = NEXT + timedelta(days=30)
    actions.move(**DO, on=later, unit=world.mam_non, hierarchy=TERRITORY, parent=world["yen_lap"])
    new = actions.merge(**DO, on=NEXT, predecessors=[world.cao_son, world.yen_lap], kind="commune", name="Xã Mới")
    assert queries.parent(world["mam_non"], TERRITORY, NEXT) == world["binh_minh"]
    assert queries.parent(world["mam_non"], TERRITORY, later) == new.pk


def test_merge_needs_two_that_exist(world, nothing_left):
    with pytest.raises(refusals.NothingToMerge):
        actions.merge(**DO, on=NEXT, predecessors=[world.yen_lap, world.yen_lap], kind="commune", name="Xã")
    with pytest.raises(refusals.NotThere):
        actions.merge(**DO, on=NEXT, predecessors=[world.yen_lap, world.dong_tam], kind="commune", name="Xã")


def test_divide_needs_a_place_for_everything_below(world):
    parts = [
        Part(Founding("primary", "Trường Tiểu học A"), Fraction(2, 3)),
        Part(Founding("primary", "Trường Tiểu học B"), Fraction(1, 3)),
    ]
    with pytest.raises(refusals.StillHasChildren):
        actions.divide(**DO, on=NEXT, unit=world.tieu_hoc, parts=parts)
    assert queries.exists(world["tieu_hoc"], NEXT)
    parts[1] = Part(parts[1].founding, Fraction(1, 3), children=[world["diem_truong"]])
    one, other = actions.divide(**DO, on=NEXT, unit=world.tieu_hoc, parts=parts)
    assert queries.parent(world["diem_truong"], TERRITORY, NEXT) == other.pk
    shares = [
        (row.successor_id, row.numerator, row.denominator, row.basis, row.main)
        for row in queries.successors(world["tieu_hoc"])
    ]
    assert shares == [(one.pk, 2, 3, "decided", True), (other.pk, 1, 3, "decided", False)]


@pytest.mark.parametrize("shares", [(Fraction(1, 2), Fraction(1, 3)), (Fraction(3, 2), Fraction(-1, 2))])
def test_shares_must_sum_to_one(world, nothing_left, shares):
    parts = [Part(Founding("primary", f"Trường {number}"), share) for number, share in enumerate(shares)]
    with pytest.raises(refusals.BadShares):
        actions.divide(**DO, on=NEXT, unit=world.thcs, parts=parts)
    with pytest.raises(refusals.NothingToDivide):
        actions.divide(**DO, on=NEXT, unit=world.thcs, parts=parts[:1])


def test_the_reorganisation_of_the_world(world):
    rows = {
        (row.predecessor_id, row.successor_id): (row.numerator, row.denominator, row.basis)
        for row in Lineage.objects.all()
    }
    assert rows == {
        (world["anh_duong"], world["binh_minh"]): (1, 1, "whole"),
        (world["binh_minh_cu"], world["binh_minh"]): (1, 1, "whole"),
        (world["cao_son_cu"], world["binh_minh"]): (1, 2, "equal"),
        (world["cao_son_cu"], world["cao_son"]): (1, 2, "equal"),
        (world["dong_tam"], world["cao_son"]): (1, 1, "whole"),
    }


def test_a_fault_in_a_founding_names_its_row(world, nothing_left):
    became = [Became(world.thcs, 0, Fraction(1, 2)), Became(world.thcs, 1, Fraction(1, 2))]
    with pytest.raises(Invalid) as refused:
        actions.reorganise(
            **DO, on=NEXT, foundings=[Founding("primary", "Trường A"), Founding("castle", "B")], became=became
        )
    assert [fault.row for fault in refused.value.faults] == [2]


# Derived tables and rights


def test_everything_rebuilt_gives_the_same(world):
    """What the verbs kept up to date piece by piece equals a rebuild of all."""

    def rows():
        return (
            set(Closure.objects.values_list("hierarchy", "ancestor", "descendant", "depth", "start", "end")),
            set(Snapshot.objects.values_list("unit", "start", "end", "name", "body_name", "kind", "code", "canon")),
        )

    before = rows()
    derived.rebuild_closure()
    derived.rebuild_snapshots()
    assert rows() == before


def test_only_an_administrator_of_the_place_may_change_it(world):
    _account, officer = appoint(world, "cao_son", Role.OFFICER, "can.bo")
    _account, administrator = appoint(world, "cao_son", Role.ADMINISTRATOR, "quan.tri")
    wanted = {"at": NOW, "on": NEXT, "kind": "primary", "name": "Trường Tiểu học Mới"}
    with pytest.raises(NotAllowed):
        actions.establish(by=officer, **wanted, parents={MANAGEMENT: world["cao_son"]})
    with pytest.raises(NotAllowed):
        actions.establish(by=administrator, **wanted, parents={MANAGEMENT: world["binh_minh"]})
    with pytest.raises(NotAllowed):
        actions.rename(by=administrator, at=NOW, on=NEXT, unit=world.binh_minh, name="Xã Khác")
    with pytest.raises(NotAllowed):
        actions.move(
            by=administrator, at=NOW, on=NEXT, unit=world.thcs, hierarchy=MANAGEMENT, parent=world["binh_minh"]
        )
    unit = actions.establish(by=administrator, **wanted, parents={MANAGEMENT: world["cao_son"]})
    assert journal.history(unit).get().actor_title == "Chức vụ thử"


def test_every_verb_leaves_one_event(world):
    actions.rename(**DO, on=NEXT, unit=world.thcs, name="Trường THCS Mới")
    actions.recode(**DO, on=NEXT, unit=world.thcs, scheme="moet", code="99009999")
    actions.move(**DO, on=NEXT, unit=world.thcs, hierarchy=TERRITORY, parent=world["binh_minh"])
    verbs = list(journal.history(world.thcs).values_list("verb", flat=True))[:3]
    assert verbs == ["unit.move", "unit.recode", "unit.rename"]
    event = journal.history(world.thcs).first()
    assert (event.data["before"], event.data["after"]) == (world["cao_son"], world["binh_minh"])


def test_a_decision_is_recorded_once(world):
    act = {"number": "5/NQ", "date": TODAY, "issuer": "HĐND tỉnh Mẫu"}
    first = actions.record_decision(**DO, **act)
    assert actions.record_decision(**DO, **act) == first
    assert journal.events(verb="unit.record_decision").filter(subject_id=first.pk).count() == 1
