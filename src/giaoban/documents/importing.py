"""A register out of a file: the XLSX, XLS, ODS or CSV that văn thư systems write, with their usual columns.

First it is tried: everything is registered and taken back again, so that what the trial says is what will happen. A row
that the register has already is left alone, so the same file a second time changes nothing.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import fold
from giaoban.documents import actions
from giaoban.documents.models import Direction, Urgency
from giaoban.documents.sending import require_register
from giaoban.files import grids
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people.refusals import sentences

MOST = 5000
HEADS = 12  # rows looked at for the names of columns

# What each column is called, folded; the longer names first where one holds the other.
COLUMNS: dict[str, tuple[str, ...]] = {
    "arrival_number": ("so den",),
    "received_on": ("ngay den", "ngay nhan"),
    "symbol": ("so ky hieu", "so va ky hieu", "so/ky hieu", "so, ky hieu", "so hieu", "so van ban", "so kh"),
    "issued_on": ("ngay van ban", "ngay ban hanh", "ngay thang van ban", "ngay vb", "ngay thang", "ngay ky"),
    "issuer_text": ("co quan ban hanh", "don vi ban hanh", "tac gia", "noi ban hanh", "noi gui", "co quan gui"),
    "subject": ("trich yeu", "ten loai va trich yeu", "noi dung"),
    "signer": ("nguoi ky",),
    "signer_title": ("chuc vu",),
    "reply_due_on": ("han xu ly", "han giai quyet", "thoi han giai quyet", "han tra loi", "thoi han"),
    "urgency": ("do khan", "muc do khan"),
    "secrecy": ("do mat", "muc do mat"),
    "recipients_text": ("noi nhan",),
    "pages": ("so trang", "so to"),
    "copies": ("so luong ban", "so ban"),
    "language": ("ngon ngu",),
    "case_code": ("ma ho so", "ho so so"),
    "case_ordinal": ("so thu tu trong ho so", "stt trong ho so"),
    "remark": ("ghi chu",),
}
NEEDED = ("symbol", "issued_on", "subject")
LONGEST = {"issuer_text": 200, "signer": 100, "signer_title": 100, "language": 30, "case_code": 60, "remark": 500}
DAYS = {"received_on", "issued_on", "reply_due_on"}
COUNTS = {"arrival_number", "pages", "copies", "case_ordinal"}
PLAIN_MARKS = {"", "thuong", "khong", "binh thuong"}  # what stands in the columns of marks where there is none
URGENCIES = {"khan": Urgency.URGENT, "thuong khan": Urgency.VERY_URGENT, "hoa toc": Urgency.EXPRESS}
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})")
EXCEL = date(1899, 12, 30)


class NoColumns(Refused):
    sentence = sentence(
        "No row names the columns. The file needs at least “Số, ký hiệu”, “Ngày văn bản” and “Trích yếu”."
    )
    field = "file"


class TooLong(Refused):
    sentence = sentence("The file has more than %(most)s documents; take it in by parts, such as year by year.")
    field = "file"


class NoDay(Refused):
    sentence = sentence("“%(text)s” is not a day; write 05/01/2026.")


@dataclass(frozen=True)
class Fault:
    """A row that could not be entered, by its number in the file."""

    row: int
    words: str


@dataclass
class Taken:
    """What became of the rows."""

    entered: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.entered + self.known + len(self.faults)


class _Tried(Exception):
    """Takes the trial back."""


def rows_of(name: str, content: bytes) -> list[tuple[int, dict[str, Any]]]:
    """(row in the file, what its known columns say) of every row below the names of the columns."""
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as kept:
        kept.write(content)
        kept.flush()
        path = Path(kept.name)
        sheet = grids.sheets(name, path)[0].name
        grid = grids.grid(name, path, sheet, most=MOST + HEADS).rows
    head, columns = _columns(grid)
    found = []
    for number, row in enumerate(grid[head + 1 :], head + 2):
        said = {column: row[at] for column, at in columns.items() if at < len(row) and row[at] not in ("", None)}
        if "symbol" in said or "subject" in said:
            found.append((number, said))
    if len(found) > MOST:
        raise TooLong(most=MOST)
    return found


def take_in(
    *, by: Actor, at: datetime, unit_id: int, direction: str, name: str, content: bytes, trial: bool = False
) -> Taken:
    """Enter every row of the file in the unit's register; with `trial` only say what would happen."""
    taken = Taken()
    try:
        with writing(by=by, at=at, verb="document.import", unit_id=unit_id) as entry:
            require_register(by, unit_id, direction, timezone.localdate(at))
            for number, said in rows_of(name, content):
                _enter(taken, number, said, by=by, at=at, unit_id=unit_id, direction=direction)
            if trial:
                raise _Tried()
            entry.data |= {"file": name[-255:], "entered": taken.entered, "known": taken.known}
            entry.data["faults"] = len(taken.faults)
            entry.skip = not taken.entered
    except _Tried:
        pass
    return taken


