"""Rights: a role of the position, over the unit or above it, in the grant's hierarchy, on the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Snapshot
from giaoban.people import actions, queries
from giaoban.people.models import Holding
from giaoban.people.roles import VERBS, Role, UnknownVerb, roles_of, table
from tests.rooms.people.office import Office, seat_somebody
from tests.world import EVE, NOW, REFORM, TODAY

DAY = timedelta(days=1)


def where(office: Office, name: str, verb: str, on: date = TODAY, tree_day: date | None = None) -> set[str]:
    ids = {row["descendant_id"] for row in queries.units_where(office.actor(name), verb, on, tree_day)}
    return {name for name in office.world if office.unit(name) in ids}


def test_a_leader_sees_the_commune_and_all_below_and_nothing_beside(office):
    assert where(office, "ct.binhminh", "task.assign") >= {
        "binh_minh",
        "vhxh_binh_minh",
        "mam_non",
        "tieu_hoc",
        "diem_truong",
    }
    assert not where(office, "ct.binhminh", "task.assign") & {"cao_son", "thcs", "province", "phuong_ha", "thpt", "so"}


def test_the_hierarchy_of_the_grant_decides(office):
    """The Sở guides the primary school, which the commune directs: PROFESSIONAL reaches it, MANAGEMENT does not."""
    assert "tieu_hoc" in where(office, "cv.so", "round.open")
    director = actions.create_position(by=SYSTEM, at=NOW, unit=office.unit("so"), title="Giám đốc Sở", leads=True)
    actions.grant(by=SYSTEM, at=NOW, on=REFORM, position=director, role=Role.LEADER, hierarchy=MANAGEMENT)
    actions.appoint(by=SYSTEM, at=NOW, on=REFORM, position=director, account=office.account["cv.so"])
    by = queries.actor(office.account["cv.so"], director.pk, TODAY)
    assert queries.may(by, "task.assign", office.unit("thpt"), TODAY)
    assert not queries.may(by, "task.assign", office.unit("tieu_hoc"), TODAY)


def test_the_verb_table_decides(office):
    typist, unit = office.actor("pht.tieuhoc"), office.unit("tieu_hoc")
    assert queries.may(typist, "figure.type", unit, TODAY)
    assert not queries.may(typist, "figure.submit", unit, TODAY)
    with pytest.raises(NotAllowed):
        queries.require(typist, "figure.submit", unit, TODAY)


def test_every_right_agrees_with_the_list_of_units(office):
    units = Snapshot.objects.filter(start__lte=TODAY, end__gt=TODAY).values_list("unit_id", flat=True)
    for name in office.account:
        by = office.actor(name)
        for verb in ("figure.follow", "account.manage", "document.register"):
            listed = {row["descendant_id"] for row in queries.units_where(by, verb, TODAY)}
            assert listed == {unit for unit in units if queries.may(by, verb, unit, TODAY)}


def test_several_verbs_at_once_agree_with_the_list_of_units(office):
    verbs = ("figure.type", "figure.submit", "figure.check", "task.assign")
    for name in office.account:
        by = office.actor(name)
        listed = {
            verb: set(queries.units_where(by, verb, TODAY).values_list("descendant_id", flat=True)) for verb in verbs
        }
        for unit in office.world:
            at = office.unit(unit)
            assert queries.verbs_at(by, verbs, at, TODAY) == {verb for verb in verbs if at in listed[verb]}


def test_the_seats_of_a_request_are_the_positions_of_the_account(office):
    names = [one.attname for one in Holding._meta.concrete_fields]
    found = 0
    for account in office.account.values():
        account.refresh_from_db()
        for on in (TODAY, EVE, EVE - DAY, TODAY + 400 * DAY):
            seats, wanted = queries.seats(account, on), list(queries.positions_of(account, on))
            assert [[getattr(one, name) for name in names] for one in seats] == [
                [getattr(one, name) for name in names] for one in wanted
            ]
            assert [queries.actor_of(one) for one in seats] == [queries.actor_of(one) for one in wanted]
            assert [(one.position.rank, one.position.leads) for one in seats] == [
                (one.position.rank, one.position.leads) for one in wanted
            ]
            found += len(seats)
    assert found
    actions.deactivate(by=SYSTEM, at=NOW, account=office.account["ct.binhminh"], reason="nghỉ dài hạn")
    office.account["ct.binhminh"].refresh_from_db()
    assert queries.seats(office.account["ct.binhminh"], TODAY) == []


def test_a_grant_holds_from_its_first_day_to_the_day_before_its_end(office):
    position, unit = office.seat["pht.tieuhoc"], office.unit("tieu_hoc")
    actions.grant(by=SYSTEM, at=NOW, position=position, role=Role.HEAD, on=TODAY, until=TODAY + 3 * DAY)
    by = office.actor("pht.tieuhoc")
    held = [queries.may(by, "figure.submit", unit, TODAY + n * DAY) for n in range(-1, 4)]
    assert held == [False, True, True, True, False]


def test_a_position_that_ended_does_nothing_any_more(office):
    by, unit = office.actor("ht.tieuhoc"), office.unit("tieu_hoc")
    assert queries.may(by, "figure.submit", unit, TODAY)
    one = Holding.objects.get(account=office.account["ht.tieuhoc"])
    actions.dismiss(by=SYSTEM, at=NOW, holding=one, on=TODAY)
    assert queries.may(by, "figure.submit", unit, TODAY - DAY)
    assert not queries.may(by, "figure.submit", unit, TODAY)
    assert not queries.units_where(by, "figure.submit", TODAY).exists()
    with pytest.raises(NotAllowed):
        office.actor("ht.tieuhoc")


def test_a_suspended_account_does_nothing(office):
    by = office.actor("ct.binhminh")
    actions.deactivate(by=SYSTEM, at=NOW, account=office.account["ct.binhminh"], reason="nghỉ dài hạn")
    assert not queries.may(by, "task.assign", office.unit("binh_minh"), TODAY)
    assert not queries.positions_of(office.account["ct.binhminh"], TODAY).exists()


def test_an_actor_cannot_borrow_a_position_they_do_not_hold(office):
    typist = office.account["pht.tieuhoc"]
    forged = Actor(typist.pk, office.seat["ct.binhminh"].pk, office.unit("binh_minh"), "giả mạo")
    assert not queries.may(forged, "task.assign", office.unit("binh_minh"), TODAY)
    with pytest.raises(NotAllowed):
        queries.actor(typist, office.seat["ct.binhminh"].pk, TODAY)


def test_rights_of_today_over_the_tree_of_another_day(office):
    """The province's administrator manages the district of last year when the tree of that day is asked for."""
    by = office.actor("quantri")
    assert not queries.may(by, "unit.manage", office.unit("huyen_thuong"), TODAY)
    assert queries.may(by, "unit.manage", office.unit("huyen_thuong"), TODAY, tree_day=EVE)
    assert "huyen_thuong" in where(office, "quantri", "unit.manage", tree_day=EVE)
    assert not queries.may(by, "unit.manage", office.unit("huyen_thuong"), EVE - DAY, tree_day=EVE), "not yet granted"


