"""Building a sheet: steps on a draft, whose it is, what is asked once, and what publishing refuses at which line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.indicators import actions, drafting, refusals
from giaoban.indicators.actions import LineSpec, building
from giaoban.indicators.models import Edition, Report, Sheet, SheetDraft, SheetLine
from giaoban.indicators.queries import building as asked
from giaoban.indicators.queries import catalogue as asking
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import DUE, OPENED, Place, at

ACT = {"by": SYSTEM, "at": at(OPENED)}
Change = Callable[[drafting.Data], object]


@pytest.fixture
def place(place: Place) -> Place:
    actions.define_element(**ACT, code="phong_hoc", name="Phòng học", unit="phòng", stock=True, dimensions=["lop"])
    return place


def who(place: Place, name: str = "so_officer") -> dict[str, object]:
    return {"by": place.actors[name], "at": at(DUE), "on": DUE}


def begin(place: Place, name: str = "so_officer") -> SheetDraft:
    return building.begin_sheet(**who(place, name), code="co_so", name="Cơ sở vật chất", kinds=["primary"])


def change(place: Place, draft: SheetDraft, work: Change, **more: object) -> SheetDraft:
    return building.change_draft(**(who(place) | {"draft_id": draft.pk, "change": work} | more))


def rooms(data: drafting.Data) -> None:
    drafting.add_lines(data, "I", [{"cell": "phong_hoc[lop=6]"}, {"cell": "phong_hoc[lop=7]"}])


def built(draft: SheetDraft) -> asked.Built:
    draft.refresh_from_db()
    return asked.built(draft, building.draft_faults(draft))


# Steps of a draft, as plain data


def words(data: drafting.Data) -> list[tuple[str, str]]:
    return [(line["section"], line["label"]) for line in data["lines"]]


def three() -> drafting.Data:
    data = drafting.blank("Biểu", "", ["primary"])
    drafting.add_lines(data, "I", [{"label": "a"}, {"label": "b"}])
    drafting.add_lines(data, "II", [{"label": "c"}])
    return data


def test_lines_move_within_a_section_and_over_its_edge() -> None:
    data = three()
    drafting.move_line(data, 2, -1)
    assert words(data) == [("I", "b"), ("I", "a"), ("II", "c")]
    drafting.move_line(data, 1, 1)
    assert words(data) == [("I", "b"), ("II", "a"), ("II", "c")]
    drafting.move_line(data, 1, -1)
    assert words(data) == [("I", "b"), ("I", "a"), ("II", "c")]
    drafting.move_line(data, 2, -1)
    assert words(data)[0] == ("I", "b"), "the first line of the first section stays"


def test_lines_are_dropped_where_they_are_put() -> None:
    data = three()
    drafting.place_line(data, 3, "I", 2)
    assert words(data) == [("I", "a"), ("I", "c"), ("I", "b")]
    drafting.place_line(data, 1, "II", None)
    assert words(data) == [("I", "c"), ("I", "b"), ("II", "a")]
    with pytest.raises(drafting.NoSuchSection):
        drafting.place_line(data, 1, "III", None)
    with pytest.raises(drafting.NoSuchLine):
        drafting.drop_line(data, 99)


def test_sections_are_named_once_and_dropped_when_empty() -> None:
    data = three()
    drafting.move_section(data, "II", -1)
    assert words(data) == [("II", "c"), ("I", "a"), ("I", "b")]
    drafting.rename_section(data, "I", "Một")
    with pytest.raises(drafting.SectionTwice):
        drafting.rename_section(data, "Một", "II")
    with pytest.raises(drafting.SectionFull):
        drafting.drop_section(data, "Một")
    drafting.add_section(data, "III")
    drafting.drop_section(data, "III")
    assert data["sections"] == ["II", "Một"]


MOVES = st.lists(
    st.tuples(st.sampled_from(["move", "place", "section", "shift"]), st.integers(1, 3), st.sampled_from([-1, 1])),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_whatever_is_moved_no_line_is_lost_and_sections_stay_together(moves: list[tuple[str, int, int]]) -> None:
    data = three()
    for what, line, step in moves:
        if what == "move":
            drafting.move_line(data, line, step)
        elif what == "place":
            drafting.place_line(data, line, data["sections"][0 if step < 0 else 1], None)
        elif what == "section":
            drafting.move_section(data, "I", step)
        else:
            drafting.shift_line(data, line, step)
    assert sorted(line["id"] for line in data["lines"]) == [1, 2, 3]
    order = [data["sections"].index(line["section"]) for line in data["lines"]]
    assert order == sorted(order)
    assert all(0 <= line["level"] <= drafting.DEEPEST for line in data["lines"])


# Drafts


def test_a_new_sheet_is_built_and_published(place: Place) -> None:
    draft = begin(place)
    change(place, draft, rooms)
    change(
        place, draft,
        lambda data: drafting.add_lines(data, "I", [{"expression": "phong_hoc", "label": "Cộng", "unit": "phòng"}]),
    )  # fmt: skip
    change(
        place, draft,
        lambda data: drafting.put_rule(
            data, None, expression="phong_hoc[lop=6] <= 20", sentence="Quá 20 phòng.", severity="warning"
        ),
    )  # fmt: skip
    made = building.publish_draft(**who(place), draft_id=draft.pk)
    assert made is not None and [line.words for line in made.lines.all()][-1] == "Cộng"
    assert made.rules.get().severity == "warning" and not SheetDraft.objects.exists()
    assert Edition.objects.get(kind="sheet", code="co_so").unit_id == place.unit("so")
    assert place.open(by=place.actors["officer"], sheet="co_so")


def test_a_cell_asked_elsewhere_is_only_shown_and_its_sheet_is_named(place: Place) -> None:
    draft = begin(place)
    change(place, draft, rooms)
    change(place, draft, lambda data: drafting.add_lines(data, "I", [{"cell": "hoc_sinh"}, {"cell": "to_chuc"}]))
    lines = {line.cell_key: line for line in built(draft).lines}
    assert lines["hoc_sinh"].owner.name == "Báo cáo học kỳ" and not lines["hoc_sinh"].typed
    assert lines["phong_hoc[lop=6]"].typed and lines["phong_hoc[lop=6]"].owner is None
    assert lines["hoc_sinh"].unfilled == () and lines["to_chuc"].unfilled == ("Trường tiểu học",)
    made = building.publish_draft(**who(place), draft_id=draft.pk)
    owns = dict(made.lines.values_list("cell__key", "owns"))
    assert owns == {"phong_hoc[lop=6]": True, "phong_hoc[lop=7]": True, "hoc_sinh": False, "to_chuc": False}


def test_every_fault_stands_at_its_line_and_nothing_is_published(place: Place) -> None:
    draft = begin(place)
    change(place, draft, rooms)

    def spoil(data: drafting.Data) -> None:
        drafting.add_lines(data, "II", [{"cell": "khong_co"}, {"cell": "phong_hoc[lop=6]"}])
        drafting.add_lines(data, "II", [{"expression": "phong_hoc + kinh_phi", "label": "x"}])
        drafting.put_rule(data, None, expression="phong_hoc[lop=6] +", sentence="", severity="hard")

    change(place, draft, spoil)
    found = built(draft)
    at_line = {line.order: [type(fault) for fault in line.faults] for line in found.lines if line.faults}
    assert at_line == {3: [refusals.UnknownName], 4: [refusals.CellTwice], 5: [refusals.NotInSheet]}
    assert len(found.rules[0].faults) == 2 and found.wrong == 4
    with pytest.raises(Invalid):
        building.publish_draft(**who(place), draft_id=draft.pk)
    assert SheetDraft.objects.exists() and not Sheet.objects.filter(pk="co_so").exists()


def test_a_sheet_without_a_line_to_fill_in_is_not_published(place: Place) -> None:
    draft = begin(place)
    change(place, draft, lambda data: drafting.add_lines(data, "I", [{"cell": "hoc_sinh"}]))
    assert refusals.NoLines in {type(fault) for fault in built(draft).faults}


def test_two_people_building_do_not_overwrite_each_other(place: Place) -> None:
    draft = begin(place)
    seen = draft.version
    change(place, draft, rooms, seen=seen)
    with pytest.raises(building.DraftChanged):
        change(place, draft, rooms, seen=seen)
    draft.refresh_from_db()
    assert len(draft.data["lines"]) == 2


def test_a_refused_step_changes_nothing(place: Place) -> None:
    draft = begin(place)

    def half(data: drafting.Data) -> None:
        rooms(data)
        drafting.drop_line(data, 99)

    with pytest.raises(drafting.NoSuchLine):
        change(place, draft, half)
    draft.refresh_from_db()
    assert draft.data["lines"] == [] and draft.version == 0


def test_a_draft_belongs_to_its_unit(place: Place) -> None:
    draft = begin(place)
    for name in ("officer", "leader", "admin", "na_hoi_head"):
        assert not asking.sheet_drafts(place.actors[name], DUE).exists()
        with pytest.raises(SheetDraft.DoesNotExist):
            building.change_draft(**who(place, name), draft_id=draft.pk, change=rooms)
        with pytest.raises(SheetDraft.DoesNotExist):
            building.publish_draft(**who(place, name), draft_id=draft.pk)
    with pytest.raises(NotAllowed):
        begin(place, "leader")


def test_codes_of_drafts_and_sheets_are_their_own(place: Place) -> None:
    begin(place)
    with pytest.raises(building.CodeTaken):
        begin(place)
    with pytest.raises(building.CodeTaken):
        building.begin_sheet(**who(place), code="hoc_ky", name="X", kinds=["primary"])
    with pytest.raises(refusals.BadCode):
        building.begin_sheet(**who(place), code="học kỳ", name="X", kinds=["primary"])


def test_the_heading_changes_and_lines_follow_its_kinds(place: Place) -> None:
    draft = begin(place)
    change(place, draft, lambda data: drafting.add_lines(data, "I", [{"cell": "to_chuc", "kinds": ["primary"]}]))
    given = {"name": "Tên mới", "source": "QĐ 1", "change_percent": 20, "change_least": 3, "draft_id": draft.pk}
    with pytest.raises(building.KindsNeeded):
        building.change_heading(**who(place), **given, kinds=[])
    changed = building.change_heading(**who(place), **given, kinds=["lower_secondary"], code="ten_moi")
    assert changed.code == "ten_moi" and changed.data["lines"][0]["kinds"] == []
    building.discard_draft(**who(place), draft_id=draft.pk)
    assert not SheetDraft.objects.exists()
    assert set(Event.objects.values_list("verb", flat=True)) >= {"sheet.begin", "sheet.discard"}


# From a published sheet


def test_an_unused_sheet_is_changed_in_place(place: Place) -> None:
    draft = building.begin_from(**who(place), sheet="hoc_ky")
    assert draft.sheet_id == "hoc_ky" and draft.supersedes is None and len(draft.data["lines"]) == 8
    assert built(draft).wrong == 0 and built(draft).typed == 6, "its own cells are not seen as asked elsewhere"
    with pytest.raises(building.DraftExists):
        building.begin_from(**who(place), sheet="hoc_ky")
    change(place, draft, lambda data: drafting.change_line(data, 1, {"label": "Tổng số học sinh"}))
    made = building.publish_draft(**who(place), draft_id=draft.pk)
    assert made.pk == "hoc_ky" and made.lines.first().words == "Tổng số học sinh"


def test_a_used_sheet_is_frozen_and_its_next_version_takes_its_cells(place: Place) -> None:
    round = place.open()
    draft = building.begin_from(**who(place), sheet="hoc_ky")
    assert (draft.code, draft.supersedes_id, draft.sheet) == ("hoc_ky_b2", "hoc_ky", None)
    assert built(draft).typed == 6
    change(place, draft, rooms)
    made = building.publish_draft(**who(place), draft_id=draft.pk)
    assert made.supersedes_id == "hoc_ky" and Sheet.objects.get(pk="hoc_ky").retired
    owners = SheetLine.objects.filter(owns=True, retired=False, cell__key__in=["hoc_sinh", "to_chuc"])
    assert set(owners.values_list("sheet", flat=True)) == {"hoc_ky_b2"}
    place.hand_in(round, "na_hoi")
    assert Report.objects.get(round=round, unit=place.unit("na_hoi")).sheet_id == "hoc_ky"
    third = building.begin_copy(**who(place), sheet="hoc_ky_b2")
    assert third.code == "hoc_ky_b3" and built(third).typed == 0, "a copy asks nothing twice"


def test_a_commune_makes_no_next_version_of_what_is_common(place: Place) -> None:
    with pytest.raises(NotAllowed):
        building.begin_from(**who(place, "officer"), sheet="hoc_ky")
    assert building.begin_copy(**who(place, "officer"), sheet="hoc_ky").unit_id == place.actors["officer"].unit_id
    actions.retire_sheet(**ACT, code="hoc_ky", reason="x")
    with pytest.raises(refusals.SheetRetired):
        building.begin_from(**who(place), sheet="hoc_ky")


def test_a_sheet_may_be_set_for_a_day_and_is_published_that_morning(place: Place) -> None:
    draft = begin(place)
    day = DUE + timedelta(days=10)
    with pytest.raises(refusals.NoLines):
        building.publish_draft(**who(place), draft_id=draft.pk, publish_on=day)
    change(place, draft, rooms)
    with pytest.raises(building.DayPassed):
        building.publish_draft(**who(place), draft_id=draft.pk, publish_on=DUE - timedelta(days=1))
    assert building.publish_draft(**who(place), draft_id=draft.pk, publish_on=day) is None
    assert building.publish_due(at=at(day), on=day - timedelta(days=1)) == ([], [])
    done, left = building.publish_due(at=at(day), on=day)
    assert [sheet.pk for sheet in done] == ["co_so"] and left == []
    edition = Edition.objects.get(kind="sheet", code="co_so")
    assert edition.unit_id == place.unit("so") and edition.at == at(day)


def test_what_cannot_be_published_on_its_day_waits_with_its_reason(place: Place) -> None:
    draft = begin(place)
    change(place, draft, rooms)
    building.publish_draft(**who(place), draft_id=draft.pk, publish_on=DUE + timedelta(days=1))
    actions.retire_element(**ACT, code="phong_hoc", reason="x")
    done, left = building.publish_due(at=at(DUE), on=DUE + timedelta(days=2))
    assert done == [] and [draft.code for draft, _ in left] == ["co_so"] and SheetDraft.objects.exists()


# Words and suggestions


def test_rules_are_read_back_in_words_of_the_sheet(place: Place) -> None:
    draft = begin(place)
    change(place, draft, lambda data: drafting.add_lines(data, "I", [
        {"cell": "hoc_sinh", "label": "Tổng số"}, {"cell": "hoc_sinh_nu", "level": 1, "label": "Nữ"},
        {"cell": "phong_hoc[lop=6]", "level": 1},
    ]))  # fmt: skip
    change(place, draft, lambda data: drafting.put_rule(
        data, None, expression="(hoc_sinh + hoc_sinh_nu) * 2 >= 3 and not hoc_sinh = 0", sentence="x", severity="hard",
    ))  # fmt: skip
    found = built(draft)
    assert found.rules[0].said == "(“Tổng số” + “Nữ”) × 2 không được nhỏ hơn 3 và không phải là “Tổng số” phải bằng 0"
    assert [one.expression for one in asked.suggested(found)] == ["hoc_sinh_nu <= hoc_sinh"]
    assert asked.suggested(found)[0].sentence == "“Nữ” không được lớn hơn “Tổng số”."
    change(place, draft, lambda data: drafting.put_rule(
        data, None, expression="hoc_sinh_nu<=hoc_sinh", sentence="x", severity="hard"
    ))  # fmt: skip
    assert asked.suggested(built(draft)) == []


def test_a_line_spec_survives_the_builder(place: Place) -> None:
    """From a published sheet to a draft and back nothing is lost."""
    lines = [
        LineSpec(cell="phong_hoc[lop=6]", section="I", label="Phòng lớp 6", help="Kể cả mượn", level=1, required=False),
        LineSpec(cell="phong_hoc[lop=7]", section="I", kinds=("primary",)),
        LineSpec(cell="hoc_sinh", section="II", owns=False),
        LineSpec(expression="phong_hoc / hoc_sinh", section="II", label="Tỷ lệ", unit="%", owns=False),
    ]
    actions.publish_sheet(**ACT, code="du", name="Đủ", kinds=["primary"], lines=lines)
    draft = building.begin_from(**who(place), sheet="du")
    assert building.specs(draft)["lines"] == lines


def test_a_rule_over_an_earlier_period_is_read_back_too(place: Place) -> None:
    draft = begin(place)
    change(place, draft, rooms)
    text = "phong_hoc[lop=6] >= phong_hoc[ky=nam_truoc,lop=6]"
    change(
        place, draft,
        lambda data: drafting.put_rule(data, None, expression=text, sentence="Giảm.", severity="warning"),
    )  # fmt: skip
    found = built(draft)
    assert found.wrong == 0
    label = "“Phòng học – Lớp 6”"
    assert found.rules[0].said == f"{label} không được nhỏ hơn {label} cùng kỳ năm trước"
    with pytest.raises(refusals.PeriodReserved):
        actions.define_dimension(**ACT, code="ky", name="Kỳ", members={"a": "A"})
