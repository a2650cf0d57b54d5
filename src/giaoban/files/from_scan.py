"""One page of a scan: drawn from its PDF or picture, and read by Tesseract with its Vietnamese data.

Tesseract is a program of its own (Debian: tesseract-ocr, tesseract-ocr-vie); it runs within the bounds of this process,
gets the page by a pipe and answers with words, their places and how sure it is of each.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from giaoban.files import opening
from giaoban.files.from_pdf import said
from giaoban.files.paper import Page, Word

FORMATS = ("PNG", "JPEG", "TIFF")
DPI = 300
WIDEST = 2_600
NARROWEST = 1_400
POOR = 60.0
"""A page read with less certainty than this may lie on its side or on its head."""
SURE_WORD = 10.0
_NO_NOISE = re.compile(r"\w|^[-–—+•*]$")
STAMP = (0.0, 0.02, 0.55, 0.4)
"""Where a stamp of secrecy stands: below the number, at the left (NĐ 30/2020, Phụ lục I, ô 10a)."""


def page(content: bytes, order: Mapping[str, Any]) -> dict[str, Any]:
    """The words of page `page` (from 0), how many pages there are, and how sure they are on average, of 100."""
    number = int(order["page"])
    picture, count = _drawn(content, number, order)
    words, sure = _read(picture, order)
    if sure < POOR or _lies(words):
        picture, words, sure = _turned(picture, words, sure, order)
    stamps = _stamps(picture, order) if number == 0 else ""
    sheet = Page(picture.width, picture.height, words)
    return {"sheet": said(sheet), "of": count, "sure": round(sure, 1), "stamps": stamps}


# The picture of a page


def _drawn(content: bytes, number: int, order: Mapping[str, Any]) -> tuple[Image.Image, int]:
    if opening.PDF in content[:1024]:
        return _of_pdf(content, number, order)
    Image.MAX_IMAGE_PIXELS = None  # the size is looked at here, before anything is unpacked
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        count = _frames(picture, order)
        picture.seek(number)
        if picture.width * picture.height > order["pixels"]:
            raise opening.TooManyDots(name="")
        upright = ImageOps.exif_transpose(picture) or picture
        return _fit(_flat(upright)), count


def _frames(picture: Image.Image, order: Mapping[str, Any]) -> int:
    """Pages of a TIFF; a chain of directories that never ends is cut at the limit."""
    count = 1
    if picture.format == "TIFF":
        while count <= order["pages"]:
            try:
                picture.seek(count)
            except EOFError:
                break
            count += 1
    if count > order["pages"]:
        raise opening.TooManyPages(name="", pages=count, most=order["pages"])
    return count


def _of_pdf(content: bytes, number: int, order: Mapping[str, Any]) -> tuple[Image.Image, int]:
    try:
        document = pdfium.PdfDocument(content)
        leaf = document[number]
        width, height = leaf.get_size()
        scale = min(DPI / 72, WIDEST / max(width, 1), (order["pixels"] / max(width * height, 1)) ** 0.5)
        return leaf.render(scale=scale, grayscale=False, may_draw_forms=False).to_pil(), len(document)
    except pdfium.PdfiumError:
        raise opening.Damaged(name="") from None


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it was transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(white, over).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L", "I;16", "I", "F") else "RGB")


def _fit(picture: Image.Image) -> Image.Image:
    """As large as reads best: letters of some 30 dots."""
    if picture.width > WIDEST:
        return picture.resize((WIDEST, max(1, picture.height * WIDEST // picture.width)), Image.Resampling.LANCZOS)
    if picture.width < NARROWEST:
        wide = min(NARROWEST, picture.width * 3)
        return picture.resize((wide, max(1, picture.height * wide // picture.width)), Image.Resampling.BICUBIC)
    return picture


def _lies(words: list[Word]) -> bool:
    """Whether most words of some length are higher than wide."""
    long = [word for word in words if len(word.text) > 3]
    return sum(word.x1 - word.x0 < word.bottom - word.top for word in long) * 2 > len(long)


def _turned(
    picture: Image.Image, words: list[Word], sure: float, order: Mapping[str, Any]
) -> tuple[Image.Image, list[Word], float]:
    """The page the way up that Tesseract finds by the shape of its letters; as it was where that reads no better."""
    small = picture.copy()
    small.thumbnail((1_800, 1_800))
    found = re.search(rb"Rotate: (90|180|270)", _tesseract(small, order, "0", "", data="osd", may_fail=True))
    if found is None:
        return picture, words, sure
    upright = picture.rotate(-int(found[1]), expand=True)
    again, surer = _read(upright, order)
    return (picture, words, sure) if surer < sure and not _lies(words) else (upright, again, surer)


# What Tesseract reads


def _read(picture: Image.Image, order: Mapping[str, Any]) -> tuple[list[Word], float]:
    return understood(_tesseract(picture, order, "3", "tsv"), picture.width)


def understood(table: bytes, width: int) -> tuple[list[Word], float]:
    """The words of Tesseract's table, and how sure it is of them on average, of 100."""
    lines = [line for line in _lines(table) if line]
    letters = sum(len(word.text) for line in lines for word, _sure in line)
    sure = sum(certain * len(word.text) for line in lines for word, certain in line) / max(1, letters)
    return list(_level(_straightened([[word for word, _sure in line] for line in lines], width))), sure


