"""What an official document consists of (NĐ 30/2020/NĐ-CP, Điều 8 and Phụ lục I), without saying how it looks.

A report builds an `OfficialDocument` once; `docx.write` prints it and a page shows the same blocks, so the two cannot
say different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

LEFT, CENTRE, RIGHT = "left", "centre", "right"


@dataclass(frozen=True)
class Part:
    """Phần or Chương: word with its number, the title below it, both centred (Phụ lục I, Mục II.6)."""

    number: str
    title: str
    word: str = "Phần"


@dataclass(frozen=True)
class Heading:
    """A heading inside the text: level 1 `I.`, level 2 `1.`, level 3 `a)`."""

    level: int
    number: str
    title: str

    @property
    def text(self) -> str:
        mark = f"{self.number})" if self.level == 3 else f"{self.number}."
        return f"{mark} {self.title}"


@dataclass(frozen=True)
class Article:
    """Điều: number and title in one bold line."""

    number: int
    title: str

    @property
    def text(self) -> str:
        return f"Điều {self.number}. {self.title}"


@dataclass(frozen=True)
class Paragraph:
    """Running text. A paragraph with a `slot` may be rewritten by a person before the document is issued."""

    text: str
    slot: str = ""
    italic: bool = False


@dataclass(frozen=True)
class Bullet:
    """One line of a list, opened by a dash as administrative documents do."""

    text: str


@dataclass(frozen=True)
class Column:
    title: str
    width_mm: int
    align: str = LEFT


@dataclass(frozen=True)
class Table:
    """Rows of text already written in Vietnamese form. `strong` lists the rows set in bold (totals, groups).

    `across` lists those whose first text stands over all columns: the headings among the rows.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    strong: frozenset[int] = frozenset()
    across: frozenset[int] = frozenset()


Block = Part | Heading | Article | Paragraph | Bullet | Table


@dataclass(frozen=True)
class Annex:
    """Phụ lục: a page of its own, numbered on its own; lies across the page where its table is wide."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Signature:
    """Quyền hạn, chức vụ and name of who signs: ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "Nguyễn Văn A"."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class OfficialDocument:
    """The nine compulsory components of Điều 8 khoản 2; what is not yet known (number, day) prints as space to fill."""

    issuer: str
    symbol: str
    place: str
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    parent_issuer: str = ""
    number: int | None = None
    issued_on: date | None = None
    year: int | None = None
    bases: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    beside: Signature | None = None
    """Who signs on the left: minutes are signed by the secretary and by the chair (Phụ lục III, Mẫu 1.9)."""

    @property
    def number_line(self) -> str:
        """`Số: 05/BC-UBND`: a number below ten takes a leading zero (Phụ lục I, Mục II.3)."""
        number = "        " if self.number is None else f"{self.number:02d}"
        return f"Số: {number}/{self.symbol}"

    @property
    def date_line(self) -> str:
        """Place and day: days below 10 and the months 1 and 2 take a leading zero (Phụ lục I, Mục II.4).

        Without a place there is no such line: minutes say the time in their text (Phụ lục III, Mẫu 1.9).
        """
        day = self.issued_on
        if not self.place:
            return ""
        if day is None:
            return f"{self.place}, ngày      tháng      năm {self.year or ''}".rstrip()
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{self.place}, ngày {day.day:02d} tháng {month} năm {day.year}"


_BLOCKS: dict[str, type] = {kind.__name__: kind for kind in (Part, Heading, Article, Paragraph, Bullet, Table)}


def to_json(document: OfficialDocument) -> dict[str, Any]:
    """The document as plain data that can be kept and read again."""
    kept = asdict(document)
    kept["issued_on"] = document.issued_on.isoformat() if document.issued_on else None
    kept["blocks"] = [_block_to_json(block) for block in document.blocks]
    kept["annexes"] = [
        {**asdict(annex), "blocks": [_block_to_json(block) for block in annex.blocks]} for annex in document.annexes
    ]
    return kept


def from_json(kept: Mapping[str, Any]) -> OfficialDocument:
    day = kept["issued_on"]
    return OfficialDocument(
        **{
            **kept,
            "issued_on": date.fromisoformat(day) if day else None,
            "blocks": tuple(_block_from_json(block) for block in kept["blocks"]),
            "annexes": tuple(
                Annex(**{**annex, "blocks": tuple(_block_from_json(block) for block in annex["blocks"])})
                for annex in kept["annexes"]
            ),
            "signature": _signature_from_json(kept["signature"]),
            "beside": _signature_from_json(kept["beside"]) if kept.get("beside") else None,
            **{name: tuple(kept[name]) for name in ("recipients", "bases", "addressees")},
        }
    )


def _signature_from_json(kept: Mapping[str, Any]) -> Signature:
    return Signature(tuple(kept["lines"]), kept["name"])


def _block_to_json(block: Block) -> dict[str, Any]:
    kept = {"block": type(block).__name__, **asdict(block)}
    if isinstance(block, Table):
        kept["strong"], kept["across"] = sorted(block.strong), sorted(block.across)
    return kept


def _block_from_json(kept: Mapping[str, Any]) -> Block:
    fields = {name: value for name, value in kept.items() if name != "block"}
    if kept["block"] == Table.__name__:
        fields["columns"] = tuple(Column(**column) for column in fields["columns"])
        fields["rows"] = tuple(tuple(row) for row in fields["rows"])
        fields["strong"] = frozenset(fields["strong"])
        fields["across"] = frozenset(fields.get("across", ()))
    made: Block = _BLOCKS[kept["block"]](**fields)
    return made


def text_of(document: OfficialDocument) -> str:
    """The document as running text, for the register and for search."""
    lines = [document.number_line, document.date_line, document.kind.upper(), document.subject, *document.bases]
    for block in document.blocks:
        lines += _lines_of(block)
    for annex in document.annexes:
        lines += [f"Phụ lục {annex.number}".strip(), annex.title]
        lines += [line for block in annex.blocks for line in _lines_of(block)]
    return "\n".join(line for line in lines if line)


def _lines_of(block: Block) -> list[str]:
    match block:
        case Part():
            return [f"{block.word} {block.number}", block.title.upper()]
        case Bullet():
            return [f"- {block.text}"]
        case Table():
            rows = [tuple(column.title for column in block.columns), *block.rows]
            return [block.caption, *(" | ".join(row) for row in rows), block.note]
        case _:
            return [block.text]
