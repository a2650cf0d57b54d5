"""Ask for figures: open a round, remind the late, lock it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.text import sort_key
from giaoban.documents.models import Document
from giaoban.files.pictures import Group, ListPicture
from giaoban.indicators import refusals
from giaoban.indicators.actions import taking
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import (
    Joining,
    Reminder,
    Report,
    Round,
    Sheet,
    SheetLine,
    SignedForm,
    SignOff,
    Standing,
    Step,
)
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
class Stagger:
    """A cluster of units with a due time of its own, so that not everybody hands in within the last hour."""

    unit_id: int  # the group; its units are those below it in any hierarchy
    days: int = 0  # working days after the round's due day
    due_time: time | None = None


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
    due_time: time | None = None,
    staggers: Sequence[Stagger] = (),
    line_name: str = "",
    batch: str = "",
    signed_copy: str = SignedForm.NONE,
    counts_at_once: bool = False,
    take_from: Sequence[str] = (),
    remind_before: Sequence[int] = (),
    escalate_after: Sequence[int] = (),
) -> Round:
    """Ask the units below the opener, on the period's data day, of the sheet's kinds, each for one report.

    `unit_ids` narrows to some of them; `cutoff` defaults to the period's. A unit that answers the same figures in a
    round of the other line is not asked again: this round joins its report (one answer serves both).
    """
    with writing(by=by, at=at, verb="round.open", unit_id=opener_id) as entry:
        people.require(by, "round.open", opener_id, on)
        form = _sheet(sheet)
        period = periods.parse(period_code)
        closes = cutoff or period.cutoff
        units = _units(form, period, opener_id, hierarchy, kinds, unit_ids)
        joined = _joined(form, period, units, opener_id)
        asked = [unit for unit in units if unit not in joined]
        late = _staggered(staggers, asked, due_on, due_time, on)
        last = max([due_on, *(one.due_on for one in late.values())])
        check_dates(
            on=on, cutoff=closes, due_on=due_on, steps=steps, last=last, once=period.kind is periods.Kind.ONE_OFF
        )
        _one_level(form, period, asked)
        made = Round.objects.create(
            sheet=form,
            period_code=period.code,
            data_day=period.data_day,
            cutoff=closes,
            hierarchy_id=hierarchy,
            opener_id=opener_id,
            opens_on=on,
            due_on=due_on,
            due_time=due_time,
            document=document,
            note=note,
            line_name=line_name,
            batch=batch,
            signed_copy=signed_copy,
            counts_at_once=counts_at_once,
            take_from=list(take_from),
            remind_before=sorted({int(n) for n in remind_before if int(n) > 0}, reverse=True),
            escalate_after=sorted({int(n) for n in escalate_after if int(n) > 0}),
            staggers=_kept_staggers(staggers, late, on),
            **signed(by, at),
        )
        make_steps(made, steps, units, on)
        duty = line.answering(asked, on)  # of units that have ended since the data day
        Report.objects.bulk_create(
            Report(
                round=made,
                sheet=form,
                period_code=period.code,
                unit_id=unit,
                duty_id=duty.get(unit),
                due_on=late[unit].due_on if unit in late else due_on,
                due_time=late[unit].due_time if unit in late else due_time,
                first_due_on=late[unit].due_on if unit in late else None,
            )
            for unit in asked
        )
        _join(made, joined, by=by, at=at)
        if take_from and asked:
            taken = taking.take_in(by=by, at=at, on=on, series=list(take_from), round_id=made.pk)
            entry.data["taken"] = taken.cells
        if not counts_at_once:  # a quick round tells its units itself
            _announce(made, by=by, at=at, duty=duty, period=period)
        entry.subject = made
        entry.data |= {"sheet": form.code, "period": period.code, "units": asked, "due": due_on}
        if joined:
            entry.data["joined"] = sorted(joined)
    return made


def _sheet(code: str) -> Sheet:
    found = Sheet.objects.filter(pk=code).first()
    if found is None:
        raise refusals.UnknownSheet(code=code)
    if found.retired:
        raise refusals.SheetRetired(sheet=found.name)
    return found


def check_dates(
    *,
    on: date,
    cutoff: date,
    due_on: date,
    steps: Sequence[StepSpec],
    last: date | None = None,
    once: bool = False,
) -> None:
    """NĐ 09/2019/NĐ-CP Đ8 k5 b: a working day between cut-off and handing in, and between levels that consolidate.

    `last` is the due day of the last cluster. What is asked once (thematic, ad hoc) has the days the asker sets (c).
    """
    if due_on < on:
        raise refusals.DueBeforeOpening(due=_day(due_on), opens=_day(on))
    earliest = cutoff if once else one_working_day_after(cutoff)
    if due_on < earliest:
        raise refusals.DueTooSoon(cutoff=_day(cutoff), earliest=_day(earliest))
    if not steps:
        raise refusals.NoSteps()
    before, level = last or due_on, None
    for order, step in enumerate(steps, start=1):
        check_step(step, order)
        here = (step.where, step.unit_id)
        earliest = before if once or here == level else one_working_day_after(before)
        if step.due_on < earliest:
            raise refusals.StepTooSoon(order=order, step=step.name, before=_day(before), earliest=_day(earliest))
        before, level = step.due_on, here


def check_step(step: StepSpec, order: int) -> None:
    """Whether a step says who carries it out, with a right that accepts."""
    named = step.where == Where.UNIT and step.unit_id is not None
    seen = step.where in set(Where) - {Where.UNIT} and step.unit_id is None
    if not (named or seen) or step.verb not in STEP_VERBS or not step.name.strip():
        raise refusals.BadStep(order=order)


def one_working_day_after(day: date) -> date:
    return calendar.add_working_days(day, 1, calendar.vietnam(day.year))


@dataclass(frozen=True)
class _Late:
    """The due time of one unit of a cluster."""

    cluster: int
    due_on: date
    due_time: time | None


def _staggered(
    staggers: Sequence[Stagger], units: Sequence[int], due_on: date, due_time: time | None, on: date
) -> dict[int, _Late]:
    """{unit: its own due time}; a unit of two clusters goes with the first."""
    found: dict[int, _Late] = {}
    inside = line.members([one.unit_id for one in staggers], units, on)
    for one in staggers:
        day = calendar.add_working_days(due_on, one.days, calendar.vietnam(due_on.year)) if one.days else due_on
        members = [unit for unit in inside.get(one.unit_id, ()) if unit not in found]
        if one.days < 0:
            raise refusals.BadStagger(cluster=orgs.name(one.unit_id, on))
        found |= {unit: _Late(one.unit_id, day, one.due_time or due_time) for unit in members}
    return found


def _kept_staggers(staggers: Sequence[Stagger], late: Mapping[int, _Late], on: date) -> list[dict[str, object]]:
    """The clusters by name, as the round keeps them to show."""
    names = orgs.names([one.unit_id for one in staggers], on)
    first = {one.cluster: one for one in reversed(late.values())}
    return [
        {
            "unit": one.unit_id,
            "name": names[one.unit_id],
            "due_on": first[one.unit_id].due_on.isoformat(),
            "due_time": first[one.unit_id].due_time.isoformat("minutes") if first[one.unit_id].due_time else "",
            "units": sum(each.cluster == one.unit_id for each in late.values()),
        }
        for one in staggers
        if one.unit_id in first
    ]


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


def _joined(sheet: Sheet, period: periods.Period, units: list[int], opener_id: int) -> dict[int, Report]:
    """{unit: the report it owes the other line already}. Asked by the same opener before, the round is refused.

    The key of a figure has one source: a unit owes a sheet once a period, and also a newer sheet of the same cells.
    """
    cells = SheetLine.objects.filter(sheet=sheet, owns=True).values("cell")
    sheets = SheetLine.objects.filter(cell__in=cells, owns=True).values("sheet")
    rows = Report.objects.filter(sheet__in=sheets, period_code=period.code, unit__in=units)
    found = {row.unit_id: row for row in rows.select_related("round").order_by("-pk")}
    mine = [unit for unit, row in found.items() if row.round.opener_id == opener_id]
    if mine:
        first = orgs.name(mine[0], period.data_day)
        raise refusals.AlreadyAsked(unit=first, period=period.label, others=len(mine) - 1)
    return found


def _join(made: Round, joined: Mapping[int, Report], *, by: Actor, at: datetime) -> None:
    """Take part in what the units answer already, and tell who asked first."""
    if not joined:
        return
    Joining.objects.bulk_create(Joining(round=made, report=report, at=at) for report in joined.values())
    others = {report.round_id: report.round for report in joined.values()}
    for other in others.values():
        count = sum(report.round_id == other.pk for report in joined.values())
        notices.send(
            by=by,
            at=at,
            to_unit=other.opener_id,
            verb_of_receiver="round.open",
            subject=_("One answer serves both: %(sheet)s, %(period)s is also asked by %(opener)s")
            % {
                "sheet": other.sheet.name,
                "period": periods.parse(other.period_code).label,
                "opener": orgs.name(made.opener_id, made.opens_on),
            },
            body=_("%(n)s units answer in your round only; the other line sees their progress and figures.")
            % {"n": count},
            link=reverse("indicators:round", args=[other.pk]),
        )


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


def make_steps(made: Round, steps: Sequence[StepSpec], units: list[int], on: date, *, first: int = 1) -> None:
    """Write the steps from `first` on; somebody must stand above every unit for each of them."""
    carriers = line.Carriers(units, on)
    for order, spec in enumerate(steps, start=first):
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


def _announce(made: Round, *, by: Actor, at: datetime, duty: Mapping[int, int], period: periods.Period) -> None:
    """One notice for each due time: those of a cluster read their own."""
    by_due: dict[tuple[date, time | None], list[int]] = {}
    for report in Report.objects.filter(round=made).order_by("pk"):
        by_due.setdefault((report.due_on, report.due_time), []).append(duty.get(report.unit_id, report.unit_id))
    for (day, hour), units in by_due.items():
        notices.send(
            by=by,
            at=at,
            to_units=list(dict.fromkeys(units)),
            verb_of_receiver="figure.type",
            subject=_("Report due by %(due)s: %(sheet)s, %(period)s")
            % {"due": due_words(day, hour), "sheet": made.sheet.name, "period": period.label},
            body=made.note,
            link=reverse("indicators:mine"),
        )


def due_words(day: date, hour: time | None) -> str:
    """A due time in words: the hour only where there is one."""
    return f"{hour:%H:%M} {_day(day)}" if hour else _day(day)


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
        joiner = Joining.objects.filter(report__round=found).select_related("round").first()
        if joiner is not None:
            raise refusals.JoinedByOthers(opener=orgs.name(joiner.round.opener_id, on))
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
        wanted = rounds.late(round_id, on, at)
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
    for day in sorted({report.due_on for report in never}):
        _notify(found, [report for report in never if report.due_on == day], subject, day, by=by, at=at)
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


def late_picture(found: Round, reports: Sequence[Report], on: date, at: datetime) -> ListPicture:
    """The same as a picture: what round, as of when, who has not handed in and who not again."""
    names = orgs.names([report.unit_id for report in reports], on)
    never, again = _apart(reports)
    groups = []
    if never:
        heading = _("Not handed in yet (%(n)s units):") % {"n": len(never)}
        groups.append(Group(heading, sorted((names[one.unit_id] for one in never), key=sort_key)))
    if again:
        heading = _("Sent back and not handed in again (%(n)s units):") % {"n": len(again)}
        groups.append(Group(heading, sorted((names[one.unit_id] for one in again), key=sort_key)))
    due = _("was due by %(due)s") % {"due": due_words(found.due_on, found.due_time)}
    return ListPicture(
        title=found.sheet.name,
        subtitle=f"{periods.parse(found.period_code).label} – {due}",
        groups=groups,
        notes=() if groups else (_("Nobody is late."),),
        foot=_("As of %(moment)s · %(unit)s")
        % {"moment": f"{localtime(at):%H:%M %d/%m/%Y}", "unit": orgs.name(found.opener_id, on)},
    )


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
