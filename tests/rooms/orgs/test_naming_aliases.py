"""A name that was confirmed once is remembered: near the unit, from a day on, in the journal, until it is withdrawn."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.models import Event
from giaoban.orgs import actions, queries, refusals
from giaoban.orgs.models import Alias
from giaoban.people.roles import Role
from tests.rooms.orgs.conftest import appoint
from tests.world import NOW, TODAY

SINCE = date(2026, 1, 5)


@pytest.fixture
def officer(world):
    return appoint(world, "cao_son", Role.OFFICER, "cv.caoson")[1]


def remember(world, officer, text="trường điểm", units=("thcs",), near="cao_son", since=SINCE):
    return actions.remember_name(
        by=officer, at=NOW, text=text, unit_ids=[world[unit] for unit in units], near_id=world[near], since=since
    )


def meant(world, text="trường điểm", on=TODAY, near="cao_son", reader=None):
    found = queries.resolve_name(text, on, world[near], reader=reader and world[reader])
    return found[0].unit_ids if found else None


def test_a_confirmed_name_is_understood_from_then_on(world, officer):
    assert meant(world) is None
    remember(world, officer)
    assert meant(world) == (world["thcs"],)
    assert meant(world, "TRƯỜNG  ĐIỂM") == (world["thcs"],)
    assert "đã xác nhận" in queries.resolve_name("trường điểm", TODAY, world["cao_son"])[0].why


def test_it_holds_near_the_unit_and_in_what_others_wrote_for_its_readers(world, officer):
    remember(world, officer)
    assert meant(world, near="vhxh_cao_son") == (world["thcs"],)  # an office of the commune
    assert meant(world, near="so", reader="vhxh_cao_son") == (world["thcs"],)  # the department wrote, the commune reads
    assert meant(world, near="binh_minh") is None and meant(world, near="so", reader="binh_minh") is None


def test_it_does_not_reach_into_documents_of_earlier_days(world, officer):
    remember(world, officer)
    assert meant(world, on=date(2026, 1, 4)) is None
    remember(world, officer, since=date(2025, 9, 1))  # met in an older document too
    assert meant(world, on=date(2026, 1, 4)) == (world["thcs"],)
    assert Alias.objects.filter(near=world["cao_son"]).count() == 1


def test_what_was_confirmed_comes_before_what_a_rule_finds(world, officer):
    assert meant(world, "Phòng Kinh tế") == (world["kinh_te_cao_son"],)
    remember(world, officer, "Phòng Kinh tế", ("vhxh_cao_son",))
    found = queries.resolve_name("Phòng Kinh tế", TODAY, world["cao_son"])
    assert [match.unit_id for match in found[:2]] == [world["vhxh_cao_son"], world["kinh_te_cao_son"]]


def test_a_name_may_mean_several_units(world, officer):
    remember(world, officer, "các trường vùng cao", ("thcs", "ban_tru"))
    assert set(meant(world, "các trường vùng cao")) == {world["thcs"], world["ban_tru"]}


def test_a_new_answer_takes_the_place_of_the_old_one(world, officer):
    remember(world, officer)
    remember(world, officer, units=("ban_tru",))
    assert meant(world) == (world["ban_tru"],)
    assert Alias.objects.filter(near=world["cao_son"], withdrawn_at__isnull=False).count() == 1


def test_it_is_journalled_and_the_same_answer_twice_is_not(world, officer):
    remember(world, officer)
    remember(world, officer)
    (event,) = Event.objects.filter(verb="unit.call")
    assert event.data["name"] == "trường điểm" and event.data["units"] == [world["thcs"]]
    assert event.unit_id == world["cao_son"]


def test_it_can_be_withdrawn_with_a_reason_and_the_row_stays(world, officer):
    (alias,) = remember(world, officer)
    with pytest.raises(refusals.NoReason):
        actions.forget_name(by=officer, at=NOW, alias_id=alias.pk, reason=" ")
    actions.forget_name(by=officer, at=NOW, alias_id=alias.pk, reason="Hỏi lại thì là trường khác")
    assert meant(world) is None
    assert Alias.objects.get(pk=alias.pk).withdrawn_at == NOW
    assert Event.objects.filter(verb="unit.uncall", reason="Hỏi lại thì là trường khác").exists()
    remember(world, officer)  # and confirmed again
    assert meant(world) == (world["thcs"],)


def test_only_who_reads_documents_there_may_say_so(world, officer):
    stranger = appoint(world, "binh_minh", Role.OFFICER, "cv.binhminh")[1]
    with pytest.raises(NotAllowed):
        remember(world, stranger)
    (alias,) = remember(world, officer)
    with pytest.raises(NotAllowed):
        actions.forget_name(by=stranger, at=NOW, alias_id=alias.pk, reason="thử")


def test_no_name_and_no_unit_are_refused(world, officer):
    with pytest.raises(refusals.NoName):
        remember(world, officer, "-")
    with pytest.raises(refusals.NotThere):
        actions.remember_name(
            by=officer, at=NOW, text="trường điểm", unit_ids=[], near_id=world["cao_son"], since=SINCE
        )
    with pytest.raises(refusals.NotThere):
        remember(world, officer, units=("huyen_ha",))  # it ended on 30 June 2025


def test_a_unit_that_ended_is_no_longer_meant(world, officer):
    remember(world, officer)
    Alias.objects.filter(near=world["cao_son"]).update(unit=world["huyen_ha"])
    assert meant(world) is None


def test_search_and_the_pages_of_units_do_not_show_what_holds_elsewhere(world, officer):
    remember(world, officer)
    assert world["thcs"] not in [hit.unit_id for hit in queries.search("trường điểm", TODAY)]
    assert [alias.text for alias in queries.confirmed(world["thcs"])] == ["trường điểm"]
