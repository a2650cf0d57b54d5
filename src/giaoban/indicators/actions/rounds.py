"""Ask for figures: open a round, remind the late, lock it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.text import sort_key
from giaoban.documents.models import Document
from giaoban.indicators import refusals
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Reminder, Report, Round, Sheet, SheetLine, SignOff, Standing, Step
from giaoban.indicators.models.catalogue import OverUnits
from giaoban.indicators.models.collection import CellState, ReportState, Where
from giaoban.indicators.queries import line, rounds
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Closure
from giaoban.people import queries as people

STEP_VERBS = ("figure.check", "figure.approve")
LOCKING = 0  # the step number of a sign-off that locks the round


@dataclass(frozen=True)
class StepSpec:
    """One step of the line: who (`where` seen from the reporting unit) does what (`verb`), by when."""

    name: str
    where: str  # "own", "management", "professional", "opener", or "unit" with unit_id
    due_on: date
    verb: str = "figure.check"  # or "figure.approve"
    unit_id: int | None = None


@dataclass(frozen=True)
class Reminded:
    """Who was reminded, who had been today already, and a short text to paste into a chat group."""

    reports: tuple[Report, ...]
    already: tuple[Report, ...]
    text: str


# Open


def open_round(
    *,
    by: Actor,
    at: datetime,
    on: date,
    sheet: str,
    period_code: str,
    opener_id: int,
    hierarchy: str,
    due_on: date,
    steps: Sequence[StepSpec],
    kinds: Sequence[str] | None = None,
    unit_ids: Sequence[int] | None = None,
    cutoff: date | None = None,
    document: Document | None = None,
    note: str = "",
) -> Round:
    """Ask the units below the opener, on the period's data day, of the sheet's kinds, each for one report.

    `unit_ids` narrows to some of them; `cutoff` defaults to the period's.
    """
    with writing(by=by, at=at, verb="round.open", unit_id=opener_id) as entry:
        people.require(by, "round.open", opener_id, on)
        form = _sheet(sheet)
        period = periods.parse(period_code)
        closes = cutoff or period.cutoff
        check_dates(on=on, cutoff=closes, due_on=due_on, steps=steps)
        units = _units(form, period, opener_id, hierarchy, kinds, unit_ids)
        _not_asked_yet(form, period, units)
        _one_level(form, period, units)
        made = Round.objects.create(
            sheet=form,
            period_code=period.code,
            data_day=period.data_day,
            cutoff=closes,
            hierarchy_id=hierarchy,
            opener_id=opener_id,
            opens_on=on,
            due_on=due_on,
            document=document,
            note=note,
            **signed(by, at),
        )
        _make_steps(made, steps, units, on)
        duty = line.answering(units, on)  # of units that have ended since the data day
        Report.objects.bulk_create(
            Report(
                round=made,
                sheet=form,
                period_code=period.code,
                unit_id=unit,
                duty_id=duty.get(unit),
                due_on=due_on,
            )
            for unit in units
        )
        told = list(dict.fromkeys(duty.get(unit, unit) for unit in units))
        _announce(made, by=by, at=at, units=told, period=period)
        entry.subject = made
        entry.data |= {"sheet": form.code, "period": period.code, "units": units, "due": due_on}
    return made


def _sheet(code: str) -> Sheet:
    found = Sheet.objects.filter(pk=code).first()
    if found is None:
        raise refusals.UnknownSheet(code=code)
    if found.retired:
        raise refusals.SheetRetired(sheet=found.name)
    return found


def check_dates(*, on: date, cutoff: date, due_on: date, steps: Sequence[StepSpec]) -> None:
    """NĐ 09/2019/NĐ-CP Đ8 k5 b: a working day between cut-off and handing in, and between levels that consolidate."""
    if due_on < on:
        raise refusals.DueBeforeOpening(due=_day(due_on), opens=_day(on))
    earliest = _one_working_day_after(cutoff)
    if due_on < earliest:
        raise refusals.DueTooSoon(cutoff=_day(cutoff), earliest=_day(earliest))
    if not steps:
        raise refusals.NoSteps()
    before, level = due_on, None
    for order, step in enumerate(steps, start=1):
        _check_step(step, order)
        here = (step.where, step.unit_id)
        earliest = before if here == level else _one_working_day_after(before)
        if step.due_on < earliest:
            raise refusals.StepTooSoon(order=order, step=step.name, before=_day(before), earliest=_day(earliest))
        before, level = step.due_on, here


def _check_step(step: StepSpec, order: int) -> None:
    named = step.where == Where.UNIT and step.unit_id is not None
    seen = step.where in set(Where) - {Where.UNIT} and step.unit_id is None
    if not (named or seen) or step.verb not in STEP_VERBS or not step.name.strip():
        raise refusals.BadStep(order=order)


def _one_working_day_after(day: date) -> date:
    return calendar.add_working_days(day, 1, calendar.vietnam(day.year))


def _units(
    sheet: Sheet,
    period: periods.Period,
    opener_id: int,
    hierarchy: str,
    kinds: Sequence[str] | None,
    unit_ids: Sequence[int] | None,
) -> list[int]:
    asked = list(kinds) if kinds is not None else [kind.code for kind in sheet.kinds.all()]
    below = sorted(orgs.descendants(opener_id, hierarchy, period.data_day, kinds=asked or None))
    if unit_ids is not None:
        for unit in unit_ids:
            if unit not in below:
                raise refusals.NotBelow(unit=orgs.name(unit, period.data_day))
        below = sorted(unit_ids)
    if not below:
        raise refusals.NoUnits(day=_day(period.data_day))
    return below


def _not_asked_yet(sheet: Sheet, period: periods.Period, units: list[int]) -> None:
    """The key of a figure has one source: a unit owes a sheet once a period."""
    already = list(
        Report.objects.filter(sheet=sheet, period_code=period.code, unit__in=units).values_list("unit_id", flat=True)
    )
    if already:
        first = orgs.name(already[0], period.data_day)
        raise refusals.AlreadyAsked(unit=first, period=period.label, others=len(already) - 1)


def _one_level(sheet: Sheet, period: periods.Period, units: list[int]) -> None:
    """A total is the unit's own figures plus those below: nobody above or below a unit may report the same cells."""
    cells = SheetLine.objects.filter(sheet=sheet, owns=True, cell__element__over_units=OverUnits.SUM).values("cell")
    sheets = SheetLine.objects.filter(cell__in=cells, owns=True).values("sheet")
    others = Report.objects.filter(period_code=period.code, sheet__in=sheets).values("unit")
    day = period.data_day
    tree = Closure.objects.filter(hierarchy=TERRITORY, depth__gt=0, start__lte=day, end__gt=day)
    for pair in (
        tree.filter(ancestor__in=units, descendant__in=units).first(),
        tree.filter(ancestor__in=units, descendant__in=others).first(),
        tree.filter(ancestor__in=others, descendant__in=units).first(),
    ):
        if pair is not None:
            raise refusals.AskedTwiceInTree(
                above=orgs.name(pair.ancestor_id, day), below=orgs.name(pair.descendant_id, day), period=period.label
            )


