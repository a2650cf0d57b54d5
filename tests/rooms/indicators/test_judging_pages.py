"""The pages of judging: one cell back with a reason, a whole list over pages, on behalf, print and code, picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import queries, refusals
from giaoban.indicators.actions import StepSpec
from giaoban.indicators.models import Report, Round, SignedCopy, Standing
from giaoban.indicators.queries import copies, counted
from giaoban.indicators.views import rounds as pages
from giaoban.people import middleware
from tests.rooms.indicators.place import CHECK, DUE, GOOD, Place

Enter = Callable[[str], Client]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[date, int], None]:
    def set_to(day: date, hour: int = 15) -> None:
        monkeypatch.setattr(middleware, "now", lambda: datetime(day.year, day.month, day.day, hour, 0, tzinfo=HANOI))

    set_to(CHECK)
    return set_to


@pytest.fixture
def enter(place: Place, clock: object) -> Enter:
    def sign_in(who: str) -> Client:
        client = Client()
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["position"] = place.actors[who].position_id
        session.save()
        return client

    return sign_in


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.hand_in(round, "na_hoi")


def page(name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=args)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


# The line of five levels


def test_school_commune_so_each_with_its_own_right(place: Place) -> None:
    """Typist and head, officer of Phòng VH-XH, leader of the UBND xã, a phòng of the Sở, the Sở's leaders."""
    days = [date(2026, 1, 21), date(2026, 1, 22), date(2026, 1, 26), date(2026, 1, 27)]
    verbs = ["figure.check", "figure.approve", "figure.check", "figure.approve"]
    where = ["management", "management", "professional", "professional"]
    steps = [StepSpec(f"Bước {n}", w, day, v) for n, (w, day, v) in enumerate(zip(where, days, verbs, strict=True), 1)]
    made = place.open(steps=steps)
    report = place.hand_in(made, "na_hoi")
    for who in ("leader", "so_officer", "sin_chai_officer", "viewer"):
        with pytest.raises((NotAllowed, refusals.NotYourStep)):
            place.accept(report, 1, by=who)
    place.accept(report, 1)
    assert counted.figures(unit_ids=[report.unit_id]), "it counts from the first step on"
    with pytest.raises((NotAllowed, refusals.NotYourStep)):
        place.accept(place.report(made, "na_hoi"), 2)  # checking is not approving
    with pytest.raises(refusals.NothingToAccept):
        place.accept(place.report(made, "na_hoi"), 3, by="so_officer")  # not before the commune
    for step, who in ((2, "leader"), (3, "so_officer"), (4, "so_officer")):
        place.accept(place.report(made, "na_hoi"), step, by=who)
    assert queries.progress(made.pk, CHECK).finished == 1


# One cell back


def test_one_cell_goes_back_with_its_reason_and_the_rest_stays(place: Place, enter: Enter, report: Report) -> None:
    client = enter("officer")
    cell = place.cells["hoc_sinh"]
    shown = text(client.get(page("report", report.pk)))
    assert f'name="reason-{cell}"' in shown
    place.accept(report)
    report = place.report(report.round, "na_hoi")
    answer = client.post(
        page("judge", report.pk), {"seen": report.version, "one": cell, f"reason-{cell}": "Đếm lại", "reason": ""}
    )
    assert answer["Location"] == page("report", report.pk)
    states = dict(Standing.objects.filter(report=report).values_list("cell_id", "state"))
    assert states.pop(cell) == "returned" and set(states.values()) == {"accepted"}
    returned = report.returns.get()
    assert (returned.cell_id, returned.reason) == (cell, "Đếm lại")


def test_without_a_reason_the_cell_stays(place: Place, enter: Enter, report: Report) -> None:
    cell = place.cells["hoc_sinh"]
    enter("officer").post(page("judge", report.pk), {"seen": report.version, "one": cell})
    assert not report.returns.exists()


def test_a_corrected_cell_is_shown_against_what_counts_at_each_level(
    place: Place, enter: Enter, report: Report
) -> None:
    place.accept(report)
    place.give_back(place.report(report.round, "na_hoi"), cells=[place.cells["hoc_sinh"]])
    place.type(report, {"hoc_sinh": "512"}, on=CHECK)
    place.submit(report, on=CHECK)
    for who in ("officer", "leader"):
        assert [one.handed_in for one in enter(who).get(page("report", report.pk)).context["changes"]] == ["512"]


# A list over pages


def test_the_whole_list_is_accepted_over_pages(
    place: Place, enter: Enter, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "A_PAGE", 2)
    for school in ("na_hoi", "ban_pho", "thai_giang"):
        place.hand_in(round, school)
    client = enter("officer")
    shown = client.get(page("round", round.pk))
    assert len(shown.context["rows"].object_list) == 2 and len(shown.context["chosen_mine"]) == 3
    assert 'id="accept-listed"' in text(shown)
    picks = [row.pick for row in shown.context["chosen_mine"]]
    client.post(page("judge-many", round.pk), {"chon": picks, "action": "accept"})
    assert queries.progress(round.pk, CHECK).accepted == 3


# On behalf


