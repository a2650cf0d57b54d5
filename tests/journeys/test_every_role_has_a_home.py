"""Each person of the story finds a home and every room of theirs, on a desk and on a phone, by mouse and by key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.journeys.conftest import DESK, PHONE, Visit

STORY = Path(__file__).parents[2] / "src" / "giaoban" / "demo" / "data" / "story.toml"
PEOPLE = [person["user"] for person in tomllib.loads(STORY.read_text(encoding="utf-8"))["person"]]


class Watch:
    """What a page did that nobody sees: complaints in the console, requests to other hosts."""

    def __init__(self, page: Page, base: str) -> None:
        self.base, self.complaints, self.strangers = urlsplit(base).netloc, [], []
        page.on("console", lambda said: said.type == "error" and self.complaints.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme.startswith("http") and asked.netloc != self.base:
            self.strangers.append(request.url)


@pytest.mark.parametrize("user", PEOPLE)
def test_home_and_every_room(browser: Browser, site: str, user: str) -> None:
    context = browser.new_context(viewport=DESK, locale="vi-VN")
    page = context.new_page()
    watch = Watch(page, site)
    Visit(page, site).enter(user)
    rooms = page.get_by_role("navigation", name="Các phần").get_by_role("link")
    addresses = [room.get_attribute("href") or "" for room in rooms.all()]
    assert addresses[0] == "/"
    faults = []
    for address in addresses:
        answer = page.goto(site + address)
        assert answer is not None
        faults += _faults(page, address, answer.status)
    assert not faults
    assert not watch.complaints
    assert not watch.strangers
    context.close()


def _faults(page: Page, address: str, status: int) -> list[str]:
    """Every page answers, has one heading and no dead link, and does not scroll sideways on desk or phone."""
    found = [] if status == 200 else [f"{address}: answered {status}"]
    headings = page.get_by_role("heading", level=1).count()
    if headings != 1:
        found.append(f"{address}: {headings} first headings")
    if page.locator('main a:not([href]), main a[href=""]').count():
        found.append(f"{address}: a link that leads nowhere")
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > viewport["width"]:
            found.append(f"{address}: {wide} pixels wide at {viewport['width']}")
    return found


@pytest.mark.parametrize("user", ["cv.baothang", "ht.thcs"])
def test_the_first_tab_skips_to_the_content(visit: Visit, user: str) -> None:
    page = visit.enter(user).page
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_phone_has_every_room_at_hand_without_scrolling_the_bar(phone: Visit) -> None:
    page = phone.enter("cv.baothang").page
    rooms = page.locator(".rail .long > li:not(.more)")
    more = page.locator(".rail .more")
    assert page.evaluate("document.querySelector('.rail nav').scrollWidth <= innerWidth")
    expect(rooms.nth(4)).to_be_hidden()
    more.locator("summary").click()
    listed = more.get_by_role("link")
    assert 4 + listed.count() == rooms.count()
    expect(listed.last).to_be_in_viewport()
    listed.last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
