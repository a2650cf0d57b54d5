"""The entry page over a thin line: bytes of the first visit and of later ones, and when the first cell can be typed in.

The running product (demonstration, gunicorn) behind a line of 1 Mbit/s and 150 ms there and back, made by a small proxy
in front of it: every connection pays the way there and back before it begins, all share the rate, and every byte that
comes down is counted, whoever asked for it (the page or its service worker). Baseline in the same run: the same page
from a server whose static files are not collected, neither compressed nor kept by the browser, as it was before; and
beside it what the whole font files weigh.

    benchmarks/bench_first_load.py [--home FOLDER OF A PLAYED DEMONSTRATION]
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import stand
from browsing import CHROMIUM, FLAGS, giaoban, served

RATE, TRIP = 125_000, 0.150  # bytes a second, seconds there and back
FIRST, LATER, USABLE = 250_000, 100_000, 3.0


class Line:
    """A proxy that behaves like a thin line once `thin` is set, and counts what comes down."""

    def __init__(self, upstream: int) -> None:
        self.upstream, self.thin, self.down, self.free = upstream, False, 0, 0.0
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=[ready], daemon=True).start()
        ready.wait(10)

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.thin:
            await asyncio.sleep(TRIP)
        there, back = await asyncio.open_connection("127.0.0.1", self.upstream)
        await asyncio.gather(self._pump(reader, back, False), self._pump(there, writer, True), return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, down: bool) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sending = asyncio.ensure_future(self._deliver(waiting, target))
        while chunk := await source.read(8192):
            now = self.loop.time()
            if down:
                self.down += len(chunk)
                self.free = max(self.free, now) + len(chunk) / RATE
            due = (self.free if down else now) + TRIP / 2 if self.thin else now
            waiting.put_nowait((due, chunk))
        waiting.put_nowait((0, b""))
        await sending

    async def _deliver(self, waiting: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        while True:
            due, chunk = await waiting.get()
            if not chunk:
                target.close()
                return
            await asyncio.sleep(max(0.0, due - self.loop.time()))
            target.write(chunk)
            await target.drain()


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--home", type=Path, help="a demonstration that has been played; made anew without it")
    chosen = arguments.parse_args()
    if not CHROMIUM.exists():
        stand.said("no browser: apt-get install chromium; nothing is measured")
        return
    with tempfile.TemporaryDirectory(prefix="giaoban-bench-") as folder:
        home = Path(folder) / "home"
        if chosen.home:
            shutil.copytree(chosen.home, home, ignore=shutil.ignore_patterns("static"))
        else:
            giaoban(home, "demo", "--no-serve")
            shutil.rmtree(home / "static", ignore_errors=True)
        before = _measured(home)
        giaoban(home, "collectstatic", "--noinput", "-v0")
        now = _measured(home)
        fonts = sum(path.stat().st_size for path in (home / "fonts").glob("*/*.woff2"))
    _say(before, now, fonts)


def _measured(home: Path) -> list[tuple[int, float]]:
    """(bytes, seconds until a cell can be typed in) of the first visit and two later ones."""
    from playwright.sync_api import sync_playwright

    with served(home) as port, sync_playwright() as playwright:
        line = Line(port)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN").new_page()
        base = f"http://127.0.0.1:{line.port}"
        page.goto(f"{base}/demo/")
        page.locator('form[action$="/vao/ht.thcs/"] button').last.click()
        page.goto(f"{base}/so-lieu/cua-toi/")
        address = page.locator('a[href*="/so-lieu/bao-cao/"]').first.get_attribute("href") or ""
        number = next(part for part in address.split("/") if part.isdecimal())
        page.goto("about:blank")
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        line.thin = True
        found = [_visit(page, line, f"{base}/so-lieu/bao-cao/{number}/nhap/") for _ in range(3)]
        browser.close()
    return found


def _visit(page: Any, line: Line, address: str) -> tuple[int, float]:
    page.goto("about:blank")
    line.down = 0
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#entry[data-ready]", state="attached")
    ready = page.evaluate("performance.getEntriesByName('entry-ready')[0].startTime") / 1000
    page.locator('input[name^="cell-"]').first.press_sequentially("7")
    page.locator('input[name^="cell-"]').first.press("Escape")
    page.wait_for_load_state("networkidle")
    time.sleep(2.5)  # what the page keeps for a time without a line is fetched after it is usable, and counted too
    return line.down, ready


def _say(before: list[tuple[int, float]], now: list[tuple[int, float]], fonts: int) -> None:
    from importlib.util import find_spec

    source = Path(str(find_spec("fontpkg_be_vietnam_pro").origin)).parent / "files"  # type: ignore[union-attr]
    whole = sum((source / f"BeVietnamPro-{weight}.ttf").stat().st_size for weight in ("Regular", "Medium", "SemiBold"))
    for name, rows in (("baseline, static files as they lie", before), ("collected", now)):
        told = [f"{size / 1000:.0f} KB, usable after {seconds:.2f} s" for size, seconds in rows]
        stand.said(f"{name}: first visit {told[0]}; later {'; '.join(told[1:])}")
    first, later, old = now[0], max(now[1:]), before[0][0] - fonts + whole
    stand.said(f"fonts: three weights {_kb(fonts)}; whole, as served before, {_kb(whole)}")
    stand.said(f"ratio to the baseline with whole fonts: first visit {_kb(old)}, {old / first[0]:.1f} times")
    for goal, said, reached in (
        ("first visit ≤ 250 KB with fonts", _kb(first[0]), first[0] <= FIRST),
        ("later visits ≤ 100 KB", _kb(later[0]), later[0] <= LATER),
        ("usable in 3 s at 1 Mbit/s and 150 ms", f"{first[1]:.2f} s", first[1] <= USABLE),
    ):
        stand.said(f"goal: {goal}: {said}: {stand.verdict(reached, at_any_scale=True)}")


def _kb(size: int) -> str:
    return f"{size / 1000:.0f} KB"


if __name__ == "__main__":
    main()
