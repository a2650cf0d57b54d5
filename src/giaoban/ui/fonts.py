"""The type family, cut down to what Vietnamese screens use: three weights, every Vietnamese letter, as WOFF2.

The package holds 18 full TTF files of 130 KB each; a page needs three, and of them a sixth. They are cut at set-up and
kept in GIAOBAN_HOME, by what asks for static files: `collectstatic` in production and the demonstration, the finders in
tests and development. No network, and nothing generated is committed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCE = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
WEIGHTS = ("Regular", "Medium", "SemiBold")  # 400, 500, 600 of ui/giaoban.css
LETTERS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1: à â ã é ê … ×
    (0x0102, 0x0103),  # ă
    (0x0110, 0x0111),  # đ
    (0x0128, 0x0129),  # ĩ
    (0x0168, 0x0169),  # ũ
    (0x01A0, 0x01B0),  # ơ ư
    (0x0300, 0x0303),  # marks written apart: à á â ã
    (0x0309, 0x0309),  # ả
    (0x0323, 0x0323),  # ạ
    (0x1EA0, 0x1EF9),  # the letters with two marks
    (0x2010, 0x2026),  # dashes, quotes, bullet, ellipsis
    (0x202F, 0x202F),  # narrow space
    (0x20AB, 0x20AB),  # ₫
    (0x2190, 0x2193),  # arrows
    (0x2212, 0x2212),  # minus
    (0x2264, 0x2265),  # ≤ ≥
]


def cut(weight: str, target: Path) -> None:
    """Write one weight with those letters and nothing of hinting, atomically."""
    from fontTools import subset

    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
    )
    font = subset.load_font(SOURCE / f"BeVietnamPro-{weight}.ttf", options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in LETTERS for code in range(first, last + 1)])
    cutter.subset(font)
    half = target.with_suffix(f".{os.getpid()}")
    subset.save_font(font, half, options)
    half.replace(target)


def folder() -> Path:
    """Where the cut files lie, by what they are cut from: a new package or other letters make new files."""
    told = repr((LETTERS, [(SOURCE / f"BeVietnamPro-{weight}.ttf").stat().st_size for weight in WEIGHTS]))
    return settings.HOME / "fonts" / hashlib.sha256(told.encode()).hexdigest()[:12]


def ready() -> Path:
    """The folder with all weights in it; cut now where they are missing (a second each, once)."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        target = place / f"BeVietnamPro-{weight}.woff2"
        if not target.exists():
            cut(weight, target)
    return place


class CutFonts(BaseFinder):
    """Finds `fonts/BeVietnamPro-….woff2`."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        prefix, _, name = path.partition("/")
        if prefix != "fonts" or name not in {f"BeVietnamPro-{weight}.woff2" for weight in WEIGHTS}:
            return []
        found = str(ready() / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=ready())
        storage.prefix = "fonts"  # type: ignore[attr-defined]  # as collectstatic expects it
        for weight in WEIGHTS:
            yield f"BeVietnamPro-{weight}.woff2", storage
