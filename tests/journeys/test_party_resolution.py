"""A Party resolution on its way: issued, sent down, studied by 99,5 %, made into a programme, its task confirmed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

NUMBER, SUBJECT = "09-NQ/TU", "Nghị quyết về phổ cập giáo dục mầm non cho trẻ từ 3 đến 5 tuổi"
COMMITTEE, CELL = "Đảng ủy xã Bảo Thắng", "Chi bộ Trường Tiểu học Minh họa"
WORK = "Báo cáo kết quả quán triệt Nghị quyết số 09-NQ/TU"


def test_a_resolution_reaches_the_cell_and_comes_back_as_figures(visit: Visit) -> None:
    _issue_and_send_down(visit)
    _receive_and_study(visit)
    _issue_the_programme(visit)
    page = _the_province_sees(visit)
    _a_task_is_given_done_and_confirmed(visit, page)


def _open(visit: Visit, number: str = NUMBER) -> Page:
    visit.page.goto(f"{visit.base}/van-ban/")
    visit.page.get_by_label("Số, trích yếu, cơ quan, nội dung").fill(number)
    visit.click("Lọc")
    visit.page.get_by_role("row", name=number).get_by_role("link").first.click()
    return visit.page


def _register(visit: Visit, number: str, subject: str, **more: str) -> None:
    visit.page.goto(f"{visit.base}/van-ban/dang-ky/")
    page = visit.page
    page.get_by_label("Văn bản đi").check()
    page.get_by_label("Số, ký hiệu").fill(number)
    page.get_by_label("Ngày văn bản").fill("29/01/2026")
    page.get_by_label("Trích yếu").fill(subject)
    for label, value in more.items():
        page.locator(f"[name={label}]").fill(value)
    page.get_by_role("main").get_by_role("button", name="Vào sổ").click()


def _issue_and_send_down(visit: Visit) -> None:
    visit.enter("vp.tinhuy")
    _register(visit, NUMBER, SUBJECT, signer="Bí thư Tỉnh ủy")
    page = _open(visit)
    visit.click("Tình hình triển khai")
    page.get_by_label("Gửi đến các đơn vị").fill("các đảng ủy xã, phường")
    page.get_by_label("Các đơn vị này phải ban hành kế hoạch của mình").check()
    page.get_by_label("Kế hoạch của đơn vị trước ngày").fill("15/03/2026")
    page.get_by_role("main").get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("#duties tbody tr")).to_have_count(9)
    expect(page.get_by_role("main")).to_contain_text("0/9 đơn vị")


def _receive_and_study(visit: Visit) -> None:
    visit.enter("vp.danguy")
    page = _open(visit)
    visit.click("Tiếp nhận")
    visit.click("Quán triệt")
    page.locator("[name=classes]").fill("4")
    page.locator("[name=finished_on]").fill("29/01/2026")
    for audience, counts in {"key": ("40", "0", "40"), "member": ("412", "12", "398")}.items():
        for part, value in zip(("expected", "exempt", "attended"), counts, strict=True):
            page.locator(f"[name={audience}_{part}]").fill(value)
    page.get_by_role("main").get_by_role("button", name="Ghi", exact=True).click()
    row = page.locator("#units-studied").get_by_role("row", name=COMMITTEE)
    expect(row).to_contain_text("398/400")
    expect(row).to_contain_text("99,50%")


def _issue_the_programme(visit: Visit) -> None:
    _register(visit, "15-CTr/ĐU", "Chương trình hành động thực hiện Nghị quyết số 09-NQ/TU", implements=NUMBER)
    page = _open(visit, "15-CTr/ĐU")
    visit.click("Tình hình triển khai")
    page.get_by_label("Gửi đến các đơn vị").fill("các chi bộ")
    page.get_by_role("main").get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("#duties tbody")).to_contain_text(CELL)


def _the_province_sees(visit: Visit) -> Page:
    visit.enter("vp.tinhuy")
    page = _open(visit)
    visit.click("Tình hình triển khai")
    row = page.locator("#duties").get_by_role("row", name=re.compile(COMMITTEE))
    expect(row).to_contain_text("Đã ban hành")
    expect(row).to_contain_text("15-CTr/ĐU")
    expect(row).to_contain_text("Seo Thị Họa")
    expect(page.get_by_role("main")).to_contain_text("1/9 đơn vị")
    visit.click("Quán triệt")
    expect(page.locator("#audiences")).to_contain_text("398/400")
    expect(page.locator("#audiences")).to_contain_text("99,50%")
    return page


def _a_task_is_given_done_and_confirmed(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.base}/viec/giao/")
    page.get_by_label("Nội dung nhiệm vụ").fill(WORK)
    page.get_by_label("Đơn vị chủ trì").fill(COMMITTEE)
    page.get_by_label("Thời hạn").fill("15/02/2026")
    page.get_by_role("main").get_by_role("button", name="Giao việc").click()
    visit.enter("vp.danguy", "/viec/")
    visit.click(WORK)
    visit.click("Báo cáo hoàn thành")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("398/400 đảng viên đã dự, đạt 99,5%.")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Chờ xác nhận")
    visit.enter("vp.tinhuy", "/viec/")
    visit.click(WORK)
    visit.click("Xác nhận hoàn thành")
    page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")
