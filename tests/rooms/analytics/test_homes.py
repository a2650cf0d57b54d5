"""Sums at the homes of a map, from which tables of many units are made: when they serve, and that they follow."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from giaoban.analytics import engine, homes, queries, stacks, targets, upkeep
from giaoban.analytics.tree import Epochs, tree
from giaoban.core import period
from giaoban.core.rollup import Effect
from giaoban.indicators.actions import catalogue
from giaoban.indicators.actions import sharing as giving
from giaoban.indicators.models import Target
from giaoban.indicators.queries import sharing
from giaoban.journal import actions as journal
from giaoban.journal.actor import SYSTEM
from giaoban.orgs.models import TERRITORY
from tests.generative import stage
from tests.spec import roll_up
from tests.spec.roll_up import ADULTS, GIRLS, IDS, PUPILS, TODAY

CODE = "2025-2026.DN"
CELLS = [PUPILS, GIRLS, ADULTS]


@pytest.fixture
def staged(root):
    made = stage.stage(roll_up.world(), CELLS)
    for code, text in (("pupils", "c1"), ("share", "c2 / c1"), ("both", "c1 + c3"), ("odd", "c1 * c2")):
        stage.define(code, text)
    homes.forget()
    return made


@pytest.fixture
def piles(monkeypatch):
    """How often figures were piled up, and how often statements had to answer."""
    found = {"piled": 0, "stated": 0}
    piled, stated = homes.piled, engine.Asking.table

    def count_piled(*given):
        found["piled"] += 1
        return piled(*given)

    def count_stated(*given):
        found["stated"] += 1
        return stated(*given)

    monkeypatch.setattr(homes, "piled", count_piled)
    monkeypatch.setattr(engine.Asking, "table", count_stated)
    return found


def unit(name):
    return stage.APART + IDS[name]


def asked(*names, code=CODE, chosen="today", **more):
    """The answers of a table, which are those of `ask`."""
    codes, units, when = ["pupils", "share", "both", "odd"], [unit(name) for name in names], period.parse(code)
    found = queries.table(codes, units, when, on=TODAY, map=chosen, **more)
    assert found.answers() == queries.ask(codes, units, [when], on=TODAY, map=chosen, steps=False, **more)
    return found


def append(staged, name, value, present, code=CODE):
    stage.append([Effect(IDS[name], code, PUPILS, value, present)], staged)


def test_units_with_others_below_are_answered_from_piles(lasting, staged, piles):
    upkeep.compact()
    asked("Tỉnh Mới", "Việt Nam")
    assert piles == {"piled": 2, "stated": 0}, "one a period"
    asked("Việt Nam")
    assert piles == {"piled": 2, "stated": 0}, "and they are kept"


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["Tỉnh Mới", "Trường Một"], "today"),  # nobody lies below a school
        (["Xã Suối Đồi"], "today"),  # of the divided commune only a part lies there
    ],
)
def test_what_homes_do_not_say_is_asked_of_the_engine(lasting, staged, piles, names, chosen):
    asked(*names, chosen=chosen)
    assert piles["stated"] == 1


def test_the_few_beside_those_with_others_below_have_a_home_of_their_own(lasting, staged, piles):
    assert homes._heads({2: 1, 3: 1, 4: 2, 5: 2}) == {1, 2, 3}
    assert homes._heads({2: 1, 3: 1, 4: 2, 5: 1, 6: 1}) == {1, 2}, "too many"


def test_a_divided_figure_counts_in_whole_where_all_its_parts_lie(lasting, staged, piles):
    found = asked("Tỉnh Mới", code="2024-2025.DN")
    assert found.answer("both", unit("Tỉnh Mới")).value == 200 + 1601
    assert piles["stated"] == 0


def test_a_unit_that_does_not_stand_has_nothing(lasting, staged, piles):
    found = asked("Tỉnh Cũ", "Tỉnh Mới")
    assert found.answer("pupils", unit("Tỉnh Cũ")).value is None
    asked("Tỉnh Cũ")
    assert piles["stated"] == 0


@pytest.mark.parametrize("sealed", [False, True])
def test_lines_after_the_part_count_and_what_they_take_away_is_gone(lasting, staged, piles, sealed):
    if sealed:
        upkeep.compact()
    append(staged, "Trường Một", 7, 0)
    more = asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới"))
    assert (more.value, more.reported, more.expected) == (216, 2, 3)
    append(staged, "Trường Một", -117, -1)
    less = asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới"))
    assert (less.value, less.reported, less.expected) == (99, 1, 3)
    assert piles["stated"] == 0


def test_a_part_written_anew_is_piled_up_anew(lasting, staged, piles):
    upkeep.compact()
    assert asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới")).value == 209
    append(staged, "Trường Một", 7, 0)
    upkeep.compact()
    assert asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới")).value == 216
    assert piles == {"piled": 3, "stated": 0}, "the other period's part is still the same"


def test_a_value_that_is_there_twice_is_left_to_the_engine(lasting, staged, piles):
    upkeep.compact()
    append(staged, "Trường Một", 1, 1)
    assert asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới")).reported == 2
    assert piles["stated"] == 1


def test_sums_too_large_for_64_bits_are_exact_all_the_same(lasting, staged, piles):
    append(staged, "Trường Một", 2**61, 0)
    append(staged, "Trường Hai", 2**61, 0)
    assert asked("Tỉnh Mới").answer("pupils", unit("Tỉnh Mới")).value == 209 + 2**62
    assert piles["stated"] == 1


def test_many_at_one_home_fill_several_rows(lasting, staged, piles, monkeypatch):
    monkeypatch.setattr(homes, "A_ROW", 2)
    asked("Tỉnh Mới", "Việt Nam", code="2024-2025.DN", chosen="as_was")
    asked("Huyện Núi", "Tỉnh Cũ", "Việt Nam", "Xã Đồi", code="2024-2025.DN", chosen="as_was")
    day = Epochs(tree(TERRITORY).changes).of(period.parse("2024-2025.DN").data_day)
    [rows] = homes.Homes(tree(TERRITORY), day).within([unit("Xã Đồi")])
    assert len(rows) > 1
    assert piles["stated"] == 0


def test_inside_a_transaction_nothing_is_kept(lasting, staged, piles):
    upkeep.compact()
    with transaction.atomic():
        asked("Tỉnh Mới")
    asked("Tỉnh Mới")
    assert piles["piled"] == 4


def test_a_shelf_gives_up_what_was_longest_unused():
    shelf = homes.Shelf(10)
    shelf.put("a", 1, 4)
    shelf.put("b", 2, 4)
    assert shelf.get("a") == 1
    shelf.put("c", 3, 4)
    assert [shelf.get(key) for key in "abc"] == [1, None, 3]
    shelf.put("c", 4, 9)
    assert [shelf.get(key) for key in "abc"] == [None, None, 4]


def test_a_pile_too_large_to_keep_is_not_tried_again(lasting, staged, piles, monkeypatch):
    monkeypatch.setattr(homes, "LARGEST_PILE", 1)
    upkeep.compact()
    asked("Tỉnh Mới")
    asked("Tỉnh Mới")
    assert piles == {"piled": 2, "stated": 2} or piles == {"piled": 1, "stated": 2}


def test_bits_are_counted():
    numbers = [0, 1, 0b1011, 2**62 - 1, 2**61, 0x2AAAAAAAAAAAAAAA]
    assert stacks.counted(pa.array(numbers, pa.int64())).to_pylist() == [each.bit_count() for each in numbers]


# --- Plans that are kept ----------------------------------------------------------------------------------------------


def plan(no, value, **more):
    return Target.objects.create(
        indicator_id="pupils", unit_id=unit("Tỉnh Mới"), period_code=CODE, no=no, numerator=value, denominator=1, **more
    )


def act(verb):
    with journal.writing(by=SYSTEM, at=stage.AT, verb=verb):
        pass


def counted(kept):
    with CaptureQueriesContext(connection) as seen:
        rows = kept.all().num_rows
    return rows, any("COUNT(" in query["sql"] and "target" in query["sql"] for query in seen)


def test_plans_are_counted_only_after_somebody_acted_on_one(lasting, staged):
    kept = targets.Targets()
    plan(1, 300)
    act("target.set")
    assert counted(kept) == (1, True)
    assert counted(kept) == (1, False)
    act("round.open")
    assert counted(kept) == (1, False)


def test_a_plan_committed_late_is_found_by_its_act(lasting, staged):
    kept = targets.Targets()
    late = plan(1, 300)
    late.delete()
    plan(2, 400)
    act("target.set")
    assert [row["numerator"] for row in kept.all().to_pylist()] == [400]
    with transaction.atomic():
        late.period_code = "2024-2025.DN"
        late.save(force_insert=True)
        act("target.set")
    assert sorted(row["numerator"] for row in kept.all().to_pylist()) == [300, 400]


def test_every_verb_that_writes_plans_is_known():
    """A verb not listed in `sharing.VERBS` would go unnoticed where its rows are committed late."""
    written = "".join(Path(module.__file__).read_text() for module in (catalogue, giving))
    assert set(re.findall(r'writing\([^)]*verb="(target\.\w+)"', written)) == set(sharing.VERBS)