def _make_steps(made: Round, steps: Sequence[StepSpec], units: list[int], on: date) -> None:
    carriers = line.Carriers(units, on)
    for order, spec in enumerate(steps, start=1):
        step = Step.objects.create(
            round=made,
            order=order,
            name=spec.name,
            verb=spec.verb,
            where=spec.where,
            unit_id=spec.unit_id,
            due_on=spec.due_on,
        )
        for unit, carrier in carriers.of(step, made).items():
            if carrier is None:
                raise refusals.NobodyForStep(unit=orgs.name(unit, on), order=order, step=spec.name)


def _announce(made: Round, *, by: Actor, at: datetime, units: list[int], period: periods.Period) -> None:
    notices.send(
        by=by,
        at=at,
        to_units=units,
        verb_of_receiver="figure.type",
        subject=_("Report due by %(due)s: %(sheet)s, %(period)s")
        % {"due": _day(made.due_on), "sheet": made.sheet.name, "period": period.label},
        body=made.note,
        link=reverse("indicators:mine"),
    )


def cancel_round(*, by: Actor, at: datetime, on: date, round_id: int, reason: str) -> None:
    """Take back a round into which nobody has handed in anything."""
    found = _round(round_id)
    with writing(by=by, at=at, verb="round.cancel", unit_id=found.opener_id, reason=reason) as entry:
        people.require(by, "round.open", line.keeper(found, on), on)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        reports = Report.objects.select_for_update().filter(round=found)
        answered = reports.filter(submissions__isnull=False).distinct().count()
        if answered:
            raise refusals.AlreadyAnswered(n=answered)
        entry.data |= {"round": found.pk, "sheet": found.sheet_id, "period": found.period_code}
        entry.data["units"] = list(reports.values_list("unit_id", flat=True))
        Reminder.objects.filter(report__round=found).delete()
        Report.objects.filter(round=found).delete()
        SignOff.objects.filter(round=found).delete()
        found.delete()


# Remind


def remind_late(
    *, by: Actor, at: datetime, on: date, round_id: int, report_ids: Sequence[int] | None = None
) -> Reminded:
    """A notice to each late unit (once a day), and the text to paste into a chat group."""
    found = _round(round_id)
    with writing(by=by, at=at, verb="round.remind", subject=found, unit_id=found.opener_id) as entry:
        wanted = rounds.late(round_id, on)
        if report_ids is not None:
            wanted = wanted.filter(pk__in=list(report_ids))
        reports = _remindable(by, found, list(wanted), on)
        done = set(Reminder.objects.filter(report__in=reports, day=on).values_list("report_id", flat=True))
        fresh = [report for report in reports if report.pk not in done]
        Reminder.objects.bulk_create(Reminder(report=report, day=on, **signed(by, at)) for report in fresh)
        text = reminder_text(found, reports, on)
        if fresh:
            _send_reminder(found, fresh, by=by, at=at)
        entry.skip = not fresh
        entry.data["units"] = [report.unit_id for report in fresh]
    already = tuple(report for report in reports if report.pk in done)
    return Reminded(tuple(fresh), already, text)


