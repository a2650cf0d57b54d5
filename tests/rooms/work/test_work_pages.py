"""The pages: what each says and offers to whom, with and without script."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from giaoban.documents import actions as documents
from giaoban.documents.naming import Circle, below
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from giaoban.work import actions, queries
from giaoban.work.actions import NewTask
from giaoban.work.models import Conclusion, Meeting, Task
from tests.rooms.work.world import START, TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def meeting(world: World, opened: bool = True, **changes: Any) -> Meeting:
    plan: dict[str, Any] = {
        "unit_id": world.suoi,
        "kind": "giao_ban",
        "title": "Giao ban tháng 01/2026",
        "starts_at": at(TODAY, 7),
        "chair_name": "Nguyễn Văn Suối",
        "chair_title": "Chủ tịch UBND xã",
    }
    found = actions.plan_and_invite(
        by=world.chuyen_vien, at=at(), unit_ids=[world.thcs, world.tieu_hoc, world.vhxh], **{**plan, **changes}
    )
    if opened:
        actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=found)
        found = actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=found)
    return found


def give(world: World, **changes: Any) -> Task:
    new = {"text": "Rà soát học sinh bỏ học", "due": "20/01/2026", "lead_id": world.thcs, **changes}
    return actions.assign(by=world.chu_tich, at=at(), unit_id=world.suoi, task=NewTask(**new))


def text(response: Any) -> str:
    return response.content.decode()


def test_a_typed_conclusion_is_an_assigned_task_after_one_press(world: World) -> None:
    """Words, unit, time; one button. With script the section alone comes back, ready for the next."""
    found = meeting(world)
    page = client(world.chuyen_vien)
    sent = {
        "text": "Duy trì sĩ số sau Tết.",
        "lead": "trường thcs suối thử",
        "due": "quý I/2026",
        "partners": "Phòng Kinh tế xã Suối Thử: lập dự toán",
    }
    response = page.post(reverse("work:conclude", args=[found.pk]), sent, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert text(response).startswith('<section class="card" id="conclusions">')
    assert "autofocus" in text(response)
    task = Task.objects.get()
    assert (task.lead_id, task.due_on, task.conclusion.text) == (
        world.thcs,
        date(2026, 3, 31),
        "Duy trì sĩ số sau Tết.",
    )
    assert [(each.unit_id, each.part) for each in task.partners.all()] == [(world.kinhte, "lập dự toán")]
    plain = page.post(reverse("work:conclude", args=[found.pk]), {**sent, "text": "Hai"})
    assert plain["Location"] == f"{found.get_absolute_url()}#conclusions"


def test_a_group_is_offered_and_fans_out(world: World) -> None:
    found = meeting(world)
    page = client(world.chu_tich)
    shown = text(page.get(found.get_absolute_url()))
    assert "Các trường học (3)" in shown
    assert "Các đơn vị dự họp (3)" in shown
    page.post(
        reverse("work:conclude", args=[found.pk]),
        {"text": "Rà soát", "lead": "Các trường học (3)", "due": "hằng tháng"},
    )
    whole = Task.objects.get(parent__isnull=True)
    assert (whole.group, whole.parts.count()) == ("Các trường học", 3)


def test_a_conclusion_with_faults_loses_nothing_typed(world: World) -> None:
    found = meeting(world)
    sent = {"text": "Làm ngay", "lead": "Phòng Không Có", "due": "trong hè"}
    for headers, status in (({"hx-request": "true"}, 200), ({}, 422)):
        response = client(world.chuyen_vien).post(reverse("work:conclude", args=[found.pk]), sent, headers=headers)
        assert response.status_code == status
        for words in (
            "Làm ngay",
            'value="Phòng Không Có"',
            'value="trong hè"',
            "Không có đơn vị nào tên “Phòng Không Có”",
        ):
            assert words in text(response)
    assert not Conclusion.objects.exists()


def test_an_ambiguous_name_is_answered_with_the_choices(world: World) -> None:
    second = orgs.establish(
        by=SYSTEM,
        at=at(),
        on=TODAY,
        kind="primary",
        name="Trường Tiểu học Suối Thử",
        parents={"MANAGEMENT": world.doi, "TERRITORY": world.doi},
    )
    offered = below(world.province, TODAY)
    assert "Trường Tiểu học Suối Thử" not in offered  # two of that name: each with its place
    assert sum(name.startswith("Trường Tiểu học Suối Thử (") for name in offered) == 2
    circle = Circle(TODAY, world.province, offered)
    with pytest.raises(ValidationError) as refused:
        circle.read("Trường Tiểu học Suối Thử")
    assert "Xã Đồi Thử" in str(refused.value)
    assert "Xã Suối Thử" in str(refused.value)
    assert Circle(TODAY, world.doi).read("Trường Tiểu học Suối Thử").unit_ids == (
        second.pk,
    )  # beside the writer, it is clear


def test_the_meeting_s_page_offers_what_the_moment_asks(world: World) -> None:
    found = meeting(world, opened=False, starts_at=at(TODAY + timedelta(10)))
    officer, leader, school = client(world.chuyen_vien), client(world.chu_tich), client(world.hieu_truong)
    assert "Gửi giấy mời" in text(officer.get(found.get_absolute_url()))
    assert school.get(found.get_absolute_url()).status_code == 404
    officer.post(reverse("work:send-invitations", args=[found.pk]))
    assert "Đơn vị của bạn được mời" in text(school.get(found.get_absolute_url()))
    school.post(reverse("work:answer", args=[found.pk]), {"answer": "COMES"})
    assert found.invitations.get(unit=world.thcs).answer == "COMES"
    officer.post(reverse("work:open", args=[found.pk]))
    assert "Còn lại đều có mặt" in text(officer.get(found.get_absolute_url()))
    assert "Ghi kết luận và giao việc" not in text(school.get(found.get_absolute_url()))
    officer.post(reverse("work:all-present", args=[found.pk]))
    officer.post(
        reverse("work:conclude", args=[found.pk]), {"text": "Một", "lead": "Trường THCS Suối Thử", "due": "20/01/2026"}
    )
    assert "Một" not in text(school.get(found.get_absolute_url()))  # not issued yet
    officer.post(reverse("work:close", args=[found.pk]))
    assert "Ban hành thông báo" not in text(officer.get(found.get_absolute_url()))
    assert "Ban hành thông báo" in text(leader.get(found.get_absolute_url()))
    form = text(leader.get(reverse("work:notice", args=[found.pk])))
    assert 'value="01/TB-UBND"' in form
    assert "1. Một" in form
    sent = {"symbol": "01/TB-UBND", "issued_on": "12/01/2026", "text": ""}
    assert leader.post(reverse("work:notice", args=[found.pk]), sent)["Location"] == found.get_absolute_url()
    assert "Một" in text(school.get(found.get_absolute_url()))
    assert Task.objects.get().binds_on == TODAY


def test_late_invitations_are_warned_of_on_the_page(world: World) -> None:
    found = meeting(world, opened=False, starts_at=at(TODAY + timedelta(2)))
    assert "Gửi giấy mời muộn" in text(client(world.chuyen_vien).get(found.get_absolute_url()))


def test_planning_on_one_page_with_a_whole_kind_invited(world: World) -> None:
    page = client(world.chuyen_vien)
    assert 'value="Nguyễn Văn Suối"' in text(page.get(reverse("work:plan")))  # the head chairs unless changed
    sent = {
        "kind": "so_ket",
        "title": "Sơ kết học kỳ I",
        "starts_at": "08:00 29/01/2026",
        "ends_at": "11:30 29/01/2026",
        "chair_name": "Nguyễn Văn Suối",
        "units": "Các trường học (3); Phòng Kinh tế xã Suối Thử",
        "period_code": "2025-2026.HK1",
    }
    response = page.post(reverse("work:plan"), sent)
    found = Meeting.objects.get()
    assert response["Location"] == found.get_absolute_url()
    assert set(found.invitations.values_list("unit_id", flat=True)) == {
        world.mam_non,
        world.tieu_hoc,
        world.thcs,
        world.kinhte,
    }
    assert found.chair_position_id == world.chu_tich.position_id
    wrong = page.post(reverse("work:plan"), {**sent, "ends_at": "07:00 29/01/2026"})
    assert wrong.status_code == 422
    assert "không thể kết thúc trước khi bắt đầu" in text(wrong)
    assert Meeting.objects.count() == 1
    assert client(world.hieu_truong).get(reverse("work:plan")).status_code == 403


def test_an_office_plans_in_the_name_of_its_commune(world: World) -> None:
    """Who sits in the Phòng and is officer over the xã: the xã hosts unless the Phòng is chosen."""
    over_the_commune(world)
    page = client(world.truong_phong)
    shown = text(page.get(reverse("work:plan")))
    assert f'<option value="{world.suoi}" selected>UBND xã Suối Thử</option>' in shown
    assert 'value="Nguyễn Văn Suối"' in shown and "Các trường học (3)" in shown
    for_office = text(page.get(reverse("work:plan"), {"unit": world.vhxh}))
    assert 'value="Nguyễn Văn Suối"' not in for_office
    assert "Các trường học (3)" not in for_office, "only units below the host are offered"
    sent = {
        "unit": world.suoi,
        "kind": "so_ket",
        "title": "Giao ban tuần 5",
        "starts_at": "08:00 29/01/2026",
        "chair_name": "Nguyễn Văn Suối",
        "units": "Phòng Kinh tế xã Suối Thử",
    }
    assert page.post(reverse("work:plan"), sent).status_code == 302
    found = Meeting.objects.get()
    assert (found.unit_id, found.chair_position_id) == (world.suoi, world.chu_tich.position_id)
    assert page.post(reverse("work:plan"), {**sent, "unit": world.doi}).status_code == 422, "not a unit of theirs"
    assert Meeting.objects.count() == 1
    assert "Các trường học (3)" in text(page.get(found.get_absolute_url()))


def test_an_office_gives_tasks_in_the_name_of_its_commune(world: World) -> None:
    over_the_commune(world)
    page = client(world.truong_phong)
    sent = {"text": "Lập dự toán", "lead": "Phòng Kinh tế xã Suối Thử", "due": "20/01/2026"}
    assert page.post(reverse("work:assign"), {**sent, "unit": world.suoi}).status_code == 302
    task = Task.objects.get()
    assert (task.assigned_by_id, task.relation) == (world.suoi, "ASSIGN")
    assert "Lập dự toán" in text(page.get(reverse("work:tasks"), {"xem": "giao"}))
    page.post(reverse("work:assign"), {**sent, "unit": world.vhxh})
    assert Task.objects.latest("pk").relation == "ASK"


def test_the_leader_plans_for_the_unit_without_a_choice(world: World) -> None:
    shown = text(client(world.chu_tich).get(reverse("work:plan")))
    assert "Đơn vị tổ chức: UBND xã Suối Thử" in shown
    assert 'name="unit"' not in shown


def over_the_commune(world: World) -> None:
    """The head of the Phòng is officer over the xã too, as in the demonstration."""
    people.grant(
        by=SYSTEM,
        at=at(START),
        position=Position.objects.get(pk=world.truong_phong.position_id),
        role=Role.OFFICER,
        unit=world.suoi,
        hierarchy="MANAGEMENT",
        on=START,
    )


def test_the_table_counts_filters_and_exports_the_same_rows(world: World) -> None:
    give(world)
    give(world, text="=1+1 Báo cáo", due="10/01/2026", lead_id=world.tieu_hoc)
    page = client(world.chu_tich)
    shown = text(page.get(reverse("work:tasks")))
    assert "Quá hạn 2 ngày" in shown
    assert '50,0%</span> <span class="of">1/2' in shown
    late = text(page.get(reverse("work:tasks"), {"xem": "giao", "trang_thai": "OPEN_OVERDUE"}))
    assert "Báo cáo" in late
    assert "Rà soát học sinh" not in late
    lines = page.get(reverse("work:tasks-csv"), {"xem": "giao", "trang_thai": "OPEN_OVERDUE"}).content.decode(
        "utf-8-sig"
    )
    rows = lines.strip().splitlines()
    assert len(rows) == 2
    assert "'=1+1 Báo cáo" in rows[1]  # no spreadsheet takes it for a formula
    assert "Quá hạn 2 ngày" in rows[1]
    by_unit = text(page.get(reverse("work:tasks"), {"xem": "giao", "bang": "don-vi"}))
    assert by_unit.rindex("Trường Tiểu học Suối Thử") < by_unit.rindex("Trường THCS Suối Thử")


def test_wrong_filters_show_everything_rather_than_fail(world: World) -> None:
    give(world)
    page = client(world.chu_tich)
    for query in (
        {"trang_thai": "XX"},
        {"tu": "31/02/2026"},
        {"don_vi": "abc"},
        {"van-ban": "x"},
        {"xem": "??"},
        {"xep": "z"},
    ):
        response = page.get(reverse("work:tasks"), {"xem": "giao", **query})
        assert response.status_code == 200


def test_a_task_s_page_offers_each_side_its_verbs(world: World) -> None:
    task = give(world, partner_ids=(world.vhxh,))
    lead, giver, partner = client(world.hieu_truong), client(world.chu_tich), client(world.truong_phong)
    address = task.get_absolute_url()
    assert "Báo cáo hoàn thành" in text(lead.get(address))
    assert "Xin gia hạn" in text(lead.get(address))
    assert "Xác nhận hoàn thành" not in text(giver.get(address))
    assert "Trả lời phối hợp" in text(partner.get(address))
    assert client(world.hieu_truong_th).get(address).status_code == 404

    def act(browser: Client, verb: str, **data: Any) -> Any:
        return browser.post(reverse("work:task-act", args=[task.pk, verb]), data)

    assert act(lead, "tien-do", text="Đang làm", percent=40)["Location"] == address
    assert act(lead, "hoan-thanh", text="").status_code == 422
    assert act(lead, "gia-han", to_on="19/01/2026", reason="x").status_code == 422
    act(lead, "gia-han", to_on="15/02/2026", reason="Thiếu người")
    assert "Thiếu người" in text(giver.get(address))
    act(giver, "quyet-dinh", decision="grant", to_on="10/02/2026")
    act(partner, "phoi-hop", answer="Đã đối chiếu")
    act(lead, "hoan-thanh", text="Danh sách 7 em")
    assert "Xác nhận hoàn thành" in text(giver.get(address))
    assert act(lead, "xac-nhan").status_code == 403
    act(giver, "xac-nhan", text="Tốt")
    task.refresh_from_db()
    assert (task.due_on, task.completed_on) == (date(2026, 2, 10), TODAY)
    shown = text(giver.get(address))
    for words in ("Hoàn thành đúng hạn", "hạn đầu 20/01/2026", "Được gia hạn đến 10/02/2026", "Đã đối chiếu", "6 rõ"):
        assert words in shown
    assert act(lead, "khong-co", text="x").status_code == 404


def test_a_sentence_of_a_document_becomes_a_task_shown_in_its_context(world: World) -> None:
    plan = documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="OUT",
        symbol="12/KH-UBND",
        subject="Kế hoạch",
        issued_on=TODAY,
        text="Mở đầu <b>.\n- Các trường lập danh sách; báo cáo.\n\nKết thúc.",
    )
    page = client(world.chu_tich)
    marked = text(page.get(reverse("work:marked-text", args=[plan.pk])))
    start = plan.text.index("Các trường")
    end = plan.text.index("\n\nKết")
    assert f"tu={start}&amp;den={end}" in marked  # the bullet is left out
    assert "&lt;b&gt;" in marked
    address = f"{reverse('work:assign')}?van-ban={plan.pk}&tu={start}&den={start + 24}"
    assert "<mark>Các trường lập danh sách</mark>" in text(page.get(address))
    sent = {"text": "Các trường lập danh sách", "lead": "Trường THCS Suối Thử", "due": "20/01/2026"}
    assert page.post(address, sent)["Location"] == plan.get_absolute_url()
    task = Task.objects.get()
    assert plan.text[task.start : task.end] == "Các trường lập danh sách"
    assert f'<mark data-start="{start}" id="v{task.pk}">' in text(page.get(reverse("work:marked-text", args=[plan.pk])))
    assert "<mark>Các trường lập danh sách</mark>; báo cáo" in text(
        client(world.hieu_truong).get(task.get_absolute_url())
    )
    assert "1 nhiệm vụ" in text(page.get(reverse("work:asked", args=[plan.pk])))
    beyond = page.get(f"{reverse('work:assign')}?van-ban={plan.pk}&tu=5&den=9999")
    assert "<mark>" not in text(beyond)
    assert client(world.chu_tich_doi).get(address).status_code == 404


def test_due_words_are_explained_while_typing(world: World) -> None:
    page = client(world.chu_tich)

    def said(words: str) -> str:
        return text(page.get(reverse("work:due-means"), {"due": words}))

    assert "trong hạn đến hết 31/03/2026" in said("quý I")
    assert "đã qua" in said("01/01/2025")
    assert "định kỳ" in said("hằng tháng")
    assert "Thường xuyên" in said("thường xuyên")
    assert "Chưa đọc được" in said("sớm")
    assert said(" ") == ""


def test_evidence_is_downloaded_by_those_who_see_the_task(world: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    task = give(world)
    note = actions.report_progress(
        by=world.hieu_truong, at=at(), task=task, text="Ảnh", file=("trang.html", b"<script>alert(1)</script>")
    )
    address = reverse("work:evidence", args=[task.pk, note.evidence.get().pk])
    response = client(world.chu_tich).get(address)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert client(world.hieu_truong_th).get(address).status_code == 404


def test_list_of_meetings_for_host_and_invited(world: World) -> None:
    found = meeting(world, opened=False, starts_at=at(TODAY + timedelta(9)))
    address = reverse("work:meetings")
    assert found.title in text(client(world.chu_tich).get(address))
    assert found.title not in text(client(world.hieu_truong).get(address))
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=found)
    assert "Giấy mời cần trả lời" in text(client(world.hieu_truong).get(address))
    actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=found)
    actions.close_meeting(by=world.chuyen_vien, at=at(), meeting=found)
    assert "Thông báo kết luận cần ban hành" in text(client(world.chu_tich).get(address))
    assert found.title in text(
        client(world.chu_tich).get(address, {"xem": "da-hop", "q": "giao ban", "loai": "giao_ban"})
    )


def test_pages_are_vietnamese_without_english_leftovers(world: World) -> None:
    found = meeting(world)
    task = give(world)
    page = client(world.chu_tich)
    with translation.override("vi"):
        for address in (
            reverse("work:meetings"),
            reverse("work:plan"),
            found.get_absolute_url(),
            reverse("work:tasks"),
            reverse("work:assign"),
            task.get_absolute_url(),
            reverse("work:notice", args=[found.pk]),
        ):
            shown = text(page.get(address))
            for word in ("Conclusion", "Meeting", "Lead unit", "Due", "Task ", "Attendance", "Agenda"):
                assert f">{word}" not in shown, (address, word)


def test_counts_on_pages_need_no_more_queries_with_more_rows(world: World, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        give(world, text=f"Việc {n}", partner_ids=(world.vhxh,))
    page = client(world.chu_tich)
    page.get(reverse("work:tasks"))
    with django_assert_max_num_queries(45):
        page.get(reverse("work:tasks"), {"xem": "giao"})
    assert queries.state_counts(world.suoi, TODAY).total == 30


def test_a_department_that_guides_schools_is_offered_them(world: World) -> None:
    """The Sở directs nobody here; it guides four schools by PROFESSIONAL."""
    shown = text(client(world.chuyen_vien_so).get(reverse("work:assign")))
    assert "Các trường học (4)" in shown
    sent = {"text": "Tập huấn", "lead": "Các trường học (4)", "due": "quý I"}
    client(world.giam_doc).post(reverse("work:assign"), sent)
    assert set(Task.objects.filter(parent__isnull=False).values_list("relation", flat=True)) == {"GUIDE"}
