"""Typing and handing in: numbers as people write them, nothing half-stored, rules, returns, corrections."""

from datetime import date, timedelta

import pytest

from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import Typed
from giaoban.indicators.models import Draft, Report, Revision, Round, Standing, Submission
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import CHECK, DUE, GOOD, LAST_YEAR, OPENED, Place, at


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


def faults(caught: pytest.ExceptionInfo[Invalid]) -> list[type[Refused]]:
    return [type(fault) for fault in caught.value.faults]


# Typing


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234", 1234), ("1 234", 1234), (" 12 ", 12), ("0", 0), ("", None), ("—", None), ("-", None)],
)
def test_numbers_as_written(place: Place, report: Report, text: str, value: int | None) -> None:
    place.type(report, {"hoc_sinh": "7"})
    place.type(report, {"hoc_sinh": text})
    draft = Draft.objects.filter(report=report, cell=place.cells["hoc_sinh"]).first()
    assert (draft.value if draft else None) == value


def test_missing_is_not_nought(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": "0", "hoc_sinh_nu": ""})
    assert Draft.objects.get(report=report).value == 0


def test_decimals_are_kept_in_the_smallest_unit(place: Place, report: Report) -> None:
    place.type(report, {"kinh_phi": "1.250,5"})
    assert Draft.objects.get(report=report).value == 12505


@pytest.mark.parametrize(
    ("key", "text", "refused"),
    [
        ("hoc_sinh", "mười", refusals.BadCellNumber),
        ("hoc_sinh", "1,234,5", refusals.BadCellNumber),
        ("hoc_sinh", "12,5", refusals.NotWholeNumber),
        ("kinh_phi", "12,55", refusals.TooManyDecimals),
        ("hoc_sinh", "-3", refusals.NegativeNumber),
        ("hoc_sinh", "9" * 16, refusals.NumberTooLarge),
    ],
)
def test_a_bad_number_names_its_cell_and_stores_nothing(
    place: Place, report: Report, key: str, text: str, refused: type[Refused]
) -> None:
    with pytest.raises(Invalid) as caught:
        place.type(report, {"hoc_sinh_nu": "5", key: text})
    assert faults(caught) == [refused]
    fault = caught.value.faults[0]
    assert fault.field == f"cell-{place.cells[key]}"
    assert fault.params["cell"] in ("Học sinh", "Kinh phí") and fault.params["text"] == text
    assert not Draft.objects.exists()


def test_all_bad_cells_are_named_at_once(place: Place, report: Report) -> None:
    with pytest.raises(Invalid) as caught:
        place.type(report, {"hoc_sinh": "a", "hoc_sinh_nu": "b", "kinh_phi": "1"})
    assert len(caught.value.faults) == 2


def test_a_cell_that_is_not_asked(place: Place, report: Report) -> None:
    with pytest.raises(Invalid) as caught:
        place.type(report, {"to_chuc": "3"})  # asked of upper secondary schools only
    assert faults(caught) == [refusals.NotAsked]


def test_a_line_for_one_kind_is_asked_of_that_kind(place: Place) -> None:
    steps = (actions.StepSpec(name="Sở", where="management", due_on=CHECK),)
    round = place.open(by=place.actors["so_officer"], opener_id=place.unit("so"), steps=steps, hierarchy="PROFESSIONAL",
                       kinds=["upper_secondary"])  # fmt: skip
    report = place.report(round, "thpt")
    place.type(report, {"to_chuc": "3"})
    assert queries.grid(place.actors["thpt_typist"], report, DUE).asked == 6


@pytest.mark.parametrize("who", ["na_hoi_head", "ban_pho_typist", "officer", "leader", "viewer", "admin", "so_officer"])
def test_only_the_unit_types(place: Place, report: Report, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.save_draft(
            by=place.actors[who], at=at(DUE), on=DUE, report_id=report.pk, values={place.cells["hoc_sinh"]: "1"}
        )


def test_not_before_the_round_opens(place: Place, report: Report) -> None:
    with pytest.raises(refusals.NotOpenYet):
        place.type(report, {"hoc_sinh": "1"}, on=OPENED - timedelta(days=1))


def test_typing_what_was_handed_in_drops_the_draft(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    place.type(report, {"hoc_sinh": "501"})
    assert Draft.objects.count() == 1
    place.type(report, {"hoc_sinh": "500"})
    assert not Draft.objects.exists()
    assert place.report(round, "na_hoi").state == "submitted"


def test_typing_after_handing_in_leaves_what_was_handed_in(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    place.type(report, {"hoc_sinh": "501"})
    fresh = place.report(round, "na_hoi")
    assert fresh.state == "submitted" and fresh.version == report.version
    assert place.accept(fresh, seen={fresh.pk: report.version})


def test_two_typists_do_not_overwrite_silently(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": Typed("10", was="")})
    with pytest.raises(Invalid) as caught:
        place.type(report, {"hoc_sinh": Typed("20", was="")})
    assert faults(caught) == [refusals.ChangedMeanwhile]
    assert caught.value.faults[0].params["now"] == "10"
    place.type(report, {"hoc_sinh": Typed("20", was="10")})
    place.type(report, {"hoc_sinh": Typed("20", was="")})  # the same figure twice is no conflict
    assert Draft.objects.get().value == 20


def test_a_note_alone_is_kept(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": Typed(note="Chưa thống kê xong")})
    draft = Draft.objects.get()
    assert (draft.value, draft.note) == (None, "Chưa thống kê xong")


def test_nothing_typed_writes_nothing(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": "5"})
    events, version = Event.objects.count(), place.report(report.round, "na_hoi").draft_version
    place.type(report, {"hoc_sinh": "5", "hoc_sinh_nu": ""})
    assert Event.objects.count() == events and place.report(report.round, "na_hoi").draft_version == version


def test_states_before_handing_in(place: Place, report: Report) -> None:
    assert report.state == "empty"
    assert place.type(report, {"hoc_sinh": "5"}).state == "draft"
    assert place.type(report, {"hoc_sinh": ""}).state == "empty"


# Handing in


def test_hand_in(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    assert report.state == "submitted" and report.submitted_at == at(DUE, 10)
    assert Revision.objects.count() == 5 and not Draft.objects.exists()
    assert set(Standing.objects.values_list("state", "step")) == {("submitted", 0)}


@pytest.mark.parametrize("who", ["na_hoi_typist", "ban_pho_head", "officer", "admin"])
def test_only_the_head_hands_in(place: Place, report: Report, who: str) -> None:
    place.type(report, GOOD)
    with pytest.raises(NotAllowed):
        actions.submit(by=place.actors[who], at=at(DUE), on=DUE, report_id=report.pk)


def test_required_cells_need_a_figure_or_a_reason(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": "500"})
    with pytest.raises(Invalid) as caught:
        place.submit(report)
    assert faults(caught) == [refusals.CellMissing]
    assert caught.value.faults[0].params["cell"] == "Học sinh nữ"
    place.type(report, {"hoc_sinh_nu": Typed(note="Chưa thống kê theo giới tính")})
    place.submit(report)
    assert Revision.objects.get(cell=place.cells["hoc_sinh_nu"]).value is None


def test_a_hard_rule_must_hold_or_be_explained(place: Place, report: Report) -> None:
    place.type(report, GOOD | {"hoc_sinh_nu": "501"})
    with pytest.raises(Invalid) as caught:
        place.submit(report)
    assert faults(caught) == [refusals.RuleBroken]
    assert caught.value.faults[0].params["rule"] == "Học sinh nữ không được nhiều hơn tổng số học sinh."
    assert not Submission.objects.exists()
    place.type(report, {"hoc_sinh_nu": Typed(note="Trường chỉ nhận nữ, một em chuyển đến")})
    place.submit(report)
    assert place.report(report.round, "na_hoi").warnings == 1


def test_a_warning_does_not_stop(place: Place, report: Report) -> None:
    place.type(report, GOOD | {"bo_hoc[lop=6]": "60"})
    place.submit(report)
    fresh = place.report(report.round, "na_hoi")
    assert [one["text"] for one in fresh.findings] == ["Học sinh bỏ học quá một phần mười."]


def test_a_rule_over_missing_figures_is_unknown_not_broken(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": "5", "hoc_sinh_nu": "2"})
    place.submit(report)
    assert place.report(report.round, "na_hoi").warnings == 0


def test_nothing_to_hand_in(place: Place, round: Round) -> None:
    with pytest.raises(Invalid) as caught:
        place.submit(place.report(round, "na_hoi"))
    assert refusals.NothingChanged in faults(caught)
    report = place.hand_in(round, "na_hoi")
    with pytest.raises(Invalid) as caught:
        place.submit(report)
    assert faults(caught) == [refusals.NothingChanged]


def test_the_head_signs_what_they_saw(place: Place, report: Report) -> None:
    seen = place.type(report, GOOD).draft_version
    place.type(report, {"hoc_sinh": "501"})
    with pytest.raises(refusals.ChangedSinceShown):
        place.submit(report, seen=seen)
    place.submit(report, seen=seen + 1)


def test_only_changed_cells_get_a_revision(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    place.type(report, {"hoc_sinh": "510"})
    place.submit(report)
    last = Submission.objects.get(report=report, no=2)
    assert [(one.cell_id, one.value) for one in last.revisions.all()] == [(place.cells["hoc_sinh"], 510)]


# Returned


def test_return_one_cell_and_correct_it(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    cell = place.cells["bo_hoc[lop=6]"]
    place.give_back(report, "Số này lạ", cells=[cell])
    assert place.report(round, "na_hoi").state == "returned"
    states = dict(Standing.objects.filter(report=report).values_list("cell_id", "state"))
    assert states.pop(cell) == "returned" and set(states.values()) == {"submitted"}
    with pytest.raises(Invalid) as caught:
        place.submit(report, note="Đúng rồi")
    assert faults(caught) == [refusals.StillReturned]
    place.type(report, {"bo_hoc[lop=6]": Typed(note="Đã kiểm tra hồ sơ, đúng 2 em")})
    place.submit(report)
    assert place.report(round, "na_hoi").state == "submitted"
    assert not queries.changed_since_approval(report)


def test_whole_return_needs_a_change_or_an_answer(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    place.give_back(report)
    with pytest.raises(Invalid) as caught:
        place.submit(report)
    assert faults(caught) == [refusals.AnswerNeeded]
    place.submit(report, note="Nhà trường đã rà soát, số liệu đúng")
    fresh = place.report(round, "na_hoi")
    assert fresh.state == "submitted" and Revision.objects.filter(submission__report=report).count() == 5
    assert fresh.returns.get().answered_by.no == 2


def test_history_of_a_cell(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    cell = place.cells["bo_hoc[lop=6]"]
    place.give_back(report, "Xem lại", cells=[cell])
    place.type(report, {"bo_hoc[lop=6]": Typed("4", note="Sót hai em")}, on=CHECK)
    place.submit(report, on=CHECK + timedelta(days=1))
    place.accept(place.report(round, "na_hoi"), on=CHECK + timedelta(days=2))
    lines = queries.cell_history(report, cell)
    assert [line.what for line in lines] == ["accepted", "submitted", "returned", "submitted"]
    assert [line.value for line in lines if line.what == "submitted"] == [4, 2]
    assert lines[1].text == "Sót hai em" and lines[2].text == "Xem lại"
    assert lines[3].who == "Hiệu trưởng na_hoi_head, Hiệu trưởng"
    other = queries.cell_history(report, place.cells["hoc_sinh"])
    assert [line.what for line in other] == ["accepted", "submitted"]


# After locking


def locked(place: Place, round: Round) -> Report:
    report = place.hand_in(round, "na_hoi")
    place.accept(report)
    place.accept(report, 2, by="leader")
    actions.lock_round(
        by=place.actors["officer"], at=at(CHECK, 16), on=CHECK, round_id=round.pk, reason="Hai trường chưa nộp"
    )
    return place.report(round, "na_hoi")


def test_locked_figures_cannot_be_typed_or_returned(place: Place, round: Round) -> None:
    report = locked(place, round)
    assert report.state == "locked"
    with pytest.raises(refusals.Locked):
        place.type(report, {"hoc_sinh": "1"}, on=CHECK)
    with pytest.raises(refusals.Locked):
        place.give_back(report)


def test_reopening_is_for_one_unit_and_a_time(place: Place, round: Round) -> None:
    report = locked(place, round)
    until = CHECK + timedelta(days=4)
    args = {"by": place.actors["officer"], "at": at(CHECK, 17), "on": CHECK, "report_id": report.pk}
    with pytest.raises(refusals.ReasonNeeded):
        actions.reopen(**args, until=until, reason="")
    with pytest.raises(refusals.ReopenInPast):
        actions.reopen(**args, until=CHECK - timedelta(days=1), reason="Sai số")
    with pytest.raises(NotAllowed):
        actions.reopen(**(args | {"by": place.actors["leader"]}), until=until, reason="Sai số")
    actions.reopen(**args, until=until, reason="Sai số học sinh")
    place.type(report, {"hoc_sinh": "490"}, on=until)
    place.submit(report, on=until)
    with pytest.raises(refusals.Locked):
        place.type(report, {"hoc_sinh": "480"}, on=until + timedelta(days=1))
    with pytest.raises(refusals.Locked):
        place.type(place.report(round, "ban_pho"), {"hoc_sinh": "1"}, on=until)


def test_a_correction_goes_through_the_line_and_locks_again(place: Place, round: Round) -> None:
    report = locked(place, round)
    actions.reopen(
        by=place.actors["officer"], at=at(CHECK, 17), on=CHECK, report_id=report.pk, until=CHECK, reason="Sai số"
    )
    place.type(report, {"hoc_sinh": "490"}, on=CHECK)
    place.submit(report, on=CHECK)
    assert place.report(round, "na_hoi").state == "submitted"
    assert [(one.counts, one.handed_in) for one in queries.changed_since_approval(report)] == [("500", "490")]
    assert queries.figures(unit_ids=[report.unit_id], cell_ids=[place.cells["hoc_sinh"]])[0].value == 500
    place.accept(report)
    assert queries.figures(unit_ids=[report.unit_id], cell_ids=[place.cells["hoc_sinh"]])[0].value == 490
    place.accept(report, 2, by="leader")
    assert place.report(round, "na_hoi").state == "locked"


def test_reopening_needs_a_locked_round(place: Place, report: Report) -> None:
    with pytest.raises(refusals.NotLocked):
        actions.reopen(by=place.actors["officer"], at=at(DUE), on=DUE, report_id=report.pk, until=DUE, reason="Sai số")


# What the grid shows


def test_grid_shows_last_year_plan_totals_and_changes(place: Place, round: Round) -> None:
    before = place.open(period_code=LAST_YEAR, on=date(2025, 1, 10), at=at(date(2025, 1, 10)), due_on=date(2025, 1, 17),
                        steps=[actions.StepSpec("Kiểm tra", "opener", date(2025, 1, 20))])  # fmt: skip
    old = place.report(before, "na_hoi")
    day = date(2025, 1, 16)
    place.type(old, GOOD | {"bo_hoc[lop=6]": "4", "bo_hoc[lop=7]": "2"}, on=day)
    place.submit(old, on=day)
    place.accept(old, on=day)
    actions.define_indicator(
        by=SYSTEM, at=at(OPENED), code="so_hoc_sinh", name="Số học sinh", unit="học sinh", places=0,
        expression="hoc_sinh", start=date(2020, 1, 1),
    )  # fmt: skip
    actions.set_target(by=place.actors["officer"], at=at(OPENED), indicator="so_hoc_sinh", unit_id=place.unit("na_hoi"),
                       period_code="2025-2026", value=520, sentence="Huy động 520 học sinh")  # fmt: skip
    report = place.report(round, "na_hoi")
    place.type(report, {"hoc_sinh": "500", "bo_hoc[lop=6]": "13"})
    grid = queries.grid(place.actors["na_hoi_typist"], report, DUE)
    cells = {cell.label: cell for cell in grid.cells}
    pupils = cells["Học sinh"]
    assert (pupils.text, pupils.before, pupils.plan, pupils.change) == ("500", "500", "520", "0")
    assert pupils.plan_from == "Huy động 520 học sinh"
    assert (cells["Cộng bỏ học"].text, cells["Cộng bỏ học"].partial, cells["Cộng bỏ học"].before) == ("13", 1, "6")
    assert cells["Tỷ lệ bỏ học"].text == "" and cells["Tỷ lệ bỏ học"].before == "1,20%"
    assert (grid.filled, grid.asked, grid.changed) == (2, 5, 2)
    assert [one.kind for one in grid.findings] == ["change"]
    assert grid.findings[0].value == 13 and grid.findings[0].before == 4
