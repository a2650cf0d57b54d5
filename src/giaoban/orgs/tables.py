"""Units in a table: a CSV file whose rows become foundings, with every fault named by row and column.

Columns are Vietnamese without marks, as administrators fill them (docs/guide/don-vi.md); `loai` and `ten` are needed.
The unit above is written by its code, of any scheme, or as "scheme:code". Rows count as in a spreadsheet: the head is
row 1.
"""

from __future__ import annotations

import csv
import io
from datetime import date

from giaoban.core.refusal import Invalid, Refused
from giaoban.core.text import nfc
from giaoban.orgs import refusals
from giaoban.orgs.founding import SCHEMES, Founding
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, TERRITORY, Kind
from giaoban.orgs.queries import by_code
from giaoban.orgs.spelling import canon

FIRST_ROW = 2
COLUMNS = {  # what verbs call it → how the column is headed
    "kind": "loai",
    "name": "ten",
    "body_name": "co_quan",
    "short_name": "ten_tat",
    "aliases": "cach_viet_khac",
    "codes": "ma_truong",
}
CODES = {"moet": "ma_truong", "gso": "ma_thong_ke", "giaoban": "ma_rieng"}
PARENTS = {TERRITORY: "dia_ban", MANAGEMENT: "quan_ly", PROFESSIONAL: "chuyen_mon", PARTY: "dang"}
NEEDED = ("loai", "ten")


def foundings(content: bytes, on: date) -> list[Founding]:
    """The rows of the file; parents are looked up as of the day."""
    parents = _Parents(on)
    kinds = _kinds()
    found: list[Founding] = []
    faults: list[Refused] = []
    for number, row in enumerate(_rows(content), start=FIRST_ROW):
        above: dict[str, int] = {}
        for hierarchy, column in PARENTS.items():
            written = row.get(column, "")
            unit = parents.find(written) if written else None
            if unit is not None:
                above[hierarchy] = unit
            elif written:
                fault = refusals.UnknownCode(code=written, day=on)
                faults.append(refusals.BadRow(number, fault, column))
        found.append(_founding(row, kinds, above))
    if faults:
        raise Invalid(faults)
    return found


def _founding(row: dict[str, str], kinds: dict[str, str], above: dict[str, int]) -> Founding:
    others = row.get("cach_viet_khac", "").split(";")
    return Founding(
        kind=kinds.get(canon(row["loai"]), row["loai"]),
        name=row["ten"],
        body_name=row.get("co_quan", ""),
        short_name=row.get("ten_tat", ""),
        parents=above,
        codes={scheme: row[column] for scheme, column in CODES.items() if row.get(column)},
        aliases=tuple(text.strip() for text in others if text.strip()),
    )


def _kinds() -> dict[str, str]:
    """How a kind may be written → its code: the code itself, the name or the abbreviation."""
    found: dict[str, str] = {}
    for code, name, short in Kind.objects.values_list("code", "name", "short"):
        found.update({canon(written): code for written in (code, name, short) if written})
    return found


def _rows(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""))
        head = [name.strip() for name in table.fieldnames or []]
        rows = [[nfc(cell or "").strip() for cell in row.values()] for row in table]
    except (UnicodeDecodeError, csv.Error, TypeError) as error:  # a list where a row is longer than the head
        raise refusals.NotATable() from error
    for column in NEEDED:
        if column not in head:
            raise refusals.MissingColumn(column=column)
    return [dict(zip(head, row)) for row in rows if any(row)]


class _Parents:
    """Units by the code written in a cell, each looked up once."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.found: dict[str, int | None] = {}

    def find(self, written: str) -> int | None:
        if written not in self.found:
            scheme, colon, code = written.partition(":")
            wanted = [(scheme, code)] if colon else [(one, written) for one in SCHEMES]
            units = (by_code(code, self.on, scheme) for scheme, code in wanted)
            self.found[written] = next((unit.pk for unit in units if unit is not None), None)
        return self.found[written]
