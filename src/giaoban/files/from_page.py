"""A web page taken apart: its blocks on lines of their own, its assignment tables row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

from giaoban.files import annexes, opening
from giaoban.files.annexes import Cell
from giaoban.files.laying import Text


def opened(content: bytes, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a page: list items with a dash, no scripts, styles or head."""
    reader = _Page()
    reader.feed(_decoded(content))
    reader.close()
    reader.flush()
    return reader.text.found(limits["characters"])


def _decoded(content: bytes) -> str:
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


MOST_SPAN, MOST_CELLS = 100, 200_000


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = Text()
        self.pieces: list[str] = []
        self.silent: list[str] = []
        self.tables: list[tuple[int, _Table]] = []
        """The tables that are open, each with the piece at which it begins."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        elif tag == "body":
            self.silent.clear()
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in ("td", "th"):
            self.pieces.append("\t")
            self._in_table(lambda table: table.cell(dict(attrs)))
        elif tag in BLOCKS:
            self.pieces.append("\n")
            if tag == "table":
                self.tables.append((len(self.pieces), _Table()))
            elif tag == "tr":
                self._in_table(_Table.row)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in BLOCKS:
            self.pieces.append("\n")
            if tag == "table" and self.tables:
                self._end_table()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            said = re.sub(r"\s+", " ", data)
            self.pieces.append(said)
            self._in_table(lambda table: table.words.append(said))

    def _in_table(self, do: Callable[[_Table], object]) -> None:
        if self.tables and not self.silent:
            do(self.tables[-1][1])

    def _end_table(self) -> None:
        """An assignment table is laid down row by row; any other stays the lines it was."""
        begun, table = self.tables.pop()
        grid = table.grid()
        if not self.tables and annexes.is_annex(grid):
            del self.pieces[begun:]
            self.flush()
            self.text.table(grid)

    def flush(self) -> None:
        lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(self.pieces).split("\n"))
        self.pieces = []
        said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        if said:
            self.text.line(said)


class _Table:
    """Cells as they come, each put where earlier ones that reach over rows and columns leave a place."""

    def __init__(self) -> None:
        self.rows: list[dict[int, Cell]] = []
        self.later: dict[int, dict[int, Cell]] = {}
        self.at: tuple[int, int] | None = None
        self.words: list[str] = []
        self.count = 0

    def row(self) -> None:
        self._end_cell()
        self.rows.append(self.later.pop(len(self.rows), {}))

    def cell(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        if not self.rows:
            self.row()
        row, down, across = self.rows[-1], _span(given.get("rowspan")), _span(given.get("colspan"))
        self.count += down * across
        if self.count > MOST_CELLS:
            raise opening.UnpacksTooLarge(name="")
        column = next(place for place in range(len(row) + 1) if place not in row)
        self.at = (len(self.rows) - 1, column)
        for low in range(down):
            target = row if not low else self.later.setdefault(len(self.rows) - 1 + low, {})
            target |= {column + n: Cell(down=bool(low), across=bool(n)) for n in range(across)}

    def grid(self) -> list[list[Cell]]:
        self._end_cell()
        width = max((max(row, default=-1) + 1 for row in self.rows), default=0)
        return [[row.get(place, Cell()) for place in range(width)] for row in self.rows]

    def _end_cell(self) -> None:
        if self.at is not None:
            row, column = self.at
            self.rows[row][column] = Cell(" ".join("".join(self.words).split()))
        self.at = None
        self.words = []


def _span(text: str | None) -> int:
    return max(1, min(int(text), MOST_SPAN)) if text and text.isdecimal() and len(text) < 5 else 1