def test_reading_reaches_back_to_what_the_unit_was_made_of(office):
    """Xã Bình Minh was made of xã Ánh Dương, the old xã Bình Minh and half of the old xã Cao Sơn."""
    by = office.actor("ct.binhminh")
    for verb in ("unit.view", "figure.view", "figure.follow", "document.view", "meeting.view", "task.view"):
        seen = where(office, "ct.binhminh", verb, tree_day=EVE)
        assert {"anh_duong", "binh_minh_cu"} <= seen, verb
        assert not seen & {"cao_son_cu", "dong_tam", "huyen_thuong", "province", "thcs"}, verb
    assert queries.may(by, "figure.view", office.unit("anh_duong"), TODAY, tree_day=EVE)
    assert not queries.may(by, "figure.view", office.unit("anh_duong"), TODAY), "on the tree of its own days only"
    assert not queries.may(by, "figure.view", office.unit("anh_duong"), EVE, tree_day=EVE), "and by rights of today"


def test_a_divided_unit_is_read_by_who_has_rights_over_all_its_successors(office):
    """The old xã Cao Sơn went half to xã Bình Minh and half to xã Cao Sơn: neither alone reads what it left."""
    old = office.unit("cao_son_cu")
    leader = office.actor("ct.binhminh")
    assert not queries.may(leader, "figure.view", old, TODAY, tree_day=EVE)
    assert not queries.may(office.actor("ct.caoson"), "figure.view", old, TODAY, tree_day=EVE)
    assert queries.may(office.actor("ct.caoson"), "figure.view", office.unit("dong_tam"), TODAY, tree_day=EVE)
    actions.grant(
        by=SYSTEM,
        at=NOW,
        on=REFORM,
        position=office.seat["ct.binhminh"],
        role=Role.LEADER,
        unit=office.unit("cao_son"),
        hierarchy=MANAGEMENT,
    )
    assert queries.may(leader, "figure.view", old, TODAY, tree_day=EVE)


def test_whole_predecessors_are_followed_through_several_mergers_with_what_stood_under_them(office):
    """Today's commune and a neighbour become one: its leader reads the communes of two reforms ago and their sites."""
    later = date(2026, 1, 20)
    new = orgs.merge(
        by=SYSTEM,
        at=NOW,
        on=later,
        predecessors=[office.world.binh_minh, office.world.cao_son],
        kind="commune",
        name="Xã Minh Sơn",
        parents={TERRITORY: office.unit("province"), MANAGEMENT: office.unit("province")},
    )
    seat_somebody(office, "ct.moi", "Vừ A Sơn", office.unit("yen_lap"))
    leads = {"by": SYSTEM, "at": NOW, "position": office.seat["ct.moi"], "role": Role.LEADER, "unit": new.pk}
    actions.grant(**leads, on=later, hierarchy=TERRITORY)
    seen = where(office, "ct.moi", "figure.view", tree_day=EVE)
    assert {"anh_duong", "binh_minh_cu", "cao_son_cu", "dong_tam", "tieu_hoc", "thcs", "diem_truong"} <= seen
    assert not seen & {"phuong_ha", "yen_lap", "huyen_thuong", "huyen_ha", "province"}
    assert {"binh_minh", "cao_son"} <= where(office, "ct.moi", "figure.view", tree_day=later - DAY)


