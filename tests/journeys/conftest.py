"""The running product for journeys: the demonstration played once, each file of journeys on a copy of its own.

Where no browser can be had the journeys skip and say so; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HOMES: dict[str, Path] = {}  # address of a server → its home
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys carry their mark, and share one worker: the demonstration is played once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "GIAOBAN_"))}
    return kept | {"GIAOBAN_HOME": str(home), "GIAOBAN_DEMO": "1"}


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration played from nothing, as `make demo` does."""
    home = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "giaoban", "demo", "--no-serve"], env=environment(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (home / "output.txt").write_text(done.stdout, encoding="utf-8")
    return home


@pytest.fixture(scope="package")  # closed before other rooms' browser tests open theirs: one loop at a time
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("no browser: apt-get install chromium")
        pytest.skip("no browser: apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@dataclass
class Visit:
    """Somebody before the product; counts what they click and type."""

    page: Page
    base: str
    steps: list[str] = field(default_factory=list)

    def enter(self, user: str, path: str = "/") -> Visit:
        """Sign in by the one-click page of the demonstration."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.base}/demo/")
        form = self.page.locator(f'form[action$="/vao/{user}/"]').last
        form.locator("button").click()
        if path != "/":
            self.page.goto(self.base + path)
        return self

    def click(self, target: str, **options: object) -> Visit:
        """Click a button or link by its words, and count it."""
        found = self.page.get_by_role("button", name=target, **options).or_(
            self.page.get_by_role("link", name=target, **options)
        )
        found.first.click()
        self.steps.append(target)
        return self

    def sees(self, text: str) -> Visit:
        self.page.get_by_text(text).first.wait_for(timeout=10_000)
        return self


@pytest.fixture(scope="module")
def site(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a copy of the demonstration."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(played, home, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with sqlite3.connect(played / "giaoban.sqlite3") as source, sqlite3.connect(home / "giaoban.sqlite3") as target:
        source.backup(target)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "giaoban.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    HOMES[base] = home
    try:
        _wait(base)
        yield base
    finally:
        server.terminate()
        server.wait(10)


def _wait(base: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{base}/demo/", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {base}")


@pytest.fixture
def home_of_site(site: str) -> Path:
    """The home of the server, for what a worker would do there."""
    return HOMES[site]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(viewport=DESK, locale="vi-VN", accept_downloads=True)
    yield Visit(context.new_page(), site)
    context.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, is_mobile=True)
    yield Visit(context.new_page(), site)
    context.close()
