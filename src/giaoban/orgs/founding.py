"""What verbs are told: the foundings, parts and shares of a reorganisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from giaoban.orgs.models import Unit

SCHEMES = ("gso", "moet", "giaoban")


@dataclass(frozen=True)
class Founding:
    """What must be known to found one unit; `parents` is {hierarchy code: unit id}, `codes` {scheme: code}."""

    kind: str
    name: str
    body_name: str = ""
    short_name: str = ""
    parents: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    aliases: Sequence[str] = ()


@dataclass(frozen=True)
class Became:
    """In a reorganisation: this unit, or this share of it, went to the founding at that place in the list."""

    predecessor: Unit
    successor: int
    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Part:
    """One part of a divided unit: what is founded, its share, and which units below go to it."""

    founding: Founding
    share: Fraction
    children: Sequence[int] = ()
