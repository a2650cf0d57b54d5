"""The shipped country came about by decrees: each resolution is a change that says what it did."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries, refusals
from giaoban.orgs.models import Lineage, Name, Snapshot, Unit
from tests.world import EVE, NOW, REFORM

DO = {"by": SYSTEM, "at": NOW}


def numbers(on):
    return {change.decision.number: change for change in queries.changes(on, date.fromordinal(on.toordinal() + 1))}


def test_every_resolution_of_the_reform_is_a_change(db):
    actions.load_administrative_units(**DO, provinces={"15"})
    reform = numbers(REFORM)
    assert set(reform) == {"202/2025/QH15", "203/2025/QH15", "1673/NQ-UBTVQH15"}
    (province,) = queries.founded_by(reform["202/2025/QH15"])
    assert queries.name(province, REFORM) == "Tỉnh Lào Cai"
    became = queries.became(reform["202/2025/QH15"])
    assert {queries.name(old, EVE): new for old, new in became.items()} == {
        "Tỉnh Lào Cai": [(province, 1)],
        "Tỉnh Yên Bái": [(province, 1)],
    }
    assert len(queries.ended_by(reform["203/2025/QH15"])) == 18  # districts
    communes = reform["1673/NQ-UBTVQH15"]
    founded, ended = queries.founded_by(communes), queries.ended_by(communes)
    kept = queries.living(REFORM).filter(kind__level="commune").exclude(unit__in=founded).count()
    assert len(founded) + kept == 99
    assert not set(founded) & set(ended)
    assert all(sum(share for _, share in parts) == 1 for parts in queries.became(communes).values())
    assert not queries.change(communes.pk).unplaced
    assert queries.change(communes.pk).title.startswith("Về việc sắp xếp")


def test_what_rests_on_the_reform_keeps_it(db):
    """Communes lie in the merged province and schools in communes: undoing goes from the newest to the oldest."""
    actions.load_administrative_units(**DO, provinces={"96"})
    for change in numbers(REFORM).values():
        if change.decision.number.startswith(("202", "203")):
            with pytest.raises((refusals.RestsOnIt, refusals.WouldHang)):
                actions.undo(**DO, change=change, why="Thử")


def test_the_changes_of_2026_can_be_undone_and_loaded_again(db):
    actions.load_administrative_units(**DO, provinces={"24"})
    wards = numbers(date(2026, 8, 4))["388/NQ-UBTVQH16"]
    assert len(queries.touched(wards)) == 12
    after = set(Snapshot.objects.values_list("unit", "start", "end", "name", "kind"))
    actions.undo(**DO, change=wards, why="Chưa có hiệu lực")
    on = date(2026, 8, 4)
    assert not Name.objects.filter(start=on).exists()
    assert actions.load_administrative_units(**DO, provinces={"24"}) == 0
    assert set(Snapshot.objects.values_list("unit", "start", "end", "name", "kind")) == after


def test_a_province_comes_with_the_one_it_was_once_one_with(db):
    actions.load_administrative_units(**DO, provinces={"12"})
    old = queries.by_code("12", date(2003, 12, 31)).pk
    assert sum(Fraction(row.numerator, row.denominator) for row in Lineage.objects.filter(predecessor=old)) == 1
    units = Unit.objects.count()
    assert actions.load_administrative_units(**DO, provinces={"11"}) == 0
    assert Unit.objects.count() == units
