"""It is bitterly cold: the commune has asked its schools, and a school answers on a phone in a few taps."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

TITLE = "Học sinh nghỉ học do rét đậm, rét hại"


def test_a_school_answers_in_a_few_taps_and_it_counts_at_once(phone: Visit, visit: Visit) -> None:
    before = _answered(visit)
    page = phone.enter("ht.thcs").page
    page.goto(f"{phone.base}/hoi-nhanh/")
    taps = 0
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    taps += 1
    number = page.get_by_label(re.compile("Số học sinh nghỉ học"))
    number.fill("12")
    taps += 1
    page.get_by_text("Không", exact=True).click()
    taps += 1
    page.get_by_role("button", name=re.compile("Gửi trả lời|Sửa câu trả lời")).click()
    taps += 1
    expect(page.get_by_text("Câu trả lời đã đến và được tính")).to_be_visible()
    assert taps <= 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "one screen, nothing to push sideways"
    assert _answered(visit) in (before, before + 1)


def _answered(visit: Visit) -> int:
    """How many schools the officer sees to have answered."""
    page = visit.enter("cv.baothang").page
    page.goto(f"{visit.base}/hoi-nhanh/")
    page.get_by_role("link", name=TITLE).first.click()
    words = page.locator("#live .progress-words").inner_text()
    return int(words.split("/")[0])
