"""QR pictures as SVG, drawn by `segno`: put into a page as they are, with nothing the page's policy forbids."""

from __future__ import annotations

import segno


def svg(text: str, *, title: str, scale: int = 4) -> str:
    """The picture of a text; `title` is what a screen reader says. A quarter of it may be dirty and it still reads."""
    made = segno.make(text, error="q", micro=False)
    return made.svg_inline(scale=scale, border=4, dark="#000", light="#fff", title=title, omitsize=False, svgclass="qr")
