"""Tables of many kinds, read by our guess alone: what a person would have to point at is the exception."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.indicators.models import Effect, Series
from giaoban.intake import actions, queries, refusals, trying
from giaoban.intake.models import Intake, Loaded, State
from giaoban.intake.spec import FIGURE, LEAVE, SUM, Meant, Spec
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs import queries as orgs
from tests.rooms.intake import samples
from tests.world import NOW

ON = date(2026, 1, 29)
OLD = date(2016, 9, 30)
PRIMARY = "gso_hoc_sinh[cap_pt=th]"


def begin(content: bytes, name: str = "bang.xlsx", series: str = "gso") -> Intake:
    return actions.begin(by=SYSTEM, at=NOW, name=name, content=content, series=series)


def changed(intake: Intake, **values: Any) -> Intake:
    spec = Spec.from_json(intake.spec).changed(**values)
    return actions.point(by=SYSTEM, at=NOW, intake=intake, spec=spec, series=intake.series_id or "")


def made(intake: Intake) -> trying.Plan:
    return trying.plan(intake, ON)


def values(plan: trying.Plan) -> dict[tuple[str, str, str], int]:
    keys = {info.id: info.key for info in plan.infos.values()}
    return {
        (orgs.name(unit, OLD), code, keys[cell]): figure.value
        for (unit, code, cell), figure in plan.reading.figures.items()
    }


def only(spec: Spec, words: str, cell: str) -> dict[str, Meant]:
    """The labels with the words mean the cell; the others are left out."""
    figure = Meant(FIGURE, cell, "SCHOOL_YEAR_START", "1")
    return {label: figure if words in label.lower() else Meant(LEAVE) for label in spec.targets}


@pytest.mark.usefixtures("country")
def test_a_matrix_of_the_statistics_office() -> None:
    intake = begin(samples.xlsx(samples.YEARBOOK, [(0, 0, 0, 3), (1, 0, 1, 3)]))
    spec = Spec.from_json(intake.spec)
    assert spec.level == "province" and spec.head == (3,) and spec.first == 5 and spec.last == 9
    assert [column.period for column in spec.columns] == ["", "2014", "2015", "Sơ bộ Prel. 2016"]
    assert spec.targets[""].cell == PRIMARY and spec.targets[""].factor == "1000"
    plan = made(intake)
    assert not plan.reading.faults, (plan.reading.faults, spec)
    found = values(plan)
    assert found["Tỉnh Lào Cai", "2016-2017.DN", PRIMARY] == 79_000
    assert found["Tỉnh Yên Bái", "2015-2016.DN", PRIMARY] == 85_500, "text with a decimal comma"
    assert len(found) == 6 and plan.reading.missing == 0
    early = [key for key, figure in plan.reading.figures.items() if figure.preliminary]
    assert {code for _, code, _ in early} == {"2016-2017.DN"}
    differs = {(one.printed.name, one.printed.period): one.difference for one in plan.differs}
    assert differs == {("CẢ NƯỚC - WHOLE COUNTRY", "2016-2017.DN"): 200}


@pytest.mark.usefixtures("country")
def test_a_line_of_another_province_is_asked_about_only_where_it_gives_something() -> None:
    rows = [*samples.YEARBOOK[:-1], ["Hà Giag", 1.5, 2.5, 3.5]]
    plan = made(begin(samples.xlsx(rows)))
    assert [one.text for one in plan.reading.questions.values()] == ["Hà Giag"]


@pytest.mark.usefixtures("country")
def test_two_heads_give_two_elements() -> None:
    intake = begin(samples.xlsx(samples.TWO_HEADS, samples.TWO_HEADS_MERGED))
    found = values(made(intake))
    assert found["Tỉnh Lào Cai", "2015-2016.DN", "gso_mam_non_truong"] == 190
    assert found["Tỉnh Yên Bái", "2016-2017.DN", "gso_mam_non_lop"] == 1310
    assert len(found) == 8


@pytest.mark.usefixtures("country")
def test_heads_that_name_period_and_element_together() -> None:
    intake = begin(samples.text(samples.WEB, ",", "utf-8-sig"), "web.csv")
    plan = made(intake)
    found = values(plan)
    assert found["Tỉnh Lào Cai", "2015-2016.DN", "gso_mam_non_truong"] == 190
    assert found["Tỉnh Yên Bái", "2016-2017.DN", "gso_mam_non_truong"] == 181
    assert len(found) == 7 and plan.reading.missing == 1
    cells = {info.id: key for key, info in plan.infos.items()}
    assert {cells[cell] for (_, _, cell), one in plan.reading.figures.items() if one.preliminary} == {
        "gso_mam_non_truong"
    }


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_long_table_in_every_writing(encoding: str, delimiter: str) -> None:
    intake = begin(samples.text(samples.LONG, delimiter, encoding), "dai.csv")
    spec = Spec.from_json(intake.spec)
    assert [one.role for one in spec.columns] == ["name", "period", "variable", "value", "variable"] or spec.one("flag")
    found = values(made(intake))
    assert found["Tỉnh Lào Cai", "2015-2016.DN", PRIMARY] == 77_500
    assert found["Tỉnh Yên Bái", "2015-2016.DN", PRIMARY] == 85_500


@pytest.mark.usefixtures("country")
def test_the_lines_of_one_provinces_own_yearbook_are_what_is_counted() -> None:
    intake = begin(samples.xlsx(samples.ONE_PROVINCE))
    spec = Spec.from_json(intake.spec)
    assert spec.places("name") == [] and len(spec.places("variable")) == 1
    unit = orgs.by_code("10", OLD)
    assert unit is not None
    intake = changed(intake, unit_id=unit.pk)
    found = values(made(intake))
    assert found["Tỉnh Lào Cai", "2016-2017.DN", "gso_mam_non_truong"] == 195
    assert found["Tỉnh Lào Cai", "2014-2015.DN", "gso_mam_non_lop"] == 1480
    assert len(found) == 8, "what is missing stays missing"


@pytest.mark.usefixtures("country")
def test_the_same_file_twice_changes_nothing() -> None:
    content = samples.xlsx(samples.TWO_HEADS, samples.TWO_HEADS_MERGED)
    done = actions.load(by=SYSTEM, at=NOW, intake=begin(content))
    assert done.state == State.LOADED and done.result["written"] == 8
    before = (Effect.objects.count(), Loaded.objects.count(), Event.objects.filter(verb="intake.load").count())
    again = actions.load(by=SYSTEM, at=NOW, intake=begin(content))
    assert again.result["written"] == 0 and again.result["same"] == 8
    assert before == (Effect.objects.count(), Loaded.objects.count(), Event.objects.filter(verb="intake.load").count())


@pytest.mark.usefixtures("country")
def test_final_figures_take_the_mark_of_preliminary_away() -> None:
    actions.load(by=SYSTEM, at=NOW, intake=begin(samples.xlsx(samples.YEARBOOK)))
    unit = orgs.by_code("10", OLD)
    assert unit is not None
    key = (unit.pk, "2016-2017.DN", trying.targets.infos()[PRIMARY].id)
    assert queries.preliminary("gso", ["2016-2017.DN"])[key] is True
    rows = [*samples.YEARBOOK[:3], ["", "2014", "2015", "2016"], *samples.YEARBOOK[4:]]
    done = actions.load(by=SYSTEM, at=NOW, intake=begin(samples.xlsx(rows)))
    assert done.result["written"] == 0 and done.result["marked"] == 2
    assert queries.preliminary("gso", ["2016-2017.DN"])[key] is False


@pytest.mark.usefixtures("country")
def test_taking_back_puts_back_what_stood_but_for_what_is_newer() -> None:
    first = actions.load(by=SYSTEM, at=NOW, intake=begin(samples.xlsx(samples.TWO_HEADS, samples.TWO_HEADS_MERGED)))
    rows = [list(row) for row in samples.TWO_HEADS]
    rows[3][1] = 191
    second = actions.load(by=SYSTEM, at=NOW, intake=begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED)))
    assert second.result["changed"] == 1
    back = actions.withdraw(by=SYSTEM, at=NOW, intake=first, why="nhầm tệp")
    assert back.result["withdrawn"] == 7 and back.result["left"] == 1
    with pytest.raises(refusals.NotLoaded):
        actions.withdraw(by=SYSTEM, at=NOW, intake=back, why="lần nữa")


@pytest.mark.usefixtures("country")
def test_a_layout_reads_next_years_file() -> None:
    intake = begin(samples.xlsx(samples.TWO_HEADS, samples.TWO_HEADS_MERGED))
    spec = Spec.from_json(intake.spec)
    targets = dict(spec.targets.items())
    label = next(label for label in targets if "Lớp" in label)
    targets[label] = targets[label].__class__(LEAVE)
    intake = changed(intake, targets=targets)
    kept = actions.keep_layout(by=SYSTEM, at=NOW, intake=intake, name="Mẫu giáo")
    rows = [list(row) for row in samples.TWO_HEADS]
    rows[2] = ["", 2017, "Sơ bộ 2018", 2017, "Sơ bộ 2018"]
    following = begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED))
    assert following.layout == kept
    found = values(made(following))
    assert {(code, cell) for _, code, cell in found} == {
        ("2017-2018.DN", "gso_mam_non_truong"),
        ("2018-2019.DN", "gso_mam_non_truong"),
    }
    assert actions.keep_layout(by=SYSTEM, at=NOW, intake=intake, name="Mẫu giáo") == kept, "nothing new, no new version"


@pytest.mark.usefixtures("country")
def test_a_confirmed_name_is_remembered() -> None:
    rows = [list(row) for row in samples.TWO_HEADS]
    rows[3][0] = "Lao Kay"
    intake = begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED))
    plan = made(intake)
    question = next(iter(plan.reading.questions.values()), None)
    if question is not None:
        unit = orgs.by_code("10", OLD)
        assert unit is not None
        with pytest.raises(refusals.StillQuestions):
            actions.load(by=SYSTEM, at=NOW, intake=intake)
        actions.answer(by=SYSTEM, at=NOW, intake=intake, names={"lao kay": f"unit:{unit.pk}"})
        assert not made(begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED))).reading.questions


@pytest.mark.usefixtures("country")
def test_every_fault_is_named_with_its_cell() -> None:
    rows = [list(row) for row in samples.TWO_HEADS]
    rows[3][1], rows[4][2], rows[4][4] = "năm", -3, 12.5
    plan = made(begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED)))
    assert {(one.address, one.kind) for one in plan.reading.faults} == {
        ("B4", "not_a_number"),
        ("C5", "negative"),
        ("E5", "decimals"),
    }
    intake = begin(samples.xlsx(rows, samples.TWO_HEADS_MERGED))
    with pytest.raises(refusals.StillFaults):
        actions.load(by=SYSTEM, at=NOW, intake=intake)
    assert actions.load(by=SYSTEM, at=NOW, intake=intake, leave_faults=True).result["written"] == 5


def test_a_list_of_schools_with_codes(office: Any) -> None:
    Series.objects.create(code="smas", name="SMAS")
    intake = begin(samples.xlsx(samples.SCHOOLS), series="smas")
    spec = Spec.from_json(intake.spec)
    assert [one.role for one in spec.columns] == ["ignore", "code", "name", "place", "value", "value", "value"]
    assert spec.level == "school" and spec.period and spec.kind == "SCHOOL_YEAR_START"
    cell = actions.define_cell(by=SYSTEM, at=NOW, name="Học sinh (SMAS)", series="smas")
    targets = only(spec, "học sinh", cell)
    plan = made(changed(intake, targets=targets))
    assert not plan.reading.faults and not plan.reading.questions
    assert sorted(figure.value for figure in plan.reading.figures.values()) == [410, 1250, 1310]
    assert plan.agreeing == 1 and not plan.differs


def test_a_line_per_class_is_added_up(office: Any) -> None:
    Series.objects.create(code="smas", name="SMAS")
    intake = begin(samples.xlsx(samples.CLASSES), series="smas")
    spec = Spec.from_json(intake.spec)
    assert [one.role for one in spec.columns] == ["code", "name", "variable", "count", "value", "value"]
    assert spec.add
    cell = actions.define_cell(by=SYSTEM, at=NOW, name="Lớp (SMAS)", series="smas")
    targets = only(spec, "tên lớp", cell)
    plan = made(changed(intake, targets=targets, period="2025-2026"))
    assert sorted(figure.value for figure in plan.reading.figures.values()) == [1, 3]


def test_an_office_loads_only_what_lies_below_it(office: Any) -> None:
    rows = [["Mã trường", "Số lớp"], ["99001002", 10], ["99001003", 8]]
    by = office.actor("cv.binhminh")
    Series.objects.create(code="smas", name="SMAS")
    cell = actions.define_cell(by=SYSTEM, at=NOW, name="Lớp (SMAS)", series="smas")
    intake = actions.begin(by=by, at=NOW, name="a.xlsx", content=samples.xlsx(rows), series="smas")
    spec = Spec.from_json(intake.spec)
    targets = {label: one.__class__(FIGURE, cell, "SCHOOL_YEAR_START", "1") for label, one in spec.targets.items()}
    spec = spec.changed(targets=targets, period="2025-2026")
    intake = actions.point(by=by, at=NOW, intake=intake, spec=spec, series="smas")
    with pytest.raises(refusals.OutOfReach):
        actions.load(by=by, at=NOW, intake=intake)


@pytest.mark.usefixtures("country")
def test_printed_totals_of_a_line_are_compared_with_its_parts() -> None:
    rows = [
        ["Địa phương", "Học sinh phổ thông", "", "", ""],
        ["", "Tổng số", "Tiểu học", "THCS", "THPT"],
        ["Lào Cai", 150, 80, 50, 20],
        ["Yên Bái", 161, 90, 50, 20],
    ]
    intake = begin(samples.xlsx(rows, [(0, 0, 1, 0), (0, 1, 0, 4)]))
    spec = Spec.from_json(intake.spec)
    assert [one.use for one in spec.targets.values()] == [SUM, FIGURE, FIGURE, FIGURE]
    plan = made(changed(intake, period="2015-2016"))
    assert len(plan.reading.figures) == 6
    assert [(one.printed.unit_id, one.difference) for one in plan.differs] == [
        (orgs.by_code("15", OLD).pk, 1)  # type: ignore[union-attr]
    ]
