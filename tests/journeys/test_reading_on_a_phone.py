"""On a phone without scripts: every decision is a button, and each sentence is seen in its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PHONE, Visit

PLAN = """ỦY BAN NHÂN DÂN XÃ BẢO THẮNG
Số: 31/KH-UBND
Bảo Thắng, ngày 28 tháng 01 năm 2026

KẾ HOẠCH
Kiểm tra an toàn trường học sau Tết

1. Phòng Văn hóa - Xã hội

- Lập đoàn kiểm tra an toàn trường học trước ngày 25/02/2026.

- Báo cáo kết quả kiểm tra trước ngày 10/3/2026.

2. Tổ công nghệ số cộng đồng

- Hướng dẫn phụ huynh sử dụng học bạ số trước ngày 20/02/2026.
"""


@pytest.fixture
def bare(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    yield Visit(context.new_page(), site)
    context.close()


def test_reading_by_buttons_on_a_phone(bare: Visit) -> None:
    page = bare.enter("cv.baothang", "/doc/").page
    page.get_by_label("Nội dung văn bản").fill(PLAN)
    page.get_by_role("main").get_by_role("button", name="Đọc văn bản").click()
    first = page.locator("#V1")
    first.get_by_text("Xem trong văn bản").click()
    expect(first.locator("blockquote mark")).to_contain_text("Lập đoàn kiểm tra an toàn trường học")
    first.get_by_role("button", name="Nhận", exact=True).click()
    expect(page.locator("#V1")).to_contain_text("Đã nhận")
    page.locator("#V2").get_by_role("button", name="Gộp với V1").click()
    expect(page.locator("#V2")).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").click()
    page.locator("#V2").get_by_role("button", name="Bỏ qua").click()
    third = page.locator("#V3")
    third.get_by_role("button", name="Nhận", exact=True).click()
    expect(page.get_by_role("status").or_(page.locator(".alert")).filter(has_text="V3").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#V3 [name$='-lead']").fill("phong kinh te xa bao thang")
    page.locator("#V3").get_by_role("button", name="Giao cho đơn vị này").click()
    bare.click("Tiếp tục với 2 việc")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 nhiệm vụ")
    bare.click("Vào sổ và giao việc")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kiểm tra an toàn trường học sau Tết")


def test_a_half_done_reading_waits_for_a_colleague_on_another_device(visit: Visit, phone: Visit) -> None:
    page = visit.enter("cv.baothang", "/doc/").page
    page.get_by_label("Nội dung văn bản").fill(
        PLAN.replace("31/KH", "32/KH").replace("an toàn trường học", "bếp ăn bán trú")
    )
    page.get_by_role("main").get_by_role("button", name="Đọc văn bản").click()
    page.locator("#V1").get_by_role("button", name="Nhận", exact=True).click()
    expect(page.locator("#V1")).to_contain_text("Đã nhận")
    page.context.clear_cookies()  # the browser is closed in the middle
    other = phone.enter("ct.baothang", "/doc/").page
    other.get_by_role("link", name="Kiểm tra bếp ăn bán trú sau Tết").first.click()
    expect(other.locator("#V1")).to_contain_text("Đã nhận")
    expect(other.locator("#bar")).to_contain_text("1 đã nhận")


def test_ones_own_text_is_checked_on_the_same_page(visit: Visit) -> None:
    page = visit.enter("cv.baothang", "/doc/").page
    text = PLAN.replace("31/KH", "33/KH").replace(
        "1. Phòng Văn", "Đến nay có 20/25 trường đã tự kiểm tra (đạt 85%).\n\n1. Phòng Văn"
    )
    page.get_by_label("Nội dung văn bản").fill(text)
    page.get_by_role("main").get_by_role("button", name="Đọc văn bản").click()
    visit.click("Kiểm tra văn bản của mình")
    visit.sees("20/25 = 80,00%, làm tròn là 80%, không phải 85%.")
    expect(page.locator("#doc .sign.faults").first).to_be_visible()
    visit.click("Quay lại đề xuất")
    expect(page.locator("#V1")).to_be_visible()
