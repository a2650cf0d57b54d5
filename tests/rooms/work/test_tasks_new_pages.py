"""Pages of drafting, handing down, rhythm, groups and requests: what they show, what they send, who gets in."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from giaoban.indicators import actions as indicators
from giaoban.indicators.models import Indicator, Target
from giaoban.journal.actor import SYSTEM
from giaoban.work import actions
from giaoban.work.actions import NewTask
from giaoban.work.models import Drafting, ReportDuty, Task
from tests.rooms.work.test_tasks_drafting import ask, drafted, plan, submitted, with_version
from tests.rooms.work.test_work_tasks import give
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def test_a_draft_from_its_first_version_to_its_issue(world: World) -> None:
    task = drafted(world)
    page = reverse("work:draft", args=[task.pk])
    office = client(world.truong_phong)
    assert "Chưa có dự thảo" in office.get(page).content.decode()
    file = SimpleUploadedFile("kh.docx", b"van ban")
    assert office.post(f"{page}ban-moi/", {"file": file, "note": "Bản đầu"}).status_code == 302
    asked = {"units": "Trường THCS Suối Thử", "due_on": "20/01/2026"}
    assert office.post(f"{page}lay-y-kien/", asked).status_code == 302
    head = client(world.hieu_truong)
    assert head.get(reverse("work:task", args=[task.pk])).status_code == 404
    assert "Ý kiến của đơn vị" in head.get(page).content.decode()
    assert head.get(f"{page}ban-1/").content == b"van ban"
    assert head.post(f"{page}y-kien/", {"answer": "comment", "text": ""}).status_code == 422
    assert head.post(f"{page}y-kien/", {"answer": "comment", "text": "Thêm chỉ tiêu"}).status_code == 302
    comment = Drafting.objects.get(task=task).comments.get()
    assert office.post(f"{page}tiep-thu/", {"comment": comment.pk, "reply": "Đã thêm"}).status_code == 302
    assert "Đã thêm" in office.get(page).content.decode()
    assert office.post(f"{page}trinh/", {"text": "Kính trình"}).status_code == 302
    assert client(world.hieu_truong_th).get(page).status_code == 404
    clerk = client(world.van_thu)
    assert clerk.post(f"{page}ban-hanh/", {"document": "99/KH-UBND"}).status_code == 422
    plan(world, issued_on=TODAY)
    assert clerk.post(f"{page}ban-hanh/", {"document": "12/KH-UBND"}).status_code == 302
    task.refresh_from_db()
    assert task.completed_on == TODAY
    assert "12/KH-UBND" in client(world.chu_tich).get(reverse("work:task", args=[task.pk])).content.decode()


def test_a_draft_is_sent_back_from_its_page(world: World) -> None:
    task = drafted(world)
    with_version(world, task)
    submitted(world, task)
    chair = client(world.chu_tich)
    task_page = chair.get(reverse("work:task", args=[task.pk])).content.decode()
    assert 'data-open="confirm"' not in task_page  # it is signed, not confirmed
    assert "Đã trình ký" in task_page
    page = reverse("work:draft", args=[task.pk])
    assert chair.post(f"{page}tra-lai/", {"reason": "Thiếu căn cứ"}).status_code == 302
    assert Drafting.objects.get(task=task).submitted_at is None


def test_the_assign_page_names_leader_rhythm_indicator_and_draft(world: World) -> None:
    Indicator.objects.create(code="ti_le_thu", name="Tỉ lệ thử", unit="%")
    sent = {
        "text": "Tham mưu kế hoạch",
        "lead": "Phòng Văn hóa - Xã hội xã Suối Thử",
        "due": "30/6/2026",
        "leader": "Bùi Văn Hóa",
        "report": "hằng tháng",
        "indicator": "ti_le_thu",
        "draft": "on",
    }
    answer = client(world.chu_tich).post(reverse("work:assign"), sent)
    assert answer.status_code == 302
    made = Task.objects.get()
    assert (made.leader, made.indicator_id, made.drafting.issuer_id) == ("Bùi Văn Hóa", "ti_le_thu", world.suoi)
    assert ReportDuty.objects.get(task=made).cycle == "MONTH"
    assert client(world.chu_tich).post(reverse("work:assign"), {**sent, "report": "15/3"}).status_code == 422
    shown = client(world.chu_tich).get(made.get_absolute_url()).content.decode()
    assert "Bùi Văn Hóa" in shown
    assert "Tỉ lệ thử" in shown


def test_handing_down_shows_the_first_deadline_and_warns(world: World) -> None:
    task = give(world, by=world.chu_tich_tinh, unit_id=world.province, lead_id=world.suoi, due="31/3/2026")
    chair = client(world.chu_tich)
    page = reverse("work:hand-down", args=[task.pk])
    form = chair.get(page).content.decode()
    assert "UBND tỉnh Thử Nghiệm" in form
    assert "31/03/2026" in form
    sent = {"text": "Rà soát", "lead": "Trường THCS Suối Thử", "due": "30/4/2026"}
    answer = chair.post(page, sent, follow=True)
    assert "muộn hơn" in answer.content.decode()
    child = Task.objects.get(handed_from=task)
    below = client(world.hieu_truong).get(child.get_absolute_url()).content.decode()
    assert "31/03/2026" in below
    assert task.get_absolute_url() not in below  # they see its day, not its page
    assert client(world.hieu_truong).get(page).status_code == 404
    assert chair.post(page, {**sent, "lead": "Trường THCS Đồi Thử"}).status_code == 422


def test_periodic_reports_are_written_in_one_place(world: World) -> None:
    task = give(world, due="năm 2026", report="ngày 20 hằng tháng", at=at(date(2025, 12, 1)))
    task.binds_on = date(2025, 12, 1)
    task.save()
    ReportDuty.objects.filter(task=task).update(starts_on=date(2025, 12, 1))
    head = client(world.hieu_truong)
    assert "Báo cáo tháng 12/2025" not in head.get(task.get_absolute_url()).content.decode()
    owed = reverse("work:owed")
    assert "tháng 12/2025" in head.get(owed).content.decode()
    assert "tháng 12/2025" in client(world.chu_tich).get(f"{owed}?xem=giao").content.decode()
    act = reverse("work:task-act", args=[task.pk, "bao-cao"])
    assert head.post(act, {"due_on": "20/12/2025", "text": "Đã làm", "percent": "10"}).status_code == 302
    assert head.post(act, {"due_on": "20/12/2025", "text": "Đã làm"}).status_code == 422
    assert "tháng 12/2025" not in head.get(owed).content.decode()
    change = reverse("work:task-act", args=[task.pk, "che-do"])
    assert client(world.chu_tich).post(change, {"report": "hằng quý"}).status_code == 302
    assert ReportDuty.objects.get(task=task).cycle == "QUARTER"


def test_all_reported_are_confirmed_at_once_and_one_sent_back(world: World) -> None:
    whole = give(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc, world.mam_non), group="Các trường")
    parts = {each.lead_id: each for each in whole.parts.all()}
    for by, unit in ((world.hieu_truong, world.thcs), (world.hieu_truong_th, world.tieu_hoc)):
        actions.propose_done(by=by, at=at(), task=parts[unit], text="Đã xong")
    chair, page = client(world.chu_tich), reverse("work:task-group", args=[whole.pk])
    shown = chair.get(page).content.decode()
    assert shown.count('name="viec"') == 2
    assert "Trường Mầm non Suối Thử" in shown  # among those missing
    assert client(world.hieu_truong).post(f"{page}xac-nhan/", {"viec": [parts[world.thcs].pk]}).status_code == 403
    back = reverse("work:part-back", args=[whole.pk, parts[world.tieu_hoc].pk])
    assert chair.post(back, {"reason": ""}).status_code == 422
    assert chair.post(back, {"reason": "Thiếu danh sách"}).status_code == 302
    stale = {"viec": [parts[world.thcs].pk, parts[world.tieu_hoc].pk]}
    assert chair.post(f"{page}xac-nhan/", stale).status_code == 422
    assert chair.post(f"{page}xac-nhan/", {"viec": [parts[world.thcs].pk]}).status_code == 302
    assert Task.objects.filter(parent=whole, confirmed_at__isnull=False).count() == 1
    assert chair.get(reverse("work:task-group", args=[parts[world.thcs].pk])).status_code == 404


def test_a_request_is_answered_from_its_page(world: World) -> None:
    task = give(world, lead_id=world.thcs_doi)
    head = client(world.hieu_truong_doi)
    assert "Trả lời đề nghị" in head.get(task.get_absolute_url()).content.decode()
    act = reverse("work:task-act", args=[task.pk, "tra-loi"])
    assert head.post(act, {"answer": "no", "text": ""}).status_code == 422
    assert head.post(act, {"answer": "no", "text": "Thiếu người"}).status_code == 302
    assert "Thiếu người" in client(world.chu_tich).get(task.get_absolute_url()).content.decode()


def test_what_is_asked_of_a_unit_stands_with_what_it_owes(world: World) -> None:
    task = drafted(world)
    with_version(world, task)
    ask(world, task, world.thcs)
    assert task.title in client(world.hieu_truong).get(reverse("work:owed")).content.decode()
    assert task.title not in client(world.hieu_truong_th).get(reverse("work:owed")).content.decode()


def test_evidence_versions_stand_together(world: World) -> None:
    task = give(world)
    act = reverse("work:task-act", args=[task.pk, "tien-do"])
    head = client(world.hieu_truong)
    assert head.post(act, {"text": "Gửi", "file": SimpleUploadedFile("a.docx", b"1")}).status_code == 302
    first = task.diary.get(kind="NOTE").evidence.get()
    second = {"text": "Gửi lại", "file": SimpleUploadedFile("b.docx", b"2"), "replaces": first.pk}
    assert head.post(act, second).status_code == 302
    assert "Các bản trước" in head.get(task.get_absolute_url()).content.decode()


def test_a_hand_down_of_a_group_says_so(world: World) -> None:
    task = give(world, by=world.chu_tich_tinh, unit_id=world.province, lead_id=world.suoi, due="31/3/2026")
    new = NewTask(text="Rà soát", due="15/3/2026", part_ids=(world.thcs, world.tieu_hoc), group="Các trường")
    actions.hand_down(by=world.chu_tich, at=at(), task=task, new=new)
    shown = client(world.chu_tich).get(task.get_absolute_url()).content.decode()
    assert "Các trường" in shown


def test_the_figure_stands_beside_its_plan_for_who_may_see_it(world: World) -> None:
    own = {"by": SYSTEM, "at": at()}
    indicators.define_element(**own, code="lop_hoc", name="Số lớp học", unit="lớp", stock=True)
    indicators.define_indicator(
        **own, code="lop", name="Số lớp", unit="lớp", expression="lop_hoc", start=date(2025, 7, 1)
    )
    for unit, plan_said in ((world.suoi, 40), (world.doi, 7)):
        Target.objects.create(indicator_id="lop", unit_id=unit, period_code="2025-2026", numerator=plan_said)
    task = give(world, lead_id=world.vhxh, due="năm 2026", indicator="lop")
    shown = client(world.chu_tich).get(task.get_absolute_url()).content.decode()
    assert "Năm học 2025-2026" in shown  # the office has no target of its own: that of its commune
    assert "chưa có số liệu" in shown
    assert "<dd>40" in shown
