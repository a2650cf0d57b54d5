"""Files for tests, made here: PDF pages with text and ruled tables, pictures of pages as a scanner makes them."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageDraw, ImageFont

A4 = (595.0, 842.0)
Text = tuple[float, float, str]
"""x and y from the top left corner in points, and the words."""


def font_path(weight: str = "Regular") -> Path:
    """Be Vietnam Pro, which the product ships: letters of every Vietnamese mark, on every machine."""
    found = next(Path(str(files("fontpkg_be_vietnam_pro"))).rglob(f"BeVietnamPro-{weight}.ttf"))
    return Path(found)


def pdf(pages: Iterable[Sequence[Text]], *, size: float = 12, lines: Sequence[tuple[float, ...]] = ()) -> bytes:
    """A PDF with these words on its pages; `lines` are strokes (x0, y0, x1, y1) on every page."""
    document = pdfium.PdfDocument.new()
    content = font_path().read_bytes()
    held = (ctypes.c_ubyte * len(content)).from_buffer_copy(content)
    font = raw.FPDFText_LoadFont(document, held, len(content), raw.FPDF_FONT_TRUETYPE, True)
    for texts in pages:
        page = document.new_page(*A4)
        for x, y, words in texts:
            _write(document, page, font, size, x, A4[1] - y - size, words)
        for x0, y0, x1, y1 in lines:
            path = raw.FPDFPageObj_CreateNewPath(x0, A4[1] - y0)
            raw.FPDFPath_LineTo(path, x1, A4[1] - y1)
            raw.FPDFPath_SetDrawMode(path, 0, True)
            raw.FPDFPageObj_SetStrokeWidth(path, 0.7)
            raw.FPDFPage_InsertObject(page, path)
        raw.FPDFPage_GenerateContent(page)
    return saved(document)


def _write(document: object, page: object, font: object, size: float, x: float, y: float, words: str) -> None:
    shown = raw.FPDFPageObj_CreateTextObj(document, font, size)
    signs = (words + "\0").encode("utf-16-le")
    held = (ctypes.c_ushort * (len(signs) // 2)).from_buffer_copy(signs)
    raw.FPDFText_SetText(shown, held)
    raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, x, y)
    raw.FPDFPage_InsertObject(page, shown)


def saved(document: pdfium.PdfDocument) -> bytes:
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def typed(texts: Iterable[str], *, x: float = 60, top: float = 80, step: float = 18) -> list[Text]:
    """Lines one below another."""
    return [(x, top + step * number, words) for number, words in enumerate(texts)]


def wide(words: str, *, size: float = 12) -> float:
    return ImageFont.truetype(str(font_path()), 100).getlength(words) * size / 100


def wrapped(words: str, *, width: float = 460, size: float = 12) -> list[str]:
    """The lines a text program would make of a paragraph."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and wide(longer, size=size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def ruled(
    rows: Sequence[Sequence[str]], edges: Sequence[float], top: float, height: float = 40
) -> tuple[list[Text], list[tuple[float, ...]]]:
    """A table with all its lines: its words, and its strokes."""
    texts: list[Text] = []
    strokes = [(edges[0], top + height * n, edges[-1], top + height * n) for n in range(len(rows) + 1)]
    strokes += [(x, top, x, top + height * len(rows)) for x in edges]
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            for line, part in enumerate(wrapped(words, width=edges[column + 1] - edges[column] - 8, size=10)):
                texts.append((edges[column] + 4, top + height * number + 2 + 13 * line, part))
    return texts, strokes


def scan(lines: Sequence[str], *, size: int = 34, width: int = 1_600, stamp: str = "") -> Image.Image:
    """A sheet with these lines, as a scanner gives it; `stamp` stands boxed in red below them at the left."""
    picture = Image.new("RGB", (width, 120 + 62 * len(lines) + (120 if stamp else 0)), "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(font_path()), size)
    for number, line in enumerate(lines):
        pen.text((110, 60 + 62 * number), line, font=font, fill=(25, 25, 25))
    if stamp:
        y = 80 + 62 * len(lines)
        bold = ImageFont.truetype(str(font_path("Bold")), size)
        wide_ = bold.getlength(stamp)
        pen.rectangle((140, y, 180 + wide_, y + 70), outline=(205, 30, 40), width=4)
        pen.text((160, y + 10), stamp, font=bold, fill=(205, 30, 40))
    return picture


def stored(picture: Image.Image, kind: str = "PNG", more: Sequence[Image.Image] = ()) -> bytes:
    kept = io.BytesIO()
    extra = {"save_all": True, "append_images": list(more)} if more else {}
    picture.save(kept, kind, **extra)
    return kept.getvalue()