def test_no_verb_that_writes_reaches_back(office):
    for verb in VERBS:
        seen = where(office, "ct.binhminh", verb, tree_day=EVE)
        assert "anh_duong" not in seen or verb.endswith(".view") or verb == "figure.follow", verb


def test_no_position_in_a_unit_that_ended(office):
    seat_somebody(office, "cv.yenlap", "Mùa A Sùng", office.unit("yen_lap"))
    assert queries.positions_of(office.account["cv.yenlap"], TODAY).count() == 1
    actions.appoint(
        by=SYSTEM,
        at=NOW,
        on=EVE,
        position=actions.create_position(by=SYSTEM, at=NOW, unit=office.unit("huyen_ha"), title="Trưởng phòng"),
        account=office.account["cv.yenlap"],
    )
    assert queries.positions_of(office.account["cv.yenlap"], EVE).count() == 1
    assert [one.position.unit_id for one in queries.positions_of(office.account["cv.yenlap"], TODAY)] == [
        office.unit("yen_lap")
    ]


@pytest.mark.parametrize("ask", ["may", "units_where", "holders", "positions_of", "verbs_held"])
def test_each_question_is_one_query(office, ask):
    by, unit = office.actor("ct.binhminh"), office.unit("binh_minh")
    questions = {
        "may": lambda: queries.may(by, "task.assign", unit, TODAY),
        "units_where": lambda: list(Snapshot.objects.filter(unit_id__in=queries.units_where(by, "task.view", TODAY))),
        "holders": lambda: [
            (h.account.full_name, h.position.title) for h in queries.holders(unit, "figure.check", TODAY)
        ],
        "positions_of": lambda: [
            queries.actor_of(h) for h in queries.positions_of(office.account["ct.binhminh"], TODAY)
        ],
        "verbs_held": lambda: queries.verbs_held(by, TODAY),
    }
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert questions[ask]()
    assert len(seen) == 1


def test_the_system_may_do_everything_and_an_unknown_verb_is_a_fault_of_the_program(office):
    assert queries.may(SYSTEM, "task.assign", office.unit("thpt"), TODAY)
    assert queries.units_where(SYSTEM, "task.assign", TODAY).count() > 20
    for ask in (lambda: queries.may(SYSTEM, "figure.eat", 1, TODAY), lambda: queries.units_where(SYSTEM, "x", TODAY)):
        with pytest.raises(UnknownVerb):
            ask()


def test_holders_are_those_granted_over_exactly_the_unit(office):
    """The commune's checker sits in one of its offices; the leader above does not check for the school."""
    commune, school = office.unit("binh_minh"), office.unit("tieu_hoc")
    assert [one.account.username for one in queries.holders(commune, "figure.check", TODAY)] == ["cv.binhminh"]
    assert [one.account.username for one in queries.holders(school, Role.HEAD, TODAY)] == ["ht.tieuhoc"]
    assert not queries.holders(school, "figure.check", TODAY)
    assert queries.positions_with([school, commune], "task.assign", TODAY) == {
        school: [],
        commune: [office.seat["ct.binhminh"].pk, office.seat["cv.binhminh"].pk],
    }


def test_head_is_the_holder_or_who_acts(office):
    school = office.unit("tieu_hoc")
    assert queries.head(school, TODAY).account.username == "ht.tieuhoc"
    assert queries.head(school, REFORM - DAY) is None


# The table


def test_an_administrator_enters_and_approves_nothing():
    own = {verb.code for verb in VERBS.values() if Role.ADMINISTRATOR in verb.roles}
    assert own == {"unit.view", "unit.manage", "account.manage", "settings.manage", "journal.view"}


def test_who_types_does_not_submit_who_submits_does_not_accept():
    assert roles_of("figure.type") == {Role.TYPIST}
    assert roles_of("figure.submit") == {Role.HEAD}
    assert not roles_of("figure.submit") & (roles_of("figure.check") | roles_of("figure.approve"))


def test_leaders_alone_conclude_confirm_extend_and_issue():
    for verb in ("meeting.conclude", "task.confirm", "task.extend", "document.issue"):
        assert roles_of(verb) == {Role.LEADER}


def test_the_table_has_a_vietnamese_name_for_every_verb_and_role(settings):
    from django.utils import translation

    with translation.override("en"):
        english = {row.code: row.name for row in table()}
    with translation.override("vi"):
        rows = table()
        assert [row.code for row in rows] == list(VERBS)
        assert not [row.code for row in rows if row.name == english[row.code]]
        assert len({role.label for role in Role}) == len(Role)
        assert Role.CLERK.label == "Văn thư"
    assert all(any(row.allowed.values()) for row in rows)
