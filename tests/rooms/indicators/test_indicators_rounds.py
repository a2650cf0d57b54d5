"""Opening a round: who is asked, by when, along which line; reminding and locking."""

from datetime import date, timedelta

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import StepSpec
from giaoban.indicators.models import Reminder, Report, Round, SignOff
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.notices.models import Message
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from tests.rooms.indicators.place import APPROVE, CHECK, DUE, HK1, LAST_YEAR, OPENED, THREE_STEPS, TWO_STEPS, Place, at


def test_asks_units_of_the_sheet_kinds_below_the_opener(place: Place) -> None:
    made = place.open()
    assert set(made.reports.values_list("unit_id", flat=True)) == {
        place.unit("na_hoi"), place.unit("ban_pho"), place.unit("thai_giang"),
    }  # fmt: skip  # the THPT lies in the commune but is managed by the Sở
    assert made.cutoff == date(2026, 1, 15)
    assert [step.order for step in made.steps.all()] == [1, 2]


def test_territory_takes_the_upper_secondary_school_too(place: Place) -> None:
    steps = (StepSpec(name="Sở tiếp nhận", where="professional", due_on=CHECK),)
    made = place.open(hierarchy=TERRITORY, steps=steps)
    assert made.reports.filter(unit=place.unit("thpt")).exists()


def test_kinds_and_units_narrow(place: Place) -> None:
    assert place.open(kinds=["lower_secondary"]).reports.count() == 1
    made = place.open(unit_ids=[place.unit("na_hoi")], kinds=["primary"])
    assert [report.unit_id for report in made.reports.all()] == [place.unit("na_hoi")]


def test_a_unit_that_is_not_below_is_refused(place: Place) -> None:
    with pytest.raises(refusals.NotBelow):
        place.open(unit_ids=[place.unit("sin_chai_th")])


def test_no_units_is_refused(place: Place) -> None:
    with pytest.raises(refusals.NoUnits):
        place.open(kinds=["gifted_upper_secondary"])


def test_only_an_officer_opens_and_only_at_home(place: Place) -> None:
    for who in ("leader", "na_hoi_head", "admin", "sin_chai_officer"):
        with pytest.raises(NotAllowed):
            place.open(by=place.actors[who])
    assert not Round.objects.exists()


def test_due_day_leaves_a_working_day_after_the_cutoff(place: Place) -> None:
    """NĐ 09/2019 Đ8 k5 b. The cut-off 15/01/2026 is a Thursday: Friday is the first day to hand in."""
    with pytest.raises(refusals.DueTooSoon):
        place.open(due_on=date(2026, 1, 15))
    assert place.open(due_on=date(2026, 1, 16)).pk


def test_a_weekend_is_no_working_day(place: Place) -> None:
    with pytest.raises(refusals.DueTooSoon):
        place.open(cutoff=date(2026, 1, 16), due_on=date(2026, 1, 18))  # Friday to Sunday


def test_each_level_has_a_working_day(place: Place) -> None:
    steps = (TWO_STEPS[0], StepSpec(name="Sở", where="professional", due_on=CHECK))
    with pytest.raises(refusals.StepTooSoon) as refused:
        place.open(steps=steps)
    assert refused.value.params["order"] == 2
    assert place.open(steps=THREE_STEPS).pk


def test_officer_and_leader_of_one_unit_may_share_a_day(place: Place) -> None:
    assert CHECK == APPROVE
    assert place.open(steps=TWO_STEPS).steps.count() == 2


def test_due_before_opening(place: Place) -> None:
    with pytest.raises(refusals.DueBeforeOpening):
        place.open(on=DUE + timedelta(days=1))


@pytest.mark.parametrize(
    "step",
    [
        StepSpec(name="", where="opener", due_on=CHECK),
        StepSpec(name="Ai", where="unit", due_on=CHECK),
        StepSpec(name="Ai", where="neighbour", due_on=CHECK),
        StepSpec(name="Ai", where="opener", due_on=CHECK, unit_id=1),
        StepSpec(name="Ai", where="opener", due_on=CHECK, verb="figure.type"),
    ],
)
def test_a_step_says_who(place: Place, step: StepSpec) -> None:
    with pytest.raises(refusals.BadStep):
        place.open(steps=(step,))


def test_a_round_needs_a_step(place: Place) -> None:
    with pytest.raises(refusals.NoSteps):
        place.open(steps=())


def test_nobody_above_for_a_step(place: Place) -> None:
    steps = (StepSpec(name="Sở", where="professional", due_on=CHECK),)
    with pytest.raises(refusals.NobodyForStep):
        place.open(
            by=SYSTEM, sheet="hoc_ky", opener_id=place.unit("tinh"), hierarchy=TERRITORY,
            kinds=["province_office", "education_department", "ministry", "commune"], steps=steps,
        )  # fmt: skip
    assert not Round.objects.exists()


