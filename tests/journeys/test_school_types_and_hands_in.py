"""A school types its figures on a phone, is told what is wrong with them, and hands in; the totals follow at once."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visit

SCHOOL = "Trường THCS Minh họa số 2 Sơn Hà"
SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d")


def test_school_types_on_a_phone_and_the_total_follows(phone: Visit, visit: Visit) -> None:
    visit.enter("cv.baothang")
    before = _pupils(visit)
    pupils = _type_and_hand_in(phone)
    assert _pupils(visit) == before, "figures count when they are accepted, not when they are handed in"
    _accept(visit)
    assert _pupils(visit) == before + pupils


def _type_and_hand_in(phone: Visit) -> int:
    """Types what was so last year with three differences, two of them mistakes; how many pupils it comes to."""
    page = phone.enter("ht.thcs").page
    phone.click("Báo cáo học kỳ I của trường, Học kỳ I năm học 2025-2026").click("Nhập số liệu")
    saved = page.locator("[data-saved]")
    _a_bad_number_is_named(page)
    _last_years_figures(page)
    _put(page, "Học sinh lớp 6, nam", "23")  # three more than last year …
    expect(saved).to_have_text(SAVED)
    expect(page.locator("#findings")).to_contain_text("Học sinh THCS cuối kỳ phải bằng số đầu năm cộng chuyển đến")
    phone.click("Nộp báo cáo").sees("Chưa lưu gì")
    assert _cell(page, "Học sinh lớp 6, nam").input_value() == "23", "nothing typed is lost by a refusal"
    _balance(page)  # … who were there at the start of the year
    expect(saved).to_have_text(SAVED)
    expect(page.locator("#findings")).not_to_contain_text("Học sinh THCS cuối kỳ phải bằng")
    pupils = int(page.get_by_role("row", name="Cộng học sinh THCS").get_by_role("status").inner_text())
    phone.click("Nộp báo cáo").sees("Đã nộp báo cáo.")
    return pupils


def _a_bad_number_is_named(page: Page) -> None:
    """The good cell beside it is kept, and so is what was typed."""
    _put(page, "Trường (ghi 1)", "1")
    _put(page, "Lớp THCS", "6 lớp")
    row = page.get_by_role("row", name=re.compile("^Lớp THCS"))
    expect(row).to_contain_text("Lớp THCS: “6 lớp” không phải số.")
    expect(_cell(page, "Lớp THCS")).to_have_value("6 lớp")
    expect(_cell(page, "Lớp THCS")).to_have_attribute("aria-invalid", "true")
    _put(page, "Lớp THCS", "6")
    expect(row).not_to_contain_text("không phải số")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.reload()
    expect(_cell(page, "Lớp THCS")).to_have_value("6")
    expect(_cell(page, "Trường (ghi 1)")).to_have_value("1")


def _last_years_figures(page: Page) -> None:
    """What stands in the column of last year is typed into every empty cell."""
    for row in page.locator("#grid tbody tr").filter(has=page.locator('input[name^="cell-"]')).all():
        cell = row.locator('input[name^="cell-"]')
        if not cell.input_value():
            last = row.locator("td.n").nth(1).inner_text().strip()
            cell.fill(last if re.fullmatch(r"[\d.]+", last) else "0")


def _balance(page: Page) -> None:
    """Pupils of the start of the year = those of now − come + gone + dropped out."""
    now = sum(_value(page, f"Học sinh lớp {grade}, {sex}") for grade in (6, 7, 8, 9) for sex in ("nam", "nữ"))
    came, left, dropped = (
        _value(page, name)
        for name in ("Chuyển đến trong kỳ, THCS", "Chuyển đi trong kỳ, THCS", "Bỏ học trong kỳ, THCS")
    )
    _put(page, "Có mặt ngày 30/9, THCS", str(now - came + left + dropped))


def _cell(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def _value(page: Page, label: str) -> int:
    return int(_cell(page, label).input_value().replace(".", ""))


def _put(page: Page, label: str, text: str) -> None:
    cell = _cell(page, label)
    cell.fill(text)
    cell.press("Enter")


def _accept(visit: Visit) -> None:
    visit.enter("cv.baothang")
    visit.click("Báo cáo học kỳ I của trường, Học kỳ I năm học 2025-2026").click(f"Mở {SCHOOL}")
    visit.click("Duyệt báo cáo").sees(f"Đã duyệt: {SCHOOL}")


def _pupils(visit: Visit) -> int:
    """Pupils of lower secondary schools in the commune, as the overview prints them now."""
    visit.page.goto(f"{visit.base}/tong-quan/")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Xã Bảo Thắng")
    row = visit.page.get_by_role("row").filter(has=visit.page.get_by_role("link", name="Số học sinh THCS đang học"))
    return int(row.locator("td.n strong").first.inner_text().replace(".", ""))
