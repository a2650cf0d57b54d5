"""A training over three days, from the invitation to the task that its conclusion gave and its assigner confirmed."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

TITLE = "Tập huấn quản lý giáo dục tiểu học và an toàn trường học"
TOPIC = "Quản lý giáo dục tiểu học"
HOST = "UBND xã Bảo Thắng"
SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"
SAID = "Trường Tiểu học Minh họa số 1 Phố Lu tập huấn lại cho toàn bộ giáo viên của trường và báo cáo kết quả."
SESSIONS = [
    ("27/01/2026", "Quy định mới về quản lý trường tiểu học"),
    ("28/01/2026", "Đánh giá học sinh và sinh hoạt chuyên môn"),
    ("29/01/2026", "An toàn trường học, xử lý tình huống"),
]
STAYED, LEFT = "Nguyễn Thị Học Đủ", "Trần Văn Học Thiếu"


def test_a_training_ends_with_certificates_and_a_confirmed_task(visit: Visit) -> None:
    address = _plan(visit)
    _the_school_names_who_comes(visit, address)
    _three_days(visit, address)
    _certificates(visit, address)
    _conclude(visit, address)
    _the_school_does_it(visit)
    visit.enter("ct.baothang")
    visit.page.get_by_role("link", name=SAID).first.click()
    visit.click("Xác nhận hoàn thành")
    visit.page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")


def _plan(visit: Visit) -> str:
    """Invitations and the programme by day, with the condition of the certificate as data."""
    visit.enter("cv.baothang", "/hop/moi/?mau=tap_huan")
    page = visit.page
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("07:30 27/01/2026")
    page.get_by_label("Kết thúc").fill("17:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Chức vụ người chủ trì").fill("Chủ tịch UBND xã Bảo Thắng")
    page.get_by_label("Đơn vị được mời").fill(SCHOOL)
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    address = re.sub(r"^(.*/hop/\d+).*$", r"\1/", page.url)
    page.goto(f"{address}cac-buoi/")
    for day, subject in SESSIONS:
        form = page.locator("form", has_text="Thêm buổi").first
        form.get_by_label("Nội dung buổi học").fill(subject)
        form.get_by_label("Bắt đầu").fill(f"08:00 {day}")
        form.get_by_label("Kết thúc").fill(f"11:00 {day}")
        form.get_by_role("button", name="Thêm buổi").click()
        expect(page.get_by_role("main")).to_contain_text(subject)
    need = page.locator('form[action$="/dieu-kien/"]')
    need.get_by_label("Chuyên đề tập huấn").fill(TOPIC)
    need.get_by_role("button", name="Lưu").click()
    page.goto(address)
    visit.click("Gửi giấy mời").sees("Đã gửi giấy mời")
    return address


def _the_school_names_who_comes(visit: Visit, address: str) -> None:
    visit.enter("ht.tieuhoc")
    page = visit.page
    page.goto(address)
    page.locator("#answer").get_by_label("Sẽ dự").check()
    visit.click("Gửi trả lời")
    page.goto(f"{address}hoc-vien/")
    page.get_by_label("Học viên").fill(f"{STAYED}; giáo viên\n{LEFT}; tổ trưởng chuyên môn")
    page.get_by_role("main").get_by_role("button", name="Đưa vào danh sách").click()
    expect(page.get_by_role("main")).to_contain_text(LEFT)


def _three_days(visit: Visit, address: str) -> None:
    """One learner at all sessions, the other at two of three: each session has a list of its own."""
    visit.enter("cv.baothang")
    page = visit.page
    page.goto(address)
    visit.click("Khai mạc").sees("Đang họp")
    for place, (_day, subject) in enumerate(SESSIONS):
        page.goto(f"{address}cac-buoi/")
        page.locator("li", has_text=subject).get_by_role("link", name="Điểm danh").click()
        for name in (STAYED, LEFT) if place < 2 else (STAYED,):
            line = page.locator("#people li", has_text=name)
            line.get_by_role("button").click()
            expect(line.locator(".badge.good")).to_be_visible()
    page.goto(f"{address}cac-buoi/")
    expect(page.get_by_role("main")).to_contain_text("2/3")


def _certificates(visit: Visit, address: str) -> None:
    """To who attended enough; the other one is still on the list of the topic."""
    page = visit.page
    page.goto(f"{address}chung-nhan/")
    expect(page.get_by_label(re.compile(STAYED))).to_be_checked()
    page.get_by_role("main").get_by_role("button", name="Cấp giấy chứng nhận").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(rf"\d+/\S*GCN\S* {STAYED}"))
    with page.expect_download() as taken:
        visit.click("In tất cả (DOCX)")
    content = Path(str(taken.value.path())).read_bytes()
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert STAYED in words and LEFT not in words and TOPIC in words
    visit.click("Ai còn thiếu")
    lacking = page.locator("section", has_text="Chưa có giấy chứng nhận")
    expect(lacking).to_contain_text(LEFT)
    expect(lacking).not_to_contain_text(STAYED)


def _conclude(visit: Visit, address: str) -> None:
    visit.enter("ct.baothang")
    page = visit.page
    page.goto(address)
    form = page.locator("#conclusions form.quick")
    form.get_by_label(re.compile("^Kết luận")).fill(SAID)
    form.get_by_label(re.compile("^Đơn vị chủ trì")).fill(SCHOOL)
    form.get_by_label(re.compile("^Thời hạn")).fill("10/02/2026")
    visit.click("Ghi kết luận và giao việc")
    expect(page.locator("#conclusions .given-tasks li")).to_contain_text(SCHOOL)
    visit.click("Kết thúc họp").click("Ban hành thông báo")
    page.get_by_label("Số, ký hiệu").fill("17/TB-UBND")
    page.get_by_role("main").get_by_role("button", name="Ban hành thông báo").click()
    expect(page.locator(".page-head")).to_contain_text("Đã ban hành thông báo")


def _the_school_does_it(visit: Visit) -> None:
    visit.enter("ht.tieuhoc")
    page = visit.page
    page.get_by_role("region", name="Đến lượt tôi").get_by_role("link", name=SAID).click()
    visit.click("Báo cáo hoàn thành")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("Đã tập huấn lại cho 24/24 giáo viên ngày 29/01/2026.")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Chờ xác nhận")
