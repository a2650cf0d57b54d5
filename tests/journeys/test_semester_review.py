"""A semester review: invited, checked in, commended, voted, concluded, minuted, done, and told in the digest."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.seats import signed_in, sit

TITLE = "Hội nghị sơ kết học kỳ I các trường cụm Phố Lu"
FIRST, SECOND = "Trường Tiểu học Minh họa số 1 Phố Lu", "Trường THCS Minh họa số 1 Phố Lu"
HEAD = "ht.mh0021"
TASK = "Trường THCS Minh họa số 1 Phố Lu hoàn thành hồ sơ công nhận đạt chuẩn"
WHY = "Dẫn đầu phong trào thi đua học kỳ I năm học 2025-2026"


def test_from_invitation_to_the_last_confirmed_task(visit: Visit, home_of_site: Path) -> None:
    meeting = _plan_and_open(visit)
    _commend(visit, meeting)
    _vote(visit, meeting)
    _conclude_and_issue(visit, meeting)
    sit(visit, signed_in(home_of_site, [HEAD])[HEAD])
    visit.page.get_by_role("link", name=TASK).first.click()
    visit.click("Báo cáo hoàn thành")
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("Hồ sơ đã nộp đủ.")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Chờ xác nhận")
    visit.page.goto(f"{visit.base}/khen-thuong/")
    expect(visit.page.locator("#awards")).to_contain_text("Nguyễn Thị Khen")
    visit.enter("ct.baothang", meeting)
    visit.page.locator("#conclusions .given-tasks a").first.click()
    visit.click("Xác nhận hoàn thành")
    visit.page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")
    _digest(visit)


def _plan_and_open(visit: Visit) -> str:
    visit.enter("cv.baothang", "/hop/moi/")
    page = visit.page
    page.get_by_label("Loại cuộc họp").select_option("so_ket")
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Chức vụ người chủ trì").fill("Chủ tịch UBND xã Bảo Thắng")
    page.get_by_label("Đơn vị được mời").fill(f"{FIRST}; {SECOND}")
    page.get_by_label("Họp gấp").check()
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    visit.click("Gửi giấy mời")
    visit.click("Khai mạc").sees("Đang họp")
    visit.click("Còn lại đều có mặt")
    return page.url.removeprefix(visit.base).partition("#")[0]


def _commend(visit: Visit, meeting: str) -> None:
    """A unit and a teacher are put forward; one decision gives both; the certificates come as one file."""
    page = visit.page
    page.goto(visit.base + meeting)
    visit.click("Khen thưởng", exact=True)
    page.get_by_role("main").get_by_role("link", name="Đề nghị khen thưởng").first.click()
    for person in ("", "Nguyễn Thị Khen"):
        page.get_by_label("Hình thức khen thưởng").select_option("giay_khen")
        page.get_by_label("Đơn vị được khen, hoặc").fill(SECOND)
        page.get_by_label("Cá nhân được khen").fill(person)
        page.get_by_label("Thành tích").fill(WHY)
        page.get_by_role("main").get_by_role("button", name="Đề nghị khen thưởng").click()
        visit.sees("Đã ghi đề nghị")
    visit.click("Sang danh sách")
    visit.click("Ghi quyết định khen cho mục đã chọn")
    page.get_by_label("Số, ký hiệu quyết định").fill("77/QĐ-UBND")
    page.get_by_role("main").get_by_role("button", name="Khen thưởng").click()
    expect(page.locator("#awards")).to_contain_text("77/QĐ-UBND")
    with page.expect_download() as loading:
        visit.click("Tất cả giấy khen")
    file = docx.Document(io.BytesIO(Path(loading.value.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert text.count("GIẤY KHEN") == 2
    assert "Nguyễn Thị Khen" in text


def _vote(visit: Visit, meeting: str) -> None:
    page = visit.page
    page.goto(visit.base + meeting)
    visit.click("Biểu quyết", exact=True)
    page.get_by_label("Nội dung biểu quyết").fill("Thông qua phương hướng học kỳ II")
    page.get_by_label("Hình thức").select_option("HANDS")
    visit.click("Bắt đầu biểu quyết")
    page.get_by_label("Tán thành", exact=True).fill("3")
    page.get_by_label("Không tán thành").fill("0")
    page.get_by_label("Không có ý kiến").fill("0")
    visit.click("Kết thúc và khóa kết quả")
    expect(page.locator("#result")).to_contain_text("3/3")
    expect(page.locator(".page-head")).to_contain_text("Thông qua")


def _conclude_and_issue(visit: Visit, meeting: str) -> None:
    visit.enter("ct.baothang", meeting)
    page = visit.page
    form = page.locator("#conclusions form.quick")
    form.get_by_label("Kết luận", exact=False).first.fill(f"{TASK}.")
    form.get_by_label("Đơn vị chủ trì", exact=False).fill(SECOND)
    form.get_by_label("Thời hạn", exact=False).fill("28/02/2026")
    visit.click("Ghi kết luận và giao việc")
    expect(page.locator("#conclusions .given-tasks li")).to_have_count(1)
    page.goto(visit.base + meeting)
    visit.click("Kết thúc họp").click("Biên bản").sees("Đã khóa")
    with page.expect_download() as loading:
        visit.click("Biên bản (DOCX)")
    file = docx.Document(io.BytesIO(Path(loading.value.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert "BIÊN BẢN" in text
    assert "có mặt 2/2 thành phần được mời" in text
    assert "Công bố Quyết định số 77/QĐ-UBND ngày 29/01/2026: khen thưởng 1 tập thể, 1 cá nhân" in text
    assert "Thông qua phương hướng học kỳ II" in text
    page.goto(visit.base + meeting)
    visit.click("Ban hành thông báo").sees("Khi ban hành, 1 nhiệm vụ bắt đầu có hiệu lực")
    page.get_by_label("Số, ký hiệu").fill("46/TB-UBND")
    page.get_by_role("main").get_by_role("button", name="Ban hành thông báo").click()
    page.goto(visit.base + meeting)
    expect(page.locator("#conclusions .given-tasks").first).not_to_contain_text("Chờ thông báo")


def _digest(visit: Visit) -> None:
    """The semester's conferences on one page, and as a document."""
    page = visit.page
    page.goto(f"{visit.base}/hop/tong-hop/")
    page.get_by_label("Kỳ", exact=True).select_option("2025-2026.HK2")
    visit.click("Xem", exact=True)
    row = page.locator("#cuoc-hop tr", has_text=TITLE)
    expect(row).to_contain_text("2/2")
    expect(row).to_contain_text("1/1")
    visit.click("Lập thành báo cáo")
    expect(page.get_by_role("main")).to_contain_text("Khen thưởng 3 lượt tập thể, 1 lượt cá nhân: giấy khen 4.")
