"""A leader opens the table, takes a number apart down to who handed it in, and shares a plan out below."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

INDICATOR = "Tỷ lệ trường đạt chuẩn quốc gia"


def test_from_a_number_in_the_table_to_the_school_that_gave_it(visit: Visit) -> None:
    visit.enter("ct.baothang", "/tong-quan/")
    page = visit.page
    visit.click("Bảng số liệu", exact=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bảng số liệu: Xã Bảo Thắng")
    total = page.locator("#board tbody tr.total td a").first
    value = total.inner_text()
    total.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(value)
    expect(page.get_by_role("heading", name="Cách tính")).to_be_visible()
    rows = page.locator("#sources tbody tr")
    given = [row.locator("td").nth(1).inner_text() for row in rows.all()]
    foot = page.locator("#sources tfoot td").nth(1).inner_text()
    assert sum(int(text) for text in given if text.isdigit()) == int(foot), "what the schools gave is the total"
    rows.first.locator("th a").click()
    expect(page.get_by_text(re.compile("^Nộp số: ")).first).to_be_visible()
    expect(page.get_by_text("Từ đây được tính vào tổng").first).to_be_visible()
    expect(page.get_by_text("Hoàng Thị Minh, Chủ tịch UBND xã Bảo Thắng").first).to_be_visible()


def test_the_matrix_leads_to_the_reminder(visit: Visit) -> None:
    visit.enter("ct.baothang", "/so-lieu/ma-tran/")
    page = visit.page
    expect(page.locator("#matrix tbody tr").first).to_contain_text("Quá hạn")
    page.get_by_role("link", name="Lời nhắc").first.click()
    assert re.search(r"/so-lieu/dot/\d+/nhac/$", page.url)


def test_a_rate_is_handed_down_as_it_is(visit: Visit) -> None:
    visit.enter("ct.baothang", "/tong-quan/")
    page = visit.page
    visit.click("Kế hoạch giao", exact=True)
    page.locator("#plans").get_by_role("link", name=INDICATOR, exact=True).click()
    visit.click("như nhau cho mọi đơn vị", exact=True)
    boxes = page.locator("#parts input")
    assert {box.input_value() for box in boxes.all()} == {"65"}
    schools = boxes.count()
    page.get_by_role("button", name="Giao xuống").click()
    visit.sees("Đã giao xuống:")
    visit.click("Kế hoạch giao", exact=True)
    expect(page.locator("#plans")).to_contain_text(f"{schools} đơn vị")
