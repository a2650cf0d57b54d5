"""Two engines, one meaning: core.rollup says what is true, analytics must say the same on every map."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from giaoban.analytics import queries, upkeep
from giaoban.core import formula, period, rollup
from giaoban.core.rollup import World
from tests.generative import stage
from tests.generative.worlds import CELLS, DAYS, PERIODS, ROOT, TODAY, seeds, world

FORMULAS = ["c1", "c1 + c2", "c1 / c2", "(c1 - c3) / (c2 + c3)", "0 - c3"]
MAPS = [rollup.AS_WAS, rollup.TODAY, *DAYS]
few = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def root(settings, tmp_path):
    settings.ANALYTICS_ROOT = tmp_path
    return tmp_path


def same(world: World, staged: stage.Staged, text: str, chosen: rollup.Map, series: str, alone: bool = False) -> None:
    units = sorted({row.unit for row in world.tree.existences})
    answers = queries.ask(
        ["asked"], map(staged.unit, units), map(period.parse, PERIODS), on=TODAY, map=chosen, series=series
    )
    expression, cells = formula.parse(text), stage.cells_by_name(CELLS)
    asked = [(unit, code) for unit in units for code in PERIODS]
    for (unit, code), found in zip(asked, answers, strict=True):
        wanted = world.answer(expression, cells, unit, code, chosen, TODAY, series, alone)
        got = rollup.Answer(
            found.numerator,
            found.denominator,
            found.value,
            found.reported,
            found.expected,
            found.estimated,
            found.day,
        )
        assert got == wanted, f"unit {unit}, {code}, map {chosen}"


@few
@given(
    seed=seeds,
    text=st.sampled_from(FORMULAS),
    maps=st.lists(st.sampled_from(MAPS), min_size=2, max_size=2, unique=True),
    series=st.sampled_from(["report", "report", "gso"]),
    alone=st.booleans(),
    sealed=st.sampled_from([0.0, 0.5, 1.0]),
)
@pytest.mark.django_db
def test_the_engine_agrees_with_the_reference(root, seed, text, maps, series, alone, sealed):
    made = world(seed)
    with transaction.atomic():
        early = round(len(made.effects) * sealed)
        effects, made.effects = made.effects, made.effects[:early]
        staged = stage.stage(made, CELLS, alone=CELLS if alone else ())
        stage.define("asked", text)
        if sealed:
            upkeep.compact()
        stage.append(effects[early:], staged)
        made.effects = effects
        for chosen in maps:
            same(made, staged, text, chosen, series, alone)
        transaction.set_rollback(True)


@settings(few, max_examples=40)
@given(seed=seeds, cell=st.sampled_from(CELLS), code=st.sampled_from(PERIODS))
def test_the_root_has_the_same_total_on_every_map(seed, cell, code):
    """Nothing is lost and nothing counted twice, where no unit leaves the tree and goes on existing."""
    made = world(seed)
    assume(all(row.parent is not None for row in made.tree.links))
    assert rollup.conserved(made, ROOT, code, [cell], [day for day in DAYS if made.tree.exists(ROOT, day)])


@settings(few, max_examples=200)
@given(
    whole=st.integers(-(10**15), 10**15),
    parts=st.lists(st.fractions(min_value="1/1000", max_value=5), min_size=1, max_size=8),
)
def test_parts_add_up_and_none_is_off_by_one(whole, parts):
    shares = dict(enumerate(parts))
    found = rollup.apportion(whole, shares)
    assert sum(found.values()) == whole
    for key, share in shares.items():
        assert abs(found[key] - whole * share / sum(parts)) < 1
