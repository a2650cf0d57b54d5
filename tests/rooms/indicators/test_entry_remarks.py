"""A question on a single cell, and its answer: who may, who is told, what stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import refusals
from giaoban.indicators.actions import remarks
from giaoban.indicators.models import Remark, Report, Round
from giaoban.indicators.queries import remarks as questions
from giaoban.journal.models import Event
from giaoban.notices.models import Message
from giaoban.people import middleware
from tests.rooms.indicators.place import CHECK, Place, at


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.hand_in(round, "na_hoi")


Ask = Callable[..., Remark]


@pytest.fixture
def ask(place: Place, report: Report) -> Ask:
    def go(who: str, text: str = "Vì sao tăng 20 em?", cell: str = "hoc_sinh") -> Remark:
        common = {"by": place.actors[who], "at": at(CHECK), "on": CHECK, "report_id": report.pk}
        return remarks.ask(**common, cell_id=place.cells[cell], text=text)

    return go


@pytest.fixture
def answer(place: Place, report: Report) -> Ask:
    def go(who: str, question: Remark, text: str = "Nhận học sinh chuyển đến.") -> Remark:
        common = {"by": place.actors[who], "at": at(CHECK, 10), "on": CHECK, "report_id": report.pk}
        return remarks.answer(**common, remark_id=question.pk, text=text)

    return go


def test_a_question_is_told_to_the_other_side_and_changes_nothing(place: Place, round: Round, ask: Ask) -> None:
    made = ask("officer")
    report = place.report(round, "na_hoi")
    assert report.state == "submitted" and made.asks
    told = Message.objects.get(subject__startswith="Hỏi về")
    assert told.unit_id == report.unit_id and told.verb == "figure.type" and told.body == "Vì sao tăng 20 em?"
    assert told.subject == "Hỏi về: Học sinh (Trường Tiểu học Na Hối)"
    assert Event.objects.filter(verb="remark.ask").count() == 1
    assert [one.pk for one in questions.waiting_in(report)] == [made.pk]


def test_a_question_of_the_school_goes_to_who_checks(place: Place, ask: Ask) -> None:
    ask("na_hoi_typist", "Có tính học sinh học ghép không?")
    assert Message.objects.get(subject__startswith="Hỏi về").unit_id == place.unit("bac_ha")


def test_an_answer_is_told_to_who_asked_and_ends_the_waiting(
    place: Place, report: Report, ask: Ask, answer: Ask
) -> None:
    question = ask("officer")
    made = answer("na_hoi_head", question)
    question.refresh_from_db()
    assert question.answered_by == made and not questions.waiting_in(report)
    told = Message.objects.order_by("pk").last()
    assert told and told.position_id == place.actors["officer"].position_id and told.body == made.text
    thread = questions.threads(report)[place.cells["hoc_sinh"]]
    assert [one.text for one in thread.lines] == ["Vì sao tăng 20 em?", "Nhận học sinh chuyển đến."]
    assert thread.asked == ""
    with pytest.raises(refusals.AnsweredAlready):
        answer("na_hoi_typist", question)


@pytest.mark.parametrize("who", ["ban_pho_typist", "viewer", "admin", "sin_chai_officer"])
def test_others_have_no_part_in_it(ask: Ask, answer: Ask, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(who)
    question = ask("officer")
    with pytest.raises(NotAllowed):
        answer(who, question)


def test_words_and_the_cell_are_needed(place: Place, ask: Ask, answer: Ask) -> None:
    with pytest.raises(refusals.RemarkNeedsWords):
        ask("officer", "   ")
    with pytest.raises(refusals.NotAsked):
        ask("officer", cell="to_chuc")  # not asked of a primary school
    question = ask("officer")
    with pytest.raises(refusals.UnknownQuestion):
        answer("na_hoi_head", answer("na_hoi_head", question))  # an answer is no question


def test_the_pages(place: Place, report: Report, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "now", lambda: at(CHECK, 15))

    def enter(who: str) -> Client:
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client = Client()
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        return client

    cell = f"/so-lieu/bao-cao/{report.pk}/o/{place.cells['hoc_sinh']}/"
    officer, school = enter("officer"), enter("na_hoi_typist")
    assert officer.post(cell + "hoi/", {"text": "Vì sao?"})["Location"] == cell
    for page in (f"/so-lieu/bao-cao/{report.pk}/", f"/so-lieu/bao-cao/{report.pk}/nhap/", cell):
        assert "Vì sao?" in school.get(page).content.decode()
    question = Remark.objects.get()
    school.post(f"{cell}hoi/{question.pk}/tra-loi/", {"text": "Đã rà lại."})
    assert "Đã rà lại." in officer.get(cell).content.decode()
    assert officer.post(cell + "hoi/", {"text": ""}, follow=True).content.decode().count("Hãy viết câu hỏi") == 1
    assert enter("ban_pho_typist").post(cell + "hoi/", {"text": "x"}).status_code == 404
