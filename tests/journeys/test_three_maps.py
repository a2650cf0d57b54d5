"""The same figures on the map as it was, on today's and on that of 30/06/2025; the old provinces as one series."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit

INDICATOR = "Tỷ lệ trường đạt chuẩn quốc gia"
THIS, LAST = "Học kỳ I năm học 2025-2026", "Học kỳ I năm học 2024-2025"
TODAY, AS_WAS, OF_A_DAY = "đơn vị hôm nay", "đơn vị lúc báo cáo", "đơn vị của một ngày"


def test_one_indicator_on_three_maps(visit: Visit) -> None:
    """On today's map a year of the former districts can be compared; on the others the province is another one."""
    visit.enter("pct.tinh", "/tong-quan/")
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh Lào Cai")
    visit.click(INDICATOR, exact=True)
    _look(visit, map=TODAY, period=THIS)
    value, previous = _number(_cells(visit).nth(1)), _number(_cells(visit).nth(3))
    visit.sees("số liệu mọi kỳ quy về đơn vị hôm nay")
    _look(visit, map=TODAY, period=LAST)
    assert _number(_cells(visit).nth(1)) == previous, "last year's figure is the one this year is compared with"
    assert "78/78" in _cells(visit).nth(4).inner_text(), "every school of the former districts is in it"
    _look(visit, map=AS_WAS, period=THIS)
    assert _number(_cells(visit).nth(1)) == value
    expect(_cells(visit).nth(3)).to_contain_text("kỳ trước chưa có số liệu")  # the province is new
    _look(visit, map=OF_A_DAY, period=THIS, day="30/06/2025")
    visit.sees("quy về đơn vị của ngày 30/06/2025")
    assert _number(_cells(visit).nth(1)) is None, "on that day the merged province did not stand"


def test_the_former_provinces_as_they_were(visit: Visit) -> None:
    visit.enter("pct.tinh")
    _find_unit(visit, "tinh lao cai", "Tỉnh Lào Cai")
    visit.click("Tỉnh Yên Bái", exact=True)
    number = re.findall(r"/don-vi/(\d+)", visit.page.url)[0]
    visit.page.goto(f"{visit.base}/tong-quan/?don-vi={number}&ky=2024-2025.HK1&ban-do=luc-do")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Tỉnh Yên Bái")


def test_the_old_provinces_are_one_series(visit: Visit) -> None:
    visit.enter("pct.tinh", "/tong-quan/")
    page = visit.page
    page.get_by_role("combobox", name=re.compile("^Nguồn")).select_option(label="Niên giám thống kê")
    page.get_by_role("button", name="Xem", exact=True).click()
    _look(visit, map=TODAY, period="Đầu năm học 2016-2017")
    visit.click("Học sinh phổ thông", exact=True)
    pupils = _row(visit, "Học sinh phổ thông").locator("td")
    assert _number(pupils.nth(1)) == "286.545"  # of Lào Cai and Yên Bái together
    expect(pupils.nth(4)).to_have_text("2/2")
    trend = page.locator("figure").filter(has_text="Học sinh phổ thông, Tỉnh Lào Cai").first
    for year in ("2012-2013", "2013-2014", "2014-2015", "2015-2016", "2016-2017"):
        expect(trend).to_contain_text(year)


def test_a_unit_remembers_the_first_of_july(visit: Visit) -> None:
    visit.enter("pct.tinh")
    _find_unit(visit, "bao thang", "Xã Bảo Thắng")
    story = visit.page.get_by_role("main")
    expect(story).to_contain_text("Diễn biến")
    expect(story).to_contain_text("Thành lập")
    expect(story).to_contain_text("01/07/2025")
    visit.sees("Hình thành từ").sees("Thị trấn Phố Lu")


def _find_unit(visit: Visit, words: str, name: str) -> None:
    """By the tree's own search, without accents."""
    visit.page.goto(f"{visit.base}/don-vi/")
    main = visit.page.get_by_role("main")
    main.get_by_role("searchbox").fill(words)
    main.get_by_role("button", name="Tìm").click()
    main.get_by_role("link", name=name, exact=True).first.click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(name)


def _look(visit: Visit, *, map: str, period: str, day: str = "") -> None:
    page = visit.page
    page.get_by_role("combobox", name=re.compile("^Kỳ")).select_option(label=period)
    page.get_by_role("combobox", name=re.compile("^Bản đồ")).select_option(label=map)
    page.get_by_role("textbox", name=re.compile("^Ngày")).fill(day)
    page.get_by_role("button", name="Xem", exact=True).click()


def _row(visit: Visit, name: str) -> Locator:
    page = visit.page
    return page.locator("#indicators tbody tr").filter(has=page.get_by_role("link", name=name, exact=True))


def _cells(visit: Visit) -> Locator:
    """State, value, plan, before, reported."""
    return _row(visit, INDICATOR).locator("td")


def _number(cell: Locator) -> str | None:
    found = re.match(r"[\d.,]+%?", cell.inner_text())
    return found[0] if found else None
