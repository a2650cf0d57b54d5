"""Whose papers a unit inherits, asked of thousands of units at once, is what the rule says of them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

import pytest

from giaoban.orgs.models import Lineage, Unit
from giaoban.orgs.queries.heirs import made_of, whole_parts

pytestmark = pytest.mark.django_db


def test_units_told_one_by_one_have_the_same_predecessors_as_the_question() -> None:
    dice = Random(7)
    units = [unit.pk for unit in Unit.objects.bulk_create(Unit() for _ in range(30))]
    Lineage.objects.bulk_create(
        Lineage(
            predecessor_id=old,
            successor_id=dice.choice(units[n + 1 :]),
            on=date(2025, 7, 1),
            basis=Lineage.WHOLE if dice.random() < 0.8 else "area",
        )
        for n, old in enumerate(units[:-1])
    )
    for _ in range(30):
        asked = dice.sample(units, dice.randrange(1, 6))
        ruled = made_of(Unit.objects.filter(pk__in=asked).values("id"))
        assert whole_parts(asked) == {each["predecessor_id"] for each in ruled}
    chain = [units[0], units[1], units[2], units[3]]
    Lineage.objects.all().delete()
    for old, new in pairwise(chain):
        Lineage.objects.create(predecessor_id=old, successor_id=new, on=date(2025, 7, 1), basis=Lineage.WHOLE)
    assert whole_parts([chain[3]]) == {chain[2], chain[1]}  # at once or through one other, no further
