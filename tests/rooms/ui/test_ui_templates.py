"""Promises every template of the product keeps: nothing inline, no other host, one h1, Vietnamese."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3] / "src" / "giaoban"
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
STATIC = [path for path in sorted(ROOT.glob("*/static/**/*")) if path.suffix in (".css", ".js", ".svg")]
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_inline(path: Path) -> None:
    """The Content-Security-Policy forbids inline style and script; a template that needs them breaks in the browser."""
    text = path.read_text()
    assert not re.search(r"<style\b", text), "inline style sheet"
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "event handler attribute"
    assert not re.search(r"javascript:", text), "script address"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in tag, "inline script"


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=name)
def test_no_other_host(path: Path) -> None:
    """Everything is served by us: the product works in an office without the internet."""
    text = path.read_text()
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    assert not re.search(r"(https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_one_heading_a_page(path: Path) -> None:
    """The frame writes the h1 from {% block heading %}; a page fills the block and writes none."""
    text = path.read_text()
    if re.search(r'{% extends "ui/(base|plain)\.html" %}', text):
        assert "<h1" not in text
        assert "{% block heading %}" in text
        assert "{% block title %}" in text


def test_the_style_sheet_stays_small() -> None:
    """design/look.md: speed is part of the look."""
    import brotli

    sheet = (ROOT / "ui" / "static" / "ui" / "giaoban.css").read_bytes()
    assert len(sheet) <= 40_000
    assert len(brotli.compress(sheet)) <= 10_000


def test_no_font_is_committed() -> None:
    assert not [path for path in ROOT.rglob("*") if path.suffix in (".ttf", ".woff", ".woff2", ".otf")]
