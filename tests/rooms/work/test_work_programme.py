"""The work programme: items of a year, adopted as tasks, called off with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.work import refusals
from giaoban.work.actions import confirm, propose_done
from giaoban.work.actions import programme as actions
from giaoban.work.models import ProgrammeItem, Task
from giaoban.work.queries import programme as queries
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 20)


def item(world: World, **changes: Any) -> ProgrammeItem:
    given: dict[str, Any] = {
        "by": world.chuyen_vien,
        "at": at(),
        "unit_id": world.suoi,
        "title": "Kế hoạch phát triển giáo dục năm học 2026-2027",
        "lead_id": world.vhxh,
        "due_on": MARCH,
        "decided_by": "Chủ tịch UBND xã",
    }
    return actions.put_in(**{**given, **changes})


def adopt(world: World, month: int | None = 3) -> int:
    return actions.adopt_programme(by=world.chu_tich, at=at(), unit_id=world.suoi, year=2026, month=month)[1]


def test_only_the_office_and_leaders_put_items_in(world: World) -> None:
    assert item(world).year == 2026
    for stranger in (world.hieu_truong, world.van_thu, world.chu_tich_doi):
        with pytest.raises(NotAllowed):
            item(world, by=stranger)
    with pytest.raises(NotAllowed):
        queries.programme(world.chu_tich_doi, world.suoi, 2026, None, TODAY)
    with pytest.raises(refusals.Required):
        item(world, title=" ")


def test_adopted_items_are_tasks_of_their_leads(world: World) -> None:
    first, other = item(world), item(world, title="Báo cáo quý II", due_on=date(2026, 6, 20))
    with pytest.raises(NotAllowed):
        actions.adopt_programme(by=world.chuyen_vien, at=at(), unit_id=world.suoi, year=2026, month=3)
    assert adopt(world) == 1
    first.refresh_from_db()
    other.refresh_from_db()
    assert first.task is not None and other.task is None
    assert (first.task.lead_id, first.task.due_on, first.task.deliverable) == (world.vhxh, MARCH, first.title)
    with pytest.raises(refusals.ProgrammeAdopted):
        adopt(world)
    with pytest.raises(refusals.EmptyProgramme):
        adopt(world, month=4)
    with pytest.raises(refusals.ItemAdopted):
        actions.change_item(by=world.chuyen_vien, at=at(), item=first, title="Khác")


def test_what_comes_later_is_marked_and_a_task_at_once(world: World) -> None:
    assert not item(world).late_entry
    adopt(world)
    later = item(world, title="Đề án dạy thêm buổi hai", kind="PROJECT")
    assert later.late_entry and later.task is not None and later.task.deliverable == ""
    assert item(world, due_on=date(2026, 5, 5)).task is None  # May is not adopted


def test_the_year_adopted_covers_every_month_and_month_counts_stay_whole(world: World) -> None:
    item(world)
    assert adopt(world, month=None) == 1
    assert item(world, due_on=date(2026, 9, 1)).task is not None
    with pytest.raises(refusals.ProgrammeAdopted):
        adopt(world, month=9)


def test_an_item_called_off_takes_its_task_with_it_and_stays(world: World) -> None:
    made = item(world)
    adopt(world)
    with pytest.raises(refusals.Required):
        actions.call_item_off(by=world.chu_tich, at=at(), item=made, reason="")
    actions.call_item_off(by=world.chu_tich, at=at(), item=made, reason="Tỉnh đã ban hành chung")
    found = queries.programme(world.chuyen_vien, world.suoi, 2026, 3, TODAY)
    assert len(found.items) == 1 and not found.standing
    assert Task.objects.get().called_off_at is not None
    with pytest.raises(refusals.ItemOff):
        actions.call_item_off(by=world.chu_tich, at=at(), item=made, reason="Lần nữa")


def test_done_is_counted_of_the_items_that_stand(world: World) -> None:
    made = item(world)
    item(world, title="Báo cáo tháng 3", due_on=date(2026, 3, 25))
    adopt(world)
    made.refresh_from_db()
    assert made.task is not None
    propose_done(by=world.truong_phong, at=at(date(2026, 3, 18)), task=made.task, text="Đã trình")
    confirm(by=world.chu_tich, at=at(date(2026, 3, 19)), task=made.task)
    found = queries.programme(world.chu_tich, world.suoi, 2026, None, TODAY)
    day = date(2026, 3, 26)
    assert (found.done(date(2026, 3, 17)), found.done(day), found.late(day), len(found.standing)) == (0, 1, 1, 2)


def test_the_pages(world: World, today: None) -> None:
    browser = client(world.chuyen_vien)
    assert "Chưa có mục nào" in browser.get("/chuong-trinh-cong-tac/?nam=2026").content.decode()
    form = {
        "unit": world.suoi, "kind": "DOCUMENT", "title": "Kế hoạch tuyển sinh", "decided_by": "UBND xã",
        "lead": "Phòng Văn hóa - Xã hội xã Suối Thử", "due_on": "20/03/2026",
    }  # fmt: skip
    assert browser.post("/chuong-trinh-cong-tac/them/", form).status_code == 302
    assert browser.post("/chuong-trinh-cong-tac/them/", {**form, "title": ""}).status_code == 422
    made = ProgrammeItem.objects.get()
    page = browser.get("/chuong-trinh-cong-tac/?nam=2026").content.decode()
    assert "Kế hoạch tuyển sinh" in page and "Tháng 3" in page and "Chưa ban hành" in page
    assert browser.get(f"/chuong-trinh-cong-tac/{made.pk}/").status_code == 200
    changed = browser.post(f"/chuong-trinh-cong-tac/{made.pk}/", {**form, "title": "Kế hoạch tuyển sinh lớp 6"})
    assert changed.status_code == 302
    assert browser.post("/chuong-trinh-cong-tac/ban-hanh/", {"unit": world.suoi, "nam": 2026}).status_code == 403
    leader = client(world.chu_tich)
    assert leader.post("/chuong-trinh-cong-tac/ban-hanh/", {"unit": world.suoi, "nam": 2026}).status_code == 302
    made.refresh_from_db()
    assert made.task is not None and made.task.title == "Kế hoạch tuyển sinh lớp 6"
    assert browser.post(f"/chuong-trinh-cong-tac/{made.pk}/bo/", {"reason": ""}).status_code == 302
