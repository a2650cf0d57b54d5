"""Units found by keyboard as one types, a unit's figures across 1 July 2025, two days side by side, the map."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PHONE, Visit


def test_a_unit_is_found_and_opened_without_the_mouse(visit: Visit) -> None:
    visit.enter("pct.tinh", "/don-vi/")
    page = visit.page
    box = page.get_by_role("main").get_by_role("searchbox")
    box.press_sequentially("xa bao thang", delay=30)
    first = page.locator(".results a").first
    expect(first).to_contain_text("Xã Bảo Thắng")
    box.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(page.locator(".results a")).to_have_count(0)
    box.fill("xã bảo thắng")
    expect(page.locator(".results a").first).to_contain_text("Xã Bảo Thắng")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xã Bảo Thắng")


def test_the_units_page_shows_its_figures_across_the_break(visit: Visit) -> None:
    visit.enter("pct.tinh", "/don-vi/tim/?q=xa+bao+thang")
    visit.click("Xã Bảo Thắng", exact=True)
    page = visit.page
    figures = page.locator("#so-lieu")
    expect(figures.locator("figure.chart").first).to_be_visible(timeout=15_000)
    expect(figures).to_contain_text("1/7/2025")
    visit.click("Toàn bộ số liệu qua các kỳ của Xã Bảo Thắng")
    expect(page.get_by_role("heading", level=1)).to_have_text("Số liệu của Xã Bảo Thắng")
    page.get_by_role("combobox", name=re.compile("^Bản đồ")).select_option("luc-do")
    visit.click("Xem", exact=True)
    visit.sees("Thị trấn Phố Lu")


def test_the_country_before_and_after(visit: Visit) -> None:
    visit.enter("pct.tinh", "/don-vi/")
    visit.click("So sánh hai ngày")
    page = visit.page
    for words in ("63", "34", "696", "10.035", "3.321"):
        visit.sees(words)
    visit.click("Tỉnh Lào Cai", exact=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh Lào Cai: 30/06/2025 và 01/07/2025")
    expect(page.get_by_role("main")).to_contain_text("1673/NQ-UBTVQH15")
    assert "trong=" in page.url and "tu=2025-06-30" in page.url


def test_the_map_works_without_scripts_and_on_a_phone(visit: Visit, browser: Browser) -> None:
    visit.enter("pct.tinh", "/ban-do/")
    page = visit.page
    expect(page.locator("figure.map a circle").first).to_be_visible()
    cookies = page.context.cookies()
    bare = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="vi-VN")
    bare.add_cookies(cookies)
    other = bare.new_page()
    other.goto(f"{visit.base}/ban-do/")
    expect(other.locator("figure.map svg").first).to_be_visible()
    expect(other.get_by_role("table")).to_contain_text("Xã Bảo Thắng")
    other.get_by_role("link", name="Bỏ qua hình, tới bảng").click()
    assert other.url.endswith("#bang")
    bare.close()
    page.set_viewport_size(PHONE)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_point_of_the_map_leads_inside(visit: Visit) -> None:
    visit.enter("pct.tinh", "/ban-do/")
    page = visit.page
    point = page.locator("figure.map a").filter(has_text="Bảo Thắng").first
    point.focus()
    expect(point).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xã Bảo Thắng")
