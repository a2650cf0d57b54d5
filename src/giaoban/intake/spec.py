"""What was pointed at: where head and body lie, what each column holds, and what every label means. Plain data.

A figure of a table has a unit, a period and a *label*: the words of its section, of its line's variable columns and of
its column's head, without the period. What a label means (which cell of the catalogue, in which kind of period, times
how much) is said once for the label, wherever the figures stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from giaoban.core.period import Kind
from giaoban.core.text import fold
from giaoban.intake import cells

NAME, CODE, PLACE, PERIOD, VARIABLE, VALUE, COUNT, FLAG, IGNORE = (
    "name", "code", "place", "period", "variable", "value", "count", "flag", "ignore",
)  # fmt: skip
ROLES = (NAME, CODE, PLACE, PERIOD, VARIABLE, VALUE, COUNT, FLAG, IGNORE)
DATA, SECTION, TOTAL, SKIP = "data", "section", "total", "skip"
LINES = (DATA, SECTION, TOTAL, SKIP)
FIGURE, SUM, LEAVE = "figure", "sum", "leave"
USES = (FIGURE, SUM, LEAVE)
JOIN = " › "
LABEL = 300


@dataclass(frozen=True)
class Column:
    role: str = IGNORE
    label: str = ""
    period: str = ""  # as the head writes it: "Sơ bộ 2017"

    @property
    def said(self) -> cells.Said | None:
        return cells.said(self.period) if self.period else None


@dataclass(frozen=True)
class Meant:
    """What a label means. `use`: a figure to keep, a printed sum of other labels (compared, not kept), or left out.

    `factor` is a number, or by year: "1000 đến 2014; 1" for a table that prints thousands until 2014.
    """

    use: str = LEAVE
    cell: str = ""
    kind: str = ""
    factor: str = ""
    new: str = ""  # the name of an element to be defined for it

    def times(self, year: int) -> Decimal:
        return next(factor for last, factor in factors(self.factor) if last is None or year <= last)

    @property
    def sums(self) -> str:
        """The name whose cells a printed sum adds up."""
        return self.cell


class BadFactor(ValueError):
    """The factor is not written as it can be read."""


def factors(text: str) -> list[tuple[int | None, Decimal]]:
    """[(last year, factor) …]; the last one has no year."""
    found: list[tuple[int | None, Decimal]] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = re.fullmatch(r"([\d.,]+)(?:\s*(?:den|đến|until|to|->|→|-)\s*(\d{4}))?", part.casefold())
        try:
            factor = cells.number(match[1], cells.VIETNAMESE) if match else Decimal(0)
        except (cells.NotANumber, InvalidOperation):
            factor = Decimal(0)
        if match is None or factor <= 0:
            raise BadFactor(text)
        found.append((int(match[2]) if match[2] else None, factor))
    if not found or found[-1][0] is not None:
        found.append((None, Decimal(1)))
    if any(last is None for last, _ in found[:-1]):
        raise BadFactor(text)
    return found


@dataclass(frozen=True)
class Spec:
    """How one worksheet is read. Rows and columns are counted from 0; `last` is the last row of the body."""

    head: tuple[int, ...] = ()
    first: int = 0
    last: int = -1
    columns: tuple[Column, ...] = ()
    rows: Mapping[int, str] = field(default_factory=dict)
    period: str = ""
    kind: str = Kind.SCHOOL_YEAR_START.value
    label: str = ""  # what the whole table is about, where heads do not say
    unit_id: int | None = None  # whose figures they are, where no column says
    level: str = ""
    under: int | None = None
    style: str = cells.AUTO
    dash: str = "missing"  # or "nil": the table prints - where nothing happened
    rounded: bool = False
    add: bool = False
    targets: Mapping[str, Meant] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # plain name → unit:12, total, skip

    def places(self, *roles: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.role in roles]

    def one(self, role: str) -> int | None:
        return next(iter(self.places(role)), None)

    def changed(self, **values: Any) -> Self:
        return replace(self, **values)

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["head"], kept["columns"] = list(kept["head"]), list(kept["columns"])
        kept["rows"] = {str(row): kind for row, kind in self.rows.items()}
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        values = dict(kept)
        values["head"] = tuple(values.get("head", ()))
        values["columns"] = tuple(Column(**one) for one in values.get("columns", ()))
        values["rows"] = {int(row): kind for row, kind in values.get("rows", {}).items()}
        values["targets"] = {label: Meant(**one) for label, one in values.get("targets", {}).items()}
        return cls(**{name: value for name, value in values.items() if name in cls.__dataclass_fields__})


def joined(parts: Iterable[str]) -> str:
    """A label of several parts, each once."""
    return JOIN.join(dict.fromkeys(part for part in parts if part))[:LABEL]


def key(label: str) -> str:
    """A label as it is compared between files."""
    return re.sub(r"[\W_]+", " ", fold(label)).strip()


def signature(columns: Iterable[Column]) -> str:
    """Of a head: the labels in their order, with every run of year columns as one; next year's file has the same."""
    parts: list[str] = []
    for column in columns:
        part = key(column.label) + (" #" if column.period else "")
        if part and (not parts or parts[-1] != part):
            parts.append(part)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""


def bound_to_labels(spec: Spec) -> dict[str, Any]:
    """What of a spec holds for the next file too: nothing that counts rows."""
    kept = spec.to_json()
    for name in ("head", "first", "last", "rows"):
        kept.pop(name)
    return kept


def applied(layout: Mapping[str, Any], guess: Spec) -> Spec:
    """The layout on a new file: its rows as guessed, columns by label (else by place), the rest as kept."""
    kept = Spec.from_json({**layout, "head": [], "rows": {}})
    by_label = {(key(one.label), bool(one.period)): one for one in kept.columns if one.label or one.period}
    columns = []
    for place, column in enumerate(guess.columns):
        same = by_label.get((key(column.label), bool(column.period)))
        if same is None and not column.label and not column.period and place < len(kept.columns):
            same = kept.columns[place] if not kept.columns[place].label else None
        columns.append(replace(column, role=same.role) if same else column)
    meant = {key(label): one for label, one in kept.targets.items()}
    targets = {label: meant.get(key(label), one) for label, one in guess.targets.items()}
    return replace(
        kept,
        head=guess.head,
        first=guess.first,
        last=guess.last,
        rows=guess.rows,
        columns=tuple(columns),
        targets={**{label: one for label, one in kept.targets.items() if label not in targets}, **targets},
        period=guess.period or kept.period,
        style=guess.style if kept.style == cells.AUTO else kept.style,
    )
