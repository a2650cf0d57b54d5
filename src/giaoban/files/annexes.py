"""Assignment annexes: tables that say who does what by when, under the column names that are usual in Vietnam.

A *grid* is the rows of one table, each a list of cells as they read, with the merged ones said; the *rows* made of it
know where they stand in the text that was made of the same grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from giaoban.core.text import fold


@dataclass(frozen=True)
class AnnexRow:
    """One piece of work of an annex: its cells as written ("nt" replaced by what it repeats), and where it stands."""

    no: str
    work: str
    lead: str
    partners: str
    due: str
    deliverable: str
    leader: str
    start: int
    end: int
    note: str = ""
    section: str = ""
    """The heading row above it, such as "I. Phòng Nội vụ"."""
    work_start: int = 0
    work_end: int = 0
    """Where the words of the work alone stand."""
    at: int = 0
    """Its row in the table, counted from 0."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What further columns say, where a `Layout` names some."""


@dataclass(frozen=True)
class Cell:
    """What a place of a grid reads. `over` marks the further places of a merged cell: down and to the right."""

    text: str = ""
    down: bool = False
    across: bool = False


Grid = Sequence[Sequence[Cell]]


# What the columns are. Patterns are tried in this order on the folded words above a column; the first one names it.

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("no", re.compile(r"(so )?tt|stt|s\.t\.t|so thu tu|muc")),
    ("note", re.compile(r"ghi chu.*")),
    ("both", re.compile(r".*chu tri.*phoi hop.*")),
    ("partners", re.compile(r".*phoi hop.*")),
    ("due", re.compile(r".*(thoi gian|thoi han|tien do|thoi diem|hoan thanh|han xu ly|ngay trinh).*|han")),
    ("work", re.compile(r".*noi dung.*")),
    ("deliverable", re.compile(r".*(san pham|dau ra|ket qua).*")),
    ("lead", re.compile(r".*chu tri.*")),
    ("leader", re.compile(r"(?!.*(don vi|co quan)).*(chi dao|phu trach).*|.*(lanh dao|pho chu tich|thuong truc).*")),
    ("lead", re.compile(r".*(don vi|co quan|dau moi|ca nhan|nguoi|bo phan|to chuc).*")),
    ("work", re.compile(r".*(nhiem vu|cong viec|hoat dong|giai phap|ket luan|de an|chuong trinh|viec).*")),
    ("lead", re.compile(r".*(thuc hien|phan cong|trach nhiem).*")),
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Tables of one kind: the names of their columns, which of them there must be, and which go on when left empty."""

    names: Sequence[tuple[str, re.Pattern[str]]]
    needed: Sequence[frozenset[str]]
    """One of each set at least."""
    sticky: frozenset[str] = frozenset()
    pointed: tuple[int, Mapping[str, int]] | None = None
    """The row of the names and the columns, where somebody pointed at them."""

    def fits(self, columns: Mapping[str, int]) -> bool:
        return len(columns) >= 3 and all(one & columns.keys() for one in self.needed)

    def role(self, name: str) -> str:
        return next((role for role, pattern in self.names if pattern.fullmatch(name)), "")


ANNEX = Layout(_COLUMNS, (frozenset({"work"}), frozenset({"lead", "due"})))


@dataclass(frozen=True)
class Part:
    """The rows below one row of names."""

    head: int
    columns: Mapping[str, int]
    rows: Sequence[AnnexRow]


_SAME = {"nt", "nhu tren", "nhu tren nt", "n t", "n.t", "nhu o tren"}
_DITTO = re.compile(r"[\"'”“″〃´`\s\-–—/]+$")
_LONGEST_HEAD = 90
_NUMBERED = re.compile(r"\(?([0-9]{1,2}|[a-zA-Z])\)?$")
_HIGH_NUMBER = re.compile(r"[IVXLC]+[.)]?$|[A-ZĐ][.)]?$")
_FIELDS = frozenset({"no", "work", "lead", "partners", "both", "due", "deliverable", "leader", "note"})
_ROLES = ("lead", "partners", "both", "due", "deliverable", "leader")
_PARTNERS_SAID = re.compile(r"(?:(?:đơn vị|cơ quan)\s+)?phối hợp(?:\s+với)?\s*:?\s*", re.IGNORECASE)
_LEAD_SAID = re.compile(r"^\W*(?:(?:đơn vị|cơ quan)\s+)?chủ trì\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Placed:
    """A grid whose lines and cells have their places in a text."""

    grid: Grid
    lines: Sequence[tuple[int, int]]
    cells: Sequence[Sequence[tuple[int, int]]]


def understood(placed: Placed) -> list[AnnexRow] | None:
    """The pieces of work of a table; None when its column names are not those of an assignment."""
    found = parts(placed)
    return [row for part in found for row in part.rows] if found else None


def parts(placed: Placed, layout: Layout = ANNEX) -> list[Part]:
    """Each row of names that fits the layout, with the rows below it."""
    found: list[Part] = []
    at = 0
    while at < len(placed.grid):
        head = _head(placed.grid, at, layout)
        if head is None:
            at += 1
            continue
        columns, first = head
        body = _Body(placed, columns, layout)
        before, at = at, body.read(first)
        found.append(Part(before, columns, body.rows))
    return found


def unplaced(grid: Grid) -> Placed:
    """A grid of which only the cells matter, not where they stand in a text."""
    return Placed(grid, [(0, 0)] * len(grid), [[(0, 0)] * len(row) for row in grid])


def names_at(grid: Grid, at: int) -> list[str]:
    """The words above each column, for whoever points at them; two rows of names are said together."""
    row = [cell.text.strip() for cell in _across(grid[at])]
    if at + 1 < len(grid) and _is_second_head(grid[at], grid[at + 1], ANNEX):
        below = [cell.text.strip() for cell in grid[at + 1]]
        below += [""] * (len(row) - len(below))
        row = [" ".join(dict.fromkeys(filter(None, pair))) for pair in zip(row, below, strict=False)]
    return row


def is_annex(grid: Grid) -> bool:
    """Whether some row of it bears the column names of an assignment."""
    return any(_head(grid, at, ANNEX) is not None for at in range(min(len(grid), 12)))


def _head(grid: Grid, at: int, layout: Layout) -> tuple[Mapping[str, int], int] | None:
    """Which column is which, and the first row below the names: they may stand over two rows."""
    if layout.pointed is not None:
        row, pointed = layout.pointed
        two = at + 1 < len(grid) and _is_second_head(grid[at], grid[at + 1], ANNEX)
        return (pointed, at + 1 + two) if at == row else None
    names = [_plain(cell.text) for cell in _across(grid[at])]
    if sum(bool(name) for name in names) < 2 or any(len(name) > _LONGEST_HEAD for name in names):
        return None
    if at + 1 < len(grid) and _is_second_head(grid[at], grid[at + 1], layout):
        below = [_plain(cell.text) for cell in grid[at + 1]]
        columns = _named(names, below + [""] * (len(names) - len(below)), layout)
        if columns is not None:
            return columns, at + 2
    columns = _named(names, [""] * len(names), layout)
    return None if columns is None else (columns, at + 1)


def _across(row: Sequence[Cell]) -> Iterator[Cell]:
    """The row with the text of merged cells in each of their places."""
    before = Cell()
    for cell in row:
        before = replace(cell, text=before.text) if cell.across else cell
        yield before


def _is_second_head(top: Sequence[Cell], row: Sequence[Cell], layout: Layout) -> bool:
    """Names under a name that stands over several columns: the place below "TT" is empty or part of it."""
    wide = any(cell.across for cell in top) or any(
        not one.text and place and top[place - 1].text and other.text
        for place, (one, other) in enumerate(zip(top, row, strict=False))
    )
    texts = [_plain(cell.text) for cell in row if cell.text and not cell.down]
    return (
        wide
        and len(texts) >= 2
        and (not row[0].text or row[0].down)
        and all(len(text) <= 40 for text in texts)
        and any(layout.role(text) for text in texts)
    )


def _named(names: Sequence[str], below: Sequence[str], layout: Layout) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    above = ""
    for place, (name, low) in enumerate(zip(names, below, strict=False)):
        above = name or (above if low else "")
        role = (layout.role(low) if low else "") or layout.role(f"{above} {low}".strip())
        if role == "lead" and role in columns and "chu tri" in f"{above} {low}":
            columns[role] = place
        elif role:
            columns.setdefault(role, place)
    if "both" in columns and "lead" not in columns:
        columns["lead"] = columns["both"]
    return columns if layout.fits(columns) else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w.]+", " ", fold(text)).split()).strip(".")


class _Body:
    """The rows below the names of one table, down to the next names or the end."""

    def __init__(self, placed: Placed, columns: Mapping[str, int], layout: Layout) -> None:
        self.placed, self.columns, self.layout = placed, columns, layout
        self.rows: list[AnnexRow] = []
        self.above: dict[str, str] = {}
        self.section = ""
        self.numbered = False

    def read(self, at: int) -> int:
        """Takes rows from here on and says where it stopped."""
        grid = self.placed.grid
        blank = False
        while at < len(grid) and _head(grid, at, self.layout) is None:
            row = grid[at]
            if not any(cell.text.strip() or cell.down for cell in row):
                blank = True
            elif blank and self.numbered and not any(self._text(one, "no") for one in grid[at : at + 3]):
                return len(grid)  # what stands below the table: who made it, who signs
            elif not _counts_columns(row):
                self._take(at)
                blank = False
            at += 1
        return at

    def _take(self, at: int) -> None:
        row = self.placed.grid[at]
        said = {role: self._said(row, role) for role in self.columns}
        own = {role: text for role in said if (text := self._text(row, role))}
        if self._is_section(at, own):
            self.section = " ".join(filter(None, (cell.text.strip() for cell in row)))
            self.above = {}
            return
        self.above = {role: said.get(role, "") for role in self.columns}
        if not said["work"] or not own.keys() - {"no", "note"} - self.layout.sticky:
            return
        self.numbered = self.numbered or "no" in own
        self.rows.append(self._row(at, said))

    def _row(self, at: int, said: Mapping[str, str]) -> AnnexRow:
        lead, partners = said.get("lead", ""), said.get("partners", "")
        if "both" in self.columns:
            lead, partners = parted(said["both"])
        start, end = self.placed.lines[at]
        work = self._place(at)
        return AnnexRow(
            no=said.get("no", ""),
            work=said["work"],
            lead=lead,
            partners=partners,
            due=said.get("due", ""),
            deliverable=said.get("deliverable", ""),
            leader=said.get("leader", ""),
            start=start,
            end=end,
            note=said.get("note", ""),
            section=self.section,
            work_start=work[0],
            work_end=work[1],
            at=at,
            more={role: text for role, text in said.items() if role not in _FIELDS},
        )

    def _place(self, at: int) -> tuple[int, int]:
        """Where the words of the work stand: in a merged cell, in the row where it begins."""
        column = self.columns["work"]
        while at and self.placed.grid[at][column].down:
            at -= 1
        return self.placed.cells[at][column]

    def _text(self, row: Sequence[Cell], role: str) -> str:
        column = self.columns.get(role)
        return row[column].text.strip() if column is not None and column < len(row) else ""

    def _said(self, row: Sequence[Cell], role: str) -> str:
        """What the cell says, with "nt" and a merged cell above it resolved."""
        column = self.columns[role]
        if column >= len(row):
            return ""
        if row[column].down:
            return self.above.get(role, "")
        text = row[column].text.strip()
        if not text and role in self.layout.sticky:
            return self.above.get(role, "")
        same = _plain(text) in _SAME or (text and _DITTO.match(text) and not text.isspace() and text not in "-–—/")
        return self.above.get(role, "") if same and role not in ("no", "work") else text

    def _is_section(self, at: int, own: Mapping[str, str]) -> bool:
        """A heading among the rows: nobody and no time beside it, and it is merged, numbered higher, or has parts."""
        row = self.placed.grid[at]
        if self.layout.sticky & own.keys():
            return self._is_one_cell(row)
        if any(role in own for role in _ROLES if role in self.columns and self.columns[role] != self.columns["work"]):
            return self._is_one_cell(row)
        if any(row[self.columns[role]].down for role in ("lead", "due") if self.columns.get(role, 99) < len(row)):
            return False
        number = own.get("no", "")
        return self._is_one_cell(row) or bool(_HIGH_NUMBER.match(number)) or self._has_parts(at, number)

    def _is_one_cell(self, row: Sequence[Cell]) -> bool:
        """One text over most of the row."""
        return sum(cell.across for cell in row) >= max(2, len(row) - 3) and sum(bool(cell.text) for cell in row) <= 2

    def _has_parts(self, at: int, number: str) -> bool:
        """The next row is numbered inside this one ("1" and "1.1", "1" and "a"), and has somebody or a time."""
        if at + 1 >= len(self.placed.grid) or not number:
            return False
        after = self.placed.grid[at + 1]
        below = self._text(after, "no")
        whole = number.rstrip(".)")
        inner = below.startswith((f"{whole}.", f"{whole}-")) and below.rstrip(".)") != whole
        lettered = whole.isdecimal() and bool(re.match(r"([a-zđ][.)]?|[-+*•])$", below))
        return (inner or lettered) and any(self._text(after, role) for role in ("lead", "due"))


def _counts_columns(row: Sequence[Cell]) -> bool:
    """The row "(1) (2) (3)" or "A B 1 2" below the names."""
    texts = [cell.text.strip() for cell in row if cell.text.strip()]
    return len(texts) >= 3 and all(_NUMBERED.match(text) for text in texts)


def parted(text: str) -> tuple[str, str]:
    """One cell that names both: "Chủ trì: A; phối hợp: B"."""
    match = _PARTNERS_SAID.search(text)
    if match is None:
        return _LEAD_SAID.sub("", text).strip(" ;,.\n"), ""
    lead, partners = text[: match.start()], text[match.end() :]
    return _LEAD_SAID.sub("", lead).strip(" ;,.(\n"), partners.strip(" ;,.)\n")


def every(tables: Iterable[Placed]) -> list[AnnexRow] | None:
    """The pieces of work of all annexes of a file; None where no table is one."""
    found = [rows for table in tables if (rows := understood(table)) is not None]
    return [row for rows in found for row in rows] if found else None
