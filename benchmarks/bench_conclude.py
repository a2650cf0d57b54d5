"""From a typed conclusion to an assigned task: on the chair's page in one line, beside the form field by field.

The running product (demonstration, gunicorn) in a browser. A working session is opened; conclusions are typed at 60 ms
a sign, the pace of a quick typist, and the clock runs from the first sign until the task stands on the page with its
lead and its day. Baseline in the same run: the same conclusions through the form of the meeting's page. The time
of typing alone is printed beside, for no program makes it shorter.

    benchmarks/bench_conclude.py [--home FOLDER OF A PLAYED DEMONSTRATION] [--times 10]
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import stand
from browsing import CHROMIUM, FLAGS, giaoban, served

TITLE = "Làm việc với các trường về bán trú"
SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"
PACE = 60  # milliseconds a sign
MOST, ACTIONS = 15.0, 3  # seconds; to type, to press


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--home", type=Path, help="a demonstration that has been played; made anew without it")
    arguments.add_argument("--times", type=int, default=10)
    chosen = arguments.parse_args()
    if not CHROMIUM.exists():
        stand.said("no browser: apt-get install chromium; nothing is measured")
        return
    with tempfile.TemporaryDirectory(prefix="giaoban-bench-") as folder:
        home = Path(folder) / "home"
        if chosen.home:
            shutil.copytree(chosen.home, home)
        else:
            giaoban(home, "demo", "--no-serve")
        line, form = _measured(home, chosen.times)
    _say(line, form)


def _measured(home: Path, times: int) -> tuple[list[float], list[float]]:
    """Seconds of each conclusion on the chair's page, and by the form."""
    from playwright.sync_api import sync_playwright

    with served(home) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN").new_page()
        base = f"http://127.0.0.1:{port}"
        meeting = _opened(page, base)
        _enter(page, base, "ct.baothang")
        line, form = [], []
        for number in range(1, times + 1):
            page.goto(f"{base}/hop/{meeting}/chu-tri/")
            line.append(_by_line(page, number))
            page.goto(f"{base}/hop/{meeting}/")
            form.append(_by_form(page, number))
        browser.close()
    return line, form


def _enter(page: Any, base: str, user: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/demo/")
    page.locator(f'form[action$="/vao/{user}/"] button').last.click()


def _opened(page: Any, base: str) -> str:
    """A working session in progress; its number."""
    _enter(page, base, "cv.baothang")
    page.goto(f"{base}/hop/moi/")
    page.get_by_label("Loại cuộc họp").select_option("lam_viec")
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Đơn vị được mời").fill(SCHOOL)
    page.get_by_label("Họp gấp").check()
    page.get_by_role("button", name="Lập kế hoạch họp", exact=True).click()
    page.get_by_role("button", name="Khai mạc").click()
    page.get_by_text("Đang họp").first.wait_for()
    found = re.search(r"/hop/(\d+)", page.url)
    assert found is not None
    return found.group(1)


def _by_line(page: Any, number: int) -> float:
    """Two actions: type the line, press the button."""
    given = page.locator("#live .given-tasks li")
    before = given.count()
    box = page.get_by_label("Kết luận một dòng")
    began = time.monotonic()
    box.press_sequentially(f"@{SCHOOL} rà soát hồ sơ bán trú lần {number} #15/3/2026", delay=PACE)
    page.get_by_role("button", name="Ghi kết luận và giao việc").click()
    given.nth(before).wait_for()
    return time.monotonic() - began


def _by_form(page: Any, number: int) -> float:
    """Four actions: the words, the lead, the day, the button."""
    given = page.locator("#conclusions .given-tasks li")
    before = given.count()
    form = page.locator("#conclusions form.quick")
    began = time.monotonic()
    words = f"{SCHOOL} rà soát hồ sơ bán trú đợt {number}."
    form.get_by_label(re.compile("^Kết luận")).press_sequentially(words, delay=PACE)
    form.get_by_label(re.compile("^Đơn vị chủ trì")).press_sequentially(SCHOOL, delay=PACE)
    form.get_by_label(re.compile("^Thời hạn")).press_sequentially("15/3/2026", delay=PACE)
    page.get_by_role("button", name="Ghi kết luận và giao việc").click()
    given.nth(before).wait_for()
    return time.monotonic() - began


def _say(line: list[float], form: list[float]) -> None:
    typing = len(f"@{SCHOOL} rà soát hồ sơ bán trú lần 1 #15/3/2026") * PACE / 1000
    for name, found in (("one line, 2 actions", line), ("baseline, the form, 4 actions", form)):
        stand.said(f"{name}: median {sorted(found)[len(found) // 2]:.1f} s, worst {max(found):.1f} s of {len(found)}")
    stand.said(f"typing alone takes {typing:.1f} s of the line")
    stand.said(f"ratio: {sum(form) / sum(line):.2f} times as fast as the form")
    reached = max(line) <= MOST
    stand.said(f"goal: ≤ {ACTIONS} actions and ≤ {MOST:.0f} s: {stand.verdict(reached, at_any_scale=True)}")


if __name__ == "__main__":
    main()
