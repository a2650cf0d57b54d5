"""The gallery in a real browser: nothing blocked, nothing wider than the screen, everything by keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no chromium here; make system-packages installs it"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright runs an event loop in this thread; the server has its own
    )
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


def opened(browser: Browser, address: str, size: dict[str, int], script: bool = True) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport=size, locale="vi-VN", java_script_enabled=script).new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(address)
    return page, faults


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_blocked_and_nothing_runs_off_the_screen(live_server, browser: Browser, size) -> None:
    page, faults = opened(browser, f"{live_server.url}/giao-dien/", size)
    assert not faults
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert "Be Vietnam Pro" in page.evaluate(
        "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family).join()"
    )


def test_on_a_phone_rows_are_cards_that_name_their_columns(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", PHONE)
    cell = page.locator("#g-schools tbody tr").first.locator("td").nth(1)
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"Học sinh (em)"'


def test_ctrl_k_goes_to_search_and_escape_closes_what_is_open(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", DESK)
    page.keyboard.press("Control+k")
    expect(page.locator("#find")).to_be_focused()
    page.locator("[data-open=g-lock]").click()
    expect(page.locator("#g-lock")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#g-lock")).to_be_hidden()


def test_rows_are_filtered_without_accents_and_enter_moves_down_the_column(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", DESK)
    page.locator("#g-find").fill("dan toc ban tru")
    expect(page.locator("#g-schools tbody tr:visible")).to_have_count(1)
    page.locator("#g-find").fill("")
    fields = page.locator("#g-schools tbody input")
    fields.nth(0).focus()
    page.keyboard.press("Enter")
    expect(fields.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(fields.nth(0)).to_be_focused()


def test_high_contrast_is_remembered(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", DESK)
    page.evaluate("localStorage.setItem('contrast', 'high')")
    page.reload()
    assert "high-contrast" in page.evaluate("document.documentElement.className")


def test_without_script_the_page_reads_and_the_question_stands_open(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", DESK, script=False)
    expect(page.locator("#g-lock")).to_be_visible()
    expect(page.locator(".needs-js").first).to_be_hidden()
    expect(page.get_by_text("Tỷ lệ trường đạt chuẩn quốc gia").first).to_be_visible()


def test_printing_leaves_the_frame_away(live_server, browser: Browser) -> None:
    page, _faults = opened(browser, f"{live_server.url}/giao-dien/", DESK)
    page.emulate_media(media="print")
    for part in (".rail", ".find", ".actions", ".tabs"):
        expect(page.locator(part).first).to_be_hidden()
    assert "Times" in page.evaluate("getComputedStyle(document.documentElement).fontFamily")
