"""What `ask` says, on the little province of tests/spec/roll_up.py."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from giaoban.analytics import engine, queries, upkeep
from giaoban.core import period
from giaoban.indicators.models import Cell, Element, Indicator, Report, SheetLine, Target
from giaoban.orgs.models import Lineage
from tests.generative import stage
from tests.spec import roll_up
from tests.spec.roll_up import ADULTS, GIRLS, IDS, PUPILS, QUESTIONS, SERIES, TODAY

pytestmark = pytest.mark.django_db
WRITTEN = {"pupils": "c1", "girls": "c2", "adults": "c3"}


@pytest.fixture
def staged(root):
    return stage.stage(roll_up.world(), [PUPILS, GIRLS, ADULTS])


def ask(indicator: str, unit: str, code: str, chosen="as_was", **more):
    answers = queries.ask([indicator], [stage.APART + IDS[unit]], [period.parse(code)], on=TODAY, map=chosen, **more)
    assert len(answers) == 1
    return answers[0]


@pytest.mark.parametrize("sealed", [False, True])
def test_the_tables_of_the_reference_hold_for_the_fast_engine(staged, sealed):
    if sealed:
        upkeep.compact()
    for text in {row[0] for row in [*QUESTIONS, *SERIES]}:
        stage.define(text.replace(" / ", "-"), " / ".join(WRITTEN[name] for name in text.split(" / ")))
    asked = [(row[:4], "report", row[4:]) for row in QUESTIONS] + [(row[:4], row[4], row[5:]) for row in SERIES]
    for (text, unit, code, words), series, (value, reported) in asked:
        found = ask(text.replace(" / ", "-"), unit, code, roll_up.chosen(words), series=series)
        printed = f"≈ {found.value}" if found.estimated else found.value
        assert (str(printed), f"{found.reported} of {found.expected}") == (str(value), reported), (text, unit, words)


def test_answers_come_in_the_order_asked(staged):
    for code in ("one", "two"):
        stage.define(code, "c1")
    units, periods = [stage.APART + 12, stage.APART + 10], [period.parse("2025-2026.DN"), period.parse("2024-2025.DN")]
    found = queries.ask(["two", "one"], units, periods, on=TODAY)
    assert [(each.indicator, each.unit_id, each.period) for each in found] == [
        (code, unit, each) for code in ("two", "one") for unit in units for each in periods
    ]


def test_change_is_between_printed_values_of_the_period_before(staged):
    stage.define("share", "c2 / c1")
    found = ask("share", "Trường Một", "2025-2026.DN")
    assert (found.text, found.previous, found.previous_period.code) == ("0,00%", Fraction(55, 100), "2024-2025.DN")
    assert found.change == Decimal("-55.00") and found.write_difference(found.change) == "55 điểm %"
    assert (found.numerator, found.denominator) == (0, 110)


def test_same_period_of_last_year_for_months(staged):
    stage.define("count", "c1", unit="học sinh", places=0)
    stage.append(
        [
            roll_up.Effect(40, code, PUPILS, value, 1)
            for code, value in (("2026-01", 9), ("2025-12", 5), ("2025-01", 2))
        ],
        staged,
    )
    assert ask("count", "Trường Một", "2026-01").change == 4
    assert ask("count", "Trường Một", "2026-01", against="last_year").change == 7
    assert ask("count", "Trường Một", "2026-03-15..2026-03-20").previous_period is None


def test_gap_to_the_target_of_the_period_or_else_of_its_year(staged):
    indicator = stage.define("share", "c2 / c1")
    place = stage.APART + IDS["Huyện Núi"]
    Target.objects.create(indicator=indicator, unit_id=place, period_code="2024-2025", numerator=46, denominator=100)
    found = ask("share", "Huyện Núi", "2024-2025.DN")
    assert (found.target, found.target_period) == (Fraction(46, 100), "2024-2025")
    assert found.text == "47,50%" and found.gap == Decimal("1.50")
    Target.objects.create(indicator=indicator, unit_id=place, period_code="2024-2025.DN", numerator=1, denominator=2)
    found = ask("share", "Huyện Núi", "2024-2025.DN")
    assert (found.target_period, found.gap, found.write_difference(found.gap)) == ("2024-2025.DN", -2.5, "2,5 điểm %")
    assert ask("share", "Tỉnh Cũ", "2024-2025.DN").target is None


def test_vuot_6_11_diem_as_document_001_prints_it(staged):
    """Vĩnh Long: 52,11% against a plan of 46% is 6,11 points, whatever the exact fractions say."""
    indicator = stage.define("standard", "c2 / c1")
    stage.append([roll_up.Effect(40, "2016", c, v, 1) for c, v in ((PUPILS, 474), (GIRLS, 247))], staged)
    unit = stage.APART + IDS["Trường Một"]
    Target.objects.create(indicator=indicator, unit_id=unit, period_code="2016", numerator=46, denominator=100)
    found = ask("standard", "Trường Một", "2016")
    assert (found.text, found.write_difference(found.gap)) == ("52,11%", "6,11 điểm %")
    assert found.value - found.target != Fraction(611, 10000)


def test_a_past_figure_is_computed_by_the_rule_of_its_day(staged):
    indicator = stage.define("ruled", "c1", start=date(2020, 1, 1))
    stage.revise(indicator, "c1 - c2", date(2025, 1, 1))
    old, new = (ask("ruled", "Trường Một", code) for code in ("2024-2025.DN", "2025-2026.DN"))
    assert (old.value, old.formula_version) == (100, date(2020, 1, 1))
    assert (new.value, new.formula_version, new.previous) == (110, date(2025, 1, 1), 100)
    assert ask("ruled", "Tỉnh Cũ", "2010", series="gso").formula_version == date(2020, 1, 1)


def test_an_indicator_without_a_formula_has_no_value(staged):
    Indicator.objects.create(code="bare", name="bare", unit="%")
    found = ask("bare", "Trường Một", "2024-2025.DN")
    assert found.value is None and found.formula_version is None and found.text == "—"


def test_values_are_scaled_to_the_unit_of_the_element(staged):
    Element.objects.filter(code="c1").update(scale=3)
    stage.define("scaled", "c1", unit="triệu đồng", places=1)
    found = ask("scaled", "Trường Một", "2024-2025.DN")
    assert found.value == Fraction(1, 10) and found.text == "0,1"


def test_an_element_without_brackets_is_the_sum_of_its_cells(staged):
    other = Cell.objects.create(element_id="c1", key="c1[sex=nu]", members={"sex": "nu"}, label="c1 nu")
    staged.cells[9] = other.pk
    stage.append([roll_up.Effect(40, "2024-2025.DN", 9, 1000, 1)], staged)
    stage.define("whole", "c1")
    found = ask("whole", "Trường Một", "2024-2025.DN")
    assert found.value == 1100 and found.reported == 1


def test_a_printed_rate_is_shown_and_never_rolled_up(staged):
    Element.objects.filter(code="c3").update(over_units="none")
    stage.define("printed", "c3")
    assert ask("printed", "Xã Đồi", "2024-2025.DN").value == 701
    assert ask("printed", "Huyện Núi", "2024-2025.DN").value is None
    assert ask("printed", "Xã Suối Đồi", "2024-2025.DN", "today").value is None


def test_a_unit_outside_the_map_has_no_value(staged):
    stage.define("count", "c1")
    found = ask("count", "Tỉnh Cũ", "2025-2026.DN", "today")
    assert found.value is None and (found.reported, found.expected) == (0, 0) and found.text == "—"


def test_what_is_unknown_is_named(staged):
    stage.define("count", "c1")
    with pytest.raises(queries.UnknownIndicator, match="“nothing”"):
        ask("nothing", "Trường Một", "2024-2025.DN")
    with pytest.raises(queries.UnknownSeries, match="“nobody”"):
        ask("count", "Trường Một", "2024-2025.DN", series="nobody")
    with pytest.raises(ValueError, match="not yesterday"):
        ask("count", "Trường Một", "2024-2025.DN", "yesterday")


def test_an_answer_tells_at_which_step_its_values_stand(staged):
    stage.define("share", "c2 / c1")
    code = "2024-2025.DN"
    for cell, unit, step in ((PUPILS, 40, 1), (PUPILS, 41, 2), (GIRLS, 40, 1), (PUPILS, 42, 1)):
        stage.stand(staged, cell, unit, code, step)
    assert ask("share", "Huyện Núi", code).steps == {1: 3, 2: 1}
    assert ask("share", "Xã Suối", code).steps == {1: 2}
    assert ask("share", "Xã Suối Đồi", code, "today").steps == {1: 3}
    assert ask("share", "Xã Đồi Xa", code, "today").steps == {1: 1, 2: 1}
    assert ask("share", "Huyện Núi", code, series="gso").steps == {}


def test_a_report_taken_back_is_no_longer_expected(staged):
    stage.define("count", "c1")
    assert ask("count", "Xã Đồi Xa", "2025-2026.DN").expected == 2
    Report.objects.filter(unit=stage.APART + 43).delete()
    assert ask("count", "Xã Đồi Xa", "2025-2026.DN").expected == 1


def test_a_line_asked_of_some_kinds_is_expected_of_those(staged, world):
    """The THPT's lines of a sheet are not missing at a primary school."""
    stage.define("adults", "c3")
    sheet = SheetLine.objects.get(cell=staged.cells[ADULTS]).sheet
    asked = [world["tieu_hoc"], world["thcs"], world["thpt"]]
    code = "2025-2026.CN"
    stage.ask_for(sheet, code, asked)

    def expected() -> int:
        return queries.ask(["adults"], [world["province"]], [period.parse(code)], on=TODAY)[0].expected

    assert expected() == 3
    SheetLine.objects.filter(sheet=sheet).update(kinds=["upper_secondary", "lower_secondary"])
    assert expected() == 2


