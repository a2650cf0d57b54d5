"""The calendar behind a secret address: one's own, under the rights of the day, revoked for good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices import actions as notices
from giaoban.notices.models import Feed
from giaoban.notices.queries import calendars
from giaoban.people.models import Account, Grant, Holding
from giaoban.work import actions
from giaoban.work.actions import NewTask, week
from tests.rooms.work.world import TODAY, World, at, client

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("today")


def made(actor: Actor, **changes: Any) -> str:
    _feed, token = notices.make_feed(**({"by": actor, "at": at(), "name": "Điện thoại", "titles": True} | changes))
    return reverse("work:feed", args=[token])


def entries(address: str) -> dict[str, Any]:
    response = Client().get(address)
    assert response.status_code == 200 and response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content)
    return {str(each["uid"]).partition("@")[0]: each for each in found.walk("VEVENT")}


def give(world: World, **changes: Any) -> Any:
    names = {"text": "Rà soát học sinh bỏ học", "due": "30/01/2026", "lead_id": world.thcs} | changes
    return actions.assign(by=world.chu_tich, at=at(), unit_id=world.suoi, task=NewTask(**names))


def meet(world: World) -> Any:
    own = {"by": world.chu_tich, "at": at()}
    meeting = actions.plan_meeting(
        **own, unit_id=world.suoi, kind="giao_ban", title="Giao ban tháng 1", starts_at=at(TODAY + DAY),
        chair_name="Nguyễn Văn Suối", place="Hội trường",
    )  # fmt: skip
    actions.invite(**own, meeting=meeting, unit_ids=[world.thcs])
    return meeting


def test_it_holds_meetings_the_week_and_due_days_of_the_person(world: World) -> None:
    task, meeting = give(world), meet(world)
    address = made(world.hieu_truong)
    assert set(entries(address)) == {f"viec-{task.pk}"}, "an invitation that was not sent is none"
    actions.send_invitations(by=world.chu_tich, at=at(), meeting=meeting)
    found = entries(address)
    assert set(found) == {f"viec-{task.pk}", f"hop-{meeting.pk}"}
    due = found[f"viec-{task.pk}"]
    assert due["dtstart"].dt == date(2026, 1, 30) and due["transp"] == "TRANSPARENT"
    assert due["summary"] == "Hạn nhiệm vụ: Rà soát học sinh bỏ học"
    assert found[f"hop-{meeting.pk}"]["location"] == "Hội trường"
    assert set(entries(made(world.hieu_truong_th))) == set(), "what is others' is theirs"
    line = week.enter(
        by=world.chuyen_vien, at=at(), unit_id=world.suoi, starts_at=at(TODAY + 2 * DAY),
        ends_at=at(TODAY + 2 * DAY, 10), subject="Kiểm tra cơ sở", attendant_ids=[world.chu_tich.position_id],
    )  # fmt: skip
    assert f"lich-{line.pk}" in entries(made(world.chu_tich))


def test_what_is_done_or_given_to_an_officer_is_not_the_head_s(world: World) -> None:
    task = give(world)
    address = made(world.hieu_truong)
    actions.propose_done(by=world.hieu_truong, at=at(), task=task, text="Xong")
    assert entries(address) == {}
    own = give(world, lead_id=world.suoi, officer_id=world.truong_phong.position_id)
    assert f"viec-{own.pk}" in entries(made(world.truong_phong)) and entries(made(world.chu_tich)) == {}


def test_rights_are_those_of_the_moment(world: World) -> None:
    give(world)
    address = made(world.hieu_truong)
    assert entries(address)
    Grant.objects.filter(position_id=world.hieu_truong.position_id).update(end=TODAY)
    assert entries(address) == {}, "without the role nothing is seen"
    Holding.objects.filter(position_id=world.hieu_truong.position_id).update(end=TODAY)
    assert entries(address) == {}
    Account.objects.filter(pk=world.hieu_truong.account_id).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_without_names_it_only_says_that_something_is(world: World) -> None:
    give(world)
    response = Client().get(made(world.hieu_truong, titles=False))
    assert b"SUMMARY:H\xe1\xba\xa1n nhi\xe1\xbb\x87m v\xe1\xbb\xa5\r\n" in response.content
    assert "Rà soát".encode() not in response.content


def test_only_a_hash_is_kept_and_only_its_holder_revokes(world: World) -> None:
    address = made(world.hieu_truong)
    feed = Feed.objects.get()
    assert address.split("/")[-1].removesuffix(".ics") not in str(feed.__dict__)
    with pytest.raises(NotAllowed):
        notices.revoke_feed(by=world.chu_tich, at=at(), feed_id=feed.pk)
    notices.revoke_feed(by=world.hieu_truong, at=at(), feed_id=feed.pk)
    assert Client().get(address).status_code == 404
    assert Client().get(reverse("work:feed", args=["x" * 43])).status_code == 404


def test_the_same_content_is_not_sent_again(world: World) -> None:
    give(world)
    address = made(world.hieu_truong)
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    give(world, text="Việc mới")
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "no-cache" in first["Cache-Control"] and first["Referrer-Policy"] == "no-referrer"


def test_who_asks_too_often_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST", 3)
    address = made(world.hieu_truong)
    assert [Client().get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    Feed.objects.update(window_at=at() - calendars.WINDOW)
    assert Client().get(address).status_code == 200


def test_made_and_revoked_on_the_page_and_shown_once(world: World) -> None:
    browser = client(world.hieu_truong)
    assert browser.post(reverse("notices:feed-make"), {"name": ""}).status_code == 422
    page = browser.post(reverse("notices:feed-make"), {"name": "Máy tính", "titles": "on"})
    address = page.context["address"]
    assert address.startswith("http://testserver/lich/") and address in page.content.decode()
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    assert address not in browser.get(reverse("notices:settings")).content.decode()
    feed = Feed.objects.get()
    browser.post(reverse("notices:feed-revoke", args=[feed.pk]))
    assert Client().get(address.removeprefix("http://testserver")).status_code == 404


def test_a_system_has_no_calendar() -> None:
    with pytest.raises(ValueError, match="person"):
        notices.make_feed(by=SYSTEM, at=at(), name="X", titles=True)
