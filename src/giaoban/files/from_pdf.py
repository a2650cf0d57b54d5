"""PDF taken apart: words with their boxes from the text layer, ruled tables, and which pages are only pictures.

pdfium is built without a script engine, so that nothing a PDF carries can run; that it carries something is said.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from giaoban.core.refusal import sentence
from giaoban.files import lettering, opening, paper, ruling
from giaoban.files.paper import Page, Word

ACTIVE = sentence("The PDF carries scripts or commands; nothing of it was run.")
LAUNCH = 4
CHARACTERS = 60_000
"""On one page: more is no page people read."""
COVERS = 0.6


def opened(content: bytes, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The text; or, where pages are pictures, the pages as far as they were read ("sheets", None for a picture)."""
    document = _document(content)
    if len(document) > limits["pages"]:
        raise opening.TooManyPages(name="", pages=len(document), most=limits["pages"])
    if not len(document):
        raise opening.NoText(name="")
    notes = [ACTIVE] if _is_active(document, content) else []
    pages = [_read(document, number) for number in range(len(document))]
    lost = _lost([page for page in pages if page is not None])
    sheets = [None if page is None or id(page) in lost else page for page in pages]
    if None in sheets:
        return {"sheets": [None if page is None else said(page) for page in sheets], "notes": notes}
    found = paper.text_of([page for page in sheets if page is not None], limits["characters"])
    found["notes"] += notes
    return found


def said(page: Page) -> dict[str, Any]:
    """A page as another process may be told of it."""
    return {
        "width": page.width,
        "height": page.height,
        "words": [astuple(word) for word in page.words],
        "tables": [
            {
                "box": (one.x0, one.top, one.x1, one.bottom),
                "edges": one.edges,
                "grid": [[astuple(cell) for cell in row] for row in one.grid],
            }
            for one in page.tables
        ],
    }


def _document(content: bytes) -> Any:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as fault:
        if "password" in str(fault).lower() or "security" in str(fault).lower():
            raise opening.Locked(name="") from None
        raise opening.Damaged(name="") from None


def _is_active(document: Any, content: bytes) -> bool:
    """Scripts of the document, or a command that starts a program."""
    return raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or any(
        sign in content for sign in (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch")
    )


def _lost(pages: list[Page]) -> set[int]:
    """Pages whose letters say nothing: a font without a key to its signs. They are read as pictures."""
    found = set()
    for page in pages:
        text = " ".join(word.text for word in page.words)
        if lettering.broken(text) and not lettering.writing(text):
            found.add(id(page))
    return found


def _read(document: Any, number: int) -> Page | None:
    """A page with its words; None when it is a picture."""
    page = document[number]
    try:
        width, height = page.get_size()
        words = list(_words(page))
        text = " ".join(word.text for word in words)
        if not words:
            return None if _holds_anything(page) else Page(width, height, [])
        if (len(words) < 12 or lettering.unmarked(text)) and _is_covered(page):
            return None
        return Page(width, height, words, ruling.tables(page, words))
    except pdfium.PdfiumError:
        raise opening.Damaged(name="") from None
    finally:
        page.close()


def _holds_anything(page: Any) -> bool:
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _is_covered(page: Any) -> bool:
    """Whether one picture takes most of the page: then the text on it is what a scanner thought it read."""
    width, height = page.get_size()
    for found in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) > COVERS * width * height:
            return True
    return False


class Turned:
    """Places on the page as it is looked at: from the top left corner, after /Rotate."""

    def __init__(self, page: Any) -> None:
        self.turn = page.get_rotation() % 360
        left, bottom, right, top = page.get_bbox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _words(page: Any) -> Iterator[Word]:
    textpage = page.get_textpage()
    try:
        yield from _grouped(textpage.raw, Turned(page))
    finally:
        textpage.close()


def _grouped(text: Any, turned: Turned) -> Iterator[Word]:
    """Letters in the order of the file become words, at spaces and where they stand apart."""
    count = raw.FPDFText_CountChars(text)
    if count > CHARACTERS:
        raise opening.UnpacksTooLarge(name="")
    held: list[str] = []
    box = (0.0, 0.0, 0.0, 0.0)
    for number in range(count):
        letter = _letter(raw.FPDFText_GetUnicode(text, number))
        if letter.isspace() or letter == "":
            if held:
                yield Word("".join(held), *box)
            held = []
            continue
        place = _box(text, number, turned)
        if place is None:
            continue
        if held and (unicodedata.combining(letter) or _touches(box, place)):
            held.append(letter)
            box = (min(box[0], place[0]), min(box[1], place[1]), max(box[2], place[2]), max(box[3], place[3]))
            continue
        if held:
            yield Word("".join(held), *box)
        held, box = [letter], place
    if held:
        yield Word("".join(held), *box)


def _letter(code: int) -> str:
    """A sign of the text; pdfium gives 2 for a dash at the end of a line."""
    if code in (0, 0xFFFE, 0xFFFF):
        return ""
    if code == 2:
        return "-"
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code)


def _box(text: Any, number: int, turned: Turned) -> tuple[float, float, float, float] | None:
    """Where a letter stands, as high as its line; None for one that stands askew, such as a watermark."""
    rectangle = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text, number, ctypes.byref(rectangle)):
        return None
    angle = raw.FPDFText_GetCharAngle(text, number)
    upright = (angle * 180 / 3.14159265 + turned.turn) % 360
    if min(upright % 360, 360 - upright % 360) > 5:
        return None
    x0, top, x1, bottom = turned.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    return (x0, top, x1, bottom) if bottom > top else None


def _touches(box: tuple[float, float, float, float], place: tuple[float, float, float, float]) -> bool:
    """Whether a letter goes on where the word ended: on the same line, without a white of a quarter of its height."""
    height = max(min(box[3] - box[1], place[3] - place[1]), 0.1)
    over = min(box[3], place[3]) - max(box[1], place[1])
    return over > 0.4 * height and -0.8 * height < place[0] - box[2] < 0.22 * height
