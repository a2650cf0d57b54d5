"""The process that takes an untrusted file apart: `python -I -m giaoban.files.inside ORDER < FILE > ANSWER`.

It bounds itself before it looks at the file, then answers one JSON object: {"found": …} or {"refused": "Macros"}.
Only this module unpacks; it uses the standard library, defusedxml and calamine, and never writes a file.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from giaoban.files import opening

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BODY, TYPES = "word/document.xml", "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
NUMBERING, STYLES = "word/numbering.xml", "word/styles.xml"


def main() -> None:
    order = json.loads(sys.argv[1])
    bound(order["memory"], order["seconds"])
    content = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = {"found": TAKE[order["kind"]](content, order)}
    except opening.NotOpened as refused:
        answer = {"refused": type(refused).__name__}
    except (DefusedXmlException, ParseError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError):
        answer = {"refused": "Damaged"}
    except (MemoryError, RecursionError):
        answer = {"refused": "UnpacksTooLarge"}
    sys.stdout.write(json.dumps(answer))


def _text(content: bytes, limits: Mapping[str, Any]) -> str:
    return docx_text(content, limits)[: limits["characters"]]


def _page_text(content: bytes, limits: Mapping[str, Any]) -> str:
    return html_text(content)[: limits["characters"]]


def bound(memory: int, seconds: int) -> None:
    """No more memory and processor time than this, no files, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# DOCX


def docx_text(content: bytes, limits: Mapping[str, Any]) -> str:
    """Paragraphs a line each, table rows a line each with cells parted by tabs, list marks as Word shows them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        _check(package, limits)
        body = fromstring(package.read(BODY)).find(f"{W}body")
        rules = [fromstring(package.read(name)) for name in (NUMBERING, STYLES) if name in package.namelist()]
        numbering = Numbering(rules)
        return "\n".join(_blocks(body, numbering)) if body is not None else ""


def _check(package: zipfile.ZipFile, limits: Mapping[str, Any], body: str = BODY) -> None:
    """Refuse bombs by what the directory says (and reading cannot exceed it), macros, and what is no such document."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > limits["entries"] or unpacked > limits["unpacked"] or unpacked > limits["ratio"] * (packed + 1):
        raise opening.UnpacksTooLarge(name="")
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise opening.Damaged(name="")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise opening.Macros(name="")
    if body not in names or TYPES.lower() not in names:
        raise opening.NotADocument(name="")
    if b"macroEnabled" in package.read(TYPES):
        raise opening.Macros(name="")


def _blocks(parent: Element, numbering: Numbering) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}p":
            yield numbering.mark(child) + _paragraph(child)
        elif child.tag == f"{W}tbl":
            yield from _rows(child, numbering)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml"):
            yield from _blocks(child, numbering)


def _rows(table: Element, numbering: Numbering) -> Iterator[str]:
    for row in table.iterfind(f"{W}tr"):
        cells = [" ".join(filter(None, _blocks(cell, numbering))) for cell in row.iterfind(f"{W}tc")]
        yield "\t".join(cells)


def _paragraph(element: Element) -> str:
    return "".join(_pieces(element))


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
        elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}del", FALLBACK):
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


# XLSX


def xlsx_rows(content: bytes, limits: Mapping[str, Any]) -> list[list[str]]:
    """The cells of the first sheet that holds anything, as they read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        _check(package, limits, WORKBOOK)
    from python_calamine import CalamineError, load_workbook  # only where a table is read

    try:
        workbook = load_workbook(io.BytesIO(content))
        for name in workbook.sheet_names:
            found = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(cell != "" for row in found for cell in row):
                return [[_cell(cell) for cell in row] for row in found]
    except CalamineError as error:
        raise ValueError from error
    return []


def _cell(value: Any) -> str:
    """A whole number without its ".0", a day without its midnight; truth as Excel writes it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


# HTML


def html_text(content: bytes) -> str:
    """The words of a page: blocks on lines of their own, list items with a dash, no scripts, styles or head."""
    reader = _Page()
    reader.feed(_page(content))
    reader.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _page(content: bytes) -> str:
    declared = re.search(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", content[:4096], re.IGNORECASE)
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return opening.decoded("", content)


BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table",
    "tr", "ul",
))  # fmt: skip
SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "svg", "select", "button"))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        elif tag == "body":
            self.silent.clear()
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


TAKE = {"docx": _text, "html": _page_text, "xlsx": xlsx_rows}

if __name__ == "__main__":
    main()
