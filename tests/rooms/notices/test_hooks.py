"""Web hooks: signed, only to named hosts, at least once, and of nothing the unit may not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions, events, hooking, queries, refusals
from giaoban.notices.models import Delivery, Hook
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Task
from tests.rooms.notices.receiver import Receiver, listening, verified
from tests.rooms.people.office import Office
from tests.world import NOW, TODAY

ADMIN = "quantri.xa"


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    with listening() as made:
        settings.HOOK_HOSTS = frozenset({made.host})
        settings.HOOK_HTTP = settings.HOOK_PRIVATE = True
        settings.SITE = "https://giaoban.example"
        yield made


def register(office: Office, receiver: Receiver, *chosen: str) -> tuple[Hook, str]:
    return actions.make_hook(
        by=office.actor(ADMIN), at=NOW, unit_id=office.unit("binh_minh"), name="Điều hành của xã",
        address=receiver.address, chosen=chosen or events.NAMES,
    )  # fmt: skip


def give(office: Office, unit: str = "binh_minh", lead: str = "tieu_hoc", **changes: Any) -> Task:
    new = NewTask(text="Rà soát học sinh bỏ học", due="15/3/2026", lead_id=office.unit(lead))
    return work.assign(by=SYSTEM, at=NOW, unit_id=office.unit(unit), task=new, **changes)


def deliver() -> int:
    hooking.collect(timezone.now())
    return hooking.deliver(timezone.now)


# What is told


def test_an_event_is_delivered_signed_with_ids_codes_and_links_only(office: Office, receiver: Receiver) -> None:
    _hook, secret = register(office, receiver)
    task = give(office)
    assert deliver() == 1
    ((headers, body),) = receiver.requests
    assert verified(secret, headers, body) and not verified("whsec_" + "A" * 44, headers, body)
    assert not verified(secret, headers, body + b" "), "the body is signed"
    assert not verified(secret, headers, body, now=timezone.now().timestamp() + 301), "the time is signed"
    said = json.loads(body)
    assert said["type"] == "task.assigned" and said["data"]["task"]["id"] == task.pk
    assert said["data"]["task"]["link"] == f"https://giaoban.example/viec/{task.pk}/"
    assert said["data"]["task"]["lead"]["codes"]["moet"] == "99001002"
    assert "Rà soát" not in body.decode() and "Tiểu học" not in body.decode()
    assert headers["content-type"].startswith("application/json")


def test_nothing_is_told_of_units_elsewhere_or_events_not_chosen(office: Office, receiver: Receiver) -> None:
    register(office, receiver, "task.assigned")
    give(office, unit="cao_son", lead="thcs")
    task = give(office)
    work.propose_done(by=SYSTEM, at=NOW, task=task, text="Xong")
    assert deliver() == 1
    assert [each["type"] for each in receiver.bodies] == ["task.assigned"]


def test_what_was_before_the_hook_is_not_told(office: Office, receiver: Receiver) -> None:
    give(office)
    register(office, receiver)
    assert deliver() == 0


def test_each_verb_of_a_task_is_told(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    task = give(office)
    own = {"by": SYSTEM, "at": NOW, "task": task}
    work.report_progress(**own, text="Đang làm", percent=40)
    extension = work.ask_extension(**own, to_on=TODAY + timedelta(days=90), reason="Mưa lũ")
    work.decide_extension(by=SYSTEM, at=NOW, extension=extension, granted=True)
    work.propose_done(**own, text="Xong")
    work.send_back(**own, reason="Thiếu danh sách")
    work.propose_done(**own, text="Đủ")
    work.confirm(**own)
    deliver()
    assert [each["type"] for each in receiver.bodies] == [
        "task.assigned", "task.reported", "task.extended", "task.proposed", "task.sent_back", "task.proposed",
        "task.confirmed",
    ]  # fmt: skip
    assert "Mưa lũ" not in str(receiver.requests) and "Thiếu danh sách" not in str(receiver.requests)


def test_overdue_is_told_of_one_s_own_tasks_only(office: Office, receiver: Receiver) -> None:
    register(office, receiver, "task.overdue")
    mine, other = give(office), give(office, unit="cao_son", lead="thcs")
    Task.objects.update(due_on=TODAY - timedelta(days=1))
    work.remind_tasks(by=SYSTEM, at=NOW)
    deliver()
    assert [each["data"]["task"]["id"] for each in receiver.bodies] == [mine.pk] and other.pk


def test_a_conclusion_is_told_when_it_binds_and_its_tasks_then(office: Office, receiver: Receiver) -> None:
    register(office, receiver, "task.assigned", "conclusion.bound", "meeting.held")
    own = {"by": SYSTEM, "at": NOW}
    meeting = work.plan_meeting(
        **own, unit_id=office.unit("binh_minh"), kind="giao_ban", title="Giao ban", starts_at=NOW, chair_name="Chủ tịch"
    )
    work.invite(**own, meeting=meeting, unit_ids=[office.unit("tieu_hoc")])
    work.send_invitations(**own, meeting=meeting)
    work.open_meeting(**own, meeting=meeting)
    meeting.refresh_from_db()
    conclusion = work.conclude(**own, meeting=meeting, text="Các trường báo cáo.")
    new = NewTask(text="Nộp báo cáo", due="15/3/2026", lead_id=office.unit("tieu_hoc"))
    task = work.assign(**own, unit_id=office.unit("binh_minh"), task=new, conclusion=conclusion)
    deliver()
    assert receiver.bodies == [], "a planned task is nobody's yet"
    work.bind_now(**own, conclusion=conclusion)
    work.close_meeting(**own, meeting=meeting)
    deliver()
    assert [each["type"] for each in receiver.bodies] == ["conclusion.bound", "task.assigned", "meeting.held"]
    assert [each["id"] for each in receiver.bodies[0]["data"]["tasks"]] == [task.pk]


# Where it may go


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("https://khac.example/nhan", refusals.HostNotNamed),
        ("https://giaoban.example:8443/nhan", refusals.HostNotNamed),
        ("http://giaoban.example/nhan", refusals.NeedsHttps),
        ("ftp://giaoban.example/nhan", refusals.BadAddress),
        ("https://ai:mat-khau@giaoban.example/", refusals.BadAddress),
        ("https://giaoban.example/a b", refusals.BadAddress),
        ("giaoban.example", refusals.BadAddress),
        ("https://giaoban.example:99999/", refusals.BadAddress),
    ],
)
def test_only_https_to_a_host_that_the_setting_names(settings: LazySettings, address: str, refusal: Any) -> None:
    settings.HOOK_HOSTS = frozenset({"giaoban.example"})
    assert hooking.check_address("https://GiaoBan.example/nhan").hostname == "giaoban.example"
    with pytest.raises(refusal):
        hooking.check_address(address)
    settings.HOOK_HOSTS = frozenset()
    with pytest.raises(refusals.HostNotNamed):
        hooking.check_address("https://giaoban.example/nhan")


@pytest.mark.parametrize(
    "place", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0"]
)
def test_a_name_that_leads_into_a_closed_network_is_not_followed(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    settings.HOOK_HOSTS = frozenset({"giaoban.example"})
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", (place, 443))])
    monkeypatch.setattr("socket.create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(OSError, match=r"giaoban\.example"):
        hooking.post("https://giaoban.example/", "{}", {})


def test_the_address_that_was_looked_up_is_the_one_spoken_to(
    settings: LazySettings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    port = int(receiver.host.partition(":")[2])
    settings.HOOK_HOSTS = frozenset({f"ten.example:{port}"})

    def looked_up(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(hooking.socket, "getaddrinfo", looked_up)
    made = hooking.socket.socket

    def reached(place: tuple[str, int], timeout: float) -> Any:
        link = made()
        link.settimeout(timeout)
        link.connect(place)
        return link

    monkeypatch.setattr(hooking.socket, "create_connection", reached)
    assert hooking.post(f"http://ten.example:{port}/a", "{}", {}).taken
    assert asked == ["ten.example"] and receiver.requests[0][0]["host"] == f"ten.example:{port}"


def test_a_redirect_is_an_answer_and_not_followed(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    give(office)
    receiver.status, receiver.more = 302, {"location": "http://127.0.0.1:1/"}
    assert deliver() == 0 and len(receiver.requests) == 1
    assert Delivery.objects.get().status == 302


def test_a_long_answer_is_cut(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 200, b"x" * (hooking.TAKEN + 1000)
    assert len(hooking.post(receiver.address, "{}", {}).words) == hooking.TAKEN


def test_who_does_not_answer_in_time_is_hung_up_on(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooking, "WHOLE", 0.2)
    receiver.wait = 5
    begun = timezone.now()
    with pytest.raises((OSError, hooking.http.client.HTTPException)):
        hooking.post(receiver.address, "{}", {})
    assert timezone.now() - begun < timedelta(seconds=4)


def test_a_host_taken_from_the_setting_is_sent_nothing_more(
    office: Office, receiver: Receiver, settings: LazySettings
) -> None:
    register(office, receiver)
    give(office)
    settings.HOOK_HOSTS = frozenset()
    assert deliver() == 0 and not receiver.requests
    assert "GIAOBAN_HOOK_HOSTS" in Delivery.objects.get().words


# At least once


def test_refused_it_is_tried_again_later_and_later_and_given_up(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    give(office)
    receiver.status, receiver.answer = 500, "Hỏng".encode()
    hooking.collect(timezone.now())
    now, pauses = timezone.now(), []
    for _ in range(len(hooking.PAUSES) + 1):
        hooking.deliver(lambda now=now: now)
        row = Delivery.objects.get()
        pauses.append(row.next_at - now)
        now = row.next_at
    assert pauses[:-1] == list(hooking.PAUSES) and pauses == sorted(pauses[:-1]) + pauses[-1:]
    row = Delivery.objects.get()
    assert (row.state, row.status, row.words) == ("failed", 500, "Hỏng")
    assert set(receiver.numbers) == {row.key} and len(receiver.numbers) == len(hooking.PAUSES) + 1
    receiver.status = 200
    actions.resend(by=office.actor(ADMIN), at=NOW, hook_id=row.hook_id, delivery_id=row.pk)
    assert hooking.deliver(timezone.now) == 1
    assert set(receiver.numbers) == {row.key}, "the same number: the receiver can drop it"


def test_a_receiver_that_is_silent_is_not_asked_for_each_of_many(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    for _ in range(3):
        give(office)
    receiver.status = 503
    deliver()
    assert len(receiver.requests) == 1
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_gone_pauses_and_what_happens_meanwhile_waits(office: Office, receiver: Receiver) -> None:
    hook, _secret = register(office, receiver)
    give(office)
    receiver.status = 410
    deliver()
    hook.refresh_from_db()
    assert hook.paused_at is not None and "410" in hook.pause_reason
    receiver.status = 200
    give(office)
    assert deliver() == 0
    actions.resume_hook(by=office.actor(ADMIN), at=NOW, hook_id=hook.pk)
    Delivery.objects.update(next_at=timezone.now())
    assert deliver() == 2


def test_a_sender_that_died_is_taken_over_after_its_lease(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    give(office)
    hooking.collect(timezone.now())
    now = timezone.now()
    Delivery.objects.update(attempts=1, next_at=now + hooking.LEASE)  # claimed, and its sender killed
    assert hooking.deliver(lambda now=now: now) == 0 and not receiver.requests
    later = now + hooking.LEASE
    assert hooking.deliver(lambda: later) == 1 and len(receiver.requests) == 1


def test_collecting_twice_makes_no_double(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    give(office)
    assert [hooking.collect(timezone.now()), hooking.collect(timezone.now())] == [1, 0]
    assert hooking.behind() == 0


def test_an_event_that_cannot_be_told_moves_no_cursor(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(office, receiver)
    give(office)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "of", broken)
    assert hooking.collect(timezone.now()) == 0 and not Delivery.objects.exists()
    monkeypatch.undo()
    assert hooking.collect(timezone.now()) == 1


def test_after_rotation_both_secrets_sign_for_a_day(office: Office, receiver: Receiver) -> None:
    hook, old = register(office, receiver)
    _hook, new = actions.rotate_secret(by=office.actor(ADMIN), at=NOW, hook_id=hook.pk)
    give(office)
    deliver()
    assert old != new and all(verified(each, *receiver.requests[0]) for each in (old, new))
    Hook.objects.update(old_until=timezone.now() - timedelta(seconds=1))
    give(office)
    deliver()
    assert verified(new, *receiver.requests[1]) and not verified(old, *receiver.requests[1])


def test_what_was_sent_is_kept_a_month(office: Office, receiver: Receiver) -> None:
    register(office, receiver)
    give(office)
    deliver()
    Delivery.objects.update(sent_at=timezone.now() - hooking.KEPT - timedelta(days=1))
    deliver()
    assert not Delivery.objects.exists()


# Who may


def test_only_who_manages_the_unit_s_settings_connects_it(office: Office, receiver: Receiver) -> None:
    hook, _secret = register(office, receiver)
    for name in ("ct.binhminh", "ht.tieuhoc"):
        with pytest.raises(NotAllowed):
            actions.make_hook(
                by=office.actor(name), at=NOW, unit_id=office.unit("binh_minh"), name="X", address=receiver.address,
                chosen=["task.assigned"],
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            queries.hook_for(office.actor(name), hook.pk, TODAY)
    with pytest.raises(NotAllowed):
        actions.make_hook(
            by=office.actor(ADMIN), at=NOW, unit_id=office.unit("cao_son"), name="X", address=receiver.address,
            chosen=["task.assigned"],
        )  # fmt: skip


def test_the_pages_from_connecting_to_ending(office: Office, receiver: Receiver) -> None:
    browser = office.client(ADMIN)
    form = {
        "unit": office.unit("binh_minh"),
        "name": "Điều hành",
        "address": receiver.address,
        "events": ["task.assigned"],
    }
    assert browser.post(reverse("notices:hook-new"), form | {"events": []}).status_code == 422
    page = browser.post(reverse("notices:hook-new"), form)
    secret = page.context["secret"]
    assert secret in page.content.decode()
    hook = Hook.objects.get()
    assert secret not in browser.get(reverse("notices:hook", args=[hook.pk])).content.decode(), "shown once"
    assert "Điều hành" in browser.get(reverse("notices:hooks")).content.decode()

    def act(verb: str, **data: Any) -> int:
        return browser.post(reverse("notices:hook-act", args=[hook.pk, verb]), data).status_code

    assert act("thu") == 302
    deliver()
    assert receiver.bodies[0]["type"] == "hook.trial" and verified(secret, *receiver.requests[0])
    assert "204" in browser.get(reverse("notices:hook", args=[hook.pk])).content.decode()
    assert act("sua", name="Tên mới", address=receiver.address, events=["meeting.held"]) == 302
    assert act("sua", name="Tên mới", address="https://khac.example/", events=["meeting.held"]) == 422
    assert act("doi-khoa") == 200 and act("tam-dung") == 302 and act("tiep-tuc") == 302 and act("la") == 404
    delivery = Delivery.objects.get()
    assert browser.post(reverse("notices:hook-resend", args=[hook.pk, delivery.pk])).status_code == 302
    assert act("ket-thuc") == 302 and act("thu") == 409
    hook.refresh_from_db()
    assert (hook.name, hook.events) == ("Tên mới", ["meeting.held"]) and hook.closed_at
    assert office.client("ht.tieuhoc").get(reverse("notices:hooks")).status_code == 403
