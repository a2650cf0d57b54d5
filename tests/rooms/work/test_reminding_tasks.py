"""Reminders: one list a receiver, told up by steps, only on working days, and not the same every day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.journal.models import Event
from giaoban.notices.models import Gathered, Message
from giaoban.people.models import Grant, Holding
from giaoban.work import actions, chat, reminders
from giaoban.work.actions import NewTask
from giaoban.work.models import ReportDuty, Task
from giaoban.work.queries import reminding
from tests.rooms.work.world import TODAY, World, at, client

DAY = timedelta(days=1)
MONDAY = TODAY


def give(world: World, due_on: date, *, on: date = date(2025, 12, 1), **changes: Any) -> Task:
    """The chair of the commune gives the secondary school a task due on a day."""
    names = NewTask.__dataclass_fields__
    fields = {"text": "Rà soát học sinh bỏ học", "due": f"{due_on:%d/%m/%Y}", "lead_id": world.thcs}
    fields |= {name: changes.pop(name) for name in list(changes) if name in names}
    given: dict[str, Any] = {"by": world.chu_tich, "at": at(on), "unit_id": world.suoi, **changes}
    return actions.assign(task=NewTask(**fields), **given)


def run(on: date = MONDAY) -> Any:
    return actions.remind_tasks(by=SYSTEM, at=at(on, 7))


def told(actor: Actor, on: date = MONDAY) -> list[Message]:
    return list(Message.objects.filter(position_id=actor.position_id, at=at(on, 7)).order_by("pk"))


def heads(message: Message) -> dict[str, list[str]]:
    return {group["head"]: [row["words"] for row in group["rows"]] for group in message.groups}


def test_a_lead_gets_one_message_with_everything(world: World) -> None:
    give(world, MONDAY - DAY, text="Quá hạn một ngày")
    give(world, MONDAY, text="Đến hạn hôm nay")
    give(world, MONDAY + 7 * DAY, text="Trong bảy ngày")
    give(world, MONDAY + 8 * DAY, text="Chưa phải nhắc")
    other = give(world, MONDAY + DAY, text="Xã giúp trường khác", lead_id=world.tieu_hoc, partner_ids=(world.thcs,))
    run()
    (message,) = told(world.hieu_truong)
    assert heads(message) == {
        "Quá hạn": ["Quá hạn một ngày"],
        "Đến hạn hôm nay": ["Đến hạn hôm nay"],
        "Sắp đến hạn": ["Trong bảy ngày"],
        "Phần phối hợp chưa trả lời": [other.title],
    }
    assert message.subject == (
        "Nhắc việc 12/01/2026: 1 quá hạn, 1 đến hạn hôm nay, 1 sắp đến hạn, 1 phần phối hợp chưa trả lời"
    )
    assert message.link == reverse("work:reminders")


def test_the_officer_named_is_told_and_not_the_head(world: World) -> None:
    give(world, MONDAY, lead_id=world.suoi, officer_id=world.truong_phong.position_id)
    run()
    assert len(told(world.truong_phong)) == 1 and not told(world.chu_tich)


def test_an_officer_whose_seat_is_empty_leaves_it_to_the_head(world: World) -> None:
    give(world, MONDAY, lead_id=world.suoi, officer_id=world.truong_phong.position_id)
    Holding.objects.filter(position_id=world.truong_phong.position_id).update(end=MONDAY - DAY)
    run()
    assert len(told(world.chu_tich)) == 1


def test_where_nobody_sits_the_list_waits_for_whoever_will(world: World) -> None:
    Holding.objects.filter(position_id=world.hieu_truong_mn.position_id).update(end=MONDAY - DAY)
    give(world, MONDAY, lead_id=world.mam_non)
    run()
    run()
    (message,) = told(world.hieu_truong_mn)
    assert (message.unit_id, message.verb) == (world.mam_non, "task.report")
    assert Gathered.objects.get(unit_id=world.mam_non).message == message


def test_who_reported_it_done_waits_for_the_assigner(world: World) -> None:
    task = give(world, MONDAY - 10 * DAY, text="Đã làm xong")
    actions.propose_done(by=world.hieu_truong, at=at(MONDAY - 3 * DAY), task=task, text="Xong")
    run()
    assert not told(world.hieu_truong)
    (message,) = told(world.chu_tich)
    assert list(heads(message)) == ["Báo cáo hoàn thành, chờ xác nhận"]
    assert message.groups[0]["rows"][0]["note"] == "hạn 02/01/2026, báo cáo ngày 09/01/2026"


def test_more_time_asked_for_waits_for_who_decides(world: World) -> None:
    task = give(world, MONDAY + 20 * DAY)
    actions.ask_extension(
        by=world.hieu_truong, at=at(MONDAY - 3 * DAY), task=task, to_on=MONDAY + 40 * DAY, reason="Mưa lũ"
    )
    run()
    (message,) = told(world.chu_tich)
    assert list(heads(message)) == ["Xin gia hạn, chờ quyết định"]
    assert message.groups[0]["rows"][0]["note"].endswith("xin đến 21/02/2026")
    assert "Mưa lũ" not in str(message.groups), "words of people are read on the task's page"


def test_a_report_of_a_rhythm_is_asked_for_until_it_is_written(world: World) -> None:
    task = give(world, MONDAY + 200 * DAY, on=date(2026, 1, 2))
    ReportDuty.objects.create(
        task=task, cycle="MONTH", words="ngày 15 hằng tháng", starts_on=date(2026, 1, 2), set_by="Chủ tịch"
    )
    run()
    (message,) = told(world.hieu_truong)
    assert heads(message) == {"Báo cáo định kỳ": [task.title]}
    assert message.groups[0]["rows"][0]["note"] == "tháng 1/2026, hạn 15/01/2026, còn 3 ngày"


# Up the steps


@pytest.mark.parametrize(
    ("late", "above", "giver"),
    [(1, False, False), (2, False, False), (3, True, False), (4, True, False), (5, True, True)],
)
def test_after_so_many_working_days_the_sides_above_are_told(world: World, late: int, above: bool, giver: bool) -> None:
    """The task is the Sở's; the school is managed by the commune. 2026-01-12 is a Monday."""
    due = MONDAY + 2 * DAY  # Wednesday
    give(world, due, by=world.giam_doc, unit_id=world.so)
    day = due
    for _ in range(late):
        day += DAY if day.weekday() < 4 else 3 * DAY
    run(day)
    assert len(told(world.hieu_truong, day)) == 1
    assert bool(told(world.chu_tich, day)) is above
    assert bool(told(world.giam_doc, day)) is giver
    if above:
        (message,) = told(world.chu_tich, day)
        assert heads(message) == {"Chậm ở đơn vị cấp dưới": ["Trường THCS Suối Thử: Rà soát học sinh bỏ học"]}
        assert "Rà soát học sinh bỏ học" in message.text_to_paste


