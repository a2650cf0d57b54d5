"""Batches typed with or without a line: once, cell by cell, nothing of somebody else overwritten unseen."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.indicators import actions, refusals
from giaoban.indicators.actions import Sent
from giaoban.indicators.actions.sending import read_values
from giaoban.indicators.models import Draft, Report, Round, Sending, Submission
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from tests.generative.chromium import CHROMIUM, call, page_with
from tests.rooms.indicators.place import DUE, FOUNDED, GOOD, Place, at

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(place: Place, report: Report) -> Send:
    """One batch of the school's typist, cells by their keys."""

    def go(cells: dict[str, Sent], key: str = KEY, by: str = "na_hoi_typist", **more: Any) -> dict[str, Any]:
        values = {place.cells[name]: sent for name, sent in cells.items()}
        given = {"by": place.actors[by], "at": at(DUE), "on": DUE, "report_id": report.pk, "key": key, "values": values}
        return actions.send(**(given | more))

    return go


def drafts(place: Place) -> dict[str, int | None]:
    names = {number: key for key, number in place.cells.items()}
    return {names[cell]: value for cell, value in Draft.objects.values_list("cell_id", "value")}


def test_what_can_be_kept_is_kept_and_the_rest_says_why(place: Place, send: Send) -> None:
    outcome = send({"hoc_sinh": Sent("1200"), "hoc_sinh_nu": Sent("sáu"), "kinh_phi": Sent("12,5", "ước")})
    cell = {key: str(number) for key, number in place.cells.items()}
    assert outcome["kept"] == {
        cell["hoc_sinh"]: {"text": "1.200", "note": ""},
        cell["kinh_phi"]: {"text": "12,5", "note": "ước"},
    }
    assert list(outcome["refused"]) == [cell["hoc_sinh_nu"]]
    assert "“sáu” không phải số" in outcome["refused"][cell["hoc_sinh_nu"]]
    assert drafts(place) == {"hoc_sinh": 1200, "kinh_phi": 125}
    assert outcome["seen"] == 1 and not outcome["submitted"]


def test_the_same_batch_twice_is_one_batch(place: Place, send: Send, report: Report) -> None:
    first = send({"hoc_sinh": Sent("500")})
    place.type(report, {"hoc_sinh": "501"}, by="na_hoi")  # meanwhile corrected
    events = Event.objects.count()
    assert send({"hoc_sinh": Sent("500")}) == first
    assert drafts(place) == {"hoc_sinh": 501}
    assert Sending.objects.count() == 1 and Event.objects.count() == events


def test_a_key_belongs_to_its_report_and_account(place: Place, round: Round, send: Send) -> None:
    send({"hoc_sinh": Sent("500")})
    with pytest.raises(refusals.KeyOfAnother):
        send(
            {"hoc_sinh": Sent("1")}, by="ban_pho_typist", report_id=place.report(round, "ban_pho").pk
        )  # fmt: skip


def test_somebody_else_typed_meanwhile_is_told_three_ways(place: Place, send: Send, report: Report) -> None:
    place.type(report, {"hoc_sinh": "500"})
    place.type(report, {"hoc_sinh": "510"})
    cell = str(place.cells["hoc_sinh"])
    outcome = send({"hoc_sinh": Sent("520", was="500"), "hoc_sinh_nu": Sent("7")})
    told = outcome["conflicts"][cell]
    assert [told[way]["text"] for way in ("mine", "theirs", "before")] == ["520", "510", "500"]
    assert told["who"] == place.actors["na_hoi_typist"].name and told["at"].startswith("09:00 19/01/2026")
    assert drafts(place) == {"hoc_sinh": 510, "hoc_sinh_nu": 7}  # the rest of the batch is kept


def test_having_seen_theirs_one_may_write_over_it(place: Place, send: Send, report: Report) -> None:
    place.type(report, {"hoc_sinh": "510"})
    send({"hoc_sinh": Sent("520", was="510")})
    assert drafts(place) == {"hoc_sinh": 520}


def test_the_same_figure_from_two_is_no_conflict(place: Place, send: Send, report: Report) -> None:
    place.type(report, {"hoc_sinh": "510"})
    assert not send({"hoc_sinh": Sent("510", was="")})["conflicts"]


