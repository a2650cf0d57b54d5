"""What a decree asks: steps upon units, all on one day. Plain data; `actions.carry_out` does them in one transaction.

A *place* is the number of a unit that is there, or the key (any text, unique in the decree) of a unit the decree itself
founds. The steps may stand in any order: what they mean together is the state of the day, not a sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from fractions import Fraction
from typing import Any

Place = int | str


@dataclass(frozen=True)
class Establish:
    """Found a unit; `parents` is {hierarchy: place}, `codes` {scheme: code}, `attributes` {attribute: value}."""

    key: str
    kind: str
    name: str
    body_name: str = ""
    short_name: str = ""
    parents: Mapping[str, Place] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rename:
    unit: int
    name: str
    body_name: str = ""
    short_name: str = ""


@dataclass(frozen=True)
class Reclassify:
    unit: int
    kind: str


@dataclass(frozen=True)
class Recode:
    unit: int
    scheme: str
    code: str


@dataclass(frozen=True)
class Move:
    """Under another unit in a hierarchy; without a parent it leaves the hierarchy."""

    unit: int
    hierarchy: str
    parent: Place | None


@dataclass(frozen=True)
class Mark:
    """Give the unit a value of a dated attribute; "" takes it away."""

    unit: int
    attribute: str
    value: str


@dataclass(frozen=True)
class Become:
    """The unit ends, and this share of it is the successor: the founding with the key, or a unit that stays, as the
    communes of a district did that nobody else was merged with. Two units into one: merger; one unit into several:
    division. The shares of one unit sum to one. What stood below goes along; below a divided unit a `Move` says where
    each goes, and what no step names is placed with the nearest unit around all parts and left for a person.
    """

    unit: int
    successor: Place
    share: Fraction = Fraction(1)
    basis: str = "decided"


@dataclass(frozen=True)
class Close:
    """The unit ends without a successor; the day is the first on which it no longer exists."""

    unit: int


@dataclass(frozen=True)
class Reopen:
    """A closed unit exists again, with the name and kind it had, under these parents."""

    unit: int
    parents: Mapping[str, Place] = field(default_factory=dict)


Step = Establish | Rename | Reclassify | Recode | Move | Mark | Become | Close | Reopen

DO = {
    "establish": Establish,
    "rename": Rename,
    "reclassify": Reclassify,
    "recode": Recode,
    "move": Move,
    "mark": Mark,
    "become": Become,
    "close": Close,
    "reopen": Reopen,
}
WORDS = {kind: word for word, kind in DO.items()}


def to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """What a change keeps of what was asked: {"do": "rename", "unit": 7, …}; defaults are left out."""
    return [_plain(step) for step in steps]


def _plain(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"do": WORDS[type(step)]}
    for one in fields(step):
        value = getattr(step, one.name)
        if (one.default_factory is not MISSING and not value) or (one.default is not MISSING and value == one.default):
            continue
        if isinstance(value, Fraction):
            value = str(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        elif isinstance(value, tuple):
            value = list(value)
        found[one.name] = value
    return found


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps that `to_json` wrote."""
    return [_step(row) for row in rows]


def _step(row: Mapping[str, Any]) -> Step:
    values = {name: value for name, value in row.items() if name != "do"}
    if "share" in values:
        values["share"] = Fraction(values["share"])
    if "aliases" in values:
        values["aliases"] = tuple(values["aliases"])
    step: Step = DO[row["do"]](**values)
    return step
