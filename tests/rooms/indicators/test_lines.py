"""Approval lines as data of the province; one round a line; due times of clusters; a line that grows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import Part, Stagger, StepSpec
from giaoban.indicators.models import ApprovalLine, Report, Round
from giaoban.indicators.queries import counted, lines, openings, rounds
from giaoban.indicators.queries.lines import LineStep
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from giaoban.people import middleware
from tests.rooms.indicators.place import CHECK, DUE, FOUNDED, HK1, OPENED, THREE_STEPS, TWO_STEPS, Place, at

COMMUNE_STEPS = (
    LineStep("Phòng VH-XH kiểm tra", "figure.check", "management", 2),
    LineStep("Lãnh đạo xã duyệt", "figure.approve", "management", 0),
)
ENTER = Callable[[str], Client]


def define(place: Place, **changes: object) -> ApprovalLine:
    given = {
        "by": place.actors["so_officer"], "at": at(OPENED), "on": OPENED, "owner_id": place.unit("so"),
        "code": "rieng", "name": "Đường của tỉnh", "steps": COMMUNE_STEPS,
    }  # fmt: skip
    return actions.define_line(**(given | changes))


@pytest.fixture
def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> ENTER:
    day = datetime(OPENED.year, OPENED.month, OPENED.day, 15, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    monkeypatch.setattr(middleware, "now", lambda: day)

    def sign_in(who: str) -> Client:
        client = Client()
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["position"] = place.actors[who].position_id
        session.save()
        return client

    return sign_in


# Lines


def test_shipped_lines_keep_the_law_and_name_known_kinds(place: Place) -> None:
    from giaoban.orgs.models import Kind

    known = set(Kind.objects.values_list("pk", flat=True))
    found = lines.shipped()
    assert {"xa", "xa-so-duyet", "so", "so-duyet"} <= {one.code for one in found}
    for one in found:
        actions.lines.check_line(one.steps)
        assert set(one.kinds) <= known


def test_the_line_of_five_levels_ends_with_the_leaders_of_the_so(place: Place) -> None:
    found = lines.line_named("xa-so-duyet", place.unit("bac_ha"), OPENED)
    assert found is not None
    assert [(step.where, step.verb) for step in found.steps] == [
        ("management", "figure.check"), ("management", "figure.approve"),
        ("professional", "figure.check"), ("professional", "figure.approve"),
    ]  # fmt: skip


def test_a_line_of_the_province_stands_in_for_the_shipped_one_of_its_code(place: Place) -> None:
    define(place, by=SYSTEM, owner_id=place.unit("tinh"), code="xa", name="Theo QĐ của tỉnh")
    assert lines.line_named("xa", place.unit("bac_ha"), OPENED).name == "Theo QĐ của tỉnh"
    define(place, by=SYSTEM, owner_id=place.unit("bac_ha"), code="xa", name="Riêng xã Bắc Hà")
    assert lines.line_named("xa", place.unit("bac_ha"), OPENED).name == "Riêng xã Bắc Hà"
    assert lines.line_named("xa", place.unit("sin_chai"), OPENED).name == "Theo QĐ của tỉnh"


def test_a_changed_line_is_a_new_row_and_the_old_one_ends_that_day(place: Place) -> None:
    first = define(place)
    second = define(place, on=DUE, steps=COMMUNE_STEPS[:1])
    first.refresh_from_db()
    assert first.end == second.start == DUE and second.end is None
    assert len(lines.line_named("rieng", place.unit("so"), OPENED).steps) == 2
    assert len(lines.line_named("rieng", place.unit("so"), DUE).steps) == 1


def test_changed_on_the_day_it_was_set_it_is_one_row(place: Place) -> None:
    define(place)
    define(place, name="Tên đúng")
    assert [row.name for row in ApprovalLine.objects.filter(code="rieng")] == ["Tên đúng"]


def test_a_line_is_not_set_before_a_later_one_of_its_code(place: Place) -> None:
    define(place, on=DUE)
    with pytest.raises(refusals.LineLater):
        define(place)


def test_a_closed_line_opens_no_round(place: Place) -> None:
    made = define(place)
    actions.close_line(by=place.actors["so_officer"], at=at(DUE), on=DUE, line_id=made.pk)
    assert lines.line_named("rieng", place.unit("so"), OPENED) is not None
    assert lines.line_named("rieng", place.unit("so"), DUE) is None
    with pytest.raises(refusals.LineClosed):
        actions.close_line(by=place.actors["so_officer"], at=at(DUE), on=DUE, line_id=made.pk)


def test_only_who_sets_lines_of_the_unit_does(place: Place) -> None:
    for who in ("leader", "na_hoi_head", "admin", "officer"):
        with pytest.raises(NotAllowed):
            define(place, by=place.actors[who])


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ((), refusals.NoSteps),
        ((LineStep("A", "figure.check", "management", 0),), refusals.StepDays),
        ((COMMUNE_STEPS[0], LineStep("Sở", "figure.check", "professional", 0)), refusals.StepDays),
        ((LineStep("A", "figure.type", "management", 1),), refusals.BadStep),
        ((LineStep("A", "figure.check", "unit", 1),), refusals.BadStep),
        ((LineStep("", "figure.check", "management", 1),), refusals.BadStep),
    ],
)
def test_a_line_that_breaks_the_law_is_refused(place: Place, steps: tuple[LineStep, ...], refused: type) -> None:
    with pytest.raises(refused):
        define(place, steps=steps)


def test_code_name_and_kinds_are_checked(place: Place) -> None:
    for changes, refused in (
        ({"code": "Có dấu"}, refusals.BadCode),
        ({"name": " "}, refusals.LineUnnamed),
        ({"kinds": ["khong-co"]}, refusals.UnknownKind),
    ):
        with pytest.raises(refused):
            define(place, **changes)


def test_days_of_a_line_leave_a_working_day_between_levels(place: Place) -> None:
    """Due Friday 16/01/2026: two working days for the commune, its leader the same day, then the Sở."""
    steps = lines.line_named("xa-so-duyet", place.unit("so"), OPENED).steps
    plan = lines.plan_days(periods.parse(HK1), steps, OPENED, date(2026, 1, 16))
    assert plan.steps == (date(2026, 1, 20), date(2026, 1, 21), date(2026, 1, 23), date(2026, 1, 26))
    given = [
        StepSpec(one.name, one.where, day, one.verb) for one, day in zip(steps, plan.steps, strict=True)
    ]  # fmt: skip
    actions.rounds.check_dates(on=OPENED, cutoff=date(2026, 1, 15), due_on=plan.due_on, steps=given)


# One round a line


def parts(place: Place) -> list[Part]:
    preview = {place.unit(name): kind for name, kind in (
        ("na_hoi", "primary"), ("ban_pho", "primary"), ("thai_giang", "lower_secondary"),
        ("sin_chai_th", "primary"), ("thpt", "upper_secondary"),
    )}  # fmt: skip
    found = openings.chosen_lines(openings.BY_KIND, place.unit("so"), OPENED)
    return actions.parts_of(found, preview, periods.parse(HK1), OPENED, DUE)


def open_both(place: Place, **changes: object) -> list[Round]:
    given = {
        "by": place.actors["so_officer"], "at": at(OPENED), "on": OPENED, "sheet": "hoc_ky", "period_code": HK1,
        "opener_id": place.unit("so"), "hierarchy": PROFESSIONAL, "due_on": DUE, "parts": parts(place),
    }  # fmt: skip
    return actions.open_rounds(**(given | changes))


def test_schools_go_along_the_line_of_their_kind_in_rounds_shown_as_one(place: Place) -> None:
    made = open_both(place)
    assert [one.reports.count() for one in made] == [4, 1]
    assert [one.steps.count() for one in made] == [3, 2]
    assert len({one.batch for one in made}) == 1 and made[0].batch
    assert [one.line_name for one in made] == [part.line_name for part in parts(place)]
    assert [one.pk for one in rounds.batch_of(place.actors["so_officer"], made[0], OPENED)] == [one.pk for one in made]


def test_all_rounds_are_opened_or_none(place: Place) -> None:
    bad = parts(place)
    bad[1] = Part(bad[1].line_name, (), bad[1].unit_ids)
    with pytest.raises(refusals.NoSteps):
        open_both(place, parts=bad)
    assert not Round.objects.exists()


def test_one_line_makes_a_round_that_stands_alone(place: Place) -> None:
    made = open_both(place, parts=parts(place)[:1])
    assert len(made) == 1 and made[0].batch == ""


def test_the_list_shows_rounds_opened_together_as_one_line(place: Place, enter: ENTER) -> None:
    made = open_both(place)
    page = enter("so_officer").get(reverse("indicators:rounds"))
    rows = page.context["rows"]
    assert len(rows) == 1 and rows[0].progress.expected == 5
    assert [pk for pk, _name, _progress in rows[0].lines] == sorted((one.pk for one in made), reverse=True)
    assert made[1].line_name in enter("so_officer").get(reverse("indicators:round", args=[made[0].pk])).content.decode()


def test_the_commune_looks_on_where_schools_answer_to_the_so(place: Place) -> None:
    steps = (StepSpec(name="Sở kiểm tra", where="professional", due_on=CHECK),)
    made = place.open(by=place.actors["so_officer"], opener_id=place.unit("so"), hierarchy=PROFESSIONAL,
                      steps=steps, kinds=["primary"])  # fmt: skip
    for who in ("officer", "leader"):
        assert rounds.looks_on(place.actors[who], made, OPENED)
        assert made in queries.rounds_for(place.actors[who], OPENED)
    assert not rounds.looks_on(place.actors["so_officer"], made, OPENED)
    report = place.hand_in(made, "na_hoi")
    with pytest.raises(refusals.NotYourStep):
        place.accept(report)


def test_opening_by_kind_through_the_pages(place: Place, enter: ENTER) -> None:
    client = enter("so_officer")
    chosen = {"sheet": "hoc_ky", "period": HK1, "opener": place.unit("so"), "hierarchy": PROFESSIONAL,
              "line": openings.BY_KIND}  # fmt: skip
    address = client.get(reverse("indicators:round-new"), chosen)["Location"]
    shown = client.get(address)
    form = shown.context["form"]
    assert [len(part.units) for part in form.parts] == [4, 1]
    data = {"due_on": "19/01/2026", "due_time": "17:00", "remind_before": "3, 1", "escalate_after": "1, 3",
            "signed_copy": "paper", "note": ""}  # fmt: skip
    again = client.post(address, data | {"action": "days"})
    fields = again.context["form"]
    for name in fields.fields:
        if name.startswith(("step_", "line_")):
            data[name] = fields[name].value() if name.endswith("_due") else fields.fields[name].initial
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context and answer.context["faults"]
    made = list(Round.objects.order_by("pk"))
    assert [one.signed_copy for one in made] == ["paper", "paper"]
    assert made[0].due_time == time(17) and made[0].remind_before == [3, 1] and made[0].escalate_after == [1, 3]


def test_lines_pages_set_change_and_end_a_line(place: Place, enter: ENTER) -> None:
    client = enter("so_officer")
    page = client.get(reverse("indicators:line-new"), {"tu": "so-duyet"})
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    data |= {"code": "so-rieng", "name": "Đường của Sở", "start": "12/01/2026"}
    assert client.post(reverse("indicators:line-new"), data).status_code == 302
    row = ApprovalLine.objects.get(code="so-rieng")
    assert [step["verb"] for step in row.steps] == ["figure.check", "figure.approve"]
    data |= {"step_1_days": "0"}
    refused = client.post(reverse("indicators:line", args=[row.pk]), data)
    assert refused.status_code == 409 and refused.context["faults"]
    assert "Đường của Sở" in client.get(reverse("indicators:lines")).content.decode()
    client.post(reverse("indicators:line-close", args=[row.pk]))
    row.refresh_from_db()
    assert row.end == OPENED
    assert enter("officer").get(reverse("indicators:line", args=[row.pk])).status_code == 404
    assert enter("na_hoi_head").get(reverse("indicators:lines")).status_code == 403


# Due times of clusters


@pytest.fixture
def cluster(place: Place) -> int:
    """A cluster of two schools, in a hierarchy of its own."""
    founding = {"by": SYSTEM, "at": at(FOUNDED), "on": FOUNDED}
    orgs.name_hierarchy(by=SYSTEM, at=at(FOUNDED), code="CLUSTER", name="Cụm trường")
    made = orgs.establish(**founding, kind="cluster", name="Cụm số 1", parents={MANAGEMENT: place.unit("bac_ha")})
    for school in ("na_hoi", "ban_pho"):
        orgs.move(**founding, unit=place.units[school], hierarchy="CLUSTER", parent=made.pk)
    return made.pk


def test_a_cluster_has_its_own_due_time_and_is_named(place: Place, cluster: int) -> None:
    steps = tuple(StepSpec(one.name, one.where, date(2026, 1, 26), one.verb) for one in TWO_STEPS)
    made = place.open(due_time=time(17), staggers=[Stagger(cluster, 2, time(10, 30))], steps=steps)
    own = place.report(made, "na_hoi")
    work = calendar.vietnam(2026)
    assert (own.due_on, own.due_time) == (calendar.add_working_days(DUE, 2, work), time(10, 30))
    other = place.report(made, "thai_giang")
    assert (other.due_on, other.due_time) == (DUE, time(17))
    assert made.staggers == [
        {"unit": cluster, "name": "Cụm số 1", "due_on": "2026-01-21", "due_time": "10:30", "units": 2}
    ]
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert any("10:30 21/01/2026" in one for one in subjects) and any("17:00 19/01/2026" in one for one in subjects)


def test_the_first_step_follows_the_last_cluster(place: Place, cluster: int) -> None:
    with pytest.raises(refusals.StepTooSoon):
        place.open(staggers=[Stagger(cluster, 3)])


def test_lateness_uses_the_hour(place: Place) -> None:
    made = place.open(due_time=time(10))
    assert set(rounds.late(made.pk, DUE, at(DUE, 9))) == set()
    assert rounds.late(made.pk, DUE, at(DUE, 11)).count() == 3
    assert [queries.progress(made.pk, DUE, at(DUE, hour)).late for hour in (9, 11)] == [0, 3]
    report = place.report(made, "na_hoi")
    assert rounds.is_late(report, made, DUE, at(DUE, 11)) and not rounds.is_late(report, made, DUE, at(DUE, 9))
    place.hand_in(made, "na_hoi")  # at 10:00 sharp
    assert not rounds.handed_in_late(place.report(made, "na_hoi"), made)
    late = place.report(made, "ban_pho")
    place.type(late, {"hoc_sinh": "300", "hoc_sinh_nu": "150"})
    actions.submit(by=place.actors["ban_pho_head"], at=at(DUE, 10, 1), on=DUE, report_id=late.pk)
    assert rounds.handed_in_late(place.report(made, "ban_pho"), made)


# Switching approval on, and a longer line


def test_a_longer_line_of_the_next_period_hides_nothing_of_the_last(place: Place) -> None:
    """Accepted along one step; next period the line has three: what was there stays, counted and shown."""
    first = place.open(steps=TWO_STEPS[:1])
    place.accept(place.hand_in(first, "na_hoi"))
    before = counted.figures(unit_ids=[place.unit("na_hoi")])
    assert before
    place.open(
        on=date(2026, 2, 2), at=at(date(2026, 2, 2)), period_code="2026-01", cutoff=date(2026, 1, 30),
        due_on=date(2026, 2, 4),
        steps=[StepSpec(s.name, s.where, date(2026, 2, 9 + n), s.verb) for n, s in enumerate(THREE_STEPS)],
    )  # fmt: skip
    assert counted.figures(unit_ids=[place.unit("na_hoi")]) == before
    assert queries.report_for(place.actors["officer"], place.report(first, "na_hoi").pk, CHECK)


def test_prolonged_what_was_accepted_stays_accepted_and_counts(place: Place) -> None:
    made = place.open()
    report = place.hand_in(made, "na_hoi")
    place.accept(report)
    place.accept(place.report(made, "na_hoi"), 2, by="leader")
    before = counted.figures(unit_ids=[place.unit("na_hoi")])
    steps = [StepSpec("Sở kiểm tra", "professional", date(2026, 1, 27))]
    actions.prolong(by=place.actors["officer"], at=at(CHECK), on=CHECK, round_id=made.pk, steps=steps)
    after = place.report(made, "na_hoi")
    assert (after.state, after.step) == ("accepted", 2)
    assert counted.figures(unit_ids=[place.unit("na_hoi")]) == before
    assert queries.progress(made.pk, CHECK).accepted == 1 and queries.progress(made.pk, CHECK).finished == 0
    assert [report for _round, report in queries.judging(place.actors["so_officer"], CHECK)] == [after.pk]
    place.accept(after, 3, by="so_officer", on=date(2026, 1, 26))
    assert queries.progress(made.pk, CHECK).finished == 1
    assert counted.figures(unit_ids=[place.unit("na_hoi")]) == before


def test_prolonging_keeps_the_working_day_and_needs_the_right(place: Place) -> None:
    made = place.open()
    soon = [StepSpec("Sở kiểm tra", "professional", CHECK)]
    with pytest.raises(refusals.StepTooSoon):
        actions.prolong(by=place.actors["officer"], at=at(CHECK), on=CHECK, round_id=made.pk, steps=soon)
    later = [StepSpec("Sở kiểm tra", "professional", date(2026, 1, 27))]
    with pytest.raises(NotAllowed):
        actions.prolong(by=place.actors["leader"], at=at(CHECK), on=CHECK, round_id=made.pk, steps=later)
    assert made.steps.count() == 2


def test_the_page_offers_lines_that_go_further(place: Place, enter: ENTER) -> None:
    steps = [StepSpec(s.name, s.where, s.due_on, s.verb) for s in THREE_STEPS[:2]]
    made = place.open(steps=steps)
    page = enter("officer").get(reverse("indicators:prolong", args=[made.pk]))
    assert "xa-so" in {one.line.code for one in page.context["choices"]}
    enter("officer").post(reverse("indicators:prolong", args=[made.pk]), {"line": "xa-so"})
    assert made.steps.count() == 3
    assert Report.objects.filter(round=made).count() == 3


def test_units_of_territory_can_be_asked_along_a_named_unit(place: Place) -> None:
    steps = (LineStep("Sở kiểm tra", "figure.check", "unit", 1, place.unit("so")),)
    made = define(place, steps=steps)
    spec = actions.specs_of(lines.of_row(made), [CHECK])
    opened = place.open(hierarchy=TERRITORY, steps=spec, line_name=made.name)
    assert opened.steps.get().unit_id == place.unit("so") and opened.reports.count() == 4
