"""Which of many units a person may look at: the same as asking for each, in a handful of questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Max

from giaoban.journal.actor import SYSTEM
from giaoban.orgs.models import Snapshot, Unit
from giaoban.people import queries
from tests.promises.guarded import Place
from tests.world import EVE, REFORM, TODAY

DAYS = [TODAY, EVE, REFORM, date(2024, 1, 1), date(2026, 12, 31)]


def one_by_one(actor, unit: int, day: date) -> bool:
    """By the tree of today, of the day, or of the last day the unit stood."""
    end = Snapshot.objects.filter(unit=unit).aggregate(end=Max("end"))["end"]
    trees = [TODAY, day] + ([end - timedelta(days=1)] if end and end <= day else [])
    return any(queries.may(actor, "figure.view", unit, TODAY, tree_day=tree) for tree in trees)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("who", ["own", "foreign", "own.administrator"])
def test_many_units_are_answered_as_each_alone(world, who, day):
    actor, units = Place(world).actor(who), list(Unit.objects.values_list("pk", flat=True))
    seen = queries.in_sight(actor, "figure.view", units, TODAY, day)
    assert seen == {unit for unit in units if one_by_one(actor, unit, day)}


def test_the_number_of_questions_does_not_grow_with_the_units(world, django_assert_max_num_queries):
    actor = Place(world).actor("own")
    units = list(Unit.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(14):
        queries.in_sight(actor, "figure.view", units, TODAY, REFORM)


def test_the_system_sees_all_and_nobody_is_asked_for_nothing(world):
    assert queries.in_sight(SYSTEM, "figure.view", [1, 2], TODAY, TODAY) == {1, 2}
    assert queries.in_sight(Place(world).actor("own"), "figure.view", [], TODAY, EVE) == set()
