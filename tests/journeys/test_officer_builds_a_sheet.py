"""An officer of the Sở counts something new, builds a sheet around it without a developer, and may open a round."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

SHEET = "Báo cáo sách thư viện"


def test_officer_builds_and_publishes_a_sheet(visit: Visit) -> None:
    page = visit.enter("cv.so", "/so-lieu/danh-muc/so-lieu-goc/").page
    _a_new_quantity(visit, page)
    visit.click("Biểu mẫu").click("Làm biểu mẫu")
    page.get_by_label("Tên biểu mẫu").fill(SHEET)
    page.get_by_label("Mã", exact=True).fill("sach_thu_vien")
    for kind in ("Trường tiểu học", "Trường trung học cơ sở"):
        page.get_by_label(kind, exact=True).check()
    visit.click("Bắt đầu").sees("Biểu còn trống")
    _add(visit, page, "sach thu vien theo", "Sách thư viện theo lớp", asked_elsewhere=False)
    _add(visit, page, "hoc sinh dang hoc", "Học sinh đang học", asked_elsewhere=True)
    expect(page.get_by_text("Hỏi ở “Báo cáo học kỳ I của trường”").first).to_be_visible()
    _move_by_keyboard(page)
    _a_rule(visit, page)
    visit.click("Xem trước")
    expect(page.get_by_role("textbox", name="Lớp 1", exact=True)).to_be_disabled()
    visit.click("Các dòng")
    page.get_by_role("button", name="Ban hành biểu").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Ban hành biểu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SHEET)
    expect(page.get_by_text("không được lớn hơn").first).to_be_visible()
    page.goto(f"{visit.base}/so-lieu/dot/mo/")
    expect(page.get_by_label("Biểu mẫu", exact=True).locator("option", has_text=SHEET)).to_have_count(1)


def _a_new_quantity(visit: Visit, page: Page) -> None:
    """Refused at the field first, nothing typed lost, then published."""
    visit.click("Thêm số liệu gốc")
    page.get_by_label("Tên gọi").fill("Sách thư viện theo lớp")
    page.get_by_label("Mã", exact=True).fill("sách")
    page.get_by_label("Đơn vị tính").fill("cuốn")
    page.get_by_label("Lớp", exact=True).check()
    visit.click("Ban hành").sees("“sách” không phải mã")
    expect(page.get_by_label("Tên gọi")).to_have_value("Sách thư viện theo lớp")
    page.get_by_label("Mã", exact=True).fill("sach_thu_vien_lop")
    visit.click("Ban hành").sees("12 ô; mỗi ô có một số riêng")
    visit.page.goto(f"{visit.base}/so-lieu/danh-muc/so-lieu-goc/?q=sach thu vien theo")
    expect(page.get_by_role("link", name="Sách thư viện theo lớp")).to_be_visible()


def _add(visit: Visit, page: Page, words: str, name: str, *, asked_elsewhere: bool) -> None:
    """All cells of a quantity in one step; the page says beforehand who already asks them."""
    visit.click("Thêm số liệu")
    page.get_by_label("Tên, mã hoặc mã chính thức").fill(words)
    page.get_by_label("Tên, mã hoặc mã chính thức").press("Enter")
    row = page.get_by_role("row").filter(has_text=re.compile(f"^{name}|{name}"))
    expect(row.first).to_contain_text("Báo cáo học kỳ I của trường" if asked_elsewhere else "chưa hỏi ở đâu")
    page.get_by_role("link", name=f"Chọn {name}", exact=True).click()
    page.get_by_label(re.compile("^Mục")).fill("I. Sách" if not asked_elsewhere else "II. Học sinh")
    visit.click("Thêm vào biểu").sees(name)


def _move_by_keyboard(page: Page) -> None:
    lines = page.locator("[data-section='I. Sách'] .build-words > a")
    expect(lines.nth(1)).to_have_text("Lớp 1")
    lines.nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(lines.nth(1)).to_have_text("Lớp 2")
    page.get_by_role("button", name="Xuống Lớp 2").click()
    expect(lines.nth(1)).to_have_text("Lớp 1")


def _a_rule(visit: Visit, page: Page) -> None:
    """Two lines are picked; formula and sentence write themselves and are read back in words."""
    visit.click("Quy tắc").click("Thêm quy tắc")
    page.get_by_label("Dòng này").select_option(label="Lớp 1")
    page.get_by_label("dòng kia").select_option(label="Sách thư viện theo lớp, cộng các dòng")
    expect(page.get_by_label("Công thức")).to_have_value("sach_thu_vien_lop[lop=1] <= sach_thu_vien_lop")
    expect(page.locator(".formula-said")).to_contain_text("không được lớn hơn “Sách thư viện theo lớp”")
    expect(page.get_by_label("Câu hiện ra khi số liệu không khớp")).to_have_value(re.compile("^“Lớp 1” không được"))
    visit.click("Lưu").sees("phải đúng hoặc giải trình")
