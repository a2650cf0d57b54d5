"""The rows of a file, each with the address of its cells: known column names, or those somebody pointed at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import fold
from giaoban.files import annexes, opening
from giaoban.files.annexes import AnnexRow, Cell, Layout
from giaoban.files.package import column_name

MOST = 2_000
HEADS = 30  # rows looked at for names of columns that were pointed at
SHOWN = 12

# What the columns of a tracking sheet are; patterns as in `annexes`, tried in this order.
_TRACKING_NAMES = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("no", r"(so )?tt|stt|s\.t\.t|so thu tu"),
        ("report", r".*(van ban|so) .*(bao cao|tra loi|ket qua|hoan thanh|tham muu).*|.*bao cao (ket qua|so|ngay).*"),
        ("subject", r".*trich yeu.*|ten van ban.*"),
        (
            "symbol",
            r"(so|so va|van ban)?.*(ky hieu|so hieu|so ngay|so va ngay|so van ban|so vb|van ban giao|vb giao).*",
        ),
        ("issued", r"ngay.*(van ban|ban hanh|vb|giao|ky).*|ngay thang.*"),
        ("issuer", r".*(co quan|noi|don vi) (ban hanh|giao|phat hanh).*|nguoi giao.*|tac gia"),
        ("done", r"ngay (thuc te )?(hoan thanh|xong|bao cao).*|.*hoan thanh thuc te.*"),
        ("state", r".*(tinh trang|trang thai|tinh hinh|tien do thuc hien|muc do hoan thanh).*"),
        ("due", r"(.* )?han( .*)?|.*(thoi gian|tien do).*"),
        ("work", r".*(noi dung|nhiem vu|cong viec).*"),
        ("result", r".*(ket qua|san pham).*"),
        ("partners", r".*phoi hop.*"),
        ("lead", r".*(don vi|co quan|chu tri|thuc hien|phan cong|phong|xa).*"),
        ("note", r"ghi chu.*"),
    )
)
STICKY = frozenset({"symbol", "issued", "subject", "issuer"})
TRACKING = Layout(_TRACKING_NAMES, (frozenset({"symbol"}), frozenset({"work"}), frozenset({"due", "state"})), STICKY)
LAYOUTS = {"annex": annexes.ANNEX, "tracking": TRACKING}
ROLES = {
    "annex": ("no", "work", "lead", "partners", "both", "due", "deliverable", "leader", "note"),
    "tracking": tuple(role for role, _pattern in _TRACKING_NAMES),
}
Remembered = Callable[[str], Mapping[str, int] | None]
"""The columns that were pointed at for a signature of names."""


class NoColumns(Refused):
    """No table of the file bears known names."""

    sentence = sentence(
        "No table of “%(name)s” has the columns of an assignment (work, who leads, by when). Point at them once."
    )
    field = "file"


class TooManyRows(Refused):
    """More rows than one table of tasks has."""

    sentence = sentence("“%(name)s” has more than %(most)s rows; take it in by parts.")
    field = "file"


@dataclass(frozen=True)
class Line:
    """One row of work with where it stands in the file."""

    table: int
    sheet: str
    row: AnnexRow
    columns: Mapping[str, int]
    word: bool = False

    @property
    def key(self) -> str:
        return f"{self.table}.{self.row.at}"

    def at(self, role: str) -> str:
        """The address of a cell of it: D7; of the column that names both where there is none of its own.

        Tables of Word have no addresses: there the row and the column are counted.
        """
        column = self.columns.get(role, self.columns.get("both", self.columns.get("work", 0)))
        if self.word:
            return _("row %(row)s, column %(column)s") % {"row": self.row.at + 1, "column": column + 1}
        return f"{column_name(column)}{self.row.at + 1}"


@dataclass(frozen=True)
class Table:
    """A table as it stands in the file, to be pointed at."""

    number: int
    sheet: str
    grid: list[list[Cell]]

    @property
    def likely_head(self) -> int:
        """The first row in which most of the columns have a name."""
        filled = [sum(bool(cell.text.strip()) for cell in row) for row in self.grid[:HEADS]]
        return filled.index(max(filled)) if filled else 0

    def names(self, head: int) -> list[str]:
        return annexes.names_at(self.grid, head) if head < len(self.grid) else []


@dataclass(frozen=True)
class Opened:
    """All of a file that was looked at."""

    name: str
    lines: list[Line]
    tables: list[Table]

    @property
    def marks(self) -> bool:
        """Whether a copy with marks can be made of it."""
        return not _is_word(self.name)


def _is_word(name: str) -> bool:
    return PurePath(name).suffix.lower() in (".docx", ".dotx")


def opened(name: str, content: bytes, kind: str, remembered: Remembered = lambda signature: None) -> Opened:
    """The rows of work of every table of the file that is of the kind."""
    tables = [
        Table(number, sheet, grid)
        for number, (sheet, grid) in enumerate(opening.tables(name, content))
        if len(grid) > 1
    ]
    lines = [
        Line(table.number, table.sheet, row, part.columns, _is_word(name))
        for table in tables
        for part in annexes.parts(annexes.unplaced(table.grid), _layout(table, kind, remembered))
        for row in part.rows
    ]
    if len(lines) > MOST:
        raise TooManyRows(name=name, most=MOST)
    return Opened(name, lines, tables)


def _layout(table: Table, kind: str, remembered: Remembered) -> Layout:
    """What somebody pointed at comes before what is known by name."""
    usual = LAYOUTS[kind]
    for head in range(min(len(table.grid), HEADS)):
        columns = remembered(signature(table.names(head)))
        if columns:
            return Layout(usual.names, usual.needed, usual.sticky, (head, columns))
    return usual


def signature(names: Sequence[str]) -> str:
    """Of the names of the columns, as they are compared between files; "" of what names nothing."""
    words = [" ".join(re.findall(r"\w+", fold(name))) for name in names]
    if sum(bool(one) for one in words) < 3:
        return ""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def guessed(names: Sequence[str], kind: str) -> list[str]:
    """What each column most likely is, "" where nothing is known: a start for whoever points."""
    found: list[str] = []
    for name in names:
        role = LAYOUTS[kind].role(" ".join(re.sub(r"[^\w.]+", " ", fold(name)).split()).strip("."))
        found.append(role if role and role not in found else "")
    return found
