"""Messages reach those whose turn it is, stay with the position, and are read by opening."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.notices import actions, queries
from giaoban.notices.models import Message
from giaoban.people import actions as people
from giaoban.people.roles import Role
from tests.world import NOW, TODAY

SYSTEMS = {"by": SYSTEM, "at": NOW}


def subjects(office, name: str) -> list[str]:
    return [message.subject for message in queries.inbox(office.actor(name), TODAY)]


def test_a_unit_is_told_through_the_holders_of_the_verb(office):
    actions.send(
        **SYSTEMS,
        to_unit=office.unit("tieu_hoc"),
        verb_of_receiver="figure.submit",
        subject="Nộp báo cáo",
        link="/so-lieu/",
    )
    assert subjects(office, "ht.tieuhoc") == ["Nộp báo cáo"]
    assert subjects(office, "pht.tieuhoc") == [], "types, does not submit"
    assert subjects(office, "ct.binhminh") == [], "the commune is not the school"


def test_many_units_are_told_in_one_event(office):
    before = Event.objects.count()
    units = [office.unit("tieu_hoc"), office.unit("binh_minh")]
    sent = actions.send(**SYSTEMS, to_units=units, verb_of_receiver="task.report", subject="Nhắc việc")
    assert len(sent) == 2 and Event.objects.count() == before + 1
    assert subjects(office, "ht.tieuhoc") == subjects(office, "cv.binhminh") == ["Nhắc việc"]


def test_where_nobody_holds_the_verb_the_message_waits_for_whoever_gets_it(office):
    actions.send(**SYSTEMS, to_unit=office.unit("mam_non"), verb_of_receiver="figure.submit", subject="Chờ Hiệu trưởng")
    assert subjects(office, "ht.tieuhoc") == []
    people.grant(**SYSTEMS, position=office.seat["ht.tieuhoc"], role=Role.HEAD, unit=office.unit("mam_non"), on=TODAY)
    assert subjects(office, "ht.tieuhoc") == ["Chờ Hiệu trưởng"]


def test_messages_to_a_position_and_to_a_person(office):
    actions.send(**SYSTEMS, to_position=office.seat["ct.binhminh"], subject="Cho vị trí")
    actions.send(**SYSTEMS, to_account=office.account["ct.binhminh"], subject="Cho người")
    assert set(subjects(office, "ct.binhminh")) == {"Cho vị trí", "Cho người"}
    people.hand_over(
        **SYSTEMS, position=office.seat["ct.binhminh"], to=office.account["cv.binhminh"], on=TODAY, reason="điều động"
    )
    office.account["moi"], office.seat["moi"] = office.account["cv.binhminh"], office.seat["ct.binhminh"]
    assert subjects(office, "moi") == ["Cho vị trí"]


def test_a_message_needs_a_receiver_and_a_unit_a_verb(office):
    with pytest.raises(ValueError, match="receiver"):
        actions.send(**SYSTEMS, subject="Cho ai?")
    with pytest.raises(ValueError, match="verb"):
        actions.send(**SYSTEMS, to_unit=office.unit("tieu_hoc"), subject="Cho việc gì?")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(subject="x", at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(subject="x", at=NOW, account=office.account["cv.so"], link="https://evil.example")


def test_opening_reads_it_and_the_count_goes_down(office):
    first, _ = (
        actions.send(
            by=office.actor("cv.binhminh"),
            at=NOW,
            to_position=office.seat["ht.tieuhoc"],
            subject=subject,
            body="Xã nhắc trường.\nHạn 30/01.",
            link="/so-lieu/",
            text_to_paste="Đề nghị trường nộp báo cáo",
        )[0]
        for subject in ("Một", "Hai")
    )
    by = office.actor("ht.tieuhoc")
    assert queries.unread_count(by, TODAY) == queries.unread_count(by) == 2
    client = office.client("ht.tieuhoc")
    assert "2 chưa đọc" in client.get("/thong-bao/").content.decode()
    page = client.get(reverse("notices:message", args=[first.pk])).content.decode()
    for words in (
        "Xã nhắc trường.",
        "Nguyễn Thị Hoa, Chuyên viên",
        "Đề nghị trường nộp báo cáo",
        "http://testserver/so-lieu/",
    ):
        assert words in page
    first.refresh_from_db()
    assert (first.read_at, first.read_by) == (NOW, office.account["ht.tieuhoc"])
    assert queries.unread_count(by, TODAY) == 1
    assert "Một" not in client.get("/thong-bao/?chua-doc=1").content.decode()
    assert client.post("/thong-bao/doc-het/").status_code == 302
    assert queries.unread_count(by, TODAY) == 0
    assert "Đã đọc hết" in client.get("/thong-bao/?chua-doc=1").content.decode()


def test_nobody_reads_or_marks_the_message_of_another(office):
    sent = actions.send(**SYSTEMS, to_position=office.seat["ht.tieuhoc"], subject="Riêng")[0]
    assert office.client("pht.tieuhoc").get(reverse("notices:message", args=[sent.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        queries.message(office.actor("pht.tieuhoc"), sent.pk, TODAY)
    actions.mark_read(by=office.actor("pht.tieuhoc"), at=NOW, message=sent)
    assert actions.mark_all_read(by=office.actor("pht.tieuhoc"), at=NOW) == 0
    sent.refresh_from_db()
    assert sent.read_at is None


def test_a_refused_verb_sends_nothing(office):
    """A message is written in the transaction of the verb that sends it."""
    from giaoban.journal.actions import writing

    with pytest.raises(NotAllowed), writing(**SYSTEMS, verb="test.remind"):
        actions.send(**SYSTEMS, to_position=office.seat["ht.tieuhoc"], subject="Không đi đâu cả")
        raise NotAllowed()
    assert not Message.objects.exists()


def test_an_empty_inbox_says_what_belongs_there(office):
    assert "Chưa có thông báo" in office.client("ht.tieuhoc").get("/thong-bao/").content.decode()


def test_the_inbox_does_not_ask_per_message(office, django_assert_max_num_queries):
    actions.send(**SYSTEMS, to_units=[office.unit("tieu_hoc")] * 25, verb_of_receiver="figure.submit", subject="Nhắc")
    client = office.client("ht.tieuhoc")
    with django_assert_max_num_queries(14):
        client.get("/thong-bao/")
