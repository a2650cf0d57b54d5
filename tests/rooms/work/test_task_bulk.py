"""One verb on several tasks: each by itself, with the rights of each; what fails is told and nothing else is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.work import actions, refusals, refusals_boards
from giaoban.work.actions import NewTask
from giaoban.work.actions.bulk import MOST, do_to_many
from giaoban.work.models import Progress, Task
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def give(world: World, lead: int, **more: Any) -> Task:
    new = NewTask(text="Rà soát học sinh bỏ học", due="30/01/2026", lead_id=lead)
    return actions.assign(task=new, **{"by": world.chu_tich, "at": at(), "unit_id": world.suoi, **more})


@pytest.fixture
def three(world: World) -> list[Task]:
    """The first two are reported as done, the third is not."""
    tasks = [give(world, world.thcs), give(world, world.tieu_hoc), give(world, world.thcs)]
    for task, head in zip(tasks, (world.hieu_truong, world.hieu_truong_th)):
        actions.propose_done(by=head, at=at(), task=task, text="Đã xong")
    return tasks


def many(world: World, verb: str, tasks: list[Task], by: Any = None, **said: Any) -> list[type | None]:
    found = do_to_many(by=by or world.chu_tich, at=at(), verb=verb, task_ids=[task.pk for task in tasks], **said)
    return [type(each.refused) if each.refused else None for each in found]


def test_what_can_be_confirmed_is_and_the_other_says_why(world: World, three: list[Task]) -> None:
    assert many(world, "confirm", three) == [None, None, refusals.NotProposed]
    assert [task.completed_on for task in Task.objects.filter(pk__in=[t.pk for t in three]).order_by("pk")] == [
        TODAY, TODAY, None,
    ]  # fmt: skip
    assert Progress.objects.filter(kind=Progress.Kind.CONFIRMED).count() == 2


def test_the_right_is_asked_for_each_task(world: World, three: list[Task]) -> None:
    """The head of a school sees one of them and may confirm none; the neighbour's is neither done nor named."""
    found = do_to_many(by=world.hieu_truong, at=at(), verb="confirm", task_ids=[task.pk for task in three])
    assert [(each.task.pk, type(each.refused)) for each in found] == [
        (three[0].pk, NotAllowed), (three[2].pk, NotAllowed),
    ]  # fmt: skip
    assert not Task.objects.filter(confirmed_at__isnull=False).exists()


def test_one_reason_sends_all_back(world: World, three: list[Task]) -> None:
    assert many(world, "send_back", three[:2], reason="Thiếu minh chứng") == [None, None]
    assert set(Progress.objects.filter(kind=Progress.Kind.SENT_BACK).values_list("text", flat=True)) == {
        "Thiếu minh chứng"
    }
    assert many(world, "send_back", three[:1], reason=" ") != [None]


def test_more_time_is_granted_to_who_asked(world: World, three: list[Task]) -> None:
    """Without a day each gets what it asked for; with one, all that day."""
    other = give(world, world.tieu_hoc)
    for task, head, day in ((three[2], world.hieu_truong, 10), (other, world.hieu_truong_th, 20)):
        actions.ask_extension(by=head, at=at(), task=task, to_on=date(2026, 2, day), reason="Chờ kinh phí")
    assert many(world, "extend", [three[2], three[0]]) == [None, refusals_boards.NotAsked]
    assert many(world, "extend", [other], to_on=date(2026, 2, 5)) == [None]
    dues = Task.objects.filter(pk__in=[three[2].pk, other.pk]).order_by("pk").values_list("due_on", flat=True)
    assert list(dues) == [date(2026, 2, 10), date(2026, 2, 5)]


def test_reminding_calling_off_and_handing_on(world: World, three: list[Task]) -> None:
    assert many(world, "remind", three) == [None, None, None]
    assert many(world, "remind", three[:1]) == [refusals.AlreadyReminded]
    seat = world.hieu_truong.position_id
    assert many(world, "hand", [three[2], three[1]], by=world.chu_tich, officer_id=seat) == [
        None,
        refusals.OfficerElsewhere,
    ]
    assert Task.objects.get(pk=three[2].pk).officer_id == seat
    assert many(world, "call_off", three, reason="Đã có kế hoạch khác") == [None, None, None]


def test_none_and_too_many_are_refused(world: World, three: list[Task]) -> None:
    with pytest.raises(refusals_boards.NothingTicked):
        do_to_many(by=world.chu_tich, at=at(), verb="remind", task_ids=[])
    with pytest.raises(refusals_boards.TooManyTicked):
        do_to_many(by=world.chu_tich, at=at(), verb="remind", task_ids=range(1, MOST + 2))


# The pages


def send(world: World, tasks: list[Task], verb: str, by: Any = None, **more: Any) -> Any:
    data = {"verb": verb, "viec": [task.pk for task in tasks], "back": "/viec/?xem=giao", **more}
    return client(by or world.chu_tich).post(reverse("work:tasks-many"), data)


def test_without_script_the_verb_asks_once_and_then_does_it(world: World, three: list[Task]) -> None:
    table = client(world.chu_tich).get("/viec/?xem=giao").content.decode()
    for task in three:
        assert f'name="viec" value="{task.pk}"' in table
    asked = send(world, three[:2], "tra-lai")
    assert asked.status_code == 200
    assert "Một lý do chung cho tất cả" in asked.content.decode()
    assert not Progress.objects.filter(kind=Progress.Kind.SENT_BACK).exists()
    empty = send(world, three[:2], "tra-lai", lam="1", reason="")
    assert empty.status_code == 422
    done = send(world, three[:2], "tra-lai", lam="1", reason="Thiếu minh chứng")
    assert done["Location"] == "/viec/?xem=giao"
    assert Progress.objects.filter(kind=Progress.Kind.SENT_BACK).count() == 2


def test_the_report_says_which_failed_and_keeps_what_was_typed(world: World, three: list[Task]) -> None:
    response = send(world, three, "xac-nhan", lam="1", text="Tốt")
    text = response.content.decode()
    assert "2 việc được, 1 việc không được" in text
    assert text.count("checked") == 1
    assert f'name="viec" value="{three[2].pk}" checked' in text
    assert 'name="text" value="Tốt"' in text
    assert "chưa được báo cáo" in text or "chưa báo cáo" in text


def test_a_page_never_does_what_the_person_may_not(world: World, three: list[Task]) -> None:
    text = send(world, three, "xac-nhan", by=world.hieu_truong, lam="1").content.decode()
    assert "Bạn không có quyền" in text
    assert not Task.objects.filter(confirmed_at__isnull=False).exists()
    assert 'value="xac-nhan"' not in client(world.giao_vien).get("/viec/?xem=tat-ca").content.decode()
    assert send(world, three, "xoa").status_code == 404


@pytest.mark.parametrize("back", ["https://xau.vn/", "//xau.vn", "/viec/../../xau", "javascript:alert(1)", ""])
def test_it_returns_only_into_this_system(world: World, three: list[Task], back: str) -> None:
    response = send(world, three[:1], "xac-nhan", lam="1", back=back)
    assert response["Location"].startswith("/viec/")
    assert "xau.vn" not in response["Location"]
