"""The views of many tasks: one set of filters for all, states in SQL equal to states in Python, shares with a/b."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from giaoban.work import actions, clarity, queries, states
from giaoban.work.actions import NewTask
from giaoban.work.forms_filters import read, written
from giaoban.work.models import Task
from giaoban.work.queries import boards, filters
from giaoban.work.queries.boards import Cell, Place, ranked
from giaoban.work.queries.filters import Filters
from giaoban.work.states import Counts, State
from giaoban.work.views.lists.maps import level
from tests.rooms.work.world import START, TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def give(world: World, due: date | None, **more: Any) -> Task:
    """A task of the commune with a due day, past ones too; `done` = the day it was done, `late` words …"""
    fields = {name: more.pop(name) for name in ("completed_on", "proposed_at", "officer_id", "leader") if name in more}
    new = {"text": "Rà soát học sinh bỏ học", "lead_id": world.thcs, **more}
    new["due"] = "thường xuyên" if due is None else "20/12/2026"
    task = actions.assign(by=world.chu_tich, at=at(START), unit_id=world.suoi, task=NewTask(**new))
    if due is not None:
        fields |= {"due_on": due, "first_due_on": due}
    if fields.get("completed_on"):
        fields |= {"confirmed_at": at(fields["completed_on"]), "proposed_at": at(fields["completed_on"])}
    Task.objects.filter(pk=task.pk).update(**fields)
    task.refresh_from_db()
    return task


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


@pytest.fixture
def many(world: World) -> list[Task]:
    """Every state, in several months, led by three units."""
    leads = [world.thcs, world.tieu_hoc, world.vhxh]
    made = []
    for n, due in enumerate((-200, -130, -121, -120, -61, -31, -30, -1, 0, 3, 7, 8, 40, 90)):
        made.append(give(world, days(due), lead_id=leads[n % 3]))
    for n, (due, done) in enumerate(((-40, -41), (-40, -40), (-40, -39), (-10, -2), (5, -1), (-90, -60))):
        made.append(give(world, days(due), lead_id=leads[n % 3], completed_on=days(done)))
    return [*made, give(world, None)]


def of(world: World, **asked: Any) -> set[int]:
    return set(filters.found(world.chu_tich, TODAY, Filters(**asked)).values_list("pk", flat=True))


# Filters


def test_each_filter_narrows_to_what_it_says(world: World) -> None:
    first = give(world, days(5), deliverable="Danh sách", leader="Phó Chủ tịch", partner_ids=(world.kinhte,))
    second = give(
        world, days(15), lead_id=world.tieu_hoc, text="Sửa mái trường", officer_id=world.hieu_truong_th.position_id
    )
    both = {first.pk, second.pk}
    assert of(world) == both
    assert (
        of(world, lead=world.thcs) == of(world, partner=world.kinhte) == of(world, leader="Phó Chủ tịch") == {first.pk}
    )
    assert of(world, officer=world.hieu_truong_th.position_id) == of(world, text="mai truong sua") == {second.pk}
    assert of(world, assigner=world.suoi) == of(world, relation="ASSIGN") == both
    assert of(world, assigner=world.so) == of(world, relation="ASK") == of(world, indicator="x") == set()
    assert of(world, due_from=days(6)) == of(world, due_to=days(20), due_from=days(15)) == {second.pk}
    assert of(world, missing="result") == {second.pk}
    assert of(world, missing="person") == {first.pk}


def test_what_a_filter_says_is_missing_the_task_page_says_too(world: World, many: list[Task]) -> None:
    """The SQL of "6 rõ" and clarity.py are one rule."""
    names = {"Person": "person", "Authority": "authority", "Time": "time", "Result": "result"}
    Task.objects.filter(pk__in=[task.pk for task in many[::2]]).update(deliverable="Danh sách", assigned_position=None)

    with translation.override("en"):
        said = {
            name: {t.pk for t in Task.objects.all() if name in {str(p.name) for p in clarity.unclear(t)}}
            for name in names
        }
    for name, code in names.items():
        assert of(world, missing=code) == said[name], name
    assert said["Result"] and said["Authority"] and said["Time"]


def test_buckets_of_days_overdue_agree_with_python(world: World, many: list[Task]) -> None:
    bounds = (30, 60, 120)
    tasks = filters.found(world.chu_tich, TODAY, Filters())
    late = Counter(
        states.bucket(states.days_late(task.dates, TODAY), bounds)
        for task in tasks
        if states.state(task.dates, TODAY) is State.OPEN_OVERDUE
    )
    counts, buckets = queries.counts_and_buckets(tasks, TODAY)
    assert [n for _low, _high, n in buckets] == [late[place] for place in range(4)] == [2, 1, 2, 3]
    assert [(low, high) for low, high, _n in buckets] == [(1, 30), (31, 60), (61, 120), (121, None)]
    assert [len(of(world, bucket=place)) for place in range(4)] == [2, 1, 2, 3]
    assert counts == states.count([task.dates for task in tasks], TODAY, 7)


def test_an_address_says_the_filters_and_says_them_again() -> None:
    asked = Filters(
        view="given", state="soon", relation="ASK", lead=3, partner=4, assigner=5, officer=6, leader="Bà Hà",
        document=7, meeting=8, whole=9, due_from=days(0), due_to=days(9), bucket=0, missing="time",
        indicator="x", text="mái",
    )  # fmt: skip
    assert read(written(asked), "giao") == asked
    assert written(Filters(bucket=0))["qua_han"] == "0"


@pytest.mark.parametrize("bad", ["x", "-1", "1; DROP TABLE", "99999999999999999999999"])
def test_what_an_address_says_wrongly_is_not_asked_for(world: World, bad: str) -> None:
    names = ["trang_thai", "don_vi", "phoi_hop", "quan_he", "van-ban", "hop", "goc", "tu", "den", "qua_han", "thieu"]
    give(world, days(5))
    for page in (
        "tasks",
        "tasks-board",
        "tasks-calendar",
        "tasks-heat",
        "tasks-league",
        "tasks-documents",
        "tasks-filters",
    ):
        asked = {**dict.fromkeys(names, bad), "xem": bad, "thang": bad, "tu_thang": bad, "trang": bad, "q": "bỏ học"}
        assert client(world.chu_tich).get(reverse(f"work:{page}"), asked).status_code == 200, page


# Who sees


def test_the_short_rule_of_what_counts_is_the_long_one(world: World, many: list[Task]) -> None:
    """`counted_tasks` says `visible_tasks` and `counted` in fewer words: for everybody the same tasks."""
    give(world, days(3), lead_id=None, part_ids=(world.thcs, world.tieu_hoc), partner_ids=(world.thcs_doi,))
    give(world, days(3), lead_id=world.doi)
    for name, actor in world.actors.items():
        long = queries.visible_tasks(actor, TODAY).filter(queries.counted(TODAY))
        assert set(queries.counted_tasks(actor, TODAY)) == set(long), name


def test_few_units_or_many_are_asked_for_alike(world: World, many: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    from giaoban.work.queries import tasks

    few = set(queries.counted_tasks(world.chu_tich, TODAY))
    monkeypatch.setattr(tasks, "FEW", 0)
    assert set(queries.counted_tasks(world.chu_tich, TODAY)) == few != set()


def test_nobody_sees_in_a_view_what_they_do_not_see_one_by_one(world: World, many: list[Task]) -> None:
    page = client(world.chu_tich_doi)
    for name in ("tasks", "tasks-board", "tasks-calendar", "tasks-heat", "tasks-league"):
        response = page.get(reverse(f"work:{name}"), {"xem": "tat-ca", "don_vi": world.thcs})
        assert "Rà soát học sinh" not in response.content.decode(), name
        assert "/viec/" + str(many[0].pk) not in response.content.decode()


# The heat map


def test_a_cell_counts_what_is_due_in_its_month_and_what_of_it_is_late(world: World, many: list[Task]) -> None:
    """The grouped SQL and task by task in Python."""
    months = boards.months_from(date(2025, 6, 1))
    assert (months[0], months[-1], len(months)) == (date(2025, 6, 1), date(2026, 5, 1), 12)
    due: Counter[tuple[int | None, date]] = Counter()
    late: Counter[tuple[int | None, date]] = Counter()
    for task in many:
        if task.due_on:
            key = task.lead_id, task.due_on.replace(day=1)
            due[key] += 1
            late[key] += states.state(task.dates, TODAY) in (State.DONE_LATE, State.OPEN_OVERDUE)
    rows = boards.heat(filters.found(world.chu_tich, TODAY, Filters()), TODAY, months)
    assert {row.unit_id for row in rows} == {world.thcs, world.tieu_hoc, world.vhxh}
    for row in rows:
        assert row.cells == tuple(Cell(due[row.unit_id, month], late[row.unit_id, month]) for month in months)
        assert row.total.due == sum(cell.due for cell in row.cells)
    assert [row.overdue for row in rows] == sorted((row.overdue for row in rows), reverse=True)


def test_the_tone_of_a_cell_never_stands_alone(world: World) -> None:
    assert [level(Cell(*pair)) for pair in ((0, 0), (4, 0), (4, 1), (4, 2), (1, 1))] == [
        "none",
        "good",
        "warn",
        "bad",
        "bad",
    ]
    give(world, days(-5))
    page = client(world.chu_tich).get(reverse("work:tasks-heat"), {"xem": "tat-ca"}).content.decode()
    assert "1 việc đến hạn, 1 việc chậm" in page
    assert 'class="heat bad"' in page
    assert f"don_vi={world.thcs}&amp;tu=01%2F01%2F2026&amp;den=31%2F01%2F2026" in page


# The league


def place(unit: int, on_time: int, late: int = 0, overdue: int = 0, name: str = "") -> Place:
    return Place(unit, name or str(unit), Counts(on_time, late, 0, overdue))


def test_equal_shares_share_a_place_exactly() -> None:
    """1/3 and 3/9 are one share; 33% of rounding would make others equal too."""
    found = ranked([place(1, 1, 2), place(2, 3, 3, 3), place(3, 333, 667), place(4, 2, 0), place(5, 0), place(6, 0, 1)])
    assert [(each.unit_id, each.rank, each.tied) for each in found] == [
        (4, 1, False), (2, 2, True), (1, 2, True), (3, 4, False), (6, 5, False), (5, None, False),
    ]  # fmt: skip
    assert found[1].share == Fraction(1, 3)


def test_the_league_judges_what_is_done_or_overdue_and_leaves_requests_apart(world: World, many: list[Task]) -> None:
    asked = actions.assign(
        by=world.chu_tich, at=at(START), unit_id=world.suoi,
        task=NewTask(text="Đề nghị hỗ trợ", due="20/12/2026", lead_id=world.thcs_doi),
    )  # fmt: skip
    Task.objects.filter(pk=asked.pk).update(due_on=days(-9))
    assert asked.relation == "ASK"
    places, requests = boards.league(filters.found(world.chu_tich, TODAY, Filters()), TODAY)
    assert [each.unit_id for each in requests] == [world.thcs_doi]
    assert requests[0].counts.open_overdue == 1
    assert world.thcs_doi not in {each.unit_id for each in places}
    for each in places:
        mine = [task.dates for task in many if task.lead_id == each.unit_id]
        counts = states.count(mine, TODAY)
        assert (each.counts.done_on_time, each.judged) == (counts.done_on_time, counts.done + counts.open_overdue)
    page = client(world.chu_tich).get(reverse("work:tasks-league"), {"xem": "tat-ca"}).content.decode()
    assert "Việc đề nghị, đếm riêng" in page
    for each in places:
        assert f'<span class="of">{each.counts.done_on_time}/{each.judged}</span>' in page


def test_requests_are_counted_apart_from_the_four_states(world: World) -> None:
    """Issue 6: đề nghị has a date and an answer, and stands in none of the four."""
    give(world, days(-3))
    asked = actions.assign(
        by=world.chu_tich, at=at(START), unit_id=world.suoi,
        task=NewTask(text="Đề nghị hỗ trợ", due="20/12/2026", lead_id=world.thcs_doi),
    )  # fmt: skip
    Task.objects.filter(pk=asked.pk).update(due_on=days(-3))
    counts = queries.counts(filters.found(world.chu_tich, TODAY, Filters()), TODAY)
    assert (counts.open_overdue, counts.total, counts.asked) == (1, 1, 1)
    assert of(world, state="OPEN_OVERDUE") == of(world) - {asked.pk}
    assert of(world, relation="ASK") == of(world, relation="ASK", state="OPEN_OVERDUE") == {asked.pk}


# By document and meeting, board, calendar


def test_tasks_stand_under_their_meeting_with_done_of_all(world: World) -> None:
    meeting = actions.plan_and_invite(
        by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="giao_ban", title="Giao ban tháng 01/2026",
        starts_at=at(TODAY, 7), chair_name="Nguyễn Văn Suối", unit_ids=[world.thcs],
    )  # fmt: skip
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    meeting = actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    said = actions.conclude(
        by=world.chu_tich, at=at(), meeting=meeting, text="Hai việc",
        tasks=[NewTask(text=f"Việc {n}", due="20/01/2026", lead_id=world.thcs) for n in range(2)],
    )  # fmt: skip
    Task.objects.filter(conclusion=said).update(binds_on=TODAY)
    done = Task.objects.filter(conclusion=said).first()
    assert done is not None
    Task.objects.filter(pk=done.pk).update(proposed_at=at(), confirmed_at=at(), completed_on=TODAY)
    (group,) = boards.by_meeting(filters.found(world.chu_tich, TODAY, Filters()), TODAY)
    assert (group.key, group.counts.done, group.counts.dated) == (meeting.pk, 1, 2)
    page = client(world.chu_tich).get(reverse("work:tasks-meetings"), {"xem": "tat-ca"}).content.decode()
    assert "Giao ban tháng 01/2026" in page
    assert '<span class="of">1/2</span>' in page
    assert f"hop={meeting.pk}" in page


def test_every_open_task_stands_in_one_column_of_the_board(world: World, many: list[Task]) -> None:
    Task.objects.filter(pk=many[0].pk).update(proposed_at=at())
    columns = boards.board(filters.found(world.chu_tich, TODAY, Filters()), TODAY, 50)
    shown = [task.pk for column in columns for task in column.tasks]
    assert len(shown) == len(set(shown))
    still = {task.pk for task in many if task.completed_on is None}
    lately = {task.pk for task in many if task.completed_on and task.completed_on > days(-30)}
    assert set(shown) == still | lately
    assert {column.code: column.count for column in columns}["proposed"] == 1
    assert all(column.count == len(column.tasks) for column in columns)


def test_a_card_offers_its_verbs_to_who_may_do_them(world: World) -> None:
    task = give(world, days(-3))
    Task.objects.filter(pk=task.pk).update(proposed_at=at())
    board = reverse("work:tasks-board")
    assert 'value="xac-nhan"' in client(world.chu_tich).get(board, {"xem": "tat-ca"}).content.decode()
    lead = client(world.hieu_truong).get(board, {"xem": "don-vi"}).content.decode()
    assert task.title in lead
    assert 'value="xac-nhan"' not in lead


def test_the_calendar_shows_a_month_and_leads_to_the_day(world: World) -> None:
    for n in range(6):
        give(world, date(2026, 2, 3), text=f"Việc số {n}")
    page = client(world.chu_tich)
    january = page.get(reverse("work:tasks-calendar"), {"xem": "tat-ca"}).content.decode()
    assert "Tháng 1 năm 2026" in january
    assert "Việc số" not in january.replace("Việc số liệu", "")
    february = page.get(reverse("work:tasks-calendar"), {"xem": "tat-ca", "thang": "2026-02"}).content.decode()
    assert february.count("/viec/") > 4
    assert "thêm 2" in february
    assert "tu=03%2F02%2F2026&amp;den=03%2F02%2F2026" in february


# The table


def test_filters_hold_from_one_view_to_the_next(world: World) -> None:
    give(world, days(-3))
    page = client(world.chu_tich).get(
        reverse("work:tasks-heat"), {"xem": "tat-ca", "quan_he": "ASSIGN", "thieu": "result"}
    )
    text = page.content.decode()
    assert "?xem=tat-ca&amp;quan_he=ASSIGN&amp;thieu=result" in text.replace("&amp;trang=", "")
    assert "Còn thiếu trong “6 rõ”: <b>" in text
    there = client(world.chu_tich).get(
        reverse("work:tasks-filters"), {"xem": "tat-ca", "loc": "1", "trang_xem": "HEAT", "quan_he": "ASSIGN"}
    )
    assert there["Location"] == f"{reverse('work:tasks-heat')}?xem=tat-ca&quan_he=ASSIGN"


def test_the_filters_page_offers_what_the_tasks_have(world: World) -> None:
    give(
        world, days(5), leader="Phó Chủ tịch Hà", partner_ids=(world.kinhte,), officer_id=world.hieu_truong.position_id
    )
    page = client(world.chu_tich).get(reverse("work:tasks-filters"), {"xem": "tat-ca"}).content.decode()
    for words in (
        "Trường THCS Suối Thử",
        "Phòng Kinh tế xã Suối Thử",
        "Phó Chủ tịch Hà",
        "Hiệu trưởng",
        "UBND xã Suối Thử",
    ):
        assert words in page
    assert "UBND xã Đồi Thử" not in page


def test_the_export_and_the_table_have_the_same_rows_in_the_same_order(world: World) -> None:
    give(world, days(5), text="Việc B")
    give(world, days(9), text="Việc A")
    asked = {"xem": "tat-ca", "xep": "viec", "q": "viec"}
    page = client(world.chu_tich)
    table = page.get(reverse("work:tasks"), asked).content.decode()
    sheet = page.get(reverse("work:tasks-csv"), asked).content.decode()
    assert table.index("Việc A") < table.index("Việc B")
    assert sheet.index("Việc A") < sheet.index("Việc B")