def test_a_figure_and_an_explanation_meet_without_conflict(place: Place, send: Send, report: Report) -> None:
    place.type(report, {"hoc_sinh": "510"})
    outcome = send({"hoc_sinh": Sent(note="có 10 em chuyển đến", was="")})
    assert outcome["kept"][str(place.cells["hoc_sinh"])] == {"text": "510", "note": "có 10 em chuyển đến"}


def test_an_explanation_is_not_overwritten_unseen_either(send: Send) -> None:
    send({"hoc_sinh": Sent("510", "lý do thứ nhất")})
    outcome = send({"hoc_sinh": Sent(note="lý do thứ hai", was="510", was_note="")}, key=KEY[::-1])
    assert next(iter(outcome["conflicts"].values()))["theirs"]["note"] == "lý do thứ nhất"
    assert Draft.objects.get().note == "lý do thứ nhất"


def test_what_was_handed_in_meanwhile_is_a_conflict_too(place: Place, round: Round, send: Send) -> None:
    place.hand_in(round, "na_hoi")
    told = next(iter(send({"hoc_sinh": Sent("520", was="")})["conflicts"].values()))
    assert told["theirs"]["text"] == "500" and told["who"] == place.actors["na_hoi_head"].name


def test_who_types_does_not_hand_in(place: Place, send: Send) -> None:
    outcome = send({key: Sent(text) for key, text in GOOD.items()}, submit=True)
    assert not outcome["submitted"] and outcome["faults"] and not Submission.objects.exists()
    assert len(outcome["kept"]) == len(GOOD) == len(drafts(place))


def test_a_refused_handing_in_leaves_the_batch_kept(place: Place, send: Send) -> None:
    seat = Position.objects.get(pk=place.actors["na_hoi_typist"].position_id)  # a small school: one person does both
    school = {"unit": place.unit("na_hoi"), "hierarchy": MANAGEMENT}
    people.grant(by=SYSTEM, at=at(FOUNDED), on=FOUNDED, position=seat, role=Role.HEAD, **school)
    outcome = send({"hoc_sinh": Sent("5"), "hoc_sinh_nu": Sent("6")}, submit=True)
    assert "Học sinh nữ không được nhiều hơn" in str(outcome["faults"]) and not outcome["submitted"]
    assert drafts(place) == {"hoc_sinh": 5, "hoc_sinh_nu": 6}
    stands = {"hoc_sinh": "5", "hoc_sinh_nu": "6"}
    good = {key: Sent(text, was=stands.get(key, "")) for key, text in GOOD.items()}
    assert send(good, key=KEY[::-1], submit=True)["submitted"] and Submission.objects.count() == 1


@pytest.mark.parametrize("who", ["ban_pho_typist", "officer", "viewer"])
def test_only_those_who_type_send(send: Send, who: str) -> None:
    with pytest.raises(NotAllowed):
        send({"hoc_sinh": Sent("1")}, by=who)


def test_a_closed_report_takes_nothing_but_answers_again(place: Place, round: Round, send: Send) -> None:
    first = send({"hoc_sinh": Sent("500")})
    Round.objects.filter(pk=round.pk).update(locked_at=at(DUE))
    assert send({"hoc_sinh": Sent("500")}) == first
    with pytest.raises(refusals.Locked):
        send({"hoc_sinh": Sent("501", was="500")}, key=KEY[::-1])


def test_old_answers_are_forgotten(send: Send) -> None:
    send({"hoc_sinh": Sent("1")}, at=at(DUE) - timedelta(days=70))
    send({"hoc_sinh": Sent("2", was="1")}, key=KEY[::-1])
    assert list(Sending.objects.values_list("pk", flat=True)) == [KEY[::-1]]


@pytest.mark.parametrize(
    "given", [None, [], {"a": {}}, {"1": "2"}, {"1": {"text": 2}}, {"1": {"who": "x"}}, {"1": {"text": "x" * 3000}}]
)
def test_what_is_no_batch_is_refused(given: Any) -> None:
    with pytest.raises(refusals.BadSending):
        read_values(given)


# The door


def post(client: Client, report: Report, **body: Any) -> Any:
    return client.post(f"/so-lieu/bao-cao/{report.pk}/luu/", body, content_type="application/json")


