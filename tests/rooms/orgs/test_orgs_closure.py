"""The closure in the database says what the reference tree says, rebuilt whole or piece by piece."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from giaoban.core import hierarchy as reference
from giaoban.orgs import derived
from giaoban.orgs.models import TERRITORY, Closure, Existence, Hierarchy, Link, Unit
from giaoban.orgs.refusals import Loop

FIRST = date(2024, 1, 1)
UNITS = range(1, 7)
days = st.integers(0, 8).map(lambda number: FIRST + timedelta(days=number))
existences = st.dictionaries(st.tuples(st.sampled_from(UNITS), days), st.booleans(), max_size=14)
links = st.dictionaries(st.tuples(st.sampled_from(UNITS), days), st.none() | st.sampled_from(UNITS), max_size=14).map(
    lambda rows: {(child, day): parent for (child, day), parent in rows.items() if parent != child}
)


@pytest.fixture
def ids(db):
    """Six units without any row, and one hierarchy."""
    Hierarchy.objects.create(code=TERRITORY, name="Địa bàn", order=0)
    return [unit.pk for unit in Unit.objects.bulk_create([Unit() for _ in UNITS])]


def stored(ids):
    number = {pk: place for place, pk in enumerate(ids, start=1)}
    rows = Closure.objects.values_list("ancestor_id", "descendant_id", "depth", "start", "end")
    return {reference.ClosureRow(number[a], number[d], depth, start, end) for a, d, depth, start, end in rows}


def store(ids, lives, edges):
    Existence.objects.all().delete()
    Link.objects.all().delete()
    Existence.objects.bulk_create(
        [Existence(unit_id=ids[unit - 1], start=day, exists=exists) for (unit, day), exists in lives.items()]
    )
    Link.objects.bulk_create(
        [
            Link(unit_id=ids[child - 1], hierarchy_id=TERRITORY, start=day, parent_id=parent and ids[parent - 1])
            for (child, day), parent in edges.items()
        ]
    )


def tree(lives, edges):
    return reference.Tree(
        [reference.Existence(unit, day, exists) for (unit, day), exists in lives.items()],
        [reference.Link(child, day, parent) for (child, day), parent in edges.items()],
    )


def truth(lives, edges):
    """The reference closure; trees with a circle are not what these tests are about."""
    try:
        return tree(lives, edges).closure()
    except reference.Circle:
        assume(False)
        raise


generated = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@generated
@given(lives=existences, edges=links)
def test_whole_rebuild_equals_the_reference(ids, lives, edges):
    wanted = truth(lives, edges)
    store(ids, lives, edges)
    derived.rebuild_closure()
    assert stored(ids) == wanted


@generated
@given(
    lives=existences, edges=links, changed=st.sampled_from(UNITS), day=days, parent=st.none() | st.sampled_from(UNITS)
)
def test_rebuilding_one_unit_equals_rebuilding_all(ids, lives, edges, changed, day, parent):
    """Change one link, rebuild that unit alone: nothing else may be out of date."""
    assume(parent != changed)
    truth(lives, edges)
    after = {**edges, (changed, day): parent}
    wanted = truth(lives, after)
    store(ids, lives, edges)
    derived.rebuild_closure()
    store(ids, lives, after)
    derived.rebuild_closure([ids[changed - 1]])
    assert stored(ids) == wanted


@generated
@given(lives=existences, edges=links, changed=st.sampled_from(UNITS), day=days, exists=st.booleans())
def test_an_existence_reaches_everything_below(ids, lives, edges, changed, day, exists):
    truth(lives, edges)
    after = {**lives, (changed, day): exists}
    wanted = truth(after, edges)
    store(ids, lives, edges)
    derived.rebuild_closure()
    store(ids, after, edges)
    derived.rebuild_closure([ids[changed - 1]])
    assert stored(ids) == wanted


@generated
@given(lives=existences, edges=links)
def test_a_circle_is_refused(ids, lives, edges):
    try:
        tree(lives, edges).closure()
        circle = False
    except reference.Circle:
        circle = True
    store(ids, lives, edges)
    if not circle:
        derived.rebuild_closure(ids)
        return
    with pytest.raises(Loop):
        derived.rebuild_closure(ids)
