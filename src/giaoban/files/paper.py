"""Puts the words of printed pages back into lines, columns, tables and paragraphs, in the order in which people read.

A page comes as words with their boxes, from a PDF's text layer or from a scan; what is in common is done here:
the letterhead and the signature are read column by column, what repeats on every page is left out, lines that only the
width of the paper parted become paragraphs again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from giaoban.core.text import fold
from giaoban.files import secrecy
from giaoban.files.annexes import Cell
from giaoban.files.laying import Text

SPLIT = 1.9
"""So many letter heights of white part two pieces of a row."""
GUTTER = 0.8
NARROW = 0.2


@dataclass(frozen=True)
class Word:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)


@dataclass(frozen=True)
class Piece:
    """Words of a row without a wide white between them."""

    words: Sequence[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)


@dataclass
class Row:
    """What stands at one height of the page."""

    words: list[Word]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def top(self) -> float:
        return median(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return median(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        return median(word.height for word in self.words)

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return max(piece.x1 for piece in self.pieces)

    @property
    def text(self) -> str:
        return "\t".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Table:
    """A ruled table of a page: where it stands, its columns' edges, its cells."""

    x0: float
    top: float
    x1: float
    bottom: float
    edges: tuple[float, ...]
    grid: list[list[Cell]]


@dataclass
class Page:
    width: float
    height: float
    words: list[Word]
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line in reading order. `apart`: it belongs to a letterhead, a signature or a row of columns, not to prose."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    height: float
    first_word: float
    apart: bool = False


Block = list[Line] | Table