def test_the_head_of_the_lead_is_told_of_what_an_officer_is_late_with(world: World) -> None:
    give(world, MONDAY - 3 * DAY, lead_id=world.suoi, officer_id=world.truong_phong.position_id)
    run()
    assert list(heads(told(world.truong_phong)[0])) == ["Quá hạn"]
    assert list(heads(told(world.chu_tich)[0])) == ["Chậm ở đơn vị cấp dưới"]


def test_the_steps_are_dated_data(settings: LazySettings, tmp_path: Path) -> None:
    assert [(step.after, step.to) for step in reminders.steps(MONDAY)] == [(1, "head"), (3, "above"), (5, "assigner")]
    assert reminders.steps(date(2025, 6, 30)) == ()
    settings.HOME = tmp_path
    (tmp_path / "reminding.toml").write_text(
        "[[rhythm]]\nsince = 2026-01-01\nrepeat_after = 2\nsource = 'Quy chế'\n"
        "[[escalation]]\nsince = 2026-01-01\nsteps = [{after = 9, to = 'above'}]\nsource = 'Quy chế'\n"
        "[[escalation]]\nsince = 2026-06-01\nsteps = [{after = 4, to = 'above'}]\nsource = 'Quy chế mới'\n"
    )
    assert [step.after for step in reminders.steps(MONDAY)] == [9]
    assert [step.after for step in reminders.steps(date(2026, 6, 1))] == [4]
    assert reminders.repeat_after(MONDAY) == 2


