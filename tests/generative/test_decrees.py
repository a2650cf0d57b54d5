"""Random worlds of units that live through random decrees, past, present and planned: what must hold whatever is asked.

A decree is enacted or refused; after each the closure is what the reference tree says, nobody stands above itself on
any day, nothing living hangs under what has ended, and nobody is counted twice. Undone from the last to the first,
every answer is what it was.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core import hierarchy as reference
from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries, refusals
from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Recode,
    Rename,
    Reopen,
    Step,
)
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    TERRITORY,
    Change,
    Classing,
    Closure,
    Code,
    Existence,
    Holds,
    Lineage,
    Link,
    Name,
    Snapshot,
)

NOW = datetime.fromisoformat("2026-01-29T08:00:00+07:00")
DO = {"by": SYSTEM, "at": NOW}
BORN = date(2000, 1, 1)
DAYS = [date(year, 7, 1) for year in range(2005, 2031, 5)]  # in any order: the past is corrected, the future planned
LOOKS = [day for on in DAYS for day in (date(on.year, 6, 30), on)]


class Chance:
    """Makes decrees up, mostly sensible ones, from what stands on their day."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"Đơn vị {self.names}"

    def decree(self, on: date) -> list[Step]:
        alive = list(queries.living(on).exclude(unit=COUNTRY_ID).values_list("unit_id", flat=True))
        gone = list(Existence.objects.filter(exists=False, start__lt=on).values_list("unit_id", flat=True))
        self.random.shuffle(alive)
        steps: list[Step] = []
        for _ in range(self.random.randint(1, 4)):
            kind = self.random.choice(
                ["founding", "merging", "dividing", "moving", "moving", "moving", "renaming", "closing", "reopening"]
            )
            steps += getattr(self, kind)(alive, gone)
        return steps

    def above(self, alive: list[int]) -> int:
        return self.random.choice([COUNTRY_ID, *alive])

    def founding(self, alive: list[int], gone: list[int]) -> list[Step]:
        name = self.name()
        parents = {code: self.above(alive) for code in (TERRITORY, MANAGEMENT) if self.random.random() < 0.8}
        return [Establish(name, "commune", name, parents=parents, codes={"giaoban": str(self.names % 9)})]

    def merging(self, alive: list[int], gone: list[int]) -> list[Step]:
        founding = self.founding(alive[3:], gone)[0]
        return [founding, *(Become(unit, founding.key) for unit in alive[: self.random.randint(1, 3)])]

    def dividing(self, alive: list[int], gone: list[int]) -> list[Step]:
        one, other = self.founding(alive[1:], gone)[0], self.founding(alive[1:], gone)[0]
        share = Fraction(self.random.randint(1, 9), 10)
        if not alive:
            return []
        return [one, other, Become(alive[0], one.key, share), Become(alive[0], other.key, 1 - share, "area")]

    def moving(self, alive: list[int], gone: list[int]) -> list[Step]:
        code = self.random.choice([TERRITORY, MANAGEMENT])
        return [Move(self.random.choice(alive), code, self.above(alive))] if alive else []

    def renaming(self, alive: list[int], gone: list[int]) -> list[Step]:
        if not alive:
            return []
        unit = self.random.choice(alive)
        other = self.random.choice(
            [Mark(unit, "zone", self.random.choice(["I", "II", ""])), Recode(unit, "giaoban", "")]
        )
        return [Rename(unit, self.name()), other]

    def closing(self, alive: list[int], gone: list[int]) -> list[Step]:
        return [Close(unit) for unit in alive[-1:]]

    def reopening(self, alive: list[int], gone: list[int]) -> list[Step]:
        return [Reopen(self.random.choice(gone), {TERRITORY: self.above(alive)})] if gone else []


def answers() -> dict[str, Counter]:
    """All that can be asked, as multisets without the numbers of rows; units keep theirs."""
    rows = {}
    for table in (Existence, Name, Classing, Code, Link, Holds, Lineage, Closure, Snapshot):
        fields = [one.attname for one in table._meta.concrete_fields if not one.primary_key]
        rows[table.__name__] = Counter(table.objects.values_list(*fields))
    return rows


def trees() -> dict[str, reference.Tree]:
    lives = [reference.Existence(*row) for row in Existence.objects.values_list("unit_id", "start", "exists")]
    links: dict[str, list[reference.Link]] = {TERRITORY: [], MANAGEMENT: []}
    for code, *row in Link.objects.values_list("hierarchy_id", "unit_id", "start", "parent_id"):
        links[code].append(reference.Link(*row))
    return {code: reference.Tree(lives, found) for code, found in links.items()}


