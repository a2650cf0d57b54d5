"""DOCX taken apart: paragraphs a line each, table rows a line each, list marks as Word shows them."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from giaoban.core.refusal import sentence
from giaoban.core.text import fold
from giaoban.files import secrecy
from giaoban.files.annexes import Cell
from giaoban.files.laying import Text
from giaoban.files.zips import checked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BODY = "word/document.xml"
NUMBERING, STYLES, FOOTNOTES = "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"
MARGINS = re.compile(r"word/(header|footer)\d*\.xml$")
EMBEDDED = sentence("The file carries embedded objects; they were not opened.")
WIDEST = 100


def opened(content: bytes, limits: Mapping[str, Any]) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        checked(package, limits, BODY)
        names = package.namelist()
        body = fromstring(package.read(BODY)).find(f"{W}body")
        numbering = Numbering([fromstring(package.read(name)) for name in (NUMBERING, STYLES) if name in names])
        margins = [fromstring(package.read(name)) for name in names if MARGINS.match(name)]
        notes = fromstring(package.read(FOOTNOTES)) if FOOTNOTES in names else None
    word = _Word(numbering)
    if body is not None:
        word.read(body)
    if notes is not None:
        word.read_footnotes(notes)
    found = word.text.found(limits["characters"], bool(limits.get("grids")))
    for margin in margins:
        word.stamps += ["".join(_pieces(one)) for one in margin.iter(f"{W}p")]
    found["secrecy"] = next(filter(None, map(secrecy.mark, word.stamps)), "")
    if any(name.startswith("word/embeddings/") for name in names):
        found["notes"].append(EMBEDDED)
    return found


class _Word:
    """Goes down the body once."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.text = Text()
        self.stamps: list[str] = []
        """Paragraphs that stand alone where a stamp may stand: in cells and boxes, which lines of text do not show."""

    def read(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                for line in self._lines(child):
                    self.text.line(line)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in WRAPPERS:
                self.read(child)

    def read_footnotes(self, notes: Element) -> None:
        for note in notes.iterfind(f"{W}footnote"):
            said = " ".join(" ".join(_blocks(note, self.numbering)).split())
            if said and note.get(f"{W}type") is None:
                self.text.line(f"[{note.get(f'{W}id')}] {said}")

    def _lines(self, paragraph: Element) -> Iterator[str]:
        """The boxes that hang on a paragraph, then the paragraph itself."""
        for box in _boxes(paragraph):
            for inner in box.iter(f"{W}p"):
                line = self.numbering.mark(inner) + "".join(_pieces(inner))
                self.stamps.append(line)
                yield line
        yield self.numbering.mark(paragraph) + "".join(_pieces(paragraph))

    def _table(self, table: Element) -> None:
        rows = [_cells(row) for row in table.iterfind(f"{W}tr")]
        laid = [[[*self._said(cell)] for cell, _wide, _down in row] for row in rows]
        if _is_layout(laid):
            for column in range(max(map(len, laid))):
                for lines in (row[column] for row in laid if column < len(row)):
                    for line in lines:
                        self.text.line(line)
            return
        grid = []
        for row, said in zip(rows, laid, strict=True):
            cells: list[Cell] = []
            for (_cell, wide, down), lines in zip(row, said, strict=True):
                cells.append(Cell("" if down else "\n".join(lines), down=down))
                cells += [Cell(down=down, across=True)] * (wide - 1)
            grid.append(cells[:WIDEST])
        width = max(map(len, grid), default=0)
        self.text.table([row + [Cell()] * (width - len(row)) for row in grid])

    def _said(self, cell: Element) -> Iterator[str]:
        for child in cell:
            if child.tag == f"{W}p":
                for line in self._lines(child):
                    self.stamps.append(line)
                    if line.strip():
                        yield line
            elif child.tag == f"{W}tbl" or child.tag in WRAPPERS:
                yield from filter(str.strip, _blocks(child, self.numbering))


WRAPPERS = (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml")
_LAYOUT = ("cong hoa xa hoi chu nghia", "dang cong san viet nam", "noi nhan")


def _is_layout(rows: list[list[list[str]]]) -> bool:
    """A table that only puts the letterhead or the signature beside what stands left of it (NĐ 30, Phụ lục I)."""
    if not rows or len(rows) > 8 or max(map(len, rows)) > 3 or max(map(len, rows)) < 2:
        return False
    words = fold(" ".join(" ".join(line.split()) for row in rows for cell in row for line in cell)[:2000])
    return any(sign in words for sign in _LAYOUT)


def _cells(row: Element) -> list[tuple[Element, int, bool]]:
    """The cells of a row, each with how many columns it takes and whether it goes on from the row above."""
    return [(cell, *_merged(cell)) for cell in _own_cells(row)]


def _own_cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in WRAPPERS:
            yield from _own_cells(child)


def _merged(cell: Element) -> tuple[int, bool]:
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return 1, False
    span = _value(properties, "gridSpan")
    down = properties.find(f"{W}vMerge")
    wide = int(span) if span.isdecimal() and len(span) < 4 else 1
    return max(1, min(wide, WIDEST)), down is not None and down.get(f"{W}val", "continue") != "restart"


def _blocks(parent: Element, numbering: Numbering) -> Iterator[str]:
    """Everything below as lines, a row of an inner table as one."""
    for child in parent:
        if child.tag == f"{W}p":
            yield numbering.mark(child) + "".join(_pieces(child))
        elif child.tag == f"{W}tbl":
            for row in child.iterfind(f"{W}tr"):
                yield "\t".join(" ".join(filter(None, _blocks(cell, numbering))) for cell in row.iterfind(f"{W}tc"))
        elif child.tag in WRAPPERS:
            yield from _blocks(child, numbering)


def _boxes(element: Element) -> Iterator[Element]:
    """Text boxes below an element, those of old programs' stand-ins left out."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in (FALLBACK, f"{W}t"):
            yield from _boxes(child)


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}del", f"{W}txbxContent", FALLBACK):
            yield from _pieces(child)


class Numbering:
    """Counts numbered paragraphs, so that "1.", "a)" and "-" stand in the text as they do on paper."""

    def __init__(self, rules: list[Element]) -> None:
        self.levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self.styles: dict[str, Element] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        for root in rules:
            self._read(root)
            self._read_styles(root)

    def _read_styles(self, root: Element) -> None:
        for style in root.iterfind(f"{W}style"):
            numbered = style.find(f"{W}pPr/{W}numPr")
            if numbered is not None:
                self.styles[style.get(f"{W}styleId") or ""] = numbered

    def _read(self, root: Element) -> None:
        abstract = {
            one.get(f"{W}abstractNumId"): {
                level.get(f"{W}ilvl") or "0": _level(level) for level in one.iterfind(f"{W}lvl")
            }
            for one in root.iterfind(f"{W}abstractNum")
        }
        for number in root.iterfind(f"{W}num"):
            link = number.find(f"{W}abstractNumId")
            levels = abstract.get(link.get(f"{W}val") if link is not None else None, {})
            for level, rule in levels.items():
                self.levels[number.get(f"{W}numId") or "", level] = rule

    def mark(self, paragraph: Element) -> str:
        found = paragraph.find(f"{W}pPr/{W}numPr")
        if found is None:
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            found = self.styles.get(style.get(f"{W}val") or "") if style is not None else None
        if found is None:
            return ""
        number, level = (_value(found, name) for name in ("numId", "ilvl"))
        rule = self.levels.get((number, level or "0"))
        if rule is None:
            return ""
        form, shape, start = rule
        depth = int(level or "0")
        counts = self.counts[number]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if form == "bullet":
            return "- "
        return self._written(number, shape, counts) + " " if form != "none" else ""

    def _written(self, number: str, shape: str, counts: Mapping[int, int]) -> str:
        def place(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            rule = self.levels.get((number, str(depth)), ("decimal", "", 1))
            return _count(counts.get(depth, rule[2]), rule[0])

        return re.sub(r"%(\d)", place, shape)


def _level(level: Element) -> tuple[str, str, int]:
    start = _value(level, "start")
    return _value(level, "numFmt") or "decimal", _value(level, "lvlText"), int(start) if start.isdecimal() else 1


def _value(parent: Element, name: str) -> str:
    found = parent.find(f"{W}{name}")
    return (found.get(f"{W}val") or "") if found is not None else ""


def _count(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        return roman(number).lower() if form == "lowerRoman" else roman(number)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def roman(number: int) -> str:
    written = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        written += letters * (number // value)
        number %= value
    return written
