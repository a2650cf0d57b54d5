"""The entry grid in a real browser: moving, adding up, saving by itself, pasting from Excel, faults at their cells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from giaoban.indicators.models import Draft, Report
from giaoban.people import middleware
from tests.rooms.indicators.place import CHECK, DUE, Place

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium"),
]


@pytest.fixture
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the test
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(committed: Place, live_server: Any, browser: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    def go(who: str, path: str, day: Any = DUE) -> Any:
        noon = datetime(day.year, day.month, day.day, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        monkeypatch.setattr(middleware, "now", lambda: noon)
        account = committed.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client = Client()
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["position"] = committed.actors[who].position_id
        session.save()
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return go


def values(report: Report) -> dict[int, int | None]:
    return dict(Draft.objects.filter(report=report).values_list("cell_id", "value"))


def test_typing_saves_by_itself(committed: Place, open_as: Any) -> None:
    place = committed
    report = place.report(place.open(), "na_hoi")
    page = open_as("na_hoi_typist", f"/so-lieu/bao-cao/{report.pk}/nhap/")
    cell = {key: f"#cell-{number}" for key, number in place.cells.items()}

    page.focus(cell["hoc_sinh"])
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    page.keyboard.type("240")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("2")
    assert page.input_value(cell["bo_hoc[lop=6]"]) == "2"  # Enter and the arrow moved down the column
    assert page.text_content('[data-total="5"]') == "2"  # added up before anything is sent
    page.wait_for_selector("[data-saved]:has-text('Đã lưu lúc')")
    assert values(report) == {
        place.cells[k]: v for k, v in [("hoc_sinh", 500), ("hoc_sinh_nu", 240), ("bo_hoc[lop=6]", 2)]
    }

    page.fill(cell["bo_hoc[lop=7]"], "hai em")
    page.wait_for_selector('[aria-invalid="true"]')
    assert "“hai em” không phải số" in page.text_content(f"#fault-{place.cells['bo_hoc[lop=7]']}")
    page.fill(cell["hoc_sinh_nu"], "600")  # a good cell is saved though another is wrong; the rule speaks at once
    page.wait_for_selector("#findings li.hard")
    assert "Học sinh nữ không được nhiều hơn tổng số học sinh" in page.text_content("#findings")
    page.wait_for_selector(f"tr:not(.waits) {cell['hoc_sinh_nu']}")
    assert values(report)[place.cells["hoc_sinh_nu"]] == 600


def test_a_phone_shows_cards_and_next_leads_from_figure_to_figure(committed: Place, open_as: Any) -> None:
    place = committed
    report = place.report(place.open(), "na_hoi")
    page = open_as("na_hoi_typist", f"/so-lieu/bao-cao/{report.pk}/nhap/")
    cell = {key: f"cell-{number}" for key, number in place.cells.items()}
    assert page.locator(".fold-note:visible").count() == 0  # on a desk the explanations stand in their column
    assert page.is_visible(f"#note-{place.cells['hoc_sinh']}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("(table => table.scrollWidth <= table.clientWidth)(document.querySelector('#entry .table'))")
    page.focus(f"#{cell['hoc_sinh']}")
    walked = []
    for _ in range(3):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.name"))
    assert walked == [cell["hoc_sinh_nu"], cell["bo_hoc[lop=6]"], cell["bo_hoc[lop=7]"]]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.name") == cell["bo_hoc[lop=6]"]
    page.focus(f"#{cell['kinh_phi']}")  # the last figure: then the explanations
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == f"note-{place.cells['hoc_sinh']}"
    page.keyboard.type("đủ")
    page.wait_for_selector("[data-saved]:has-text('Đã lưu lúc')")
    assert Draft.objects.get(cell=place.cells["hoc_sinh"]).note == "đủ"
    page.fill(f"#{cell['hoc_sinh_nu']}", "hai em")
    page.wait_for_selector('[aria-invalid="true"]')
    box = page.locator(f"#fault-{place.cells['hoc_sinh_nu']}").bounding_box()
    assert box["width"] > 200 and box["x"] + box["width"] <= 390


def test_a_block_from_excel_goes_down_the_column(committed: Place, open_as: Any) -> None:
    place = committed
    report = place.report(place.open(), "na_hoi")
    page = open_as("na_hoi_typist", f"/so-lieu/bao-cao/{report.pk}/nhap/")
    page.focus(f"#cell-{place.cells['hoc_sinh']}")
    page.evaluate(PASTE, "1.500\tđủ\r\n700\t\r\n3\t\r\n")
    page.wait_for_selector("[data-saved]:has-text('Đã lưu lúc')")
    assert list(values(report).values()) == [1500, 700, 3]
    assert Draft.objects.get(cell=place.cells["hoc_sinh"]).note == "đủ"


def test_a_figure_of_somebody_else_is_shown_where_one_stands(committed: Place, open_as: Any) -> None:
    place = committed
    report = place.report(place.open(), "na_hoi")
    page = open_as("na_hoi_typist", f"/so-lieu/bao-cao/{report.pk}/nhap/")
    page.wait_for_selector("#entry[data-ready]")
    cell = place.cells["hoc_sinh"]
    place.type(report, {"hoc_sinh": "510"})  # somebody else, meanwhile
    page.fill(f"#note-{cell}", "có em chuyển đến")
    page.focus(f"#cell-{cell}")
    page.wait_for_selector("[data-saved]:has-text('Đã lưu lúc')")
    assert page.input_value(f"#cell-{cell}") == "510"  # the explanation was kept, and nobody writes over the unseen
    page.keyboard.press("Control+A")
    page.keyboard.type("1200")
    page.wait_for_selector(f"tr:not(.waits) #cell-{cell}")
    assert page.input_value(f"#cell-{cell}") == "1200"  # not changed to 1.200 under the fingers
    page.keyboard.press("Enter")
    assert page.input_value(f"#cell-{cell}") == "1.200"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Z")
    assert page.input_value(f"#cell-{cell}") == "510"


def test_an_officer_checks_a_round(committed: Place, open_as: Any) -> None:
    place = committed
    round = place.open()
    place.hand_in(round, "na_hoi")
    place.hand_in(round, "thai_giang", **{"bo_hoc[lop=6]": "100"})
    page = open_as("officer", f"/so-lieu/dot/{round.pk}/", CHECK)
    page.click("text=Duyệt tất cả 1 báo cáo không có cảnh báo")
    assert place.report(round, "na_hoi").state == "accepted"
    page.click("text=Trường THCS Thải Giàng")
    page.check(f'input[name="cell"][value="{place.cells["bo_hoc[lop=6]"]}"]')
    page.click("text=Trả lại …")
    page.fill("#reason", "Số bỏ học lạ, đề nghị rà lại")
    page.click("text=Trả lại các ô đã chọn")
    assert place.report(round, "thai_giang").state == "returned"
    page.click("text=Nhắc đơn vị chậm")
    assert "Trường Tiểu học Bản Phố" in page.input_value("#paste")
