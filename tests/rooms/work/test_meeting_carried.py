"""What a meeting begins with, preset by preset: open conclusions, overdue tasks, requests first, minutes added up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from giaoban.work import actions
from giaoban.work.actions import NewTask, agenda, requests
from giaoban.work.models import Meeting
from giaoban.work.queries.meetings import invitation_terms
from giaoban.work.queries.presets import presets
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
DAY = TODAY + timedelta(14)


def with_open_work(world: World) -> None:
    """An open binding conclusion, an overdue task and a request that waits for xã Suối Thử."""
    before = plan(world, "giao_ban", "Giao ban trước", at(TODAY, 7))
    actions.open_meeting(by=world.chuyen_vien, at=at(TODAY, 7), meeting=before)
    work = NewTask(text="Rà soát hồ sơ", due="14/01/2026", lead_id=world.thcs)
    made = actions.conclude(by=world.chu_tich, at=at(), meeting=before, text="Rà soát hồ sơ", tasks=[work])
    actions.bind_now(by=world.chu_tich, at=at(), conclusion=made)
    requests.make(by=world.hieu_truong, at=at(), unit_id=world.thcs, to_id=world.suoi, text="Xin sửa mái nhà")


def plan(world: World, kind: str, title: str, starts_at: Any, **more: Any) -> Meeting:
    return actions.plan_meeting(
        by=world.chuyen_vien,
        at=starts_at,
        unit_id=world.suoi,
        kind=kind,
        title=title,
        starts_at=starts_at,
        chair_name="Nguyễn Văn Suối",
        **more,
    )


@pytest.mark.parametrize("code", list(presets()))
def test_each_preset_begins_with_what_is_open(world: World, code: str) -> None:
    with_open_work(world)
    preset = presets()[code]
    meeting = plan(world, preset.kind, preset.title, at(DAY), preset=code, items=preset.items)
    kinds = [each.kind for each in meeting.agenda.all()]
    assert "CARRIED" in kinds
    assert ("OVERDUE" in kinds) == (preset.kind in agenda.LOOKS_BACK)
    if preset.kind in requests.OPENED_WITH_REQUESTS:
        assert kinds[0] == "REQUEST"
    else:
        assert "REQUEST" not in kinds
    total = sum(each.minutes or 0 for each in meeting.agenda.all())
    assert total == sum(item.minutes or 0 for item in preset.items)


def test_all_that_steer_work_look_back_and_lessons_and_ceremonies_do_not() -> None:
    kinds = {code: each.kind in agenda.LOOKS_BACK for code, each in presets().items()}
    assert all(kinds[code] for code in kinds if code.startswith("giao_ban"))
    assert all(kinds[code] for code in ("so_ket", "tong_ket", "lam_viec", "hoi_dong", "ban_chi_dao", "chuyen_mon"))
    assert not any(kinds[code] for code in ("tap_huan", "quan_triet", "le"))


def test_the_running_total_stands_against_the_length_of_the_meeting(world: World) -> None:
    meeting = plan(world, "giao_ban", "Giao ban", at(DAY, 8), ends_at=at(DAY, 9))
    for minutes in (40, 30):
        actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title=f"{minutes}", minutes=minutes)
    shown = client(world.chuyen_vien).get(reverse("work:meeting-short", args=[meeting.pk]), follow=True)
    assert "70 phút" in shown.content.decode() and "Dài hơn cuộc họp" in shown.content.decode()


def test_three_full_working_days_are_asked_for_and_lateness_only_warned_of(world: World) -> None:
    meeting = plan(world, "giao_ban", "Giao ban", at(TODAY + timedelta(3)))
    terms = invitation_terms(meeting, TODAY)
    assert terms is not None and terms.late
    urgent = plan(world, "giao_ban", "Giao ban gấp", at(TODAY + timedelta(3)), urgent=True)
    assert invitation_terms(urgent, TODAY) is None
    in_time = plan(world, "giao_ban", "Giao ban sau", at(DAY))
    terms = invitation_terms(in_time, TODAY)
    assert terms is not None and not terms.late
