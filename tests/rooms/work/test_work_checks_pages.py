"""Pages of checks: the three lists, a line with its steps, a check seen from both sides, the files."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Docx

from giaoban.work.actions import checks
from giaoban.work.models import CheckJoin, CheckPlan, CheckVisit, Finding, PlannedCheck
from tests.rooms.work.test_work_checks import issue, line, of_so, opened
from tests.rooms.work.world import World, at, client

pytestmark = pytest.mark.django_db
State = CheckVisit.State


def test_the_plan_page_from_draft_to_issue(world: World, today: None) -> None:
    browser, leader = client(world.chuyen_vien), client(world.chu_tich)
    assert "Chưa có cuộc kiểm tra nào trong kế hoạch" in browser.get("/kiem-tra/").content.decode()
    form = {
        "unit": world.suoi, "nam": "2026", "subject": "Thu, chi đầu năm", "topic": "FINANCE", "form": "PLANNED",
        "units": "Trường THCS Suối Thử; Trường Tiểu học Suối Thử", "time": "tháng 3/2026", "lead": world.vhxh,
        "basis_text": "Thông tư 36/2017/TT-BGDĐT",
    }  # fmt: skip
    assert browser.post("/kiem-tra/ke-hoach/them/", {**form, "time": "trong hè"}).status_code == 422
    assert browser.post("/kiem-tra/ke-hoach/them/", {**form, "units": "Trường THCS Đồi Thử"}).status_code == 422
    assert browser.post("/kiem-tra/ke-hoach/them/", {**form, "basis": "99/NQ-XX"}).status_code == 422
    assert browser.post("/kiem-tra/ke-hoach/them/", form).status_code == 302
    made = PlannedCheck.objects.get()
    assert made.lead_id == world.vhxh and made.targets.count() == 2
    of_so(world, unit_ids=[world.thcs, world.tieu_hoc])
    page = browser.get("/kiem-tra/").content.decode()
    assert "Sở Giáo dục và Đào tạo Thử Nghiệm" in page and "cùng lĩnh vực trong năm" in page
    assert page.count("cùng lĩnh vực trong năm") == 1, "one sentence for each line met, however many units"
    assert "còn dự thảo" in page and "217/2025/NĐ-CP" in page
    assert browser.get(f"/kiem-tra/dong/{made.pk}/sua/").status_code == 200
    changed = browser.post(f"/kiem-tra/dong/{made.pk}/sua/", {**form, "subject": "Thu, chi năm 2026"})
    assert changed.status_code == 302
    plan = CheckPlan.objects.get(unit_id=world.suoi)
    assert browser.post(f"/kiem-tra/ke-hoach/{plan.pk}/duyet/").status_code == 403
    assert leader.post(f"/kiem-tra/ke-hoach/{plan.pk}/duyet/").status_code == 302
    issued = {"symbol": "05/KH-UBND", "issued_on": "12/01/2026"}
    assert leader.post(f"/kiem-tra/ke-hoach/{plan.pk}/ban-hanh/", {**issued, "symbol": ""}).status_code == 422
    assert leader.post(f"/kiem-tra/ke-hoach/{plan.pk}/ban-hanh/", issued).status_code == 302
    assert "Thu, chi năm 2026" in client(world.hieu_truong).get("/kiem-tra/").content.decode()
    assert client(world.hieu_truong).get("/kiem-tra/?xem=ke-hoach").status_code == 200  # of its own, which is empty
    assert client(world.hieu_truong_mn).get(f"/kiem-tra/dong/{made.pk}/").status_code == 404
    assert client(world.giao_vien).get("/kiem-tra/?xem=ke-hoach").status_code == 403


def test_the_files_of_a_plan(world: World, today: None) -> None:
    made, _ = line(world), of_so(world)
    dropped = line(world, subject="=Bán trú", topic="BOARDING")
    checks.drop_line(by=world.chuyen_vien, at=at(), planned=dropped, reason="Đã có thanh tra")
    browser = client(world.chuyen_vien)
    book = openpyxl.load_workbook(BytesIO(browser.get(f"/kiem-tra/ke-hoach/{made.plan_id}.xlsx").content))
    rows = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
    first = next(row for row in rows if row[0] == "1")
    assert first[1] == "Thu, chi các khoản đầu năm" and "Sở Giáo dục và Đào tạo Thử Nghiệm" in first[11]
    assert any("Thôi kiểm tra: Đã có thanh tra" in cell for row in rows for cell in row)
    word = Docx(BytesIO(browser.get(f"/kiem-tra/ke-hoach/{made.plan_id}.docx").content))
    text = "\n".join(each.text for each in word.paragraphs)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "Kiểm tra năm 2026" in text and any("Trường THCS Suối Thử" in cell for cell in cells)
    assert not any("Bán trú" in cell and "=" in cell for cell in cells), "what was dropped is not planned"
    assert client(world.hieu_truong).get(f"/kiem-tra/ke-hoach/{made.plan_id}.docx").status_code == 404


def test_joining_on_the_pages(world: World, today: None) -> None:
    ours, theirs = line(world), of_so(world)
    mine, other = ours.targets.get(unit_id=world.thcs), theirs.targets.get()
    browser, department = client(world.chuyen_vien), client(world.chuyen_vien_so)
    page = browser.get(f"/kiem-tra/dong/{ours.pk}/").content.decode()
    assert "Đề nghị ghép đoàn" in page
    assert browser.post(f"/kiem-tra/don-vi/{mine.pk}/ghep/", {"other": "999999"}).status_code == 404
    assert browser.post(f"/kiem-tra/don-vi/{mine.pk}/ghep/", {"other": other.pk}).status_code == 302
    offered = CheckJoin.objects.get()
    assert "UBND xã Suối Thử" in department.get("/kiem-tra/").content.decode()
    assert browser.post(f"/kiem-tra/ghep/{offered.pk}/", {"decision": "yes"}).status_code == 404
    assert department.post(f"/kiem-tra/ghep/{offered.pk}/", {"decision": "no"}).status_code == 422
    assert department.post(f"/kiem-tra/ghep/{offered.pk}/", {"decision": "yes"}).status_code == 302
    assert "Ghép vào đoàn khác" in browser.get(f"/kiem-tra/dong/{ours.pk}/").content.decode()


def test_a_line_moves_and_is_decided_on_its_page(world: World, today: None) -> None:
    made = line(world)
    issue(world)
    browser, here = client(world.chuyen_vien), f"/kiem-tra/dong/{made.pk}"
    assert browser.post(f"{here}/chuyen/", {"time": "tháng 4/2026", "reason": ""}).status_code == 422
    assert browser.post(f"{here}/chuyen/", {"time": "tháng 4/2026", "reason": "Trùng thi"}).status_code == 302
    assert browser.post(f"{here}/doan/", {"name": "Trần Thị Xã", "head": "on"}).status_code == 302
    decided = {"symbol": "31/QĐ-UBND", "issued_on": "12/01/2026", "opens_on": "06/04/2026", "papers": "Sổ quỹ"}
    assert browser.post(f"{here}/quyet-dinh/", {**decided, "opens_on": "01/01/2026"}).status_code == 422
    assert browser.post(f"{here}/quyet-dinh/", decided).status_code == 302
    assert "Trùng thi" in browser.get(f"{here}/").content.decode()
    target = made.targets.get(unit_id=world.tieu_hoc)
    assert browser.post(f"/kiem-tra/don-vi/{target.pk}/bo/", {"reason": "Trường đang xây"}).status_code == 302
    assert browser.post(f"/kiem-tra/doan/{made.members.get().pk}/bo/").status_code == 302
    assert browser.post(f"{here}/bo/", {"reason": "Thôi"}).status_code == 302
    assert client(world.hieu_truong).post(f"{here}/bo/", {"reason": "x"}).status_code == 403


def test_a_check_seen_from_both_sides(world: World, today: None) -> None:
    visit = opened(world)
    here = f"/kiem-tra/{visit.pk}"
    team, school, leader = client(world.chuyen_vien), client(world.hieu_truong), client(world.chu_tich)
    given = {"kind": "VIOLATION", "topic": "FINANCE", "text": "Thu ngoài quy định", "measure": "Trả lại"}
    assert team.post(f"{here}/phat-hien/", {**given, "text": ""}).status_code == 422
    proof = SimpleUploadedFile("anh.txt", b"bang chung")
    assert team.post(f"{here}/phat-hien/", {**given, "file": proof}).status_code == 302
    found = Finding.objects.get()
    page = school.get(f"{here}/").content.decode()
    assert "Thu ngoài quy định" not in page and "Sổ quỹ" in page
    assert school.get(f"/kiem-tra/phat-hien/{found.pk}/tep/").status_code == 404
    assert school.get(f"{here}/bien-ban.docx").status_code == 404
    paper = visit.papers.first()
    assert paper is not None
    handed = {"file": SimpleUploadedFile("so-quy.txt", b"so quy")}
    assert school.post(f"/kiem-tra/tai-lieu/{paper.pk}/nop/", {}).status_code == 422
    assert school.post(f"/kiem-tra/tai-lieu/{paper.pk}/nop/", handed).status_code == 302
    assert team.get(f"/kiem-tra/tai-lieu/{paper.pk}/tep/").content == b"so quy"
    assert school.post(f"{here}/trinh-ky/").status_code == 403
    assert team.post(f"{here}/trinh-ky/").status_code == 302
    assert "Thu ngoài quy định" in school.get(f"{here}/").content.decode()
    assert school.get(f"/kiem-tra/phat-hien/{found.pk}/tep/").content == b"bang chung"
    assert leader.post(f"{here}/ky/", {"opinion": "Nhất trí"}).status_code == 403
    assert school.post(f"{here}/ky/", {"opinion": ""}).status_code == 422
    assert school.post(f"{here}/ky/", {"opinion": "Sẽ trả lại ngay"}).status_code == 302
    word = Docx(BytesIO(team.get(f"{here}/bien-ban.docx").content))
    text = "\n".join(each.text for each in word.paragraphs)
    assert "Thu ngoài quy định" in text and "Sẽ trả lại ngay" in text and "Vi phạm" in text
    assert school.get(f"{here}/thong-bao.docx").status_code == 404  # not issued yet
    page = leader.get(f"{here}/").content.decode()
    assert "ngày để thông báo kết quả" in page
    book = openpyxl.load_workbook(BytesIO(team.get("/kiem-tra/ton-tai.xlsx").content))
    assert any("Thu ngoài quy định" in map(str, row) for row in book.active.iter_rows(values_only=True))
    assert "Thu ngoài quy định" in school.get("/kiem-tra/?xem=ton-tai").content.decode()
    act = f"/kiem-tra/phat-hien/{found.pk}"
    assert school.post(f"{act}/giai-trinh/", {"text": "Đã trả lại"}).status_code == 302
    assert leader.post(f"{act}/tra-loi/", {"decision": "no"}).status_code == 422
    assert leader.post(f"{act}/tra-loi/", {"decision": "no", "answer": "Thiếu danh sách ký nhận"}).status_code == 302
    assert leader.post(f"{act}/giao/", {"text": "Trả lại", "due": "bao giờ xong"}).status_code == 422
    assert leader.post(f"{act}/giao/", {"text": "Trả lại", "due": "30/3/2026"}).status_code == 302
    found.refresh_from_db()
    assert found.task is not None
    task_page = school.get(found.task.get_absolute_url()).content.decode()
    assert "Việc này khắc phục phát hiện của cuộc kiểm tra" in task_page
    told = {"symbol": "40/TB-UBND", "issued_on": "31/03/2026", "text": "Nhà trường trả lại số tiền đã thu."}
    assert leader.post(f"{here}/thong-bao/", told).status_code == 302
    word = Docx(BytesIO(school.get(f"{here}/thong-bao.docx").content))
    assert "Nhà trường trả lại số tiền đã thu." in "\n".join(each.text for each in word.paragraphs)
    assert client(world.hieu_truong_doi).get(f"{here}/").status_code == 404
