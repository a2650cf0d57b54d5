"""The line goes while a school types: it types on, opens the page again, and all is sent when the line is back."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import DESK, PHONE, Visit

REPORT = "Báo cáo học kỳ I của trường, Học kỳ I năm học 2025-2026"
SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d")
KEPT = "Trang này mở được khi mất mạng trên máy này."


def _open(visit: Visit) -> Page:
    visit.enter("ht.thcs").click(REPORT)
    visit.click("Nhập số liệu")
    expect(visit.page.locator("#kept-hint")).to_have_text(KEPT)
    return visit.page


def _cell(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def _put(page: Page, label: str, text: str) -> None:
    _cell(page, label).fill(text)
    _cell(page, label).press("Enter")


def test_typing_goes_on_without_a_line_and_is_sent_when_it_is_back(phone: Visit) -> None:
    page = _open(phone)
    _put(page, "Lớp THCS", "8")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.context.set_offline(True)
    _put(page, "Học sinh lớp 6, nam", "31")
    _put(page, "Học sinh lớp 6, nữ", "29")
    expect(page.locator("#line")).to_contain_text("2 ô chờ gửi")
    expect(page.locator("#line")).to_contain_text("Mất mạng")
    _put(page, "Học sinh lớp 7, nam", "hai")  # checked as usual
    expect(page.get_by_role("row", name=re.compile("^Học sinh lớp 7, nam"))).to_contain_text("“hai” không phải số")
    _put(page, "Học sinh lớp 7, nam", "20")
    expect(page.get_by_role("row", name="Cộng học sinh THCS").get_by_role("status")).to_have_text("80")

    page.reload()  # no line at all: the page comes from this machine, and so does what waits
    expect(_cell(page, "Học sinh lớp 6, nam")).to_have_value("31")
    expect(_cell(page, "Lớp THCS")).to_have_value("8")
    expect(page.locator("#line")).to_contain_text("3 ô chờ gửi")
    _put(page, "Học sinh lớp 7, nữ", "22")

    phone.click("Nộp báo cáo")  # not by itself: when the line is back the page asks once more
    expect(page.locator("#line")).to_contain_text("Chưa nộp")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.locator("#line")).to_contain_text("Đã gửi hết. Báo cáo chưa nộp")
    page.get_by_role("button", name="Không nộp nữa").click()
    expect(page.locator("#line")).to_be_hidden()
    page.reload()
    for label, text in (("Học sinh lớp 6, nam", "31"), ("Học sinh lớp 6, nữ", "29"), ("Học sinh lớp 7, nữ", "22")):
        expect(_cell(page, label)).to_have_value(text)
    expect(page.locator("tr.waits")).to_have_count(0)


def test_two_people_in_one_cell_are_shown_three_ways(browser: Browser, site: str) -> None:
    first = Visit(browser.new_context(viewport=DESK, locale="vi-VN").new_page(), site)
    second = Visit(browser.new_context(viewport=PHONE, locale="vi-VN").new_page(), site)
    mine, theirs = _open(first), _open(second)
    _put(mine, "Học sinh lớp 9, nam", "15")
    expect(mine.locator("[data-saved]")).to_have_text(SAVED)
    theirs.reload()
    expect(theirs.locator("#kept-hint")).to_have_text(KEPT)
    mine.context.set_offline(True)
    _put(mine, "Học sinh lớp 9, nam", "17")
    _put(mine, "Học sinh lớp 9, nữ", "18")
    _put(theirs, "Học sinh lớp 9, nam", "16")
    expect(theirs.locator("[data-saved]")).to_have_text(SAVED)
    mine.context.set_offline(False)

    row = mine.locator("#conflicts tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Học sinh lớp 9, nam")
    for way, figure in (("mine", "17"), ("theirs", "16"), ("before", "15")):
        expect(row.locator(f'[data-way="{way}"] b')).to_have_text(figure)
    expect(row.locator("[data-who]")).to_have_text(re.compile(r".+ · \d\d:\d\d \d\d/\d\d/\d{4}"))
    theirs.reload()
    expect(_cell(theirs, "Học sinh lớp 9, nam")).to_have_value("16")  # nothing was overwritten
    expect(_cell(theirs, "Học sinh lớp 9, nữ")).to_have_value("18")  # and the rest was sent
    first.click("Nộp báo cáo")
    expect(mine.locator("#conflicts")).to_be_visible()  # not handed in over an open question
    mine.get_by_role("button", name="Giữ số của tôi").click()
    expect(mine.locator("#conflicts")).to_be_hidden()
    expect(mine.locator("tr.waits")).to_have_count(0)
    theirs.reload()
    expect(_cell(theirs, "Học sinh lớp 9, nam")).to_have_value("17")
    for visit in (first, second):
        visit.page.context.close()


def test_an_ended_session_keeps_everything_and_another_account_sees_nothing(visit: Visit) -> None:
    page = _open(visit)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    _put(page, "Học sinh lớp 8, nam", "27")
    expect(page.locator("#line")).to_contain_text("Phiên làm việc đã hết")
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    address = page.url
    assert page.evaluate("async () => (await caches.keys()).filter((name) => /^kept-\\d/.test(name)).length") == 1
    visit.enter("cv.baothang")
    page.wait_for_function("async () => !(await caches.keys()).some((name) => /^kept-\\d/.test(name))")
    page.context.set_offline(True)
    response = None
    try:
        response = page.goto(address)
    except Exception as trouble:
        assert "ERR_INTERNET_DISCONNECTED" in str(trouble) or "ERR_FAILED" in str(trouble)
    assert response is None
    page.context.set_offline(False)