def assembled(content: bytes, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The text of pages that were read one by one."""
    return text_of([page_of(page) for page in json.loads(content)], limits["characters"])


def page_of(said: Mapping[str, Any]) -> Page:
    tables = [_table_of(one) for one in said.get("tables", ())]
    return Page(said["width"], said["height"], [Word(*word) for word in said["words"]], tables)


def _table_of(said: Mapping[str, Any]) -> Table:
    x0, top, x1, bottom = said["box"]
    return Table(x0, top, x1, bottom, tuple(said["edges"]), [[Cell(*cell) for cell in row] for row in said["grid"]])


def text_of(pages: Sequence[Page], most: int) -> dict[str, Any]:
    laid = [_Layout(page) for page in pages]
    mark = next(filter(None, (secrecy.mark(one.raw) for one in laid)), "")
    _drop_repeated(laid)
    text = Text()
    _Joining(text).run(laid)
    found = text.found(most)
    return {**found, "pages": len(pages), "secrecy": mark}


# Rows of a page


class _Layout:
    """One page: its rows, then its lines and tables in reading order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        loose = [word for word in page.words if not any(_within(word, table) for table in page.tables)]
        self.rows = rows_of(loose)
        self.raw = "\n".join(piece.text for row in self.rows for piece in row.pieces)
        if page.tables:
            self.raw += "\n" + "\n".join(cell.text for table in page.tables for row in table.grid for cell in row)

    def blocks(self) -> list[Block]:
        """Runs of lines, and tables, from the top to the bottom."""
        found: list[Block] = []
        rows = list(self.rows)
        for table in sorted(self.page.tables, key=lambda one: one.top):
            above = [row for row in rows if row.top < table.top]
            rows = [row for row in rows if row.top >= table.top]
            found += [_ordered(above, self.page.width), table]
        return [block for block in [*found, _ordered(rows, self.page.width)] if block]


def _within(word: Word, table: Table) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return table.x0 <= x <= table.x1 and table.top <= y <= table.bottom


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Words side by side belong to one row when they overlap by half of their height."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda one: (one.top + one.bottom, one.x0)):
        for row in reversed(rows[-4:]):
            if _beside(row, word):
                row.words.append(word)
                break
        else:
            rows.append(Row([word]))
    for row in rows:
        row.words.sort(key=lambda one: one.x0)
        row.pieces = list(_pieces(row))
    return sorted(rows, key=lambda row: (row.top + row.bottom, row.x0))


def _beside(row: Row, word: Word) -> bool:
    """Measured against the nearest word of the row, so that a page that lies askew does no harm."""
    near = min(row.words[-12:], key=lambda one: max(one.x0 - word.x1, word.x0 - one.x1))
    over = min(near.bottom, word.bottom) - max(near.top, word.top)
    return over > 0.5 * min(near.height, word.height)


def _pieces(row: Row) -> Iterator[Piece]:
    held: list[Word] = []
    reach = 0.0
    motto = _motto(row)
    for number, word in enumerate(row.words):
        if held and (word.x0 - reach > SPLIT * row.height or number == motto):
            yield Piece(held)
            held = []
        held.append(word)
        reach = max(reach, word.x1) if len(held) > 1 else word.x1
    yield Piece(held)


_MOTTOES = (("CỘNG", "HÒA", "XÃ"), ("CỘNG", "HOÀ", "XÃ"), ("ĐẢNG", "CỘNG", "SẢN", "VIỆT"), ("Độc", "lập"))


def _motto(row: Row) -> int | None:
    """The word with which the right half of a letterhead begins, where the left half leaves hardly any white."""
    texts = [word.text for word in row.words]
    for number in range(1, len(texts)):
        if texts[number] in ("CỘNG", "ĐẢNG", "Độc") and any(
            texts[number : number + len(one)] == [*one] for one in _MOTTOES
        ):
            gap = row.words[number].x0 - row.words[number - 1].x1
            return number if gap > 0.25 * row.height else None
    if texts[0].startswith("Số") and "ngày" in texts[2:] and "tháng" in texts:
        gaps = [
            (after.x0 - before.x1, n)
            for n, (before, after) in enumerate(zip(row.words, row.words[1:], strict=False), 1)
        ]
        return max(gaps)[1]
    return None


# Columns


_HEADED = (
    "cong hoa xa hoi", "doc lap", "dang cong san viet nam", "noi nhan", "luu:", "luu vt", "tm.", "kt.", "tl.", "tuq.",
    "q. ", "so:",
)  # fmt: skip


def _ordered(rows: Sequence[Row], width: float) -> list[Line]:
    """Lines in the order of reading: where two columns stand side by side, the left one first."""
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        end, gutter = _side_by_side(rows, at)
        if gutter is not None and _is_columned(rows[at:end], gutter, width):
            for right in (False, True):
                lines += [
                    _line(piece, row, True)
                    for row in rows[at:end]
                    for piece in row.pieces
                    if (piece.x0 > gutter) is right
                ]
            at = end
        else:
            lines.append(_row_line(rows[at]))
            at += 1
    return lines


def _side_by_side(rows: Sequence[Row], at: int) -> tuple[int, float | None]:
    """Where a run of rows ends that all leave the same white strip free, and the middle of that strip."""
    strip = _strip(rows, at)
    if strip is None:
        return at + 1, None
    low, high = strip
    end, last_both = at, at
    while end < len(rows):
        row = rows[end]
        left = [piece.x1 for piece in row.pieces if piece.x0 < low]
        right = [piece.x0 for piece in row.pieces if piece.x0 >= low]
        new_low, new_high = max([low, *left]), min([high, *right])
        if new_high - new_low < NARROW * row.height or not _goes_on(rows, end, at, bool(left), bool(right)):
            break
        low, high = new_low, new_high
        last_both = end if left and right else last_both
        end += 1
    return max(end, at + 1), (low + high) / 2


def _strip(rows: Sequence[Row], at: int) -> tuple[float, float] | None:
    """The white between the two pieces of this row, or between it and a row that stands half beside it."""
    row = rows[at]
    if len(row.pieces) == 2:
        return row.pieces[0].x1, row.pieces[1].x0
    if len(row.pieces) == 1:
        for other in rows[at + 1 : at + 3]:
            if len(other.pieces) == 1 and other.top < row.bottom - 0.1 * row.height:
                one, two = sorted((row, other), key=lambda each: each.x0)
                if two.x0 - one.x1 > GUTTER * row.height:
                    return one.x1, two.x0
            elif len(other.pieces) == 2 and other.top - row.bottom < 0.8 * row.height:
                first, second = other.pieces
                if row.x1 < second.x0 - GUTTER * row.height or row.x0 > first.x1 + GUTTER * row.height:
                    return (
                        (max(first.x1, row.x1), second.x0) if row.x1 < second.x0 else (first.x1, min(second.x0, row.x0))
                    )
    return None


def _goes_on(rows: Sequence[Row], end: int, at: int, left: bool, right: bool) -> bool:
    """A row on one side alone belongs to the columns when it follows closely, or stands on the right."""
    if end == at or (left and right):
        return True
    row = rows[end]
    gap = row.top - max(other.bottom for other in rows[max(at, end - 3) : end])
    return gap < (8 if right else 0.7) * row.height


def _is_columned(rows: Sequence[Row], gutter: float, width: float) -> bool:
    """Letterheads and signatures are columns; so is a page printed in two; a list of names and numbers is rows."""
    said = fold("\n".join(row.text for row in rows))
    if any(sign in said for sign in _HEADED):
        return True
    both = [row for row in rows if len(row.pieces) == 2]
    wide = [row for row in both if min(piece.x1 - piece.x0 for piece in row.pieces) > 0.25 * width]
    return len(wide) >= 12 and len(wide) * 2 > len(rows)


def _line(piece: Piece, row: Row, apart: bool) -> Line:
    first = piece.words[0]
    return Line(piece.text, piece.x0, piece.x1, row.top, row.bottom, row.height, first.x1 - first.x0, apart)


def _row_line(row: Row) -> Line:
    first = row.words[0]
    return Line(row.text, row.x0, row.x1, row.top, row.bottom, row.height, first.x1 - first.x0, len(row.pieces) > 1)


# What repeats

_NUMBER = re.compile(r"\W*(trang|page|tr\.?)?\s*\d{1,4}\s*([/|]|of|trên)?\s*\d{0,4}\W*$", re.IGNORECASE)
EDGE = 0.12


def _drop_repeated(pages: Sequence[_Layout]) -> None:
    """Numbers of pages, and lines that stand at the same edge of most pages."""
    for place in (0, -1):
        for _ in range(3):
            if not _drop_edge(pages, place):
                break


def _drop_edge(pages: Sequence[_Layout], place: int) -> bool:
    """Whether anything went: then the next line may be one, too."""
    edges = {number: page.rows[place] for number, page in enumerate(pages) if page.rows and _at_edge(page, place)}
    repeated = Counter(_signed(row.text) for row in edges.values())
    least = len(pages) if len(pages) < 3 else max(3, 0.5 * len(pages))
    gone = False
    for number, row in edges.items():
        alone = len(row.pieces) == 1 and _NUMBER.match(row.text)
        again = len(pages) > 1 and repeated[_signed(row.text)] >= least and _stands_off(pages[number].rows, place)
        if alone or again:
            pages[number].rows.pop(place)
            gone = True
    return gone


def _stands_off(rows: Sequence[Row], place: int) -> bool:
    """A line in the margin keeps away from the text, or is set in other letters; a line of the text does neither."""
    if len(rows) < 4:
        return True
    row, near = (rows[0], rows[1]) if place == 0 else (rows[-1], rows[-2])
    away = near.top - row.bottom if place == 0 else row.top - near.bottom
    usual = median(max(0.0, after.top - before.bottom) for before, after in pairwise(rows))
    other = median(one.height for one in rows)
    return away > max(1.6 * usual, usual + 0.5 * row.height) or abs(row.height - other) > 0.12 * other


def _at_edge(layout: _Layout, place: int) -> bool:
    row, page = layout.rows[place], layout.page
    return row.bottom < EDGE * page.height if place == 0 else row.top > (1 - EDGE) * page.height


def _signed(text: str) -> str:
    return re.sub(r"\d+", "0", fold(text))


# Paragraphs

_MARKED = re.compile(
    r"([-–—+*•▪●○\uf0b7]|\(?\d{1,2}(\.\d{1,2})*[.)]|[a-zđ][.)]|[IVXL]{1,5}[.)]|"
    r"(Điều|Khoản|Chương|Mục|Phần) [\dIVX]+|Căn cứ )"
)
_NUMBERED = re.compile(r"\d{1,2}[.)] |[a-zđ]\) |[IVXL]{1,5}\. ")
_BEFORE_NUMBER = re.compile(
    r"(,|[-–]|\b(mục|khoản|điều|điểm|số|ngày|tháng|năm|phần|quý|và|tiểu mục|tổ|lớp))$", re.IGNORECASE
)
_ENDED = re.compile(r"[.;:!?…]['\"”’)]?$")


class _Joining:
    """Goes through the pages and joins what only the paper's width or its end parted."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.held: list[Line] = []
        self.words = ""
        self.table: Table | None = None
        self.grid: list[list[Cell]] = []

    def run(self, pages: Sequence[_Layout]) -> None:
        for layout in pages:
            for block in layout.blocks():
                if isinstance(block, Table):
                    self._end_line()
                    self._add(block)
                else:
                    self._end_table()
                    margins = _Margins(layout)
                    for line in block:
                        self._take(line, margins)
        self._end_line()
        self._end_table()

    def _add(self, table: Table) -> None:
        """A table at the head of a page with the columns of the one before goes on with it."""
        if self.table is not None and not _same_columns(self.table, table):
            self._end_table()
        self.grid += table.grid
        self.table = table

    def _end_table(self) -> None:
        self.text.table(self.grid)
        self.table, self.grid = None, []

    def _take(self, line: Line, margins: _Margins) -> None:
        if self.held and self._continues(line, margins):
            self.words = glued(self.words, line.text)
            self.held.append(line)
            return
        self._end_line()
        self.held, self.words = [line], line.text

    def _end_line(self) -> None:
        if self.held:
            self.text.line(self.words)
        self.held, self.words = [], ""

    def _continues(self, line: Line, margins: _Margins) -> bool:
        last = self.held[-1]
        if line.apart or last.apart:
            return self._column_continues(last, line)
        turned = line.top < last.top  # on the next page
        if not turned and line.top - last.bottom > 1.6 * line.height:
            return False
        if _is_other_size(last, line) or (
            last.text.isupper() != line.text.isupper() and min(len(last.text), len(line.text)) > 3
        ):
            return False
        if margins.centred(line) and (margins.centred(last) or line.text[:1].islower()):
            return line.text[:1].islower() and not _ENDED.search(last.text)
        full = margins.right - last.x1 < line.first_word + 0.6 * line.height
        if not full:
            return False
        if _MARKED.match(line.text) and (_ENDED.search(last.text) or line.x0 > margins.left + 0.8 * line.height):
            return False
        if _NUMBERED.match(line.text) and not _BEFORE_NUMBER.search(last.text):
            return False
        return self._not_indented(last, line, margins)

    def _not_indented(self, last: Line, line: Line, margins: _Margins) -> bool:
        step = line.height
        if line.x0 <= margins.left + 0.8 * step:
            return True
        if abs(line.x0 - last.x0) <= 0.5 * step:
            return len(self.held) > 1 or not _ENDED.search(last.text)
        hanging = line.x0 > last.x0 and line.x0 - last.x0 < 3 * step and bool(_MARKED.match(last.text))
        return hanging or (line.x0 < last.x0 and not _ENDED.search(last.text))

    def _column_continues(self, last: Line, line: Line) -> bool:
        return (
            last.apart and line.apart and "\t" not in last.text + line.text
            and line.text[:1].islower() and not _ENDED.search(last.text)
            and 0 < line.top - last.top < 2.2 * line.height
        )  # fmt: skip


class _Margins:
    """Between which edges the prose of a page runs."""

    def __init__(self, layout: _Layout) -> None:
        rows = [row for row in layout.rows if len(row.pieces) == 1]
        wide = [row for row in rows if row.x1 - row.x0 > 0.5 * layout.page.width] or rows or layout.rows
        self.left = min(row.x0 for row in wide) if wide else 0.0
        ends = sorted(row.x1 for row in wide)
        self.right = ends[int(0.9 * (len(ends) - 1))] if ends else layout.page.width

    def centred(self, line: Line) -> bool:
        before, after = line.x0 - self.left, self.right - line.x1
        return min(before, after) > 2 * line.height and abs(before - after) < 3 * line.height


def _is_other_size(one: Line, other: Line) -> bool:
    small, large = sorted((one.height, other.height))
    return large > 1.35 * small


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.edges) == len(other.edges) and all(
        abs(a - b) < 6 for a, b in zip(one.edges, other.edges, strict=True)
    )


def glued(before: str, after: str) -> str:
    """Two lines of one paragraph: a number or name broken at its dash or stroke is whole again, as is a broken word."""
    if before.endswith("\u00ad"):
        return before[:-1] + after
    if re.search(r"[^\W\d_]{2}-$", before) and re.match(r"[a-z]{2}", after) and re.search(r"[a-z]{2}-$", before):
        return before[:-1] + after
    if re.search(r"\w[-/]$", before) and re.match(r"\w", after):
        return before + after
    return f"{before} {after}"