def nothing_is_wrong(world: dict[str, reference.Tree]) -> None:
    for code, tree in world.items():
        rows = Closure.objects.filter(hierarchy=code).values_list(
            "ancestor_id", "descendant_id", "depth", "start", "end"
        )
        assert {
            reference.ClosureRow(*row) for row in rows
        } == tree.closure()  # raises where somebody stands above itself
    tree = world[TERRITORY]
    last = {
        (code, row.child): row for code in world for row in sorted(world[code].links, key=lambda one: one.start)
    }  # what holds for ever leads to what lives for ever
    for (code, unit), row in last.items():
        if row.parent is not None and world[code].exists(unit, date.max):
            assert tree.exists(row.parent, date.max)
    for day in LOOKS:
        alive = tree.units(day)
        assert Counter(queries.living(day).values_list("unit_id", flat=True)) == Counter(alive)
        codes = queries.living(day).exclude(code="").values_list("code", flat=True)
        assert len(codes) == len(set(codes))
        for code in world:
            for unit in alive:
                held = [row for row in world[code].links if row.child == unit and row.start <= day]
                parent = max(held, key=lambda row: row.start).parent if held else None
                assert parent is None or parent in alive  # nothing hangs
    whole: Counter = Counter()
    for old, part, of in Lineage.objects.values_list("predecessor_id", "numerator", "denominator"):
        whole[old] += Fraction(part, of)
        assert not tree.exists(old, date.max)
    assert set(whole.values()) <= {1}  # nothing is lost, nothing doubled


generated = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def country(db: None) -> None:
    actions.load_kinds(**DO)


@generated
@given(seed=st.integers(0, 10**9), days=st.lists(st.sampled_from(DAYS), min_size=3, max_size=9))
def test_whatever_is_decreed_the_record_holds_together_and_can_be_taken_back(country, seed, days):
    emptied()
    chance = Chance(seed)
    actions.carry_out(**DO, on=BORN, steps=[step for _ in range(7) for step in chance.founding([], [])])
    done: list[tuple[Change, dict[str, Counter]]] = []
    for on in days:
        before = answers()
        try:
            change = actions.carry_out(**DO, on=on, steps=chance.decree(on) or [Rename(COUNTRY_ID, "Việt Nam")])
        except Invalid:
            assert answers() == before
            continue
        nothing_is_wrong(trees())
        done.append((change, before))
        if change.unplaced and chance.random.random() < 0.7:
            settle(chance, change)
    for change, before in reversed(done):
        actions.undo(**DO, change=change, why="Thử")
        assert answers() == before


def settle(chance: Chance, change: Change) -> None:
    """A person decides, for one child of a divided unit, among its parts."""
    unit, code, parts = chance.random.choice(change.unplaced)
    before = answers()
    try:
        actions.place(**DO, change=change, unit=unit, hierarchy=code, parent=chance.random.choice(parts))
    except Refused:
        assert answers() == before
    nothing_is_wrong(trees())


def emptied() -> None:
    """Hypothesis runs all its examples in one transaction: what the one before left is taken away."""
    for table in (Existence, Name, Classing, Code, Link, Holds, Lineage):
        table.objects.exclude(change=None).delete()
    Change.objects.all().delete()
    actions.rebuild_closure()
    actions.rebuild_snapshots()


@generated
@given(seed=st.integers(0, 10**9), undone=st.integers(0, 5))
def test_a_change_out_of_order_is_undone_whole_or_refused(country, seed, undone):
    """Undoing one in the middle leaves a record that holds together, or says what rests on it and changes nothing."""
    emptied()
    chance = Chance(seed)
    actions.carry_out(**DO, on=BORN, steps=[step for _ in range(6) for step in chance.founding([], [])])
    changes = []
    for on in chance.random.choices(DAYS, k=6):
        try:
            changes.append(actions.carry_out(**DO, on=on, steps=chance.decree(on) or [Rename(COUNTRY_ID, "Việt Nam")]))
        except Invalid:
            continue
    if undone >= len(changes):
        return
    before = answers()
    try:
        actions.undo(**DO, change=changes[undone], why="Thử")
    except refusals.UnitRefused:
        assert answers() == before
    nothing_is_wrong(trees())


@generated
@given(seed=st.integers(0, 10**9))
def test_a_planned_change_that_closes_a_loop_in_a_later_year_is_refused(country, seed):
    """A chain is planned for one year; the decree of an earlier day that would bend it round is refused, by its day."""
    emptied()
    chance = Random(seed)
    founding = [Establish(str(n), "commune", f"Xã {n}", parents={TERRITORY: COUNTRY_ID}) for n in range(6)]
    units = queries.founded_by(actions.carry_out(**DO, on=BORN, steps=founding))
    chance.shuffle(units)
    length = chance.randint(2, 6)
    planned = [Move(low, TERRITORY, high) for low, high in pairwise(units[:length])]
    actions.carry_out(**DO, on=DAYS[3], steps=planned)
    before = answers()
    with pytest.raises(Invalid) as refused:
        actions.carry_out(**DO, on=DAYS[chance.randint(0, 2)], steps=[Move(units[length - 1], TERRITORY, units[0])])
    (fault,) = refused.value.faults
    assert isinstance(fault, refusals.BadRow) and isinstance(fault.fault, refusals.LoopLater)
    assert fault.fault.params["day"] == f"{DAYS[3]:%d/%m/%Y}"
    assert answers() == before
