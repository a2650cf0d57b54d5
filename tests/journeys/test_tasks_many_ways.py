"""The chair of a commune looks at the tasks in every way and confirms several at once."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

TEXTS = ["Kiểm tra điện, nước trước kỳ nghỉ Tết", "Lập danh sách học sinh bán trú ở lại trường"]
SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"


def test_board_calendar_heat_map_and_confirming_many(visit: Visit) -> None:
    for text in TEXTS:
        _assign(visit, text)
        _report(visit, text)
    visit.enter("ct.baothang", "/viec/?xem=tat-ca&q=ngay%20nay%20khong%20co")
    visit.sees("Không có nhiệm vụ phù hợp")
    _board(visit)
    _calendar(visit)
    _heat_map(visit)
    _confirm_both(visit)


def _assign(visit: Visit, text: str) -> None:
    visit.enter("ct.baothang", "/viec/giao/")
    page = visit.page
    page.get_by_label("Nội dung nhiệm vụ").fill(text)
    page.get_by_label(re.compile("^Đơn vị chủ trì")).fill(SCHOOL)
    page.get_by_label(re.compile("^Thời hạn")).fill("10/02/2026")
    page.get_by_role("main").get_by_role("button", name="Giao việc", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(text)


def _report(visit: Visit, text: str) -> None:
    visit.enter("ht.tieuhoc", "/viec/?xem=don-vi&q=")
    page = visit.page
    page.get_by_role("link", name=text).first.click()
    visit.click("Báo cáo hoàn thành")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("Đã xong, có biên bản.")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator(".page-head")).to_contain_text("Chờ xác nhận")


def _board(visit: Visit) -> None:
    """Both cards wait for confirmation, each with its verbs."""
    visit.enter("ct.baothang", "/viec/bang/?xem=tat-ca")
    column = visit.page.locator(".column", has=visit.page.locator("#c-proposed"))
    for text in TEXTS:
        card = column.locator("li", has_text=text)
        expect(card.get_by_role("button", name=re.compile("^Xác nhận"))).to_be_visible()


def _calendar(visit: Visit) -> None:
    """The next month by the link, the day by the keyboard."""
    page = visit.page
    page.get_by_role("navigation", name="Các cách xem").get_by_role("link", name="Lịch").click()
    page.get_by_role("link", name="Tháng sau").click()
    expect(page.get_by_role("heading", name="Tháng 2 năm 2026")).to_be_visible()
    day = page.locator("td", has=page.locator("a[href*='tu=10%2F02%2F2026']"))
    first = page.locator(".month .date a").first
    first.focus()
    for _ in range(30):
        if page.evaluate("document.activeElement.href").find("tu=10%2F02%2F2026") > 0:
            break
        page.keyboard.press("ArrowRight")
    expect(day.locator(".date a")).to_be_focused()
    page.keyboard.press("Enter")
    for text in TEXTS:
        expect(page.get_by_role("main")).to_contain_text(text)


def _heat_map(visit: Visit) -> None:
    """A cell says its figures in words and leads to its tasks."""
    visit.page.goto(f"{visit.base}/viec/theo-thang/?xem=tat-ca")
    cell = visit.page.get_by_role("link", name=f"{SCHOOL}, tháng 2/2026:")
    cell.click()
    for text in TEXTS:
        expect(visit.page.get_by_role("main")).to_contain_text(text)


def _confirm_both(visit: Visit) -> None:
    """Two ticks, one verb; a third task that nobody reported is told why, and the two are confirmed."""
    page = visit.page
    rows = [page.locator("#tasks ~ tbody tr, tbody tr", has_text=text).first for text in TEXTS]
    other = page.locator("tbody tr", has_not_text=TEXTS[0]).filter(has_not_text=TEXTS[1]).first
    for row in [*rows, other]:
        row.get_by_role("checkbox").check()
    expect(page.locator("[data-ticked]")).to_contain_text("3")
    page.locator(".ticked").get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".page-head")).to_contain_text("Xác nhận: 3 nhiệm vụ")
    page.get_by_role("main").get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".page-head")).to_contain_text("2 việc được, 1 việc không được")
    done = page.locator("table", has_text="Hoàn thành đúng hạn")
    for text in TEXTS:
        expect(done).to_contain_text(text)
