"""Decrees: many steps of one day together, what they refuse by step, and taking them back."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.journal import queries as journal
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, decree, queries, refusals
from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Reclassify,
    Recode,
    Rename,
    Reopen,
)
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    PROFESSIONAL,
    TERRITORY,
    Alias,
    Change,
    Classing,
    Closure,
    Code,
    Existence,
    Holds,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)
from giaoban.people.roles import Role
from tests.rooms.orgs.conftest import appoint
from tests.world import EVE, NOW, SINCE, TODAY

DO = {"by": SYSTEM, "at": NOW}
NEXT = date(2026, 8, 1)
LATER = date(2027, 1, 1)
DATED = (Existence, Name, Classing, Code, Link, Holds, Lineage, Alias)


def answers():
    """All that can be asked of the units, as plain sets; numbers of rows do not matter."""
    rows = {}
    for table in DATED:
        fields = [one.attname for one in table._meta.concrete_fields if not one.primary_key]
        rows[table.__name__] = set(table.objects.values_list(*fields))
    rows["closure"] = set(Closure.objects.values_list("hierarchy", "ancestor", "descendant", "depth", "start", "end"))
    rows["snapshot"] = set(Snapshot.objects.values_list("unit", "start", "end", "name", "kind", "code", "canon"))
    return rows


@pytest.fixture
def nothing_left(world):
    before = answers()
    changes = Change.objects.count()
    units = Unit.objects.count()
    yield
    assert answers() == before
    assert (Change.objects.count(), Unit.objects.count()) == (changes, units)


def both(place):
    return {TERRITORY: place, MANAGEMENT: place}


def merger(world, **more):
    """Cao Sơn and Yên Lập become one commune with an office, everything by one act."""
    return [
        Establish("moi", "commune", "Xã Cao Sơn Mới", parents=both(world["province"]), codes={"gso": "99003"}, **more),
        Become(world["cao_son"], "moi"),
        Become(world["yen_lap"], "moi"),
    ]


def division(world, *more):
    """Cao Sơn is divided."""
    return [
        Establish("dong", "commune", "Xã Cao Sơn Đông", parents=both(world["province"])),
        Establish("tay", "commune", "Xã Cao Sơn Tây", parents=both(world["province"])),
        Become(world["cao_son"], "dong", Fraction(2, 3), "pupils"),
        Become(world["cao_son"], "tay", Fraction(1, 3), "pupils"),
        *more,
    ]


# Carrying out


def test_a_decree_does_all_its_steps_on_its_day(world):
    decision = actions.record_decision(**DO, number="9/NQ", date=TODAY, issuer="HĐND tỉnh Mẫu", title="Sắp xếp xã")
    steps = [
        *merger(world, aliases=("Cao Sơn mới",)),
        Rename(world["phuong_ha"], "Phường Hạ Long", "UBND phường Hạ Long"),
        Reclassify(world["thcs"], "upper_secondary"),
        Recode(world["thcs"], "moet", "99001999"),
        Move(world["thpt"], TERRITORY, "moi"),
        Close(world["diem_truong"]),
        Mark(world["phuong_ha"], "zone", "I"),
    ]
    change = actions.carry_out(**DO, on=NEXT, steps=steps, decision=decision)
    (new,) = queries.founded_by(change)
    assert queries.ended_by(change) == sorted([world["cao_son"], world["yen_lap"], world["diem_truong"]])
    assert queries.became(change) == {world["cao_son"]: [(new, 1)], world["yen_lap"]: [(new, 1)]}
    assert queries.parent(world["thcs"], TERRITORY, NEXT) == new  # went along with its commune
    assert queries.parent(world["thpt"], TERRITORY, NEXT) == new
    assert queries.by_code("99003", NEXT).pk == new
    assert queries.name(world["phuong_ha"], NEXT) == "Phường Hạ Long"
    assert {row.decision for row in Name.objects.filter(change=change)} == {decision}
    assert (change.title, change.made_by, change.unplaced) == ("Sắp xếp xã", "Hệ thống", [])
    assert decree.from_json(change.steps) == steps
    event = journal.history(change).get()
    assert (event.verb, event.data["founded"], event.data["steps"]) == ("unit.carry_out", [new], len(steps))
    assert {new, world["thcs"], world["thpt"], world["phuong_ha"]} <= queries.touched(change)
    assert world["mam_non"] not in queries.touched(change)


def test_every_fault_names_its_step(world, nothing_left):
    steps = [
        Establish("a", "castle", "", parents={TERRITORY: "nowhere", "FAMILY": COUNTRY_ID}),
        Establish("a", "primary", "Trường A"),
        Establish("b", "primary", "Trường B", codes={"moet": "99001001"}, attributes={"zone": "IX"}),
        Become(world["cao_son"], "b", Fraction(1, 2), "luck"),
        Become(world["cao_son"], 999_999, Fraction(1, 3)),
        Rename(world["cao_son"], "Xã Khác"),
        Rename(world["huyen_ha"], "Huyện Khác"),
        Move(world["thcs"], TERRITORY, world["cao_son"]),
        Move(world["thcs"], TERRITORY, world["binh_minh"]),
        Mark(world["thcs"], "colour", "red"),
        Close(world["tieu_hoc"]),
        Reopen(world["thcs"]),
        Reopen(world["dong_tam"]),
    ]
    with pytest.raises(Invalid) as refused:
        actions.carry_out(**DO, on=NEXT, steps=steps)
    assert [(fault.row, type(fault.fault)) for fault in refused.value.faults] == [
        (1, refusals.UnknownKind),
        (1, refusals.EmptyName),
        (1, refusals.UnknownKey),
        (1, refusals.UnknownHierarchy),
        (2, refusals.KeyTwice),
        (3, refusals.CodeTaken),
        (3, refusals.UnknownValue),
        (4, refusals.BadShares),
        (4, refusals.UnknownBasis),
        (5, refusals.UnknownParent),
        (6, refusals.EndsInDecree),
        (7, refusals.NotThere),
        (8, refusals.ParentNotThere),
        (9, refusals.AlreadyChanged),
        (10, refusals.UnknownAttribute),
        (11, refusals.StillHasChildren),
        (12, refusals.ExistsAlready),
        (13, refusals.WentOn),
    ]


def test_an_empty_decree_is_refused(world, nothing_left):
    with pytest.raises(refusals.NothingAsked):
        actions.carry_out(**DO, on=NEXT, steps=[])


def test_codes_may_change_hands_within_a_decree(world):
    steps = [Recode(world["thcs"], "moet", "99001001"), Recode(world["mam_non"], "moet", "99001003")]
    actions.carry_out(**DO, on=NEXT, steps=steps)
    assert queries.by_code("99001001", NEXT, "moet") == world.thcs
    assert queries.by_code("99001003", NEXT, "moet") == world.mam_non


def test_what_is_founded_may_stand_under_what_is_founded(world):
    steps = [
        Establish("point", "school_site", "Điểm trường Mới", parents=both("school")),
        Establish("school", "primary", "Trường Tiểu học Mới", parents=both(world["cao_son"])),
    ]
    point, school = queries.founded_by(actions.carry_out(**DO, on=NEXT, steps=steps))
    assert queries.parent(point, TERRITORY, NEXT) == school
    steps[1] = Establish("school", "primary", "Trường Vòng", parents=both("point"))
    with pytest.raises(Invalid) as refused:
        actions.carry_out(**DO, on=LATER, steps=steps)
    assert {type(fault.fault) for fault in refused.value.faults} == {refusals.Loop}


def test_a_unit_may_become_part_of_one_that_stays(world):
    change = actions.carry_out(**DO, on=NEXT, steps=[Become(world["yen_lap"], world["cao_son"])])
    assert not queries.exists(world["yen_lap"], NEXT)
    assert queries.parent(world["vhxh_yen_lap"], MANAGEMENT, NEXT) == world["cao_son"]
    assert queries.founded_by(change) == []
    assert queries.became(change) == {world["yen_lap"]: [(world["cao_son"], 1)]}


def test_planned_links_are_led_over_and_back(world):
    actions.move(**DO, on=LATER, unit=world.mam_non, hierarchy=TERRITORY, parent=world["yen_lap"])
    before = answers()
    change = actions.carry_out(**DO, on=NEXT, steps=merger(world))
    (new,) = queries.founded_by(change)
    assert queries.parent(world["mam_non"], TERRITORY, LATER) == new
    assert world["mam_non"] in queries.touched(change)
    actions.undo(**DO, change=change, why="Nghị quyết bị thu hồi")
    assert answers() == before


def test_a_circle_in_a_later_year_is_refused(world, nothing_left):
    """What is planned already makes the step wrong, though on its own day nothing is."""
    actions.move(**DO, on=LATER, unit=world.thcs, hierarchy=TERRITORY, parent=world["tieu_hoc"])
    change = Change.objects.order_by("-pk").first()
    with pytest.raises(refusals.LoopLater, match="01/01/2027"):
        actions.move(**DO, on=NEXT, unit=world.tieu_hoc, hierarchy=TERRITORY, parent=world["thcs"])
    with pytest.raises(Invalid) as refused:
        actions.carry_out(
            **DO, on=NEXT, steps=[Rename(world["thpt"], "X"), Move(world["tieu_hoc"], TERRITORY, world["thcs"])]
        )
    assert [(fault.row, type(fault.fault)) for fault in refused.value.faults] == [(2, refusals.LoopLater)]
    actions.undo(**DO, change=change, why="Thử")
    Change.objects.filter(pk=change.pk).delete()


def test_rights_are_asked_for_every_unit_named(world):
    _account, administrator = appoint(world, "cao_son", Role.ADMINISTRATOR, "quan.tri")
    founding = Establish("x", "primary", "X", parents=both(world["cao_son"]))
    mine = [Rename(world["thcs"], "Trường THCS Cao Sơn 1"), founding]
    change = actions.carry_out(by=administrator, at=NOW, on=NEXT, steps=mine)
    assert change.made_by == "Nguyễn Thị Thử, Chức vụ thử"
    for other in (
        Rename(world["mam_non"], "Y"),
        Move(world["ban_tru"], TERRITORY, world["binh_minh"]),
        Establish("y", "primary", "Y", parents=both(world["binh_minh"])),
        Establish("y", "primary", "Y"),
    ):
        with pytest.raises(NotAllowed):
            actions.carry_out(by=administrator, at=NOW, on=LATER, steps=[Rename(world["thcs"], "Z"), other])
    actions.undo(by=administrator, at=NOW, change=change, why="Nhầm")
    other = actions.rename(**DO, on=NEXT, unit=world.mam_non, name="Trường Mầm non Khác")
    with pytest.raises(NotAllowed):
        actions.undo(by=administrator, at=NOW, change=other, why="Không phải của tôi")


# Below a divided unit


def test_what_no_step_names_waits_near_the_parts(world):
    change = actions.carry_out(
        **DO,
        on=NEXT,
        steps=division(world, Move(world["thcs"], TERRITORY, "dong"), Move(world["thcs"], MANAGEMENT, "tay")),
    )
    east, west = queries.founded_by(change)
    assert queries.parent(world["thcs"], TERRITORY, NEXT) == east
    assert queries.parent(world["thcs"], MANAGEMENT, NEXT) == west
    waiting = {(child, hierarchy) for child, hierarchy, _ in change.unplaced}
    assert (world["ban_tru"], TERRITORY) in waiting and (world["thcs"], TERRITORY) not in waiting
    assert all(parts == [east, west] for _, _, parts in change.unplaced)
    assert queries.parent(world["ban_tru"], TERRITORY, NEXT) == world["province"]
    assert queries.successors(world["cao_son"])[0].estimated  # by pupils: worked out, not decided


def test_a_person_says_where_it_went(world):
    before = answers()
    change = actions.carry_out(**DO, on=NEXT, steps=division(world))
    east, _west = queries.founded_by(change)
    rows = Link.objects.count()
    with pytest.raises(refusals.ParentNotThere):
        actions.place(**DO, change=change, unit=world["ban_tru"], hierarchy=TERRITORY, parent=world["cao_son"])
    actions.place(**DO, change=change, unit=world["ban_tru"], hierarchy=TERRITORY, parent=east)
    assert Link.objects.count() == rows
    assert queries.parent(world["ban_tru"], TERRITORY, NEXT) == east
    assert [world["ban_tru"], TERRITORY] not in [row[:2] for row in queries.change(change.pk).unplaced]
    with pytest.raises(refusals.PlacedAlready):
        actions.place(**DO, change=change, unit=world["ban_tru"], hierarchy=TERRITORY, parent=east)
    actions.undo(**DO, change=change, why="Thử")
    assert answers() == before


def test_planned_links_under_a_divided_unit_wait_too(world):
    actions.move(**DO, on=LATER, unit=world.mam_non, hierarchy=TERRITORY, parent=world["cao_son"])
    change = actions.carry_out(**DO, on=NEXT, steps=division(world))
    _east, west = queries.founded_by(change)
    assert queries.parent(world["mam_non"], TERRITORY, LATER) == world["province"]
    actions.place(**DO, change=change, unit=world["mam_non"], hierarchy=TERRITORY, parent=west)
    assert queries.parent(world["mam_non"], TERRITORY, NEXT) == world["binh_minh"]
    assert queries.parent(world["mam_non"], TERRITORY, LATER) == west


def test_shares_are_declared_anew(world):
    change = actions.carry_out(**DO, on=NEXT, steps=division(world))
    east, west = queries.founded_by(change)
    before = answers()
    shares = {east: Fraction(1, 4), west: Fraction(3, 4)}
    declared = actions.declare_shares(**DO, on=LATER, unit=world.cao_son, basis="area", shares=shares)
    rows = {
        row.successor_id: (row.numerator, row.denominator, row.basis, row.main)
        for row in queries.successors(world["cao_son"])
    }
    assert rows == {east: (1, 4, "area", False), west: (3, 4, "area", True)}
    with pytest.raises(refusals.RestsOnIt):
        actions.undo(**DO, change=change, why="Thử")
    actions.undo(**DO, change=declared, why="Nhầm căn cứ")
    assert answers() == before
    for faulty, refusal in (
        ({east: Fraction(1)}, refusals.OtherParts),
        ({east: Fraction(1, 2), west: Fraction(1, 3)}, refusals.BadShares),
        ({east: Fraction(1, 2**40), west: 1 - Fraction(1, 2**40)}, refusals.ShareTooFine),
    ):
        with pytest.raises(refusal):
            actions.declare_shares(**DO, on=LATER, unit=world.cao_son, basis="area", shares=faulty)
    with pytest.raises(refusals.UnknownBasis):
        actions.declare_shares(**DO, on=LATER, unit=world.cao_son, basis="whole", shares=shares)
    with pytest.raises(refusals.NoSharesTogether):
        actions.declare_shares(**DO, on=LATER, unit=world.dong_tam, basis="area", shares=shares)


# Opening again


def test_a_closed_site_opens_again(world):
    actions.close(**DO, on=NEXT, unit=world.diem_truong)
    change = actions.reopen(**DO, on=LATER, unit=world.diem_truong, parents=both(world["tieu_hoc"]))
    site = world["diem_truong"]
    assert not queries.exists(site, LATER - timedelta(days=1))
    assert queries.name(site, LATER) == "Điểm trường Suối Ba"
    assert queries.is_under(site, world["binh_minh"], TERRITORY, LATER)
    assert queries.founded_by(change) == []
    with pytest.raises(refusals.ExistsAgain):
        actions.reopen(**DO, on=NEXT + timedelta(days=30), unit=world.diem_truong)
    actions.undo(**DO, change=change, why="Thử")
    assert not queries.exists(site, LATER)


# Undoing


@pytest.mark.parametrize("steps", [merger, division], ids=["merger", "division"])
def test_undoing_is_the_identity(world, steps):
    before = answers()
    change = actions.carry_out(**DO, on=NEXT, steps=[*steps(world), Mark(world["thcs"], "zone", "II")])
    founded, ended, became, touched = (
        ask(change) for ask in (queries.founded_by, queries.ended_by, queries.became, queries.touched)
    )
    assert answers() != before
    actions.undo(**DO, change=change, why="Nghị quyết bị thu hồi")
    assert answers() == before
    assert (change.undone_why, change.undone_by) == ("Nghị quyết bị thu hồi", "Hệ thống")
    assert [unit for unit in founded if Unit.objects.filter(pk=unit).exists()] == founded
    assert not any(queries.exists(unit, NEXT) for unit in founded)
    assert (founded, ended, became, touched) == (
        queries.founded_by(change),
        queries.ended_by(change),
        queries.became(change),
        queries.touched(change),
    )
    event = journal.history(change).first()
    assert (event.verb, event.reason) == ("unit.undo", "Nghị quyết bị thu hồi")
    with pytest.raises(refusals.UndoneAlready):
        actions.undo(**DO, change=change, why="Lại")
    again = actions.carry_out(**DO, on=NEXT, steps=decree.from_json(change.steps))
    assert len(queries.founded_by(again)) == len(founded)


def test_undoing_needs_a_reason(world):
    change = actions.rename(**DO, on=NEXT, unit=world.thcs, name="Trường Khác")
    with pytest.raises(refusals.WhyMissing):
        actions.undo(**DO, change=change, why="  ")


def test_what_newer_changes_rest_on_stays(world):
    change = actions.carry_out(**DO, on=NEXT, steps=merger(world), title="Sáp nhập Cao Sơn")
    (new,) = queries.founded_by(change)
    for newer in (
        lambda: actions.rename(**DO, on=LATER, unit=Unit.objects.get(pk=new), name="Xã Khác"),
        lambda: actions.move(**DO, on=LATER, unit=world.mam_non, hierarchy=TERRITORY, parent=new),
        lambda: actions.move(**DO, on=LATER, unit=world.thcs, hierarchy=TERRITORY, parent=world["binh_minh"]),
        lambda: actions.establish(**DO, on=LATER, kind="primary", name="Trường Mới", parents=both(new)),
    ):
        resting = newer()
        if isinstance(resting, Unit):
            resting = Change.objects.latest("pk")
        with pytest.raises(refusals.RestsOnIt, match="01/01/2027"):
            actions.undo(**DO, change=change, why="Thử")
        actions.undo(**DO, change=resting, why="Thử")
    actions.rename(**DO, on=LATER, unit=world.thcs, name="Trường THCS Khác")  # has nothing to do with it
    actions.undo(**DO, change=change, why="Thử")
    assert queries.name(world["thcs"], LATER) == "Trường THCS Khác"


def test_undoing_leaves_no_link_hanging_and_no_code_twice(world):
    moved = actions.move(**DO, on=NEXT, unit=world.diem_truong, hierarchy=TERRITORY, parent=world["thcs"])
    actions.move(**DO, on=NEXT, unit=world.diem_truong, hierarchy=MANAGEMENT, parent=world["thcs"])
    actions.close(**DO, on=LATER, unit=world.tieu_hoc)
    with pytest.raises(refusals.WouldHang, match=r"Điểm trường Suối Ba.*Trường Tiểu học Ánh Dương"):
        actions.undo(**DO, change=moved, why="Thử")
    freed = actions.recode(**DO, on=NEXT, unit=world.thcs, scheme="moet", code="")
    actions.recode(**DO, on=NEXT, unit=world.mam_non, scheme="moet", code="99001003")
    with pytest.raises(refusals.CodeInUse, match="99001003"):
        actions.undo(**DO, change=freed, why="Thử")


def test_changes_are_listed_newest_first(world):
    first = actions.rename(**DO, on=NEXT, unit=world.thcs, name="Trường Khác")
    second = actions.rename(**DO, on=LATER, unit=world.thcs, name="Trường Khác nữa")
    assert list(queries.changes(NEXT)) == [second, first]
    assert list(queries.changes(NEXT, LATER)) == [first]
    actions.undo(**DO, change=second, why="Thử")
    assert list(queries.changes(NEXT, undone=False)) == [first]
    assert queries.changes(SINCE).last().on == SINCE  # what the world was founded by is there too
    with pytest.raises(refusals.UnknownChange):
        queries.change(0)


# Attributes


def test_attributes_are_inherited_along_the_territory(world):
    actions.mark(**DO, on=NEXT, unit=world.cao_son, attribute="zone", value="III")
    actions.mark(**DO, on=NEXT, unit=world.thcs, attribute="zone", value="I")
    actions.mark(**DO, on=LATER, unit=world.thcs, attribute="zone", value="")

    def held(unit, on):
        return [(one.code, value, whose) for one, value, whose in queries.attributes_of(world[unit], on)]

    assert held("ban_tru", NEXT) == [("zone", "III", world["cao_son"])]
    assert held("thcs", NEXT) == [("zone", "I", world["thcs"])]
    assert held("thcs", LATER) == [("zone", "III", world["cao_son"])]
    assert held("cao_son", EVE) == held("mam_non", NEXT) == []
    assert set(queries.having("zone", "I", NEXT)) == {world["thcs"]}
    third = set(queries.having("zone", "III", NEXT))
    assert {world["cao_son"], world["ban_tru"]} <= third and world["thcs"] not in third
    assert world["thcs"] in set(queries.having("zone", "III", LATER))
    assert not set(queries.having("zone", "III", TODAY))


def test_only_known_attributes_and_values(world, nothing_left):
    with pytest.raises(refusals.UnknownValue, match="I, II, III"):
        actions.mark(**DO, on=NEXT, unit=world.thcs, attribute="zone", value="IV")
    with pytest.raises(refusals.UnknownAttribute):
        actions.mark(**DO, on=NEXT, unit=world.thcs, attribute="colour", value="red")


# Groups


def test_a_group_is_a_unit_with_members_in_a_hierarchy_of_its_own(world):
    actions.name_hierarchy(**DO, code="CUM", name="Cụm trường", help="Sinh hoạt chuyên môn")
    cluster = actions.establish(
        **DO, on=NEXT, kind="cluster", name="Cụm trường số 1", parents={MANAGEMENT: world["so"]}
    )
    actions.carry_out(**DO, on=NEXT, steps=[Move(world[name], "CUM", cluster.pk) for name in ("thcs", "mam_non")])
    assert set(queries.descendants(cluster.pk, "CUM", NEXT)) == {world["thcs"], world["mam_non"]}
    assert queries.parent(world["thcs"], TERRITORY, NEXT) == world["cao_son"]
    assert [row.unit_id for row in queries.roots("CUM", NEXT)] == [cluster.pk]
    for faulty, refusal in (({"code": "CUM"}, refusals.HierarchyThere), ({"code": "cụm"}, refusals.BadHierarchyCode)):
        with pytest.raises(refusal):
            actions.name_hierarchy(**DO, name="Cụm", **faulty)


def test_steps_travel_as_json(world):
    steps = [
        *division(world),
        Establish("k", "primary", "T", "B", "S", both("dong"), {"moet": "1"}, {"zone": "I"}, ("A", "B")),
        Move(3, PROFESSIONAL, None),
        Reopen(4, both(5)),
        Recode(3, "moet", ""),
        Mark(3, "zone", ""),
        Close(7),
        Reclassify(7, "primary"),
    ]
    assert decree.from_json(decree.to_json(steps)) == steps