def test_many_indicators_need_as_many_database_queries_as_one(staged, django_assert_max_num_queries):
    for number in range(40):
        stage.define(f"x{number}", ("c1 + c2", "c2 / c1", "c3", "c1")[number % 4] + f" * {number + 1}")
    units, times = [stage.APART + IDS["Tỉnh Mới"], stage.APART + 40], [period.parse("2025-2026.DN")]

    def queried(codes: list[str], most: int) -> int:
        with django_assert_max_num_queries(most) as seen:
            assert len(queries.ask(codes, units, times, on=TODAY)) == len(codes) * 2
        return len(seen.captured_queries)

    one = queried(["x0"], 20)
    assert queried([f"x{number}" for number in range(40)], one) == one


def test_steps_are_counted_for_lines_that_share_some_cells(staged):
    """Each indicator counts the steps of its own cells, though one query counts for all."""
    for code, expression in (("one", "c1"), ("both", "c1 + c2"), ("other", "c2")):
        stage.define(code, expression)
    code, unit = "2025-2026.DN", stage.APART + 40
    for cell, school, step in ((PUPILS, 40, 1), (PUPILS, 41, 2), (GIRLS, 40, 1)):
        stage.stand(staged, cell, school, code, step)
    found = queries.ask(["one", "both", "other"], [unit, unit + 1], [period.parse(code)], on=TODAY)
    assert [each.steps for each in found] == [{1: 1}, {2: 1}, {1: 2}, {2: 1}, {1: 1}, {}]
    assert all(not each.steps for each in queries.ask(["both"], [unit], [period.parse(code)], on=TODAY, steps=False))