def test_a_unit_owes_a_sheet_once_a_period(place: Place) -> None:
    place.open(kinds=["primary"])
    with pytest.raises(refusals.AlreadyAsked):
        place.open()
    assert place.open(kinds=["lower_secondary"]).reports.count() == 1


def test_one_level_reports_a_figure(place: Place) -> None:
    """A commune above its schools would be counted twice: refused in one round and across rounds."""
    steps = (StepSpec(name="Sở", where="unit", unit_id=place.unit("so"), due_on=CHECK),)
    wide = {"by": SYSTEM, "opener_id": place.unit("tinh"), "hierarchy": TERRITORY, "steps": steps}
    with pytest.raises(refusals.AskedTwiceInTree):
        place.open(**wide, kinds=["commune", "primary"])
    place.open()
    with pytest.raises(refusals.AskedTwiceInTree):
        place.open(**wide, kinds=["commune"])
    assert place.open(**wide, kinds=["commune"], period_code=LAST_YEAR).pk


def test_unknown_and_retired_sheets(place: Place) -> None:
    with pytest.raises(refusals.UnknownSheet):
        place.open(sheet="khac")
    actions.retire_sheet(by=SYSTEM, at=at(OPENED), code="hoc_ky", reason="Thay mẫu")
    with pytest.raises(refusals.SheetRetired):
        place.open()


def test_units_are_told(place: Place) -> None:
    place.open()
    told = set(Message.objects.values_list("unit_id", flat=True))
    assert place.unit("na_hoi") in told and place.unit("sin_chai_th") not in told


def test_opening_is_one_event_that_lists_the_units(place: Place) -> None:
    made = place.open()
    event = Event.objects.filter(verb="round.open").get()
    assert event.subject_id == made.pk and len(event.data["units"]) == 3


# Reminding


def late_day() -> date:
    return DUE + timedelta(days=1)


def test_late_are_those_past_their_day_and_not_handed_in(place: Place) -> None:
    made = place.open()
    place.hand_in(made, "na_hoi")
    assert not queries.late(made.pk, DUE).exists()
    names = {report.unit_id for report in queries.late(made.pk, late_day())}
    assert names == {place.unit("ban_pho"), place.unit("thai_giang")}


def test_a_returned_report_is_late_again_after_its_day(place: Place) -> None:
    made = place.open()
    report = place.hand_in(made, "na_hoi")
    place.give_back(report, due_on=date(2026, 1, 27))
    assert report not in queries.late(made.pk, date(2026, 1, 27))
    assert report in queries.late(made.pk, date(2026, 1, 28))


def test_remind_once_a_day_with_a_text_to_paste(place: Place) -> None:
    made = place.open()
    place.hand_in(made, "na_hoi")
    args = {"by": place.actors["officer"], "at": at(late_day()), "on": late_day(), "round_id": made.pk}
    Message.objects.all().delete()
    first = actions.remind_late(**args)
    assert len(first.reports) == 2 and not first.already
    assert "Trường Tiểu học Bản Phố" in first.text and "Na Hối" not in first.text
    assert Message.objects.count() == 2
    again = actions.remind_late(**args)
    assert not again.reports and len(again.already) == 2 and again.text == first.text
    assert Message.objects.count() == 2 and Reminder.objects.count() == 2


def test_who_owes_a_correction_is_told_apart(place: Place) -> None:
    made = place.open()
    report = place.hand_in(made, "na_hoi")
    place.give_back(report, due_on=date(2026, 1, 27))
    on = date(2026, 1, 29)
    Message.objects.all().delete()
    done = actions.remind_late(by=place.actors["officer"], at=at(on), on=on, round_id=made.pk)
    never, again = done.text.split("Bị trả lại, chưa nộp lại (1 đơn vị):")
    assert "Chưa nộp (2 đơn vị):" in never and "Na Hối" not in never
    assert "1. Trường Tiểu học Na Hối (hạn nộp lại 27/01/2026)" in again and "Bản Phố" not in again
    told = dict(Message.objects.values_list("unit_id", "subject"))
    assert told[place.unit("na_hoi")].startswith("Chưa nộp lại:") and "27/01/2026" in told[place.unit("na_hoi")]
    assert told[place.unit("ban_pho")].startswith("Chậm nộp:")
    far = queries.progress(made.pk, on)
    assert (far.late, far.again, far.returned) == (3, 1, 1)
    assert queries.progress(made.pk, date(2026, 1, 27)).again == 0


