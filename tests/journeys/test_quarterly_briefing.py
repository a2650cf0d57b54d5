"""A quarterly briefing: by preset, opened with what waits, concluded on one line, signed, done and confirmed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

TITLE = "Giao ban công tác giáo dục quý I năm 2026"
ASKED = "Đề nghị bổ sung một nhân viên y tế trường học dùng chung cho hai điểm trường."
LEAD, PARTNER = "Trường Tiểu học Minh họa số 1 Phố Lu", "Trường THCS Minh họa số 2 Sơn Hà"
WORK = "tự rà soát điều kiện bán trú, gửi báo cáo về xã"
LINE = f"@{LEAD} @{PARTNER} {WORK} #20/2/2026"
ANSWER = "Xã bố trí một nhân viên y tế dùng chung từ học kỳ II."


def test_a_quarterly_briefing_from_invitation_to_the_last_confirmed_task(visit: Visit) -> None:
    page = _plan_by_preset(visit)
    _hold(visit, page)
    _conclude(visit, page)
    _approve_and_sign(visit, page)
    _report(visit, page)
    _confirm(visit, page)
    _it_is_done(visit, page)


def _plan_by_preset(visit: Visit) -> Page:
    visit.enter("cv.baothang", "/hop/moi/")
    page = visit.page
    page.locator("#mau").select_option(label="Giao ban quý")
    visit.click("Điền sẵn")
    expect(page.get_by_role("main")).to_contain_text("Giải đáp kiến nghị")
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Chức vụ người chủ trì").fill("Chủ tịch UBND xã Bảo Thắng")
    page.get_by_label("Họp gấp").check()
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    first = page.locator("#agenda li").first
    expect(first).to_contain_text("Kiến nghị")  # what units ask opens the next briefing
    visit.click("Gửi giấy mời")
    return page


def _hold(visit: Visit, page: Page) -> None:
    visit.click("Khai mạc").sees("Đang họp")
    visit.click("Còn lại đều có mặt")
    expect(page.get_by_role("main")).to_contain_text("30/30")
    visit.enter("ct.baothang", "/kien-nghi/")
    visit.click(ASKED)
    page.get_by_label("Trả lời").first.fill(ANSWER)
    page.get_by_role("main").get_by_role("button", name="Trả lời").click()
    expect(page.get_by_role("main")).to_contain_text(ANSWER)


def _conclude(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.base}/hop/")
    visit.click(TITLE).click("Trang chủ trì").sees("Kết luận hôm nay")
    page.get_by_label("Kết luận một dòng").fill(LINE)
    expect(page.locator("#understood")).to_contain_text("20/02/2026")
    visit.click("Ghi kết luận và giao việc")
    expect(page.locator("#live .given-tasks")).to_contain_text("20/02/2026")
    visit.click("Kết thúc họp")


def _approve_and_sign(visit: Visit, page: Page) -> None:
    """The chair approves the words, the chief of office signs them."""
    page.goto(f"{visit.base}/hop/?xem=da-hop")
    visit.click(TITLE).click("Ban hành thông báo").click("Chỉ duyệt nội dung")
    visit.enter("cvp.baothang", "/hop/?xem=da-hop")
    visit.click(TITLE).click("Ban hành thông báo")
    page.get_by_label("Số, ký hiệu").fill("18/TB-UBND")
    page.get_by_role("main").get_by_role("button", name="Ban hành thông báo").click()
    expect(page.get_by_role("link", name="Đọc thông báo")).to_be_visible()


def _report(visit: Visit, page: Page) -> None:
    visit.enter("ht.tieuhoc", "/viec/")
    page.get_by_role("link", name=re.compile(WORK, re.IGNORECASE)).first.click()
    visit.click("Báo cáo hoàn thành")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("Đã rà soát, báo cáo gửi ngày 29/01/2026.")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Chờ xác nhận")


def _confirm(visit: Visit, page: Page) -> None:
    visit.enter("ct.baothang")
    waiting = page.get_by_role("region", name="Đến lượt tôi")
    waiting.get_by_role("link", name=re.compile(WORK, re.IGNORECASE)).first.click()
    visit.click("Xác nhận hoàn thành")
    page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")


def _it_is_done(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.base}/hop/?xem=da-hop")
    visit.click(TITLE)
    expect(page.locator("#conclusions .given-tasks li").first).to_contain_text("Hoàn thành")