def test_nothing_asked_gives_nothing(staged):
    stage.define("count", "c1")
    assert queries.ask(["count"], [], [period.parse("2025")], on=TODAY) == []
    assert queries.ask([], [1], [period.parse("2025")], on=TODAY) == []
    assert queries.ask(["count"], [1], [], on=TODAY) == []


def test_more_names_than_a_word_has_bits(staged, monkeypatch):
    """A formula of many names is still reported by those only who gave for all of them."""
    monkeypatch.setattr(engine, "A_WORD", 2)
    stage.define("many", "c1 + c2 + c3")
    stage.define("few", "c1 + c2")
    stage.append([roll_up.Effect(40, "2026-01", cell, 5, 1) for cell in (PUPILS, GIRLS, ADULTS)], staged)
    stage.append([roll_up.Effect(41, "2026-01", cell, 3, 1) for cell in (PUPILS, GIRLS)], staged)
    many, few = (ask(code, "Tỉnh Mới", "2026-01") for code in ("many", "few"))
    assert (many.value, many.reported, many.expected) == (21, 1, 2)
    assert (few.value, few.reported, few.expected) == (16, 2, 2)


def test_an_attribute_nobody_can_hold_is_named(staged):
    stage.define("count", "c1")
    with pytest.raises(queries.UnknownAttribute, match="no_such"):
        ask("count", "Tỉnh Mới", "2025-2026.DN", where=[("no_such", "I")])


def test_areas_are_asked_only_within_their_time(staged):
    stage.define("count", "c1")
    Lineage.objects.update(on=date(2025, 7, 1))
    stage.level([IDS["Tỉnh Cũ"], IDS["Tỉnh Bên"], IDS["Tỉnh Mới"]], "of-test")
    found = queries.areas("of-test", date(2024, 9, 30), TODAY)
    assert [(area.first, area.last) for area in found] == [((stage.APART + 10, stage.APART + 11), (stage.APART + 12,))]
    times = [period.parse(code) for code in ("2024-2025.DN", "2025-2026.DN")]
    answers = queries.ask_areas(["count"], found, times, on=TODAY)
    whole = [queries.ask(["count"], [stage.APART + 1], [time], on=TODAY)[0] for time in times]
    assert [one.value for one in answers] == [one.value for one in whole]
    assert answers[0].text and not any(one.estimated for one in answers)
    with pytest.raises(queries.OutsideTheTime):
        queries.ask_areas(["count"], found, [period.parse("2020-2021.DN")], on=TODAY)