def test_nobody_to_remind(place: Place) -> None:
    made = place.open()
    with pytest.raises(refusals.NobodyLate):
        actions.remind_late(by=place.actors["officer"], at=at(DUE), on=DUE, round_id=made.pk)


@pytest.mark.parametrize("who", ["na_hoi_head", "sin_chai_officer", "viewer"])
def test_foreigners_do_not_remind(place: Place, who: str) -> None:
    made = place.open()
    with pytest.raises(NotAllowed):
        actions.remind_late(by=place.actors[who], at=at(late_day()), on=late_day(), round_id=made.pk)


# Locking and taking back


def test_locking_records_who_is_missing(place: Place) -> None:
    made = place.open()
    report = place.hand_in(made, "na_hoi")
    place.accept(report)
    place.accept(report, 2, by="leader")
    place.hand_in(made, "ban_pho")
    args = {"by": place.actors["officer"], "at": at(APPROVE, 15), "on": APPROVE, "round_id": made.pk}
    with pytest.raises(refusals.MissingUnits) as refused:
        actions.lock_round(**args)
    assert refused.value.params["n"] == 2
    locked = actions.lock_round(**args, reason="Hai trường nộp sau")
    assert locked.locked_at is not None
    states = dict(Report.objects.filter(round=made).values_list("unit_id", "state"))
    assert states[place.unit("na_hoi")] == "locked" and states[place.unit("ban_pho")] == "submitted"
    kept = SignOff.objects.get(round=made, step=0)
    assert {row["name"] for row in kept.missing} == {"Trường Tiểu học Bản Phố", "Trường THCS Thải Giàng"}
    with pytest.raises(refusals.AlreadyLocked):
        actions.lock_round(**args, reason="lại")


def test_taking_a_round_back(place: Place) -> None:
    made = place.open()
    args = {"by": place.actors["officer"], "at": at(OPENED), "on": OPENED, "round_id": made.pk}
    with pytest.raises(refusals.ReasonNeeded):
        actions.cancel_round(**args, reason=" ")
    place.type(place.report(made, "na_hoi"), {"hoc_sinh": "5"})
    actions.cancel_round(**args, reason="Nhầm kỳ")
    assert not Round.objects.exists() and not Report.objects.exists()
    assert Event.objects.get(verb="round.cancel").reason == "Nhầm kỳ"


def test_not_after_somebody_has_handed_in(place: Place) -> None:
    made = place.open()
    place.hand_in(made, "na_hoi")
    with pytest.raises(refusals.AlreadyAnswered):
        actions.cancel_round(by=place.actors["officer"], at=at(DUE), on=DUE, round_id=made.pk, reason="Nhầm")


def test_progress(place: Place) -> None:
    made = place.open()
    for school in ("na_hoi", "ban_pho"):
        place.hand_in(made, school)
    place.accept(place.report(made, "na_hoi"))
    place.give_back(place.report(made, "ban_pho"))
    found = queries.progress(made.pk, late_day())
    assert (found.expected, found.submitted, found.accepted, found.finished) == (3, 1, 1, 0)
    assert (found.returned, found.late) == (1, 1)


def test_who_handed_in_on_time_gets_two_working_days_for_a_return(place: Place) -> None:
    made = place.open()
    place.give_back(place.hand_in(made, "na_hoi"))  # on Thursday 22/01/2026, three days after the due day
    assert place.report(made, "na_hoi").due_on == date(2026, 1, 26)


def test_the_line_of_the_so(place: Place) -> None:
    """school ▸ commune's officer ▸ commune's leader ▸ Sở, opened by the Sở over schools of two communes."""
    made = place.open(
        by=place.actors["so_officer"], opener_id=place.unit("so"), hierarchy=PROFESSIONAL, kinds=["primary"],
        steps=THREE_STEPS,
    )  # fmt: skip
    assert made.reports.count() == 3
    report = place.hand_in(made, "sin_chai_th")
    with pytest.raises(refusals.NotYourStep):
        place.accept(report, by="so_officer")  # the Sở's rights reach the school, but the step is the commune's
    with pytest.raises(NotAllowed):
        place.accept(report, by="officer")  # another commune
    place.accept(report, by="sin_chai_officer")
    with pytest.raises(refusals.NothingToAccept):
        place.accept(report, 3, by="so_officer")  # not before the leader
    place.accept(report, 2, by="sin_chai_leader")
    place.accept(report, 3, by="so_officer")
    assert place.report(made, "sin_chai_th").step == 3
    assert made.period_code == HK1 and made.hierarchy_id != MANAGEMENT
