"""Modules of the entry page, alone in a real browser: served from their files under an address that is no host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MODULES = Path(__file__).resolve().parents[2] / "src" / "giaoban" / "indicators" / "static" / "indicators"
BASE = "http://localhost:9"  # nothing listens there: every address is answered below


@contextmanager
def page_with(made: Mapping[str, str]) -> Iterator[Page]:
    """A page whose scripts are the modules of the entry page and `made` ({name: text})."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()

        def answer(route: Route) -> None:
            name = route.request.url.removeprefix(BASE + "/")
            if name == "":
                route.fulfill(content_type="text/html", body="<!doctype html><title>modules</title>")
            elif name in made:
                route.fulfill(content_type="text/javascript", body=made[name])
            else:
                route.fulfill(content_type="text/javascript", body=(MODULES / name).read_text(encoding="utf-8"))

        page.route("**/*", answer)
        page.goto(BASE + "/")
        yield page
        browser.close()


def call(page: Page, module: str, function: str, *given: Any) -> Any:
    """What an exported function of a module answers."""
    script = f"async (given) => JSON.stringify(await (await import('/{module}')).{function}(...JSON.parse(given)))"
    return json.loads(page.evaluate(script, json.dumps(given)))  # as text: Playwright walks every object otherwise
