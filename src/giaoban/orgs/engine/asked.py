"""The steps of decrees of one day, sorted by what they touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Place,
    Recode,
    Reopen,
    Step,
)
from giaoban.orgs.models import Decision


@dataclass(frozen=True)
class Decree:
    """What one legal act asks on the day; several may be enacted together, since they found what others name."""

    steps: Sequence[Step]
    decision: Decision | None = None
    title: str = ""


@dataclass(frozen=True, eq=False)
class Item:
    """One step: of which decree, and which one of it, counted from one."""

    decree: int
    number: int
    step: Any


Wanted = TypeVar("Wanted")


class Asked:
    """What all steps ask together. A thing said twice is kept once, and the second time in `twice`."""

    def __init__(self, decrees: Sequence[Decree], on: date) -> None:
        self.decrees, self.on = decrees, on
        self.items: list[Item] = []
        self.twice: list[Item] = []
        self.founded: dict[str, Item] = {}
        self.moves: dict[tuple[int, str], Item] = {}
        self.recoded: set[tuple[int, str]] = set()
        self.becomes: dict[int, list[Item]] = {}
        self.closed: dict[int, Item] = {}
        self.reopened: dict[int, Item] = {}
        seen: set[tuple[Any, ...]] = set()
        for number, decree in enumerate(decrees):
            for place, step in enumerate(decree.steps, start=1):
                item = Item(number, place, step)
                self.items.append(item)
                thing = _thing(step)
                if thing in seen:
                    self.twice.append(item)
                else:
                    seen.add(thing)
                    self._sort(item)

    def _sort(self, item: Item) -> None:
        match item.step:
            case Establish(key=key):
                self.founded[key] = item
            case Move(unit=unit, hierarchy=hierarchy):
                self.moves[unit, hierarchy] = item
            case Recode(unit=unit, scheme=scheme):
                self.recoded.add((unit, scheme))
            case Become(unit=unit):
                self.becomes.setdefault(unit, []).append(item)
            case Close(unit=unit):
                self.closed[unit] = item
            case Reopen(unit=unit):
                self.reopened[unit] = item

    @cached_property
    def ended(self) -> dict[int, Item]:
        """Units that end, with the first step that says so."""
        return {unit: items[0] for unit, items in self.becomes.items()} | self.closed

    def units(self) -> set[int]:
        """The numbers of all units that any step names."""
        found = {item.step.unit for item in self.items if not isinstance(item.step, Establish)}
        found.update(place for item in self.items for place in places(item.step) if isinstance(place, int))
        return found

    def all(self, kind: type[Wanted]) -> Iterator[tuple[Item, Wanted]]:
        return ((item, item.step) for item in self.items if isinstance(item.step, kind))


def places(step: Step) -> Iterator[Place]:
    """The units that a step names beside its own: those above, and a successor."""
    if isinstance(step, (Establish, Reopen)):
        yield from step.parents.values()
    elif isinstance(step, Become):
        yield step.successor
    elif isinstance(step, Move) and step.parent is not None:
        yield step.parent


def _thing(step: Step) -> tuple[Any, ...]:
    """What a step decides; one decree decides it once."""
    match step:
        case Establish(key=key):
            return Establish, key
        case Move(unit=unit, hierarchy=hierarchy):
            return Move, unit, hierarchy
        case Recode(unit=unit, scheme=scheme):
            return Recode, unit, scheme
        case Mark(unit=unit, attribute=attribute):
            return Mark, unit, attribute
        case Become(unit=unit, successor=successor):
            return Become, unit, successor
        case Close(unit=unit) | Reopen(unit=unit):
            return Existence, unit
    return type(step), step.unit


class Existence:
    """A unit closed and opened again by one decree is decided upon twice."""
