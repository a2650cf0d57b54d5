"""Small made-up countries that go through mergers, divisions, moves, closings, corrections and withdrawals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from giaoban.core.hierarchy import Existence, Link, Tree
from giaoban.core.rollup import Effect, Expected, Holding, Lineage, World

BORN = date(2000, 1, 1)
CHANGES = [date(2005, 7, 1), date(2010, 6, 30), date(2010, 7, 1), date(2015, 7, 1)]
PERIODS = ["2003", "2007", "2012", "2016-2017.HK1"]
CELLS = [1, 2, 3]
TODAY = date(2026, 1, 29)
DAYS = [date(1999, 1, 1), date(2004, 1, 1), date(2005, 7, 1), date(2010, 7, 1), date(2012, 12, 31), date(2020, 1, 1)]
ROOT = 1
ATTRIBUTES = {"zone": ["I", "II", "III"], "border": ["yes"]}  # the second is not inherited


class Country:
    """Lives through the changes one after the other and writes down what happened as dated rows."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.existences = [Existence(ROOT, BORN)]
        self.links: list[Link] = []
        self.lineage: list[Lineage] = []
        self.parent: dict[int, int | None] = {ROOT: None}  # of who is alive now
        self.level = {ROOT: 0}
        self.waiting: list[int] = []  # ended, their successor not yet founded
        for level in (1, 2, 3):
            for _ in range(chance.randint(2, 3)):
                self.found(level, BORN)
        for day in CHANGES:
            self.inherit_late(day)
            for _ in range(chance.randint(0, 3)):
                chance.choice(
                    [self.merge, self.divide, self.close, self.close, self.move, self.move, self.settle, self.leave]
                )(day)

    def alive(self, level: int) -> list[int]:
        return [unit for unit in self.parent if self.level[unit] == level]

    def found(self, level: int, day: date) -> int | None:
        above = self.alive(level - 1)
        if not above:
            return None
        unit = len(self.level) + 1
        self.level[unit] = level
        self.existences.append(Existence(unit, day))
        self.put(unit, self.chance.choice(above), day)
        return unit

    def settle(self, day: date) -> None:
        self.found(self.chance.randint(1, 3), day)

    def put(self, unit: int, parent: int | None, day: date) -> None:
        self.links = [row for row in self.links if (row.child, row.start) != (unit, day)]
        self.links.append(Link(unit, day, parent))
        self.parent[unit] = parent

    def end(self, unit: int, day: date) -> None:
        self.existences.append(Existence(unit, day, exists=False))
        del self.parent[unit]

    def old(self, level: int, day: date) -> list[int]:
        """Alive and founded before today: nothing is founded and ended on one day."""
        fresh = {row.unit for row in self.existences if row.start == day}
        return [unit for unit in self.alive(level) if unit not in fresh]

    def merge(self, day: date) -> None:
        level = self.chance.randint(1, 3)
        old = self.old(level, day)
        if len(old) >= 2:
            gone = self.chance.sample(old, 2)
            self.replace(gone, [self.found(level, day)], day)

    def divide(self, day: date) -> None:
        level = self.chance.randint(1, 3)
        old = self.old(level, day)
        if old:
            self.replace([self.chance.choice(old)], [self.found(level, day), self.found(level, day)], day)

    def replace(self, gone: list[int], heirs: list[int | None], day: date) -> None:
        parts = [self.chance.randint(1, 4) for _ in heirs]
        for unit in gone:
            for heir, part in zip(heirs, parts):
                share = Fraction(part, sum(parts))
                self.lineage.append(Lineage(unit, heir, share.numerator, share.denominator, day))
        for child, parent in list(self.parent.items()):
            if parent in gone:
                self.put(child, self.chance.choice(heirs), day)
        for unit in gone:
            self.end(unit, day)

    def close(self, day: date) -> None:
        old = self.old(3, day)
        if old:
            unit = self.chance.choice(old)
            self.end(unit, day)
            if self.chance.random() < 0.3:
                self.waiting.append(unit)

    def inherit_late(self, day: date) -> None:
        """Successors named some time after a unit has ended."""
        while self.waiting:
            heir = self.found(3, day)
            if heir is None:
                return
            self.lineage.append(Lineage(self.waiting.pop(), heir, on=day))

    def move(self, day: date) -> None:
        level = self.chance.randint(2, 3)
        if self.alive(level):
            self.put(self.chance.choice(self.alive(level)), self.chance.choice(self.alive(level - 1)), day)

    def leave(self, day: date) -> None:
        """A unit leaves the hierarchy and goes on existing."""
        if self.chance.random() < 0.2 and self.alive(3):
            self.put(self.chance.choice(self.alive(3)), None, day)


def ledger(chance: Random, units: list[int]) -> list[Effect]:
    """First values, corrections and withdrawals of some keys, shuffled together in the order of each key."""
    effects: list[Effect] = []
    for _ in range(chance.randint(10, 40)):
        unit, code, cell = chance.choice(units), chance.choice(PERIODS), chance.choice(CELLS)
        series = chance.choice(["report", "report", "report", "gso"])
        if any((row.unit, row.period, row.cell, row.series) == (unit, code, cell, series) for row in effects):
            continue
        value = chance.choice([0, 1, 7, 100, 101, 12345, -3])
        effects.append(Effect(unit, code, cell, value, 1, series))
        for _ in range(chance.randint(0, 2)):
            fresh = chance.randint(0, 500)
            effects.append(Effect(unit, code, cell, fresh - value, 0, series))
            value = fresh
        if chance.random() < 0.2:
            effects.append(Effect(unit, code, cell, -value, -1, series))
    return [row for row in effects if row.value_delta or row.present_delta]


def holdings(chance: Random, country: Country) -> list[Holding]:
    """Zones of areas and border marks of anyone, given, changed and ended on any day of the world."""
    days, units = [BORN, *CHANGES, *DAYS[1:]], sorted(country.level)
    rows: dict[tuple[int, str, date], Holding] = {}
    for _ in range(chance.randint(2, 10)):
        unit, attribute, day = chance.choice(units), chance.choice(sorted(ATTRIBUTES)), chance.choice(days)
        value = chance.choice([*ATTRIBUTES[attribute], *ATTRIBUTES[attribute], ""])
        rows[unit, attribute, day] = Holding(unit, attribute, value, day)
    return list(rows.values())


@dataclass
class Lived(World):
    """A world that knows at which level each unit stands."""

    levels: dict[int, int] = field(default_factory=dict)


def world(seed: int) -> Lived:
    """The same seed gives the same country, so that a failure can be looked at again."""
    chance = Random(seed)
    country = Country(chance)
    units = sorted(country.level)
    asked = {(chance.choice(units), chance.choice(PERIODS)) for _ in range(8)}
    return Lived(
        tree=Tree(country.existences, country.links),
        lineage=country.lineage,
        effects=ledger(chance, units),
        expected=[Expected(unit, code, frozenset(chance.sample(CELLS, 2))) for unit, code in sorted(asked)],
        holdings=holdings(chance, country),
        not_inherited=frozenset({"border"}),
        levels=country.level,
    )


seeds = st.integers(0, 2**32)