def test_entering_on_behalf_and_the_heads_answer(place: Place, enter: Enter, round: Round) -> None:
    report = place.report(round, "na_hoi")
    client = enter("officer")
    assert page("behalf", report.pk) in text(client.get(page("report", report.pk)))
    form = {f"cell-{place.cells[key]}": value for key, value in GOOD.items()} | {"seen": report.version}
    refused = client.post(page("behalf", report.pk), form | {"source": ""})
    assert refused.status_code == 409 and refused.context["faults"]["source"]
    field = f"cell-{place.cells['hoc_sinh']}"
    bad = client.post(page("behalf", report.pk), form | {"source": "Điện thoại", field: "x"})
    assert bad.status_code == 409 and field in bad.context["faults"]
    assert client.post(page("behalf", report.pk), form | {"source": "Điện thoại"}).status_code == 302
    for who in ("officer", "leader", "na_hoi_head"):
        assert "Điện thoại" in text(enter(who).get(page("report", report.pk)))
    head = enter("na_hoi_head")
    assert page("behalf-answer", report.pk) in text(head.get(page("report", report.pk)))
    assert page("behalf-answer", report.pk) not in text(client.get(page("report", report.pk)))
    assert "Điện thoại" in text(client.get(page("cell", report.pk, place.cells["hoc_sinh"])))
    assert head.get(page("mine")).context["done"][0].behalf
    head.post(page("behalf-answer", report.pk), {"action": "confirm"})
    assert queries.review(place.actors["officer"], round.pk, CHECK)[0].behalf == "confirmed"
    assert not head.get(page("mine")).context["done"][0].behalf


def test_the_page_is_for_the_level_above(place: Place, enter: Enter, round: Round) -> None:
    report = place.report(round, "na_hoi")
    for who in ("na_hoi_typist", "na_hoi_head", "leader", "so_officer"):
        assert enter(who).get(page("behalf", report.pk)).status_code == 403
    assert enter("sin_chai_officer").get(page("behalf", report.pk)).status_code == 404


# Print, code, signed copy


@pytest.fixture
def signed(place: Place, settings: LazySettings, tmp_path: Path) -> Report:
    settings.MEDIA_ROOT = tmp_path
    return place.hand_in(place.open(signed_copy="either"), "na_hoi")


def test_the_print_bears_letterhead_figures_and_code(place: Place, enter: Enter, signed: Report) -> None:
    shown = text(enter("na_hoi_head").get(page("print", signed.pk)))
    code = copies.check_code(signed.submissions.get())
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TRƯỜNG TIỂU HỌC NA HỐI", "BÁO CÁO HỌC KỲ", "500", "1.250,5"):
        assert words in shown
    assert code in shown
    empty = place.report(signed.round, "ban_pho")
    assert enter("officer").get(page("print", empty.pk)).status_code == 302


def test_a_code_is_checked_by_anybody_and_figures_shown_to_who_may(enter: Enter, signed: Report) -> None:
    code = copies.check_code(signed.submissions.get())
    sent = enter("officer").get(page("check-any"), {"ma": code.lower()})
    assert sent.status_code == 302
    assert "500" in text(enter("officer").get(sent["Location"]))
    stranger = text(enter("sin_chai_officer").get(sent["Location"]))
    assert "Na Hối" in stranger and "500" not in stranger
    wrong = enter("officer").get(page("check", "0" * 16))
    assert wrong.status_code == 200 and wrong.context["submission"] is None
    assert enter("officer").get(page("check-any"), {"ma": "!!!"}).status_code == 302


def test_copies_are_handed_over_on_the_report(place: Place, enter: Enter, signed: Report) -> None:
    code = copies.check_code(signed.submissions.get())
    officer = enter("officer")
    officer.post(page("copy-receive", signed.pk), {"form": "paper", "code": "sai"})
    assert not SignedCopy.objects.exists()
    officer.post(page("copy-receive", signed.pk), {"form": "paper", "code": code.lower()})
    assert SignedCopy.objects.get().form == "paper"
    assert code in text(officer.get(page("report", signed.pk)))
    place.type(signed, {"hoc_sinh": "501"}, on=CHECK)
    place.submit(signed, on=CHECK)
    code = copies.check_code(signed.submissions.latest("no"))
    pdf = b"%PDF-1.7 /Type /Sig /ByteRange [0 1 2 3]"
    file = SimpleUploadedFile("bieu đã ký.pdf", pdf, "application/pdf")
    enter("na_hoi_head").post(page("copy-receive", signed.pk), {"form": "digital", "code": code, "file": file})
    made = SignedCopy.objects.get(form="digital")
    sent = officer.get(page("copy", signed.pk, made.pk))
    assert sent.content == pdf and sent["Content-Disposition"].startswith("attachment")
    assert enter("sin_chai_officer").get(page("copy", signed.pk, made.pk)).status_code == 404


# Reminding


def test_text_link_and_picture_to_paste(place: Place, enter: Enter, round: Round) -> None:
    client = enter("officer")
    shown = client.get(page("remind", round.pk))
    assert f"http://testserver{page('mine')}" in shown.context["text"]
    assert page("remind-picture", round.pk) in text(shown)
    picture = client.get(page("remind-picture", round.pk))
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert enter("sin_chai_officer").get(page("remind-picture", round.pk)).status_code == 404


def test_past_the_hour_of_the_day_the_page_says_late(place: Place, enter: Enter, clock: Callable[..., None]) -> None:
    made = place.open(due_time=time(10))
    client = enter("officer")
    clock(DUE, 9)
    assert client.get(page("round", made.pk)).context["progress"].late == 0
    clock(DUE, 11)
    assert client.get(page("round", made.pk)).context["progress"].late == 3
    head = enter("na_hoi_head").get(page("mine"))
    assert head.context["owed"][0].urgency == "late" and "10:00" in text(head)