def test_the_task_page_may_ask_who_is_told_next(world: World) -> None:
    task = give(world, MONDAY - 3 * DAY)  # Friday; the Saturday after it was worked in exchange
    steps = reminding.escalation(task, MONDAY)
    assert [(step.day, step.to, step.reached) for step in steps] == [
        (MONDAY - 2 * DAY, "head", True),
        (MONDAY + DAY, "above", False),
        (MONDAY + 3 * DAY, "assigner", False),
    ]
    actions.propose_done(by=world.hieu_truong, at=at(), task=task, text="Xong")
    task.refresh_from_db()
    assert reminding.escalation(task, MONDAY) == []


# The rhythm


def test_on_a_day_off_nobody_is_told(world: World) -> None:
    give(world, MONDAY - 3 * DAY)
    assert run(MONDAY - DAY) == actions.reminding.Told()
    assert not Gathered.objects.exists() and not Event.objects.filter(verb="task.overdue").exists()


def test_run_again_the_same_day_nothing_more_is_told(world: World) -> None:
    give(world, MONDAY - 3 * DAY)
    first = run()
    assert first.lists and first.passed == 1
    give(world, MONDAY - 3 * DAY, text="Việc mới cùng ngày")
    again = run()
    assert again.lists == 0 and again.passed == 1, "one message a day; a due day that passed is told once"
    assert len(told(world.hieu_truong)) == 1


def test_an_unchanged_list_is_not_told_every_day(world: World) -> None:
    """Told Monday; silent until something new or five working days later."""
    give(world, MONDAY - 30 * DAY)
    run(MONDAY)
    days = [MONDAY + n * DAY for n in (1, 2, 3, 4)]
    for day in days:
        run(day)
    assert not any(told(world.hieu_truong, day) for day in days)
    give(world, MONDAY + 5 * DAY, text="Việc mới")
    run(MONDAY + 4 * DAY + 3 * DAY)
    assert len(told(world.hieu_truong, MONDAY + 7 * DAY)) == 1


def test_what_moves_under_a_worse_heading_is_new(world: World) -> None:
    give(world, MONDAY + 2 * DAY)
    counts = []
    for n in range(4):
        run(MONDAY + n * DAY)
        counts.append(len(told(world.hieu_truong, MONDAY + n * DAY)))
    assert counts == [1, 0, 1, 1], "soon on Monday, today on Wednesday, overdue on Thursday"


def test_a_run_that_was_stopped_is_taken_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    give(world, MONDAY)
    give(world, MONDAY, lead_id=world.tieu_hoc)
    tell, calls = actions.reminding._tell, []

    def stopped(*args: Any, **kwargs: Any) -> bool:
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return tell(*args, **kwargs)

    monkeypatch.setattr(actions.reminding, "_tell", stopped)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    assert Gathered.objects.count() == 1
    run()
    assert Gathered.objects.count() == 2
    assert len(told(world.hieu_truong)) == len(told(world.hieu_truong_th)) == 1


def test_the_passing_of_a_due_day_is_told_once_for_each_due_day(world: World) -> None:
    task = give(world, MONDAY - 3 * DAY)
    run(MONDAY)
    run(MONDAY + DAY)
    events = Event.objects.filter(verb="task.overdue")
    assert [event.data["ids"] for event in events] == [[task.pk]]
    Task.objects.filter(pk=task.pk).update(due_on=MONDAY + DAY)
    run(MONDAY + 2 * DAY)
    assert events.all().count() == 2


