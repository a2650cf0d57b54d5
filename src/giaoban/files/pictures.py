"""Pictures of short lists, drawn to be read in a chat group on a phone: a heading, named groups, a foot line.

PNG by Pillow in the type family of the pages, which has every Vietnamese letter. The same list gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
WIDTH, EDGE, GAP = 1080, 56, 18  # a phone shows it at a third: 30 px letters read as 10 pt
INK, SOFT, MAIN, BAD, LINE, PAPER = "#1b2330", "#55606f", "#0b4f9e", "#a4262c", "#d5dbe3", "#ffffff"
TWO_COLUMNS = 12  # from so many lines on a group stands in two columns


@dataclass(frozen=True)
class Group:
    """Some lines under a heading, numbered."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True)
class ListPicture:
    """What is drawn: whose list, of what, as of when."""

    title: str
    subtitle: str
    groups: Sequence[Group]
    foot: str = ""
    notes: Sequence[str] = field(default=())


def png(picture: ListPicture) -> bytes:
    """The picture as a PNG file."""
    height = _draw(ImageDraw.Draw(Image.new("RGB", (WIDTH, 10))), picture, paint=False)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    _draw(ImageDraw.Draw(image), picture, paint=True)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout: the raqm library is not everywhere, and Vietnamese in NFC needs none of it.
    return ImageFont.truetype(str(FONTS / f"BeVietnamPro-{weight}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)


def _draw(pen: ImageDraw.ImageDraw, picture: ListPicture, *, paint: bool) -> int:
    """Draw, or only measure; the height either way."""
    y = _band(pen, picture, paint)
    for group in picture.groups:
        y = _group(pen, group, y + GAP, paint)
    for note in picture.notes:
        y = _text(pen, note, EDGE, y + GAP, WIDTH - 2 * EDGE, _font("Medium", 30), INK, paint)
    if picture.foot:
        if paint:
            pen.line([(EDGE, y + GAP + 8), (WIDTH - EDGE, y + GAP + 8)], fill=LINE, width=2)
        y = _text(pen, picture.foot, EDGE, y + 2 * GAP, WIDTH - 2 * EDGE, _font("Regular", 26), SOFT, paint)
    return y + EDGE // 2


def _band(pen: ImageDraw.ImageDraw, picture: ListPicture, paint: bool) -> int:
    inner = WIDTH - 2 * EDGE
    top = EDGE // 2 + 12
    end = _text(pen, picture.title, EDGE, top, inner, _font("Bold", 42), PAPER, False)
    end = _text(pen, picture.subtitle, EDGE, end + 6, inner, _font("Medium", 32), PAPER, False) + EDGE // 2
    if paint:
        pen.rectangle([(0, 0), (WIDTH, end)], fill=MAIN)
        below = _text(pen, picture.title, EDGE, top, inner, _font("Bold", 42), PAPER, True)
        _text(pen, picture.subtitle, EDGE, below + 6, inner, _font("Medium", 32), PAPER, True)
    return end


def _group(pen: ImageDraw.ImageDraw, group: Group, y: int, paint: bool) -> int:
    y = _text(pen, group.heading, EDGE, y + 6, WIDTH - 2 * EDGE, _font("SemiBold", 34), BAD, paint) + 8
    numbered = [f"{number}. {line}" for number, line in enumerate(group.lines, start=1)]
    font = _font("Regular", 30)
    if len(numbered) < TWO_COLUMNS:
        for line in numbered:
            y = _text(pen, line, EDGE, y + 6, WIDTH - 2 * EDGE, font, INK, paint)
        return y
    half, width = (len(numbered) + 1) // 2, (WIDTH - 2 * EDGE - GAP) // 2
    ends = []
    for column, lines in enumerate((numbered[:half], numbered[half:])):
        here = y
        for line in lines:
            here = _text(pen, line, EDGE + column * (width + GAP), here + 6, width, font, INK, paint)
        ends.append(here)
    return max(ends)


def _text(
    pen: ImageDraw.ImageDraw, text: str, x: int, y: int, width: int, font: ImageFont.FreeTypeFont, fill: str,
    paint: bool,
) -> int:  # fmt: skip
    """Words in lines no wider than `width`; the y below the last."""
    step = int(font.size * 1.34)
    for line in wrapped(text, width, font):
        if paint:
            pen.text((x, y), line, font=font, fill=fill)
        y += step
    return y


def wrapped(text: str, width: int, font: ImageFont.FreeTypeFont) -> list[str]:
    """The words in as few lines as fit; a word wider than a line is cut."""
    lines = [""]
    for word in text.split():
        while font.getlength(word) > width:
            fits = max(n for n in range(1, len(word) + 1) if n == 1 or font.getlength(word[:n]) <= width)
            lines += [word[:fits], ""]
            word = word[fits:]
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]