def _enter(
    taken: Taken, number: int, said: dict[str, Any], *, by: Actor, at: datetime, unit_id: int, direction: str
) -> None:
    try:
        line = _line(said)
        line.setdefault("issuer_text", "")
        if direction == Direction.OUT:
            line.pop("received_on", None)
            line.pop("arrival_number", None)
        actions.register(by=by, at=at, owner_id=unit_id, direction=direction, **line)
    except (NotAllowed, actions.Secret):
        raise  # a file with a marked document in it is not kept here at all
    except actions.Duplicate:
        taken.known += 1
    except Refused as refused:
        taken.faults.append(Fault(number, " ".join(sentences(refused))))
    else:
        taken.entered += 1
        taken.symbols.append(line["symbol"])


def _line(said: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `register` out of one row."""
    for name in NEEDED:
        if name not in said:
            raise actions.Required(field=name)
    line: dict[str, Any] = {}
    for name, value in said.items():
        if name in DAYS:
            line[name] = _day(value)
        elif name in COUNTS:
            digits = re.sub(r"\D", "", str(int(value)) if isinstance(value, float) else str(value))
            line[name] = int(digits) if digits else None
        elif name == "urgency":
            line[name] = URGENCIES.get(fold(str(value)).strip(), Urgency.NORMAL).value
        elif name == "secrecy":
            line[name] = "" if fold(str(value)).strip() in PLAIN_MARKS else str(value)
        else:
            line[name] = " ".join(str(value).split())
    line["symbol"] = re.sub(r"^(số|so)\s*:?\s*", "", line["symbol"], flags=re.IGNORECASE)
    line["subject"] = line["subject"][:500]
    for name, most in LONGEST.items():
        if name in line:
            line[name] = line[name][:most]
    return line


def _day(value: Any) -> date:
    """A day as people write it, as a database writes it, or as Excel counts it."""
    if isinstance(value, (int, float)) and 20_000 < value < 80_000:
        return EXCEL + timedelta(days=int(value))
    match = DAY.search(str(value))
    try:
        if match and match[1]:
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match:
            return date(int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        pass
    raise NoDay(text=str(value))


def _columns(grid: list[Any]) -> tuple[int, dict[str, int]]:
    """The row that names the columns, and where each is."""
    for at, row in enumerate(grid[:HEADS]):
        named: dict[str, int] = {}
        for column, cell in enumerate(row):
            said = " ".join(fold(str(cell)).split())
            kind = _kind(said)
            if kind and kind not in named:
                named[kind] = column
        if all(name in named for name in NEEDED):
            return at, named
    raise NoColumns()


def _kind(said: str) -> str:
    """Which column a heading names: the longest of its names that the heading begins with."""
    fits = [(len(name), kind) for kind, names in COLUMNS.items() for name in names if said.startswith(name)]
    return max(fits)[1] if fits else ""
