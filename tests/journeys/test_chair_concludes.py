"""A briefing from plan to done: a conclusion becomes a task in three moves, binds with the notice, is answered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

TITLE = "Giao ban tuần 5 năm 2026"
SAID = "Trường Tiểu học số 1 Phố Lu kiểm tra điện, nước của khu bán trú trước kỳ nghỉ Tết."
HOST = "UBND xã Bảo Thắng"
SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"


def test_conclusion_becomes_a_task_that_is_done_and_confirmed(visit: Visit) -> None:
    _plan_and_open(visit)
    _conclude(visit)
    _issue_the_notice(visit)
    _the_school_reports(visit)
    visit.enter("ct.baothang")
    visit.page.get_by_role("link", name=SAID).first.click()
    expect(visit.page.get_by_role("main")).to_contain_text("Biên bản kiểm tra ngày 29/01/2026")
    visit.click("Xác nhận hoàn thành")
    visit.page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")


def _plan_and_open(visit: Visit) -> None:
    visit.enter("cv.baothang", "/hop/")
    page = visit.click("Lập kế hoạch họp").page
    expect(page.get_by_label("Đơn vị tổ chức").locator("option:checked")).to_have_text(HOST)
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Chức vụ người chủ trì").fill("Chủ tịch UBND xã Bảo Thắng")
    page.get_by_label("Đơn vị được mời").fill(SCHOOL)
    page.get_by_label("Họp gấp").check()
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    visit.click("Khai mạc").sees("Đang họp")


def _conclude(visit: Visit) -> None:
    visit.enter("ct.baothang", "/hop/")
    page = visit.click(TITLE).page
    form = page.locator("#conclusions form.quick")
    form.get_by_label(re.compile("^Kết luận")).fill(SAID)
    moves = len(visit.steps)
    form.get_by_label(re.compile("^Đơn vị chủ trì")).fill(SCHOOL)
    visit.steps.append("name the lead")
    form.get_by_label(re.compile("^Thời hạn")).fill("10/02/2026")
    visit.steps.append("name the day")
    visit.click("Ghi kết luận và giao việc")
    given = page.locator("#conclusions .given-tasks li")
    expect(given).to_contain_text(SCHOOL)
    expect(given).to_contain_text("Chờ thông báo")
    assert len(visit.steps) - moves <= 3, "a conclusion becomes a task in three moves"


def _issue_the_notice(visit: Visit) -> None:
    visit.click("Kết thúc họp").click("Ban hành thông báo").sees("Khi ban hành, 1 nhiệm vụ bắt đầu có hiệu lực")
    assert SAID in visit.page.get_by_label("Nội dung thông báo").input_value()
    visit.page.get_by_label("Số, ký hiệu").fill("16/TB-UBND")
    visit.page.get_by_role("main").get_by_role("button", name="Ban hành thông báo").click()
    visit.page.goto(f"{visit.base}/hop/?xem=da-hop")
    visit.click(TITLE)
    given = visit.page.locator("#conclusions .given-tasks li")
    expect(given).to_contain_text(SCHOOL)
    expect(given).not_to_contain_text("Chờ thông báo")


def _the_school_reports(visit: Visit) -> None:
    visit.enter("ht.tieuhoc")
    page = visit.page
    page.get_by_role("region", name="Đến lượt tôi").get_by_role("link", name=SAID).click()
    visit.click("Báo cáo hoàn thành")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill(
        "Đã kiểm tra, thay hai công tắc. Biên bản kiểm tra ngày 29/01/2026 lưu tại trường."
    )
    dialog.get_by_label("Tệp", exact=False).set_input_files(
        {"name": "bien-ban.txt", "mimeType": "text/plain", "buffer": "Biên bản kiểm tra ngày 29/01/2026".encode()}
    )
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Chờ xác nhận")
    expect(page.get_by_role("main")).to_contain_text("bien-ban.txt")