def test_only_the_system_runs_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        actions.remind_tasks(by=world.chu_tich, at=at())


def test_the_command(world: World, today: None, capsys: pytest.CaptureFixture[str]) -> None:
    give(world, MONDAY - 3 * DAY)
    call_command("remind_tasks")
    assert "1 " in capsys.readouterr().out
    assert Gathered.objects.exists()


def test_nobody_is_told_of_what_they_may_not_see(world: World) -> None:
    """Whoever gave it and left the unit's seat sees it no more and is not told."""
    give(world, MONDAY - 30 * DAY, by=world.chuyen_vien)
    Grant.objects.filter(position_id=world.chuyen_vien.position_id).update(end=MONDAY - DAY)
    run()
    assert not told(world.chuyen_vien)


# Texts to paste


def test_a_text_of_one_task_is_short_plain_and_ends_with_its_link(world: World, today: None) -> None:
    task = give(world, MONDAY - 3 * DAY)
    page = client(world.chu_tich).get(reverse("work:reminders"), {"viec": task.pk})
    assert page.context["text"].splitlines() == [
        "Nhắc việc: Rà soát học sinh bỏ học",
        "Chủ trì: Trường THCS Suối Thử",
        "Hạn 09/01/2026, quá hạn 3 ngày",
        f"http://testserver/viec/{task.pk}/",
    ]
    stranger = client(world.chu_tich_doi).get(reverse("work:reminders"), {"viec": task.pk})
    assert stranger.status_code == 404


def test_a_list_and_a_league_hold_what_one_may_see(world: World, today: None) -> None:
    give(world, MONDAY - 3 * DAY)
    give(world, MONDAY - 10 * DAY, text="Cũ nhất")
    give(world, MONDAY - DAY, lead_id=world.tieu_hoc)
    text = client(world.chu_tich).get(reverse("work:reminders"), {"kieu": "xep-hang"}).context["text"]
    assert text.splitlines()[:3] == [
        "Nhiệm vụ quá hạn đến 12/01/2026: 3 việc của 2 đơn vị",
        "1. Trường THCS Suối Thử: 2 việc, lâu nhất 10 ngày",
        "2. Trường Tiểu học Suối Thử: 1 việc, lâu nhất 1 ngày",
    ]
    one = client(world.chu_tich).get(reverse("work:reminders"), {"kieu": "danh-sach", "don_vi": world.thcs})
    assert one.context["text"].startswith("Trường THCS Suối Thử: việc đến 12/01/2026\nQuá hạn (2):\n1. Cũ nhất")
    other = client(world.chu_tich_doi).get(reverse("work:reminders"), {"kieu": "xep-hang"})
    assert other.context["text"] == "" and other.status_code == 200


def test_one_s_own_list_stands_on_the_page(world: World, today: None) -> None:
    give(world, MONDAY - 3 * DAY)
    page = client(world.hieu_truong).get(reverse("work:reminders"))
    assert [group.head for group in page.context["groups"]] == ["Quá hạn"]
    assert "Rà soát học sinh bỏ học" in page.content.decode()
    bad = client(world.hieu_truong).get(reverse("work:reminders"), {"kieu": "danh-sach", "don_vi": "1 or 1"})
    assert bad.status_code == 404


def test_a_long_list_is_cut_at_a_line_and_keeps_its_link() -> None:
    rows = [f"Việc số {n} " + "x" * 150 for n in range(40)]
    text = chat.listing("Đầu", [("Quá hạn", rows)], "https://giaoban.example/viec/")
    assert len(text) <= 2_000 and text.endswith("https://giaoban.example/viec/")
    short = chat.listing("Đầu", [("Quá hạn", rows[:2]), ("Sắp đến hạn", [])], "L")
    assert short.splitlines()[1] == "Quá hạn (2):" and "Sắp" not in short