def _lines(table: bytes) -> Iterator[list[tuple[Word, float]]]:
    """Words line by line. A word that is unsure stays in a line that is sure: it is more often right than noise."""
    line: list[tuple[Word, float]] = []
    names, *rows = (one.rstrip("\r").split("\t") for one in table.decode("utf-8", "replace").split("\n"))
    for row in (dict(zip(names, one, strict=True)) for one in rows if len(one) == len(names)):
        if row["level"] == "4":
            yield _kept(line)
            line = []
        text = row["text"].strip()
        if row["level"] == "5" and _NO_NOISE.search(text):
            left, top, wide, high = (float(row[name]) for name in ("left", "top", "width", "height"))
            line.append((Word(text, left, top, left + wide, top + high), float(row["conf"])))
    yield _kept(line)


def _kept(line: list[tuple[Word, float]]) -> list[tuple[Word, float]]:
    sure = median(certain for _word, certain in line) if line else 0.0
    return [one for one in line if one[1] >= (0 if sure >= POOR else SURE_WORD)]


def _straightened(lines: list[list[Word]], width: int) -> list[list[Word]]:
    """The words as they stand once the page lies straight: long lines tell by how much it does not."""
    slopes = [
        ((last.top + last.bottom) - (first.top + first.bottom)) / 2 / (last.x0 - first.x0)
        for line in lines
        if (last := line[-1]).x0 - (first := line[0]).x0 > 0.3 * width
    ]
    slope = median(slopes) if slopes else 0.0
    if not 0.001 < abs(slope) < 0.3:
        return lines
    return [
        [
            Word(word.text, word.x0 + slope * y, word.top - slope * x, word.x1 + slope * y, word.bottom - slope * x)
            for word in line
            for x, y in [((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)]
        ]
        for line in lines
    ]


def _level(lines: list[list[Word]]) -> Iterator[Word]:
    """Words as high as their line, so that letters with and without tails stand on one."""
    for line in lines:
        top, bottom = min(word.top for word in line), max(word.bottom for word in line)
        usual = median(word.bottom - word.top for word in line)
        for word in line:
            large = bottom - top > 2.2 * usual  # the line took something large in
            yield word if large else Word(word.text, word.x0, top, word.x1, bottom)


def _stamps(picture: Image.Image, order: Mapping[str, Any]) -> str:
    """What stands alone where a stamp would: the frame around it may keep it from being read with the page."""
    box = [round(part * side) for part, side in zip(STAMP, (picture.width, picture.height) * 2, strict=True)]
    corner = picture.crop((box[0], box[1], box[2], box[3]))
    found = [_tesseract(corner, order, "11", "txt")]
    red = _red(corner)
    if red is not None:
        found.append(_tesseract(red, order, "11", "txt"))
    return "\n".join(one.decode("utf-8", "replace") for one in found)


def _red(picture: Image.Image) -> Image.Image | None:
    """Only what is red, in black on white; None where hardly anything is."""
    if picture.mode != "RGB":
        return None
    red, green, _blue = picture.split()
    from PIL import ImageChops

    only = ImageChops.subtract(red, green).point(lambda value: 0 if value > 60 else 255)
    share = only.histogram()[0] / max(1, only.width * only.height)
    return only if 0.0005 < share < 0.5 else None


def _tesseract(
    picture: Image.Image, order: Mapping[str, Any], layout: str, form: str, *, data: str = "vie", may_fail: bool = False
) -> bytes:
    kept = io.BytesIO()
    picture.convert("L").save(kept, "PPM")
    command = [
        order["tesseract"],
        "stdin",
        "stdout",
        "-l",
        data,
        "--dpi",
        str(DPI),
        "--psm",
        layout,
        *filter(None, [form]),
    ]
    done = subprocess.run(command, input=kept.getvalue(), capture_output=True, check=False)  # noqa: S603
    if done.returncode and not may_fail:
        raise MemoryError if done.returncode < 0 else ValueError
    return done.stdout
