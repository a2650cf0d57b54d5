"""A decree as people write it: a CSV or XLSX table, a work to a row (docs/guide/don-vi.md).

Units that stand are written by code, number or name; a unit the decree founds by its name, or by its key where two
share one. Everything that is wrong with the table is said at once, by row and column; rows count as in a spreadsheet.
What the works mean together is checked when the steps are carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from giaoban.core.refusal import Invalid, Refused
from giaoban.core.text import fold
from giaoban.files import tables
from giaoban.orgs import refusals, spelling, written
from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Place,
    Reclassify,
    Recode,
    Rename,
    Reopen,
    Step,
)
from giaoban.orgs.founding import SCHEMES
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, TERRITORY, Kind, Lineage, Snapshot
from giaoban.orgs.spelling import canon

PARENTS = {"dia_ban": TERRITORY, "quan_ly": MANAGEMENT, "chuyen_mon": PROFESSIONAL, "dang": PARTY}
COLUMNS = (
    "viec", "don_vi", "khoa", "thanh", "ty_le", "can_cu", "loai", "cap_tren", "he", "ma", "co_quan", "ten_tat",
    "cach_viet_khac", "thuoc_tinh", "gia_tri", "ghi_chu", *PARENTS,
)  # fmt: skip
NONE = ("khong", "khong co", "-")  # written where something ends: leaves a hierarchy, loses an attribute or a code
SCHEME_OF = {"area": "gso", "school": "moet"}


def steps_from_table(content: bytes, filename: str, on: date) -> list[Step]:
    """The steps of the table, in the order of its rows; units are looked up as of the day."""
    rows = _rows(content, filename)
    reader = Reader(rows, on)
    steps = [step for row in rows for step in reader.steps(row)]
    if reader.faults:
        raise Invalid(list(reader.faults))
    return [*steps, *reader.divisions()]


class Row(dict[str, str]):
    """The cells of a row by column, and its number."""

    def __init__(self, number: int, cells: dict[str, str]) -> None:
        super().__init__(cells)
        self.number = number

    def __missing__(self, column: str) -> str:
        return ""


def _rows(content: bytes, filename: str) -> list[Row]:
    """The first row that holds anything is the head."""
    found = list(enumerate(tables.rows(filename, content), start=1))
    while found and not any(found[0][1]):
        found.pop(0)
    number, cells = found[0]
    head = [fold(cell).replace(" ", "_") for cell in cells]
    faults: list[Refused] = [
        refusals.BadRow(number, refusals.UnknownColumn(column=cell), cell)
        for cell, column in zip(cells, head)
        if column and column not in COLUMNS
    ]
    faults += [refusals.MissingColumn(column=column) for column in ("viec", "don_vi") if column not in head]
    if faults:
        raise Invalid(faults)
    return [Row(number, dict(zip(head, cells))) for number, cells in found[1:] if any(cells)]


class Reader:
    """Turns rows into steps and collects what is wrong with them."""

    def __init__(self, rows: list[Row], on: date) -> None:
        self.on = on
        self.faults: list[refusals.BadRow] = []
        self.keys = {
            canon(text): row["khoa"] or row["don_vi"]
            for row in rows
            if VERBS.get(canon(row["viec"])) is Reader.establish
            for text in (row["don_vi"], row["khoa"])
            if text
        }
        named = ("don_vi", "thanh", "cap_tren", *PARENTS)
        self.units = written.Units({row[column] for row in rows for column in named}, on)
        self.kinds, self.hierarchies, self.attributes = written.kinds(), written.hierarchies(), written.attributes()
        self.parts: dict[int, list[tuple[Place, Fraction | None, str]]] = {}

    def steps(self, row: Row) -> Iterator[Step]:
        verb = VERBS.get(canon(row["viec"]))
        if verb is None:
            known = "thành lập, đổi tên, đổi loại, đổi mã, chuyển, nhập, chia, giải thể, lập lại, thuộc tính"
            self._fault(row, "viec", refusals.UnknownVerb(verb=row["viec"], known=known))
            return
        yield from verb(self, row)

    def divisions(self) -> Iterator[Step]:
        """Parts of one unit stand in several rows; without any share they are equal, and that is said as the basis."""
        for unit, parts in self.parts.items():
            equal = all(share is None for _, share, _ in parts)
            for place, share, basis in parts:
                even = Fraction(1, len(parts))
                yield Become(unit, place, even if equal else share or Fraction(0), Lineage.EQUAL if equal else basis)

    # Cells

    def _fault(self, row: Row, column: str, fault: Refused) -> None:
        self.faults.append(refusals.BadRow(row.number, fault, column))

    def _needed(self, row: Row, column: str) -> str:
        if not row[column]:
            self._fault(row, column, refusals.EmptyCell(verb=row["viec"]))
        return row[column]

    def _unit(self, row: Row, column: str = "don_vi") -> int | None:
        if not self._needed(row, column):
            return None
        found = self.units.find(row[column])
        if isinstance(found, int):
            return found
        self._fault(row, column, found)
        return None

    def _place(self, row: Row, column: str) -> Place | None:
        """A unit the decree founds comes before one of the same name that stands already."""
        return self.keys.get(canon(row[column])) or self._unit(row, column)

    def _kind(self, row: Row) -> Kind | None:
        text = self._needed(row, "loai")
        found = self.kinds.get(canon(text))
        if text and found is None:
            self._fault(row, "loai", refusals.UnknownKind(kind=text))
        return found

    def _hierarchies(self, row: Row) -> list[str]:
        """Written ones, else where an area stands: what contains it also directs it."""
        found = []
        for text in filter(None, (part.strip() for part in row["he"].split(";"))):
            if code := self.hierarchies.get(canon(text)):
                found.append(code)
            else:
                self._fault(row, "he", refusals.UnknownHierarchy(hierarchy=text))
        return found if row["he"] else [TERRITORY, MANAGEMENT]

    def _above(self, row: Row) -> dict[str, Place | None]:
        """{hierarchy: the unit above}; None where the cell says that there is none."""
        found: dict[str, Place | None] = {}
        columns = [("cap_tren", self._hierarchies(row))] if row["cap_tren"] else []
        columns += [(column, [code]) for column, code in PARENTS.items() if row[column]]
        for column, codes in columns:
            place = None if canon(row[column]) in NONE else self._place(row, column)
            found.update(dict.fromkeys(codes, place))
        return found

    def _attribute(self, row: Row) -> tuple[str, str] | None:
        text = self._needed(row, "thuoc_tinh")
        found = self.attributes.get(canon(text))
        if text and found is None:
            self._fault(row, "thuoc_tinh", refusals.UnknownAttribute(attribute=text))
        value = self._needed(row, "gia_tri")
        if found is None or not value:
            return None
        code = "" if canon(value) in NONE else written.value_of(found, value)
        if code and code not in found.values:
            known = ", ".join(found.values)
            self._fault(row, "gia_tri", refusals.UnknownValue(value=value, attribute=found.name, known=known))
        return found.code, code

    def _share(self, row: Row) -> Fraction | None:
        text = row["ty_le"].replace(",", ".").replace(" ", "")
        try:
            return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1) if text else None
        except (ValueError, ZeroDivisionError):
            self._fault(row, "ty_le", refusals.BadShare(share=row["ty_le"]))
            return None

    # Works

    def establish(self, row: Row) -> Iterator[Step]:
        name, kind, above = self._needed(row, "don_vi"), self._kind(row), self._above(row)
        marked = self._attribute(row) if row["thuoc_tinh"] or row["gia_tri"] else None
        if not name or kind is None:
            return
        body = spelling.governing_body(name) if kind.family == "area" else ""
        yield Establish(
            key=row["khoa"] or name,
            kind=kind.code,
            name=name,
            body_name=row["co_quan"] or body,
            short_name=row["ten_tat"],
            parents={code: place for code, place in above.items() if place is not None},
            codes=dict(_codes(row["ma"], kind.family)),
            attributes=dict([marked]) if marked else {},
            aliases=tuple(text.strip() for text in row["cach_viet_khac"].split(";") if text.strip()),
        )

    def rename(self, row: Row) -> Iterator[Step]:
        unit, name = self._unit(row), self._needed(row, "thanh")
        if unit is not None and name:
            body = spelling.governing_body(name) if self._family(unit) == "area" else ""
            yield Rename(unit, name, row["co_quan"] or body, row["ten_tat"])

    def reclassify(self, row: Row) -> Iterator[Step]:
        unit, kind = self._unit(row), self._kind(row)
        if unit is not None and kind is not None:
            yield Reclassify(unit, kind.code)

    def recode(self, row: Row) -> Iterator[Step]:
        unit, text = self._unit(row), self._needed(row, "ma")
        if unit is not None and text:
            for scheme, code in _codes(text, self._family(unit)):
                yield Recode(unit, scheme, "" if canon(code) in NONE else code)

    def move(self, row: Row) -> Iterator[Step]:
        unit, above = self._unit(row), self._above(row)
        if not above and not row["cap_tren"]:
            self._needed(row, "cap_tren")
        if unit is not None:
            yield from (Move(unit, code, place) for code, place in above.items())

    def merge(self, row: Row) -> Iterator[Step]:
        unit = self._unit(row)
        place = self._place(row, "thanh")
        if unit is not None and place is not None:
            yield Become(unit, place)

    def divide(self, row: Row) -> Iterator[Step]:
        unit, share = self._unit(row), self._share(row)
        place = self._place(row, "thanh")
        basis = written.BASES.get(canon(row["can_cu"])) if row["can_cu"] else Lineage.DECIDED
        if basis is None:
            self._fault(row, "can_cu", refusals.UnknownBasis(basis=row["can_cu"]))
        elif unit is not None and place is not None:
            self.parts.setdefault(unit, []).append((place, share, basis))
        yield from ()

    def close(self, row: Row) -> Iterator[Step]:
        if (unit := self._unit(row)) is not None:
            yield Close(unit)

    def reopen(self, row: Row) -> Iterator[Step]:
        unit, above = self._unit(row), self._above(row)
        if unit is not None:
            yield Reopen(unit, {code: place for code, place in above.items() if place is not None})

    def mark(self, row: Row) -> Iterator[Step]:
        unit, marked = self._unit(row), self._attribute(row)
        if unit is not None and marked:
            yield Mark(unit, *marked)

    def _family(self, unit: int) -> str:
        row = Snapshot.objects.filter(unit=unit, start__lte=self.on, end__gt=self.on).select_related("kind").first()
        return row.kind.family if row else ""


def _codes(text: str, family: str) -> Iterator[tuple[str, str]]:
    """`99003`, `moet:99001003`, several with a semicolon; without a scheme it is the one usual for such a unit."""
    for part in filter(None, (part.strip() for part in text.split(";"))):
        scheme, colon, code = part.partition(":")
        yield (scheme, code.strip()) if colon and scheme in SCHEMES else (SCHEME_OF.get(family, "giaoban"), part)


VERBS: dict[str, Callable[[Reader, Row], Iterator[Step]]] = {
    canon(text): work
    for work, texts in {
        Reader.establish: ("thành lập", "thành lập mới"),
        Reader.rename: ("đổi tên",),
        Reader.reclassify: ("đổi loại", "chuyển loại"),
        Reader.recode: ("đổi mã",),
        Reader.move: ("chuyển", "chuyển về"),
        Reader.merge: ("nhập", "sáp nhập", "hợp nhất"),
        Reader.divide: ("chia", "tách", "chia tách"),
        Reader.close: ("giải thể", "kết thúc", "đóng"),
        Reader.reopen: ("lập lại", "mở lại"),
        Reader.mark: ("thuộc tính", "công nhận"),
    }.items()
    for text in texts
}
