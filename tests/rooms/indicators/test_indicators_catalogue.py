"""Defining what is counted, idempotently and without rewriting what was published; targets with their sentence."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from giaoban.core.formula import BadFormula
from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import LineSpec, RuleSpec
from giaoban.indicators.models import Cell, Element, FormulaVersion, Indicator, Sheet, SheetLine, SheetRule, Target
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import DUE, FOUNDED, HK1, OPENED, Place, at, publish

ACT = {"by": SYSTEM, "at": at(OPENED)}
PUPILS = {"code": "hoc_sinh", "name": "Học sinh", "unit": "học sinh", "stock": True}


def test_publishing_again_writes_nothing(place: Place) -> None:
    events = Event.objects.exclude(verb="dimension.define").count()
    cells = dict(Cell.objects.values_list("key", "id"))
    publish()
    assert dict(Cell.objects.values_list("key", "id")) == cells
    assert Event.objects.exclude(verb="dimension.define").count() == events


@pytest.mark.parametrize("code", ["học", "a b", "1a", "a-b", "", "a[b]", "x'; --"])
def test_codes_can_stand_in_formulas(place: Place, code: str) -> None:
    with pytest.raises(refusals.BadCode):
        actions.define_element(**ACT, **(PUPILS | {"code": code}))


def test_cells_are_the_combinations_of_members(place: Place) -> None:
    actions.define_dimension(**ACT, code="gioi", name="Giới", members={"nam": "Nam", "nu": "Nữ"})
    actions.define_element(**ACT, code="x", name="Học sinh", unit="em", stock=True, dimensions=["lop", "gioi"])
    assert set(Element.objects.get(pk="x").cells.values_list("key", flat=True)) == {
        "x[gioi=nam,lop=6]", "x[gioi=nam,lop=7]", "x[gioi=nu,lop=6]", "x[gioi=nu,lop=7]",
    }  # fmt: skip
    assert queries.cell("x[lop=6,gioi=nu]").label == "Học sinh – Nữ, Lớp 6"
    assert len(queries.cells_of("x")) == 4 and len(queries.cells_of("x[lop=6]")) == 2
    assert queries.cells_of("x[lop=9]") == [] and queries.cells_of("khong_co") == []


def test_a_new_member_makes_new_cells_and_keeps_the_old(place: Place) -> None:
    before = dict(Cell.objects.values_list("key", "id"))
    actions.add_member(**ACT, dimension="lop", code="8", name="Lớp 8")
    after = dict(Cell.objects.values_list("key", "id"))
    assert before.items() < after.items() and set(after) - set(before) == {"bo_hoc[lop=8]"}
    with pytest.raises(refusals.UnknownDimension):
        actions.add_member(**ACT, dimension="mien", code="8", name="Lớp 8")


def test_texts_may_be_corrected_meaning_not_once_there_are_figures(place: Place) -> None:
    actions.define_element(**ACT, **(PUPILS | {"name": "Số học sinh"}))
    assert Cell.objects.get(key="hoc_sinh").label == "Số học sinh"
    actions.define_element(**ACT, **(PUPILS | {"unit": "em"}))
    with pytest.raises(refusals.DimensionsFixed):
        actions.define_element(**ACT, **PUPILS, dimensions=["lop"])
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    with pytest.raises(refusals.MeaningFixed):
        actions.define_element(**ACT, **(PUPILS | {"unit": "người"}))
    with pytest.raises(refusals.MeaningFixed):
        actions.define_element(**ACT, **(PUPILS | {"unit": "em", "scale": 1}))


def test_unknown_dimension(place: Place) -> None:
    with pytest.raises(refusals.UnknownDimension):
        actions.define_element(**ACT, **(PUPILS | {"code": "moi"}), dimensions=["khac"])


# Indicators


def define(code: str, expression: str, **more: object) -> Indicator:
    given = {"name": "Chỉ tiêu", "unit": "%", "start": FOUNDED} | more
    return actions.define_indicator(**ACT, code=code, expression=expression, **given)


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ("bo_hoc / khong_co", refusals.UnknownName),
        ("bo_hoc[lop=9] / hoc_sinh", refusals.UnknownName),
        ("bo_hoc < hoc_sinh", refusals.NoAmount),
        ("bo_hoc /", BadFormula),
    ],
)
def test_a_formula_reads_published_cells(place: Place, expression: str, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        define("moi", expression)
    assert not Indicator.objects.filter(pk="moi").exists()


def test_printed_rates_are_shown_never_computed_with(place: Place) -> None:
    actions.define_element(
        **ACT, code="ty_le_in", name="Tỷ lệ in sẵn", unit="%", stock=True, over_units="none", scale=2
    )
    define("hien", "ty_le_in")
    with pytest.raises(refusals.NeverRolledUp):
        define("tinh", "ty_le_in / hoc_sinh")


def test_a_past_report_keeps_the_formula_of_its_day(place: Place) -> None:
    change = date(2026, 1, 1)
    actions.add_formula(**ACT, indicator="ty_le_bo_hoc", start=change, expression="bo_hoc[lop=6] / hoc_sinh")
    assert queries.formula("ty_le_bo_hoc", date(2025, 12, 31)).expression == "bo_hoc / hoc_sinh"
    assert queries.formula("ty_le_bo_hoc", change).expression == "bo_hoc[lop=6] / hoc_sinh"
    assert queries.formula("ty_le_bo_hoc", date(2019, 1, 1)) is None
    with pytest.raises(refusals.FormulaExists):
        actions.add_formula(**ACT, indicator="ty_le_bo_hoc", start=change, expression="bo_hoc / hoc_sinh")
    actions.add_formula(**ACT, indicator="ty_le_bo_hoc", start=change, expression=" bo_hoc[ lop = 6 ]/hoc_sinh ")
    assert FormulaVersion.objects.filter(indicator="ty_le_bo_hoc").count() == 2
    assert [one.code for one in queries.uses_of("bo_hoc", change)] == ["ty_le_bo_hoc"]


# Targets


def aim(place: Place, value: Fraction | int, **more: object) -> Target:
    given = {"indicator": "ty_le_bo_hoc", "unit_id": place.unit("na_hoi"), "period_code": "2025-2026"} | more
    return actions.set_target(by=place.actors["officer"], at=at(DUE), value=value, **given)


def held(place: Place) -> Target | None:
    return queries.target("ty_le_bo_hoc", place.unit("na_hoi"), "2025-2026")


def test_targets_are_versions_and_the_newest_holds(place: Place) -> None:
    aim(place, Fraction(46, 100), sentence="46%")
    assert held(place).value == Fraction(23, 50)
    events = Event.objects.count()
    aim(place, Fraction(46, 100), sentence="46%")
    assert Event.objects.count() == events and Target.objects.count() == 1
    aim(place, Fraction(1, 100), sentence="dưới 1%")
    assert held(place).value == Fraction(1, 100)
    assert [one.no for one in queries.target_history("ty_le_bo_hoc", place.unit("na_hoi"), "2025-2026")] == [2, 1]
    assert list(queries.targets_of("ty_le_bo_hoc")) == [held(place)]


def test_a_withdrawn_target_no_longer_holds(place: Place) -> None:
    act = {"by": place.actors["officer"], "at": at(DUE), "indicator": "ty_le_bo_hoc",
           "unit_id": place.unit("na_hoi"), "period_code": "2025-2026"}  # fmt: skip
    with pytest.raises(refusals.NoTarget):
        actions.withdraw_target(**act, reason="Nhầm")
    aim(place, 1)
    with pytest.raises(refusals.ReasonNeeded):
        actions.withdraw_target(**act, reason="")
    actions.withdraw_target(**act, reason="Nhầm")
    assert held(place) is None and not queries.targets_of("ty_le_bo_hoc").exists()
    aim(place, 1)
    assert held(place).no == 3


@pytest.mark.parametrize("who", ["na_hoi_head", "sin_chai_officer", "admin"])
def test_targets_are_set_from_above(place: Place, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.set_target(by=place.actors[who], at=at(DUE), indicator="ty_le_bo_hoc", unit_id=place.unit("na_hoi"),
                           period_code="2025-2026", value=1)  # fmt: skip


def test_plan_of_the_school_year_stands_for_its_semesters() -> None:
    from giaoban.core.period import parse

    def codes(code: str) -> list[str]:
        return [one.code for one in queries.plan_periods(parse(code))]

    assert codes(HK1) == [HK1, "2025-2026"]
    assert codes("2025-2026.DN") == ["2025-2026.DN", "2025-2026"]
    assert codes("2026-Q1") == ["2026-Q1", "2026-BC", "2026"]
    assert codes("2026") == ["2026"]


# Sheets


def sheet(lines: list[LineSpec], rules: list[RuleSpec] | None = None, code: str = "moi", **more: object) -> Sheet:
    return actions.publish_sheet(
        **ACT, code=code, name="Biểu mới", kinds=["primary"], lines=lines, rules=rules or (), **more
    )


def test_one_sheet_owns_a_cell_and_others_show_it(place: Place) -> None:
    with pytest.raises(Invalid) as caught:
        sheet([LineSpec(cell="to_chuc"), LineSpec(cell="hoc_sinh")])
    assert isinstance(caught.value.faults[0], refusals.CellOwned)
    actions.define_element(**ACT, code="moi_them", name="Mới", unit="cái", stock=True)
    made = sheet([LineSpec(cell="moi_them"), LineSpec(cell="hoc_sinh", owns=False)])
    assert made.lines.filter(owns=True).count() == 1


def test_a_shown_cell_is_read_only_and_shows_what_counts(place: Place) -> None:
    actions.define_element(**ACT, code="moi_them", name="Mới", unit="cái", stock=True)
    sheet([LineSpec(cell="moi_them"), LineSpec(cell="hoc_sinh", owns=False)],
          [RuleSpec("moi_them <= hoc_sinh", "Không quá số học sinh.")])  # fmt: skip
    place.accept(place.hand_in(place.open(), "na_hoi"))
    other = place.open(sheet="moi")
    report = place.report(other, "na_hoi")
    with pytest.raises(Invalid) as caught:
        place.type(report, {"hoc_sinh": "1"})
    assert isinstance(caught.value.faults[0], refusals.NotAsked)
    place.cells["moi_them"] = place.cell("moi_them")
    place.type(report, {"moi_them": "600"})
    grid = queries.grid(place.actors["na_hoi_typist"], report, DUE)
    assert [cell.text for cell in grid.cells] == ["600", "500"]
    with pytest.raises(Invalid):
        place.submit(report)


@pytest.mark.parametrize(
    ("lines", "rules", "refused"),
    [
        ([LineSpec(expression="hoc_sinh")], [], refusals.NoLines),
        ([LineSpec(cell="khong_co")], [], refusals.UnknownName),
        ([LineSpec(cell="ma")], [RuleSpec("ma <= hoc_sinh", "x")], refusals.NotInSheet),
        ([LineSpec(cell="ma")], [RuleSpec("ma + 1", "x")], refusals.NoCondition),
        ([LineSpec(cell="ma"), LineSpec(expression="ma < 2")], [], refusals.NoAmount),
        ([LineSpec(cell="ma"), LineSpec(expression="hoc_sinh")], [], refusals.NotInSheet),
    ],
)
def test_a_sheet_is_refused_whole(place: Place, lines: list, rules: list, refused: type[Refused]) -> None:
    actions.define_element(**ACT, code="ma", name="Mẫu", unit="cái", stock=True)
    with pytest.raises(Invalid) as caught:
        sheet(lines, rules)
    assert refused in {type(fault) for fault in caught.value.faults}
    assert not Sheet.objects.filter(pk="moi").exists()


def test_unknown_kind(place: Place) -> None:
    actions.define_element(**ACT, code="ma", name="Mẫu", unit="cái", stock=True)
    with pytest.raises(refusals.UnknownKind):
        actions.publish_sheet(**ACT, code="moi", name="Mới", kinds=["khac"], lines=[LineSpec(cell="ma")])


def test_a_sheet_may_change_until_it_is_sent_out(place: Place) -> None:
    sheet([LineSpec(cell="hoc_sinh", label="Số học sinh")], code="hoc_ky")
    assert SheetLine.objects.get(sheet="hoc_ky").words == "Số học sinh"
    place.open()
    with pytest.raises(refusals.SheetInUse):
        sheet([LineSpec(cell="hoc_sinh")], code="hoc_ky")


def test_a_retired_sheet_frees_its_cells(place: Place) -> None:
    with pytest.raises(refusals.ReasonNeeded):
        actions.retire_sheet(**ACT, code="hoc_ky", reason="")
    with pytest.raises(refusals.UnknownSheet):
        actions.retire_sheet(**ACT, code="khac", reason="x")
    actions.retire_sheet(**ACT, code="hoc_ky", reason="Thay mẫu")
    assert sheet([LineSpec(cell="hoc_sinh")]).lines.count() == 1


@pytest.mark.parametrize("who", ["leader", "na_hoi_head", "admin", "viewer"])
def test_only_officers_shape_the_catalogue(place: Place, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.define_element(by=place.actors[who], at=at(DUE), **(PUPILS | {"code": "moi"}))
    actions.define_element(by=place.actors["officer"], at=at(DUE), **(PUPILS | {"code": "moi"}))


# What the database itself refuses


@pytest.mark.parametrize(
    "make",
    [
        lambda p: Cell.objects.create(element_id="hoc_sinh", key="hoc_sinh", label="x"),
        lambda p: SheetLine.objects.create(sheet_id="hoc_ky", order=99, expression="hoc_sinh", owns=True),
        lambda p: SheetLine.objects.create(sheet_id="hoc_ky", order=99, owns=False),
        lambda p: SheetLine.objects.create(sheet_id="hoc_ky", order=1, expression="hoc_sinh", owns=False),
        lambda p: SheetRule.objects.create(sheet_id="hoc_ky", order=99, expression="x", tree={}, severity="mild"),
        lambda p: Target.objects.create(
            indicator_id="ty_le_bo_hoc", unit_id=p.unit("na_hoi"), period_code="2026", numerator=1, denominator=0
        ),
        lambda p: Indicator.objects.create(code="x", name="x", unit="x", direction="sideways"),
        lambda p: Element.objects.create(code="x", name="x", unit="x", stock=True, over_units="average"),
        lambda p: FormulaVersion.objects.create(
            indicator_id="ty_le_bo_hoc", start=FOUNDED, expression="hoc_sinh", tree={}
        ),
    ],
)
def test_the_database_holds_the_catalogue(place: Place, make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(place)


def test_a_cell_has_one_owner_in_the_database(place: Place) -> None:
    other = Sheet.objects.create(code="khac", name="Khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetLine.objects.create(sheet=other, order=1, cell_id=place.cells["hoc_sinh"])
    assert SheetLine.objects.create(sheet=other, order=1, cell_id=place.cells["hoc_sinh"], owns=False).pk
