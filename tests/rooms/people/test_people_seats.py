"""Positions change hands by dated verbs: nothing is overwritten, and work stays with the position."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.journal.queries import history
from giaoban.notices import actions as notices
from giaoban.notices import queries as inbox
from giaoban.people import actions, queries
from giaoban.people.actions.rights import GrantNotStarted
from giaoban.people.models import Holding, Manner
from giaoban.people.roles import Role
from tests.rooms.people.office import seat_somebody
from tests.world import EVE, NOW, REFORM, TODAY

DAY = timedelta(days=1)
SYSTEMS = {"by": SYSTEM, "at": NOW}


def test_hand_over_moves_rights_messages_and_open_work_in_one_step(office):
    position, school = office.seat["ht.tieuhoc"], office.unit("tieu_hoc")
    old, new = office.account["ht.tieuhoc"], office.account["pht.tieuhoc"]
    notices.send(**SYSTEMS, to_unit=school, verb_of_receiver="figure.submit", subject="Báo cáo học kỳ I đến hạn")
    before = Event.objects.count()

    actions.hand_over(
        by=office.actor("quantri.xa"), at=NOW, position=position, to=new, on=TODAY, reason="Quyết định 12/QĐ-UBND"
    )

    assert Event.objects.count() == before + 1, "one step, one event"
    by = queries.actor(new, position.pk, TODAY)
    assert queries.may(by, "figure.submit", school, TODAY)
    assert [message.subject for message in inbox.inbox(by, TODAY)] == ["Báo cáo học kỳ I đến hạn"]
    with pytest.raises(NotAllowed):
        queries.actor(old, position.pk, TODAY)
    assert queries.actor(old, position.pk, TODAY - DAY), "until yesterday it was his"
    event = history(position).first()
    assert event.verb == "position.hand_over" and event.reason == "Quyết định 12/QĐ-UBND"
    assert (event.data["from_name"], event.data["to_name"]) == ("Vàng A Páo", "Lý Thị Mai")


def test_hand_over_ends_who_signed_for_the_old_holder_and_who_takes_over_acts_no_longer(office):
    position = office.seat["ht.tieuhoc"]
    actions.act_for(**SYSTEMS, position=position, account=office.account["pht.tieuhoc"], until=TODAY + 30 * DAY)
    actions.act_for(**SYSTEMS, position=position, account=office.account["cv.binhminh"], until=TODAY + 30 * DAY)
    actions.hand_over(**SYSTEMS, position=position, to=office.account["pht.tieuhoc"], on=TODAY + DAY)
    held = Holding.objects.filter(queries.valid_on(TODAY + DAY), position=position)
    assert [(one.account.username, one.manner) for one in held] == [("pht.tieuhoc", Manner.HOLDS)]


def test_hand_over_of_a_vacant_position_and_to_its_own_holder(office):
    position = actions.create_position(**SYSTEMS, unit=office.unit("tieu_hoc"), title="Tổ trưởng")
    actions.hand_over(**SYSTEMS, position=position, to=office.account["pht.tieuhoc"])
    with pytest.raises(actions.AlreadyHolds):
        actions.hand_over(**SYSTEMS, position=position, to=office.account["pht.tieuhoc"])


def test_a_position_has_one_holder_at_a_time(office):
    position, other = office.seat["ht.tieuhoc"], office.account["pht.tieuhoc"]
    with pytest.raises(actions.PositionHeld, match="Vàng A Páo holds this position from 01/07/2025"):
        actions.appoint(**SYSTEMS, position=position, account=other, on=TODAY)
    with pytest.raises(actions.PositionHeld):
        actions.appoint(**SYSTEMS, position=position, account=other, on=REFORM - 9 * DAY, until=REFORM + DAY)
    actions.appoint(**SYSTEMS, position=position, account=other, on=REFORM - 9 * DAY, until=REFORM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(position=position, account=other, start=TODAY)


def test_signing_for_the_holder_shows_both_in_the_journal(office):
    position, deputy = office.seat["ht.tieuhoc"], office.account["pht.tieuhoc"]
    actions.act_for(
        **SYSTEMS, position=position, account=deputy, on=TODAY, until=TODAY + 5 * DAY, basis="Phân công 03/PC"
    )
    by = queries.actor(deputy, position.pk, TODAY)
    assert (by.name, by.title, by.acting_for) == ("Lý Thị Mai", "Hiệu trưởng (ký thay)", "Vàng A Páo")
    assert queries.may(by, "figure.submit", office.unit("tieu_hoc"), TODAY)
    assert queries.may(office.actor("ht.tieuhoc"), "figure.submit", office.unit("tieu_hoc"), TODAY), "stays in office"

    notices.send(by=by, at=NOW, to_position=position, subject="Thử")
    event = Event.objects.latest("seq")
    assert (event.actor_name, event.acting_for) == ("Lý Thị Mai", "Vàng A Páo")
    assert (event.account_id, event.position_id) == (deputy.pk, position.pk)

    with pytest.raises(NotAllowed):
        queries.actor(deputy, position.pk, TODAY + 5 * DAY)
    assert not queries.may(by, "figure.submit", office.unit("tieu_hoc"), TODAY + 5 * DAY)


def test_charge_of_a_vacant_position_names_nobody_and_signing_for_nobody_is_refused(office):
    position = actions.create_position(**SYSTEMS, unit=office.unit("mam_non"), title="Hiệu trưởng", leads=True)
    deputy = office.account["pht.tieuhoc"]
    with pytest.raises(actions.NoHolder):
        actions.act_for(**SYSTEMS, position=position, account=deputy, until=TODAY + 9 * DAY)
    actions.act_for(**SYSTEMS, position=position, account=deputy, until=TODAY + 9 * DAY, manner=Manner.IN_CHARGE)
    by = queries.actor(deputy, position.pk, TODAY)
    assert (by.title, by.acting_for) == ("Hiệu trưởng (được giao phụ trách)", "")
    assert queries.head(office.unit("mam_non"), TODAY).account == deputy


def test_acting_always_has_an_end_and_nobody_acts_twice(office):
    position, deputy = office.seat["ht.tieuhoc"], office.account["pht.tieuhoc"]
    with pytest.raises(actions.EndsBeforeStart):
        actions.act_for(**SYSTEMS, position=position, account=deputy, on=TODAY, until=TODAY)
    with pytest.raises(actions.AlreadyHolds):
        actions.act_for(**SYSTEMS, position=position, account=office.account["ht.tieuhoc"], until=TODAY + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            position=position, account=deputy, start=TODAY, manner=Manner.IN_CHARGE, acting_for=None, end=None
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(position=position, account=deputy, start=TODAY, end=TODAY + DAY, manner="signs_for")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            position=position, account=deputy, acting_for=deputy, start=TODAY, end=TODAY + DAY, manner="signs_for"
        )


def test_a_dismissal_ends_who_signed_for_the_holder(office):
    position = office.seat["ht.tieuhoc"]
    until = TODAY + 30 * DAY
    actions.act_for(**SYSTEMS, position=position, account=office.account["pht.tieuhoc"], until=until)
    one = Holding.objects.get(position=position, manner=Manner.HOLDS)
    actions.dismiss(**SYSTEMS, holding=one, on=TODAY + DAY, reason="nghỉ hưu")
    assert queries.holders(office.unit("tieu_hoc"), Role.HEAD, TODAY).count() == 2
    assert not queries.holders(office.unit("tieu_hoc"), Role.HEAD, TODAY + DAY)
    assert history(position).first().data["stand_ins"] == ["Lý Thị Mai"]
    with pytest.raises(actions.DayBefore):
        actions.dismiss(**SYSTEMS, holding=one, on=REFORM - DAY)


def test_who_was_given_charge_goes_on_when_the_holder_leaves_and_stops_when_it_is_handed_over(office):
    position, deputy = office.seat["ht.tieuhoc"], office.account["pht.tieuhoc"]
    until = TODAY + 30 * DAY
    actions.act_for(**SYSTEMS, position=position, account=deputy, until=until, manner=Manner.IN_CHARGE)
    actions.dismiss(**SYSTEMS, holding=Holding.objects.get(position=position, manner=Manner.HOLDS), on=TODAY + DAY)
    assert [one.account for one in queries.holders(office.unit("tieu_hoc"), Role.HEAD, TODAY + DAY)] == [deputy]

    actions.appoint(**SYSTEMS, position=position, account=office.account["cv.so"], on=TODAY + 2 * DAY)
    again = office.account["cv.binhminh"]
    actions.act_for(
        **SYSTEMS, position=position, account=again, on=TODAY + 3 * DAY, until=until, manner=Manner.IN_CHARGE
    )
    actions.hand_over(**SYSTEMS, position=position, to=deputy, on=TODAY + 4 * DAY)
    assert [one.account for one in queries.holders(office.unit("tieu_hoc"), Role.HEAD, TODAY + 4 * DAY)] == [deputy]


def test_what_has_ended_is_not_ended_later(office):
    """Ending again on a later day would lengthen what is over."""
    held = Holding.objects.get(position=office.seat["ht.tieuhoc"])
    actions.dismiss(**SYSTEMS, holding=held, on=TODAY)
    with pytest.raises(actions.EndedAlready):
        actions.dismiss(**SYSTEMS, holding=held, on=TODAY + 9 * DAY)
    given = office.seat["ht.tieuhoc"].grants.get()
    actions.revoke(**SYSTEMS, grant=given, on=TODAY)
    with pytest.raises(actions.EndedAlready):
        actions.revoke(**SYSTEMS, grant=given, on=TODAY + DAY)


def test_no_appointment_where_the_unit_does_not_exist_yet(office):
    position = actions.create_position(**SYSTEMS, unit=office.unit("binh_minh"), title="Phó Chủ tịch")
    with pytest.raises(actions.UnitNotThere):
        actions.appoint(**SYSTEMS, position=position, account=office.account["cv.so"], on=EVE)


def test_an_administrator_acts_within_their_units_only(office):
    admin = {"by": office.actor("quantri.xa"), "at": NOW}
    with pytest.raises(NotAllowed):
        actions.create_position(**admin, unit=office.unit("cao_son"), title="Chuyên viên")
    with pytest.raises(NotAllowed):
        actions.appoint(**admin, position=office.seat["ct.caoson"], account=office.account["cv.so"])
    with pytest.raises(NotAllowed):
        actions.grant(**admin, position=office.seat["ht.tieuhoc"], role=Role.LEADER, unit=office.unit("province"))
    with pytest.raises(NotAllowed):
        actions.create_position(by=office.actor("ct.binhminh"), at=NOW, unit=office.unit("binh_minh"), title="x")


def test_nobody_appoints_dismisses_or_empowers_themselves(office):
    by, me = office.actor("quantri.xa"), office.account["quantri.xa"]
    admin = {"by": by, "at": NOW}
    vacant = actions.create_position(**admin, unit=office.unit("tieu_hoc"), title="Kế toán")
    own = Holding.objects.get(account=me)
    for attempt in (
        lambda: actions.appoint(**admin, position=vacant, account=me),
        lambda: actions.act_for(**admin, position=office.seat["ht.tieuhoc"], account=me, until=TODAY + DAY),
        lambda: actions.hand_over(**admin, position=office.seat["ht.tieuhoc"], to=me),
        lambda: actions.hand_over(**admin, position=office.seat["quantri.xa"], to=office.account["cv.so"]),
        lambda: actions.dismiss(**admin, holding=own),
        lambda: actions.grant(**admin, position=office.seat["quantri.xa"], role=Role.LEADER),
        lambda: actions.revoke(**admin, grant=office.seat["quantri.xa"].grants.get()),
    ):
        with pytest.raises(actions.NotOneself):
            attempt()


def test_an_administrators_position_holds_no_other_role(office):
    with pytest.raises(actions.RolesApart):
        actions.grant(**SYSTEMS, position=office.seat["quantri.xa"], role=Role.APPROVER)
    with pytest.raises(actions.RolesApart):
        actions.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.ADMINISTRATOR)
    actions.revoke(**SYSTEMS, grant=office.seat["quantri.xa"].grants.get(), on=TODAY)
    actions.grant(**SYSTEMS, position=office.seat["quantri.xa"], role=Role.VIEWER, on=TODAY)


def test_a_role_does_not_reach_beyond_the_administrators_units(office):
    """In the ward's area lies a THPT that the Sở directs: the ward's administrator gives no role over it."""
    seat_somebody(office, "quantri.ha", "Phạm Văn Hạ", office.unit("phuong_ha"))
    seat_somebody(office, "cv.ha", "Cao Thị Hạ", office.unit("phuong_ha"))
    actions.grant(**SYSTEMS, on=REFORM, position=office.seat["quantri.ha"], role=Role.ADMINISTRATOR)
    admin = {"by": office.actor("quantri.ha"), "at": NOW, "position": office.seat["cv.ha"], "role": Role.VIEWER}
    with pytest.raises(actions.BeyondOwnUnits, match="Trường THPT Mẫu"):
        actions.grant(**admin, hierarchy="TERRITORY")
    actions.grant(**admin, hierarchy="MANAGEMENT")
    actions.grant(**(admin | {"by": office.actor("quantri")}), hierarchy="TERRITORY")


def test_a_role_where_it_would_give_no_right_is_refused(office):
    with pytest.raises(actions.UnitNotThere):
        actions.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.VIEWER, unit=office.unit("huyen_ha"))
    with pytest.raises(actions.AlreadyGranted):
        actions.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.HEAD)
    with pytest.raises(actions.EndsBeforeStart):
        actions.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.VIEWER, on=TODAY, until=TODAY)


def test_a_role_is_taken_back_from_a_day(office):
    by, unit = office.actor("ht.tieuhoc"), office.unit("tieu_hoc")
    given = office.seat["ht.tieuhoc"].grants.get()
    actions.revoke(**SYSTEMS, grant=given, on=TODAY, reason="đổi phân công")
    assert queries.may(by, "figure.submit", unit, TODAY - DAY) and not queries.may(by, "figure.submit", unit, TODAY)
    with pytest.raises(GrantNotStarted):
        actions.revoke(**SYSTEMS, grant=given, on=REFORM - DAY)
    actions.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.HEAD, on=TODAY)
    assert queries.may(by, "figure.submit", unit, TODAY)


def test_a_person_with_two_positions_acts_in_one_at_a_time(office):
    seat_somebody(office, "kiem.nhiem", "Sùng Thị Kiêm", office.unit("mam_non"), "Hiệu trưởng")
    person = office.account["kiem.nhiem"]
    actions.grant(**SYSTEMS, position=office.seat["kiem.nhiem"], role=Role.HEAD, on=REFORM)
    second = actions.create_position(**SYSTEMS, unit=office.unit("thcs"), title="Hiệu trưởng")
    actions.grant(**SYSTEMS, position=second, role=Role.HEAD, on=REFORM)
    actions.appoint(**SYSTEMS, position=second, account=person, on=TODAY)
    assert queries.positions_of(person, TODAY).count() == 2
    first_hat = queries.actor(person, office.seat["kiem.nhiem"].pk, TODAY)
    assert queries.may(first_hat, "figure.submit", office.unit("mam_non"), TODAY)
    assert not queries.may(first_hat, "figure.submit", office.unit("thcs"), TODAY)


def test_a_suspended_person_is_not_appointed_but_hands_over(office):
    head = office.account["ht.tieuhoc"]
    actions.deactivate(**SYSTEMS, account=head, reason="đang bị kỷ luật")
    vacant = actions.create_position(**SYSTEMS, unit=office.unit("tieu_hoc"), title="Kế toán")
    with pytest.raises(actions.Suspended):
        actions.appoint(**SYSTEMS, position=vacant, account=head)
    actions.hand_over(**SYSTEMS, position=office.seat["ht.tieuhoc"], to=office.account["pht.tieuhoc"])


def test_a_position_needs_a_title(office):
    with pytest.raises(actions.NoTitle):
        actions.create_position(**SYSTEMS, unit=office.unit("tieu_hoc"), title="  ")
