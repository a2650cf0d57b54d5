"""Every publication keeps the whole text; who may change what; what is refused once figures exist."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.indicators import actions, refusals, texts
from giaoban.indicators.actions import LineSpec
from giaoban.indicators.models import Cell, Edition, Element, Sheet, SheetLine
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts as published
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import DUE, FOUNDED, OPENED, Place, at

ACT = {"by": SYSTEM, "at": at(OPENED)}
PUPILS = {"code": "hoc_sinh", "name": "Học sinh", "unit": "học sinh", "stock": True}
OWN = {"code": "rieng", "name": "Riêng của xã", "unit": "cái", "stock": True}


def test_each_correction_is_an_edition_with_who_when_and_the_whole_text(place: Place) -> None:
    officer = place.actors["officer"]
    actions.define_element(by=officer, at=at(OPENED), **OWN)
    actions.define_element(by=officer, at=at(DUE), **(OWN | {"name": "Riêng của xã Bắc Hà", "source": "QĐ 5"}))
    newest, first = asking.editions("element", "rieng")
    assert (first.no, newest.no) == (1, 2)
    assert newest.actor_name == officer.name and newest.unit_id == officer.unit_id and newest.at == at(DUE)
    assert newest.data == published.row("element", "rieng")
    told = {(one.field, one.old, one.new) for one in texts.differences(first.data, newest.data)}
    assert told == {("name", "Riêng của xã", "Riêng của xã Bắc Hà"), ("source", "", "QĐ 5")}


def test_publishing_the_same_text_again_makes_no_edition(place: Place) -> None:
    count = Edition.objects.count()
    actions.define_element(**ACT, **PUPILS)
    actions.define_dimension(**ACT, code="lop", name="Lớp", members={"6": "Lớp 6", "7": "Lớp 7"})
    assert Edition.objects.count() == count


def test_what_was_published_before_editions_were_kept_is_kept_at_its_first_correction(place: Place) -> None:
    Element.objects.create(code="cu", name="Tên cũ", unit="cái", stock=True)
    actions.define_element(**ACT, code="cu", name="Tên mới", unit="cái", stock=True)
    newest, first = asking.editions("element", "cu")
    assert (first.actor_name, first.data["name"], newest.data["name"]) == ("", "Tên cũ", "Tên mới")


def test_another_order_of_members_is_an_edition(place: Place) -> None:
    actions.define_dimension(**ACT, code="lop", name="Lớp", members={"7": "Lớp 7", "6": "Lớp 6"})
    newest, before = asking.editions("dimension", "lop")
    assert (before.data["order"], newest.data["order"]) == (["6", "7"], ["7", "6"])


def test_a_member_left_out_stays_with_its_cells(place: Place) -> None:
    actions.define_dimension(**ACT, code="lop", name="Lớp", members={"8": "Lớp 8", "6": "Lớp sáu"})
    members = {one.code: one.name for one in Element.objects.get(pk="bo_hoc").dimensions.get().members.all()}
    assert list(members) == ["8", "6", "7"] and members["6"] == "Lớp sáu"
    assert Cell.objects.filter(element="bo_hoc").count() == 3
    assert Cell.objects.get(key="bo_hoc[lop=6]").label == "Học sinh bỏ học – Lớp sáu"


def test_a_formula_from_a_day_and_a_sheet_make_editions_too(place: Place) -> None:
    actions.add_formula(**ACT, indicator="ty_le_bo_hoc", start=date(2026, 1, 1), expression="bo_hoc[lop=6] / hoc_sinh")
    assert asking.editions("indicator", "ty_le_bo_hoc")[0].data["formula"][0]["start"] == "2026-01-01"
    actions.retire_sheet(**ACT, code="hoc_ky", reason="Thay mẫu")
    newest = asking.editions("sheet", "hoc_ky")[0]
    assert newest.data["retired"] and newest.reason == "Thay mẫu"


def test_an_official_code_names_its_system_and_is_found(place: Place) -> None:
    with pytest.raises(refusals.CodeSystemNeeded):
        actions.define_element(**ACT, **PUPILS, official_code="0412")
    actions.define_element(**ACT, **PUPILS, official_code="0412", code_system="TT 19/2017/TT-BGDĐT")
    assert [one.code for one in asking.listed_elements("0412")] == ["hoc_sinh"]
    assert [one.code for one in asking.listed_elements("tt 19/2017")] == ["hoc_sinh"]
    assert [one.code for one in asking.listed_elements(system="TT 19/2017/TT-BGDĐT")] == ["hoc_sinh"]


# What is fixed


@pytest.mark.parametrize(
    ("change", "field"),
    [({"unit": "em"}, "unit"), ({"stock": False}, "stock"), ({"scale": 1}, "scale"),
     ({"over_units": "none"}, "over_units")],
)  # fmt: skip
def test_meaning_is_fixed_as_soon_as_somebody_has_typed_a_figure(place: Place, change: dict, field: str) -> None:
    place.type(place.report(place.open(), "na_hoi"), {"hoc_sinh": "500"})
    with pytest.raises(refusals.MeaningFixed) as caught:
        actions.define_element(**ACT, **(PUPILS | change))
    assert caught.value.field == field
    actions.define_element(**ACT, **(PUPILS | {"name": "Số học sinh"}))
    assert Element.objects.get(pk="hoc_sinh").name == "Số học sinh"


def test_the_unit_of_an_indicator_is_fixed_once_it_has_a_target(place: Place) -> None:
    given = {"code": "ty_le_bo_hoc", "name": "Tỷ lệ", "expression": "bo_hoc / hoc_sinh", "start": FOUNDED}
    actions.set_target(**ACT, indicator="ty_le_bo_hoc", unit_id=place.unit("na_hoi"), period_code="2025-2026", value=1)
    with pytest.raises(refusals.UnitFixed):
        actions.define_indicator(**ACT, **given, unit="học sinh")


# Retire and bring back


def test_a_retired_element_is_asked_by_no_new_sheet_and_goes_on_where_it_is_asked(place: Place) -> None:
    with pytest.raises(refusals.ReasonNeeded):
        actions.retire_element(**ACT, code="to_chuc", reason=" ")
    with pytest.raises(refusals.UnknownText):
        actions.retire_element(**ACT, code="khong_co", reason="x")
    actions.retire_element(**ACT, code="to_chuc", reason="Thông tư mới bỏ")
    assert place.open()
    assert "to_chuc" not in [one.code for one in asking.listed_elements()]
    assert [one.code for one in asking.listed_elements(state="retired")] == ["to_chuc"]
    actions.retire_sheet(**ACT, code="hoc_ky", reason="Thay mẫu")
    with pytest.raises(Invalid) as caught:
        actions.publish_sheet(**ACT, code="moi", name="Mới", kinds=[], lines=[LineSpec(cell="to_chuc")])
    assert isinstance(caught.value.faults[0], refusals.ElementRetired)
    actions.restore_element(**ACT, code="to_chuc", reason="Dùng lại")
    assert actions.publish_sheet(**ACT, code="moi", name="Mới", kinds=[], lines=[LineSpec(cell="to_chuc")])
    assert [one.reason for one in asking.editions("element", "to_chuc")[:2]] == ["Dùng lại", "Thông tư mới bỏ"]
    assert set(Event.objects.values_list("verb", flat=True)) >= {"element.retire", "element.restore"}


def test_a_retired_indicator_is_not_listed(place: Place) -> None:
    actions.retire_indicator(**ACT, code="ty_le_bo_hoc", reason="Không dùng")
    assert not asking.listed_indicators().exists()
    actions.restore_indicator(**ACT, code="ty_le_bo_hoc", reason="Dùng lại")
    assert asking.listed_indicators().exists()


# Whose it is


def test_a_commune_does_not_change_what_is_common_and_the_department_does(place: Place) -> None:
    officer, department = place.actors["officer"], place.actors["so_officer"]
    for verb, given in (
        (actions.define_element, PUPILS | {"name": "Khác"}),
        (actions.retire_element, {"code": "hoc_sinh", "reason": "x"}),
        (actions.define_dimension, {"code": "lop", "name": "Khác", "members": {"6": "Sáu"}}),
        (actions.retire_indicator, {"code": "ty_le_bo_hoc", "reason": "x"}),
        (actions.retire_sheet, {"code": "hoc_ky", "reason": "x"}),
    ):
        with pytest.raises(NotAllowed):
            verb(by=officer, at=at(DUE), **given)
        verb(by=department, at=at(DUE), **given)


def test_a_communes_own_text_is_changed_by_itself_only(place: Place) -> None:
    actions.define_element(by=place.actors["officer"], at=at(DUE), **OWN)
    for who in ("sin_chai_officer", "so_officer", "leader"):
        with pytest.raises(NotAllowed):
            actions.define_element(by=place.actors[who], at=at(DUE), **(OWN | {"name": "Khác"}))
    actions.define_element(by=place.actors["officer"], at=at(DUE), **(OWN | {"name": "Khác"}))


def test_a_commune_publishes_its_own_indicator_with_its_formula(place: Place) -> None:
    given = {"code": "rieng", "name": "Riêng", "unit": "%", "expression": "bo_hoc / hoc_sinh", "start": FOUNDED}
    actions.define_indicator(by=place.actors["officer"], at=at(DUE), **given)
    assert [one.no for one in asking.editions("indicator", "rieng")] == [1]
    change = {"indicator": "rieng", "start": DUE, "expression": "bo_hoc[lop=6] / hoc_sinh"}
    with pytest.raises(NotAllowed):
        actions.add_formula(by=place.actors["sin_chai_officer"], at=at(DUE), **change)
    actions.add_formula(by=place.actors["officer"], at=at(DUE), **change)


# A sheet in the place of another


def test_a_sheet_that_supersedes_takes_the_cells_over_and_open_rounds_go_on(place: Place) -> None:
    round = place.open()
    lines = [LineSpec(cell="hoc_sinh"), LineSpec(cell="hoc_sinh_nu")]
    actions.publish_sheet(
        **ACT, code="hoc_ky_b2", name="Báo cáo mới", kinds=["primary"], lines=lines, supersedes="hoc_ky"
    )
    old, new = Sheet.objects.get(pk="hoc_ky"), Sheet.objects.get(pk="hoc_ky_b2")
    assert old.retired and new.supersedes == old and "Báo cáo mới" in asking.editions("sheet", "hoc_ky")[0].reason
    assert set(
        SheetLine.objects.filter(cell__key="hoc_sinh", owns=True, retired=False).values_list("sheet", flat=True)
    ) == {"hoc_ky_b2"}
    place.hand_in(round, "na_hoi")
    with pytest.raises(refusals.SheetRetired):
        place.open(sheet="hoc_ky", period_code="2025-2026.HK2")
    with pytest.raises(refusals.UnknownSheet):
        actions.publish_sheet(**ACT, code="x", name="X", kinds=[], lines=lines, supersedes="khong_co")


def test_bad_bounds_are_refused(place: Place) -> None:
    with pytest.raises(Exception, match="checks"):
        actions.publish_sheet(
            **ACT, code="hoc_ky", name="X", kinds=["primary"], lines=[LineSpec(cell="hoc_sinh")], checks={"khac": {}}
        )