@pytest.fixture
def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    from giaoban.people import middleware

    monkeypatch.setattr(middleware, "now", lambda: at(DUE, 15))

    def go(who: str) -> Client:
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client = Client()
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        return client

    return go


def test_the_page_sends_and_is_answered(place: Place, enter: Any, report: Report) -> None:
    client, cell = enter("na_hoi_typist"), str(place.cells["hoc_sinh"])
    body = {"key": KEY, "account": place.accounts["na_hoi_typist"].pk, "values": {cell: {"text": "500", "was": ""}}}
    answer = post(client, report, **body).json()
    assert answer["kept"] == {cell: {"text": "500", "note": ""}} and answer["saved"] == "Đã lưu lúc 15:00"
    assert post(client, report, **(body | {"account": 0})).status_code == 403  # typed under another account
    assert post(client, report, **(body | {"key": "short"})).status_code == 409
    assert client.post(f"/so-lieu/bao-cao/{report.pk}/luu/", b"[", content_type="application/json").status_code == 400
    assert post(Client(), report, **body).status_code == 401  # the session is over: the browser keeps everything
    assert post(enter("ban_pho_typist"), report, **body).status_code == 404
    assert post(enter("officer"), report, **(body | {"account": place.accounts["officer"].pk})).status_code == 409
    assert drafts(place) == {"hoc_sinh": 500}


def test_the_worker_is_a_script_of_its_folder(client: Client) -> None:
    answer = client.get("/so-lieu/bao-cao/mat-mang.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert b'addEventListener("fetch"' in answer.content


def test_a_page_says_whose_it_is(enter: Any, place: Place, report: Report) -> None:
    answer = enter("na_hoi_typist").get(f"/so-lieu/bao-cao/{report.pk}/nhap/")
    assert answer["X-Kept-For"] == str(place.accounts["na_hoi_typist"].pk)
    assert "no-store" in answer["Cache-Control"]


# The server of the generated plays is this one

PLAY = Path(__file__).resolve().parents[2] / "generative" / "offline_play.js"
FOLLOW = """
import { Server } from "/play.js";
export function follow(ids, batches) {
  const server = new Server(ids);
  return batches.map(([who, batch]) => server.send(who, batch));
}
"""


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium")
def test_the_server_of_the_generated_plays_behaves_as_this_one(place: Place, report: Report) -> None:
    dice = random.Random(4)
    names = ["hoc_sinh", "hoc_sinh_nu", "bo_hoc[lop=6]"]
    ids = [str(place.cells[name]) for name in names]
    texts = ["", "1", "2", "3", "x1"]
    batches: list[tuple[str, dict[str, Any]]] = []
    for number in range(300):
        cells: dict[str, dict[str, str]] = {}
        for cell in dice.sample(ids, dice.randint(1, 3)):
            cells[cell] = {"was": dice.choice(texts[:4]), "was_note": dice.choice(["", "a", "b"])}
            if dice.random() < 0.8:
                cells[cell]["text"] = dice.choice(texts)
            if dice.random() < 0.4 or "text" not in cells[cell]:
                cells[cell]["note"] = dice.choice(["", "a", "b"])
        if dice.random() < 0.15 and batches:
            batches.append(dice.choice(batches))  # once more
        else:
            batches.append(("na_hoi_typist", {"key": f"{number:032}", "cells": cells}))
    with page_with({"play.js": PLAY.read_text(encoding="utf-8"), "follow.js": FOLLOW}) as page:
        told = call(page, "follow.js", "follow", ids, batches)
    for (who, batch), theirs in zip(batches, told, strict=True):
        mine = actions.send(
            by=place.actors[who], at=at(DUE), on=DUE, report_id=report.pk, key=batch["key"],
            values=read_values(batch["cells"]),
        )  # fmt: skip
        assert _plain(mine) == _plain(theirs), batch


def _plain(outcome: dict[str, Any]) -> dict[str, Any]:
    conflicts = {
        cell: {way: told[way] for way in ("mine", "theirs", "before")} for cell, told in outcome["conflicts"].items()
    }
    return {
        "kept": outcome["kept"],
        "refused": sorted(outcome["refused"]),
        "conflicts": conflicts,
        "seen": outcome["seen"],
    }


def test_refusals_are_sentences() -> None:
    assert issubclass(refusals.KeyOfAnother, Refused) and issubclass(refusals.BadSending, Refused)