def _remindable(by: Actor, found: Round, wanted: list[Report], on: date) -> list[Report]:
    asked = Report.objects.filter(round=found).values_list("unit_id", flat=True)
    allowed = line.Rights(by, asked, on).allowed("round.remind", found)
    if not allowed:
        people.require(by, "round.remind", line.keeper(found, on), on)
    reports = [report for report in wanted if report.unit_id in allowed]
    if not reports:
        raise refusals.NobodyLate()
    return reports


def _send_reminder(found: Round, reports: list[Report], *, by: Actor, at: datetime) -> None:
    """One notice to those that never handed in; one for each day to those asked to hand in again by that day."""
    never, again = _apart(reports)
    subject = _("Late report: %(sheet)s, %(period)s, was due by %(due)s")
    _notify(found, never, subject, found.due_on, by=by, at=at)
    subject = _("Not handed in again: %(sheet)s, %(period)s, was due again by %(due)s")
    for day in sorted({report.due_on for report in again}):
        _notify(found, [report for report in again if report.due_on == day], subject, day, by=by, at=at)


def _notify(found: Round, reports: list[Report], subject: str, due_on: date, *, by: Actor, at: datetime) -> None:
    if reports:
        period = periods.parse(found.period_code)
        notices.send(
            by=by,
            at=at,
            to_units=list(dict.fromkeys(report.answering_id for report in reports)),
            verb_of_receiver="figure.type",
            subject=subject % {"due": _day(due_on), "sheet": found.sheet.name, "period": period.label},
            link=reverse("indicators:mine"),
        )


def _apart(reports: Sequence[Report]) -> tuple[list[Report], list[Report]]:
    """Those that never handed in, and those that did and owe a correction by a day of their own."""
    again = [report for report in reports if report.state == ReportState.RETURNED]
    return [report for report in reports if report not in again], again


def reminder_text(found: Round, reports: Sequence[Report], on: date) -> str:
    """What an officer pastes into the chat group of the schools."""
    names = orgs.names([report.unit_id for report in reports], on)
    never, again = _apart(reports)
    head = _("Reminder: %(sheet)s, %(period)s, was due by %(due)s.") % {
        "sheet": found.sheet.name,
        "period": periods.parse(found.period_code).label,
        "due": _day(found.due_on),
    }
    lines = [head]
    if never:
        lines.append(_("Not handed in yet (%(n)s units):") % {"n": len(never)})
        lines += _numbered(names[report.unit_id] for report in never)
    if again:
        lines.append(_("Sent back and not handed in again (%(n)s units):") % {"n": len(again)})
        lines += _numbered(
            _("%(unit)s (again by %(due)s)") % {"unit": names[report.unit_id], "due": _day(report.due_on)}
            for report in again
        )
    return "\n".join([*lines, _("Please hand in today. Thank you.")])


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{n}. {line}" for n, line in enumerate(sorted(lines, key=sort_key), start=1)]


# Lock


def lock_round(*, by: Actor, at: datetime, on: date, round_id: int, reason: str = "") -> Round:
    """Close the round's figures; who is not through the line by then is recorded as missing, with the reason."""
    found = _round(round_id)
    with writing(by=by, at=at, verb="round.lock", subject=found, unit_id=found.opener_id, reason=reason) as entry:
        people.require(by, "round.open", line.keeper(found, on), on)
        found = Round.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=round_id)
        if found.locked_at is not None:
            raise refusals.AlreadyLocked()
        reports = list(Report.objects.select_for_update().filter(round=found))
        last = found.steps.count()
        missing = [report for report in reports if not is_through(report, last)]
        if missing and not reason.strip():
            raise refusals.MissingUnits(n=len(missing))
        through = Standing.objects.filter(report__round=found, state=CellState.ACCEPTED, step=last)
        through.update(state=CellState.LOCKED)
        passed = [report.pk for report in reports if report not in missing]
        Report.objects.filter(pk__in=passed).update(state=ReportState.LOCKED, version=F("version") + 1)
        Round.objects.filter(pk=found.pk).update(locked_at=at)
        SignOff.objects.create(
            round=found,
            step=LOCKING,
            unit_id=found.opener_id,
            accepted=len(passed),
            expected=len(reports),
            missing=missing_rows(missing, on),
            reason=reason,
            **signed(by, at),
        )
        entry.data["missing"] = [report.unit_id for report in missing]
    found.refresh_from_db()
    return found


def is_through(report: Report, last: int) -> bool:
    """Whether every cell of the report has passed the last step."""
    return report.state in (ReportState.ACCEPTED, ReportState.LOCKED) and report.step >= last


def missing_rows(reports: Sequence[Report], on: date) -> list[dict[str, object]]:
    """Who is missing, kept by name as it was on the day."""
    names = orgs.names([report.unit_id for report in reports], on)
    return [{"unit": report.unit_id, "name": names[report.unit_id], "state": report.state} for report in reports]


def _round(round_id: int) -> Round:
    return Round.objects.select_related("sheet").get(pk=round_id)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
