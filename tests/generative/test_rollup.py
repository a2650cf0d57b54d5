"""Two engines, one meaning: core.rollup says what is true, analytics must say the same on every map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from giaoban.analytics import engine, homes, queries, upkeep
from giaoban.analytics.tree import Epochs, tree
from giaoban.core import formula, period, rollup
from giaoban.core.rollup import World
from giaoban.indicators.models import Indicator, Target
from giaoban.orgs.models import TERRITORY
from tests.generative import stage
from tests.generative.worlds import CELLS, DAYS, PERIODS, ROOT, TODAY, seeds, world

ODD = ["5", "c1 / 0", "c1 * c2 / c3", "c1 / c2 / c3", "c1 - c1 + c2 * 0.5", "(2 - c1) / 4", "c2 / (c1 - c1)"]
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


def same(
    world: World,
    staged: stage.Staged,
    text: str,
    chosen: rollup.Map,
    series: str = "report",
    alone: bool = False,
    where: rollup.Where = (),
) -> None:
    units = sorted({row.unit for row in world.tree.existences})
    answers = queries.ask(
        ["asked"],
        map(staged.unit, units),
        map(period.parse, PERIODS),
        on=TODAY,
        map=chosen,
        series=series,
        where=where,
    )
    expression, cells = formula.parse(text), stage.cells_by_name(CELLS)
    asked = [(unit, code) for unit in units for code in PERIODS]
    for (unit, code), found in zip(asked, answers, strict=True):
        wanted = world.answer(expression, cells, unit, code, chosen, TODAY, series, alone, where)
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
    few_figures=st.booleans(),
)
@pytest.mark.django_db
def test_the_engine_agrees_with_the_reference(root, monkeypatch, seed, text, maps, series, alone, sealed, few_figures):
    monkeypatch.setattr(engine, "KEPT_FIGURES", 10**6 if few_figures else 0)
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
@given(
    seed=seeds,
    text=st.sampled_from(FORMULAS),
    chosen=st.sampled_from(MAPS),
    pairs=st.integers(1, 2),
    sealed=st.booleans(),
)
@pytest.mark.django_db
def test_the_engine_agrees_on_units_that_hold_an_attribute(root, seed, text, chosen, pairs, sealed):
    made = world(seed)
    held = sorted({(row.attribute, row.value) for row in made.holdings if row.value})
    assume(held)
    where = Random(seed).sample(held, min(pairs, len(held)))
    with transaction.atomic():
        staged = stage.stage(made, CELLS)
        stage.define("asked", text)
        if sealed:
            upkeep.compact()
        same(made, staged, text, chosen, where=where)
        transaction.set_rollback(True)


@settings(few, max_examples=40)
@given(seed=seeds, chosen=st.sampled_from(MAPS), sealed=st.sampled_from([0.0, 0.5, 1.0]))
@pytest.mark.django_db
def test_everything_is_what_the_reference_says_of_each_unit_and_cell(root, seed, chosen, sealed):
    made, lone = world(seed), CELLS[-1]
    with transaction.atomic():
        early = round(len(made.effects) * sealed)
        effects, made.effects = made.effects, made.effects[:early]
        staged = stage.stage(made, CELLS, alone=[lone])
        if sealed:
            upkeep.compact()
        stage.append(effects[early:], staged)
        made.effects = effects
        for asked, found in queries.everything(map(period.parse, PERIODS), on=TODAY, map=chosen):
            day = rollup.map_day(chosen, asked.code, TODAY)
            wanted = {}
            for unit in made.tree.units(day):
                if not made.tree.children(unit, day):
                    continue
                for cell in CELLS[:-1]:
                    total = made.total(unit, asked.code, [cell], day)
                    if total.sources:
                        key = staged.unit(unit), staged.cells[cell]
                        wanted[key] = total.value, len(total.sources), total.estimated
            rows = found.to_pylist()
            got = {(row["unit"], row["cell"]): (row["value"], row["reported"], bool(row["estimated"])) for row in rows}
            assert got == wanted and len(rows) == len(got)
        transaction.set_rollback(True)


times = st.tuples(st.sampled_from(DAYS[1:]), st.sampled_from(DAYS[1:])).filter(lambda days: days[0] < days[1])


def standing(made: World, units: frozenset[int], day: date) -> tuple[int, ...]:
    return tuple(sorted(unit for unit in units if made.tree.exists(unit, day)))


@settings(few, max_examples=60)
@given(seed=seeds, level=st.integers(1, 3), time=times, text=st.sampled_from(FORMULAS), sealed=st.booleans())
@pytest.mark.django_db
def test_comparable_areas_and_their_answers_agree_with_the_reference(root, seed, level, time, text, sealed):
    made, (start, end) = world(seed), time
    units = {unit for unit, its in made.levels.items() if its == level}
    with transaction.atomic():
        staged = stage.stage(made, CELLS)
        stage.level(units, "of-test")
        stage.define("asked", text)
        if sealed:
            upkeep.compact()
        found = queries.areas("of-test", start, end)
        wanted = made.areas(units, start, end)
        assert [(area.first, area.last) for area in found] == [
            tuple(tuple(map(staged.unit, standing(made, area, day))) for day in (start, end)) for area in wanted
        ]
        for above in made.levels:
            some = queries.areas("of-test", start, end, under=staged.unit(above))
            below = made.tree.descendants(above, end) or made.tree.descendants(above, start)
            day = end if made.tree.exists(above, end) else start
            assert [area.number for area in some] == [
                staged.unit(min(area)) for area in wanted if below & set(standing(made, area, day))
            ]
        codes = [code for code in PERIODS if start <= period.parse(code).data_day <= end]
        answers = queries.ask_areas(["asked"], found, map(period.parse, codes), on=TODAY)
        expression, cells = formula.parse(text), stage.cells_by_name(CELLS)
        pairs = [(area, code) for area in wanted for code in codes]
        for (area, code), got in zip(pairs, answers, strict=True):
            said = rollup.Answer(
                got.numerator, got.denominator, got.value, got.reported, got.expected, got.estimated, got.day
            )
            assert said == made.area_answer(expression, cells, area, code, TODAY), f"area {sorted(area)}, {code}"
        transaction.set_rollback(True)


@settings(few, max_examples=200)
@given(seed=seeds, level=st.integers(1, 3), time=times, code=st.sampled_from(PERIODS), cell=st.sampled_from(CELLS))
def test_areas_hold_the_same_on_every_later_map_and_add_up_to_the_root(seed, level, time, code, cell):
    """Nothing enters or leaves an area; with what lies in none they are the country."""
    made, (start, end) = world(seed), time
    units = {unit for unit, its in made.levels.items() if its == level}
    areas, day = made.areas(units, start, end), period.parse(code).data_day
    assume(start <= day <= end and made.tree.exists(ROOT, day))
    assume(all(row.parent is not None for row in made.tree.links))
    facts = {
        key: value
        for key, value in made.facts("report", code).items()
        if key[1] == cell and made._anchors(units, key[0], day)  # what lies above the level lies in no area
    }

    def total(area: frozenset[int], on: date) -> Fraction:
        return sum(
            (value * share for (source, _), value in facts.items() for target, share in made.place(source, on).items()
             if made._anchors(area, target, on)), Fraction(0)
        )  # fmt: skip

    for area in areas:
        assert len({total(area, on) for on in [day, *DAYS, end] if day <= on <= end}) == 1
    inside = {source for source, _ in facts if any(made._anchors(area, source, day) for area in areas)}
    assert sum(total(area, day) for area in areas) == sum(facts[key] for key in facts if key[0] in inside)
    everyone = [unit for area in areas for unit in area]
    assert len(everyone) == len(set(everyone)), "no unit is in two areas"


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


@settings(few, max_examples=40)
@given(
    seed=seeds,
    texts=st.lists(st.sampled_from([*FORMULAS, *ODD]), min_size=1, max_size=4),
    chosen=st.sampled_from(MAPS),
    series=st.sampled_from(["report", "report", "gso"]),
    alone=st.booleans(),
    sealed=st.sampled_from([0.0, 0.5, 1.0]),
    against=st.sampled_from(["previous", "last_year"]),
    by_itself=st.booleans(),
    filtered=st.booleans(),
    seats=st.sampled_from([1, 2, homes.A_ROW]),
)
@pytest.mark.django_db
def test_a_table_says_what_single_answers_say(
    root, monkeypatch, seed, texts, chosen, series, alone, sealed, against, by_itself, filtered, seats
):
    """Field by field, whatever is computed for whole columns or, where 64 bits are few, one by one."""
    monkeypatch.setattr(engine, "LARGEST", 1 if by_itself else engine.LARGEST)
    monkeypatch.setattr(homes, "A_ROW", seats)
    made, chance = world(seed), Random(seed)
    units = sorted({row.unit for row in made.tree.existences})
    held = sorted({(row.attribute, row.value) for row in made.holdings if row.value})
    where = chance.sample(held, 1) if filtered and held else []
    with transaction.atomic():
        early = round(len(made.effects) * sealed)
        staged = stage.stage(replace(made, effects=made.effects[:early]), CELLS, alone=CELLS[:1] if alone else ())
        if sealed:
            upkeep.compact()
        stage.append(made.effects[early:], staged)
        codes = []
        for number, text in enumerate(texts):
            unit, places = chance.choice([("%", 2), ("người", 0), ("người", 1)])
            stage.define(f"asked{number}", text, unit=unit, places=places)
            if chance.random() < 0.3:
                stage.revise(Indicator.objects.get(code=f"asked{number}"), "c2", date(2010, 1, 1))
            codes.append(f"asked{number}")
        for code in codes:
            for unit in chance.sample(units, min(5, len(units))):
                for when in chance.sample(["2016-2017", "2016-2017.HK1", "2012"], 2):
                    for no in range(1, chance.randint(2, 3)):
                        Target.objects.create(
                            indicator_id=code,
                            unit_id=staged.unit(unit),
                            period_code=when,
                            no=no,
                            numerator=chance.randint(-5, 400),
                            denominator=chance.randint(1, 7),
                            withdrawn=chance.random() < 0.2,
                        )
        wanted = {"on": TODAY, "map": chosen, "series": series, "against": against, "where": where}
        for each in map(period.parse, PERIODS):
            said = queries.ask(codes, map(staged.unit, units), [each], steps=False, **wanted)
            found = queries.table(codes, map(staged.unit, units), each, **wanted)
            assert found.answers() == said
            # Those whose homes say it all are asked of piles; with the others they were asked of the engine.
            grown = tree(TERRITORY)
            days = {rollup.map_day(chosen, one.code, TODAY) for one in (each, found.before) if one}
            seated = [homes.Homes(grown, Epochs(grown.changes).of(day)) for day in days]
            whole = [unit for unit in map(staged.unit, units) if all(one.within([unit]) is not None for one in seated)]
            piled = queries.table(codes, whole, each, **wanted)
            assert piled.answers() == [one for one in said if one.unit_id in whole]
            for code in codes:
                of_it = [one for one in said if one.indicator == code]
                whole = [10**one.places for one in of_it]
                for column, values in (
                    ("printed", [one.printed for one in of_it]),
                    ("gap", [one.gap for one in of_it]),
                    ("change", [one.change for one in of_it]),
                ):
                    wanted_here = [None if value is None else value * n for value, n in zip(values, whole, strict=True)]
                    assert found.numbers(column, code) == wanted_here, column
        transaction.set_rollback(True)


@settings(few, max_examples=30)
@given(
    seed=seeds,
    text=st.sampled_from([*FORMULAS, "c1 + c1 / c3"]),
    chosen=st.sampled_from(MAPS),
    series=st.sampled_from(["report", "gso"]),
    alone=st.booleans(),
    sealed=st.booleans(),
)
@pytest.mark.django_db
def test_what_units_gave_adds_up_to_the_answer(root, seed, text, chosen, series, alone, sealed):
    made = world(seed)
    units = sorted({row.unit for row in made.tree.existences})
    with transaction.atomic():
        staged = stage.stage(made, CELLS, alone=CELLS if alone else ())
        stage.define("asked", text)
        if sealed:
            upkeep.compact()
        for unit in map(staged.unit, units):
            each = period.parse(Random(seed + unit).choice(PERIODS))
            found = queries.sources("asked", unit, each, on=TODAY, map=chosen, series=series)
            assert found.again == found.answer.value
            assert any(giver.part for giver in found.givers) == found.answer.estimated or found.answer.value is None
            [same] = queries.ask(["asked"], [unit], [each], on=TODAY, map=chosen, series=series)
            assert found.answer == same
        transaction.set_rollback(True)
