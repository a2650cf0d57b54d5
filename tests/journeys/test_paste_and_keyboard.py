"""The entry grid as a spreadsheet: Enter and arrows, a block from Excel; and the same form where scripts are off."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PHONE, Visit

REPORT = "Báo cáo học kỳ I của trường, Học kỳ I năm học 2025-2026"
GRADES = [f"Học sinh lớp {grade}, {sex}" for grade in (6, 7, 8, 9) for sex in ("nam", "nữ")]
BLOCK = "21\t\n24\t\n1.022\tnhận học sinh của trường giải thể\n"


def _open(visit: Visit) -> Visit:
    visit.enter("ht.thcs").click(REPORT)
    return visit.click("Nhập số liệu")


def test_keys_move_and_a_block_from_excel_fills_cells(visit: Visit) -> None:
    page = _open(visit).page
    first, second, third = (page.get_by_role("textbox", name=label, exact=True) for label in GRADES[:3])
    first.click()
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(third).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(second).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(first).to_be_focused()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visit.base)
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)
    page.keyboard.press("Control+V")
    expect(first).to_have_value("21")
    expect(second).to_have_value("24")
    expect(third).to_have_value("1.022")
    expect(page.get_by_role("status").filter(has_text="1.067")).to_be_visible()  # added up while typing
    expect(page.locator("[data-filled]")).to_have_text(re.compile("^3/"))  # said by the server, once it is stored
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Đã lưu lúc \d\d:\d\d"))
    page.reload()
    expect(third).to_have_value("1.022")
    note = page.get_by_role("textbox", name=f"Giải trình cho {GRADES[2]}")
    expect(note).to_have_value("nhận học sinh của trường giải thể")


def test_the_form_saves_where_scripts_are_off(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    visit = _open(Visit(context.new_page(), site))
    page = visit.page
    page.get_by_role("textbox", name="Lớp THCS", exact=True).fill("sáu")
    page.get_by_role("textbox", name=GRADES[7], exact=True).fill("19")
    visit.click("Lưu").sees("Lớp THCS: “sáu” không phải số.")
    assert page.get_by_role("textbox", name="Lớp THCS", exact=True).input_value() == "sáu"
    assert page.get_by_role("textbox", name=GRADES[7], exact=True).input_value() == "19"
    page.get_by_role("textbox", name="Lớp THCS", exact=True).fill("6")
    visit.click("Lưu").sees("Đã lưu. Báo cáo chưa nộp.")
    assert page.get_by_role("textbox", name="Lớp THCS", exact=True).input_value() == "6"
    assert page.get_by_role("textbox", name=GRADES[7], exact=True).input_value() == "19"
    context.close()
