"""The matrix: every report one may follow, its state, how late; and where a cell of a unit comes from."""

from datetime import date

import pytest

from giaoban.indicators.queries import matrix, provenance
from giaoban.indicators.queries.matrix import Wanted
from tests.rooms.indicators.place import DUE, HK1, at

LATER, AFTER = date(2026, 1, 23), date(2026, 1, 24)


@pytest.fixture
def asked(place):
    """Na Hối is approved, Bản Phố handed in, Thải Giàng has given nothing and is five days late."""
    place.round = place.open()
    place.accept(place.hand_in(place.round, "na_hoi"))
    place.hand_in(place.round, "ban_pho")
    return place


def found(place, who="officer", on=AFTER, **wanted):
    return matrix.matrix(place.actors[who], Wanted(**wanted), on)


def test_each_report_is_a_square_with_its_state_and_days_late(asked):
    lines = {line.name: line.squares[0] for line in found(asked).lines}
    said = {name: (one.group, one.days_late) for name, one in lines.items()}
    assert said == {
        "Trường THCS Thải Giàng": ("late", 5),
        "Trường Tiểu học Na Hối": ("through", 0),
        "Trường Tiểu học Bản Phố": ("waiting", 0),
    }
    assert found(asked).lines[0].name == "Trường THCS Thải Giàng"  # the late stand first
    assert found(asked).counts == {"late": 1, "through": 1, "waiting": 1}


def test_on_its_day_nobody_is_late(asked):
    assert {one.group for line in found(asked, on=DUE).lines for one in line.squares} == {"owed", "waiting", "through"}


def test_columns_with_somebody_late_lead_to_the_reminder_of_their_round(asked):
    seen = found(asked)
    assert seen.rounds == {seen.columns[0].key: [asked.round.pk]}
    assert found(asked, on=DUE).rounds == {}


def test_it_is_narrowed_by_period_place_kind_state_and_words(asked):
    def names(**wanted):
        return [line.name for line in found(asked, **wanted).lines]

    assert len(names(period_code=HK1)) == 3 and names(period_code="2024-2025.HK1") == []
    assert len(names(above=asked.unit("bac_ha"))) == 3 and names(above=asked.unit("sin_chai")) == []
    assert names(kind="lower_secondary") == ["Trường THCS Thải Giàng"]
    assert names(state="waiting") == ["Trường Tiểu học Bản Phố"]
    assert names(text="na hoi") == ["Trường Tiểu học Na Hối"]


def test_nobody_sees_reports_they_may_not_follow(asked):
    assert found(asked, "sin_chai_officer").lines == []
    assert [line.name for line in found(asked, "na_hoi_head").lines] == ["Trường Tiểu học Na Hối"]


# Where a cell comes from


def told(place, who, unit="na_hoi", cell="hoc_sinh"):
    story = provenance.story(place.actors[who], place.unit(unit), HK1, [place.cells[cell]], AFTER)
    return story.cells[0] if story.cells else None


def test_a_cell_tells_who_handed_in_who_approved_and_when_it_counted(asked):
    held = told(asked, "officer")
    assert (held.value, held.state) == (500, "accepted")
    assert [(one.what, one.value) for one in held.history] == [
        ("counted", "500"),
        ("accepted", ""),
        ("submitted", "500"),
    ]
    assert held.history[1].who == "Chuyên viên officer, Chuyên viên"
    assert held.history[2].at == at(DUE, 10)


def test_every_earlier_value_stays(asked):
    report = asked.report(asked.round, "ban_pho")
    asked.give_back(report, "Đếm lại", cells=[asked.cells["hoc_sinh"]])
    asked.type(asked.report(asked.round, "ban_pho"), {"hoc_sinh": "510"}, on=LATER)
    asked.submit(asked.report(asked.round, "ban_pho"), on=LATER)
    asked.accept(asked.report(asked.round, "ban_pho"), on=AFTER)
    held = told(asked, "officer", "ban_pho")
    assert [one.what for one in held.history] == ["counted", "accepted", "submitted", "returned", "submitted"]
    assert held.earlier == ["500"]
    assert next(one.text for one in held.history if one.what == "returned") == "Đếm lại"


def test_a_withdrawal_is_told_with_the_ledger(asked):
    from giaoban.indicators import actions

    report = asked.report(asked.round, "na_hoi")
    actions.withdraw(by=asked.actors["leader"], at=at(AFTER), on=AFTER, report_id=report.pk, reason="Nhầm trường")
    held = told(asked, "officer")
    assert held.value is None and held.history[0].what in ("withdrawn", "returned")
    assert "withdrawn" in [one.what for one in held.history]


def test_names_are_told_only_to_who_may_follow(asked):
    held = told(asked, "viewer")
    assert held is not None and {one.who for one in held.history} == {""}
    assert told(asked, "sin_chai_officer") is None
