"""Judge what was handed in: accept, return, withdraw, re-open, sign off a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.indicators import ledger, refusals
from giaoban.indicators.actions.entry import locked_report, settle
from giaoban.indicators.actions.rounds import is_through, missing_rows
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Acceptance, Effect, Joining, Report, Return, Round, SignOff, Standing, Step
from giaoban.indicators.models.collection import CellState
from giaoban.indicators.queries import line, states
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

DAYS_TO_CORRECT = 2  # working days a unit has for what was returned, unless the return names a day

# Accept


def accept(
    *, by: Actor, at: datetime, on: date, report_ids: Sequence[int], step: int, seen: Mapping[int, int] | None = None
) -> list[Report]:
    """Pass one or many reports of a round through a step. `seen` is {report id: version shown}.

    What moved since it was shown is refused, and then nothing is accepted. At step 1 the figures begin to count: the
    ledger gets their effects in the same transaction.
    """
    with writing(by=by, at=at, verb="report.accept") as entry:
        found = _locked_reports(report_ids)
        for round_id in sorted({report.round_id for report in found}):
            mine = [report for report in found if report.round_id == round_id]
            _accept_in_round(entry, mine, _step(round_id, step), by=by, at=at, on=on, seen=seen)
            _tell_joined(mine, step, by=by, at=at)
        entry.unit_id = found[0].unit_id if len(found) == 1 else None
        entry.data |= {"step": step, "reports": [report.pk for report in found]}
        entry.data["units"] = [report.unit_id for report in found]
        entry.skip = not found
    return found


def _accept_in_round(
    entry: Entry, found: list[Report], step: Step, *, by: Actor, at: datetime, on: date,
    seen: Mapping[int, int] | None,
) -> None:  # fmt: skip
    _check_step(by, found, step, on)
    check_seen(found, seen, on)
    cells = _standing(found)
    waiting = [cell for cell in cells if (cell.state, cell.step) == (_state_before(step), step.order - 1)]
    ready = {cell.report_id for cell in waiting}
    for report in found:
        if report.pk not in ready:
            raise refusals.NothingToAccept(unit=orgs.name(report.unit_id, on))
    if step.order == 1:
        ledger.append(entry, _effects_of_acceptance(found, waiting, at))
    state = _state_after(step)
    keys = [cell.pk for cell in waiting]
    for start in range(0, len(keys), ledger.CHUNK):
        Standing.objects.filter(pk__in=keys[start : start + ledger.CHUNK]).update(
            state=state, step=step.order, accepted=F("current"), accepted_step=step.order
        )
    Acceptance.objects.bulk_create(Acceptance(report=one, step=step.order, **signed(by, at)) for one in found)
    passed = set(keys)
    _settle_all(
        found,
        ((cell.report_id, *((state, step.order) if cell.pk in passed else (cell.state, cell.step))) for cell in cells),
    )


def _tell_joined(found: Sequence[Report], step: int, *, by: Actor, at: datetime) -> None:
    """Who asked the same of the other line learns that the answer is through: at step 1 it counts, then the last."""
    rows = Joining.objects.filter(report__in=[one.pk for one in found]).select_related("round__sheet")
    by_round: dict[int, list[Joining]] = {}
    for row in rows:
        by_round.setdefault(row.round_id, []).append(row)
    if not by_round or step not in (1, Step.objects.filter(round=found[0].round_id).count()):
        return
    for joined in by_round.values():
        other = joined[0].round
        notices.send(
            by=by,
            at=at,
            to_unit=other.opener_id,
            verb_of_receiver="round.open",
            subject=_("Accepted by the other line: %(n)s reports of %(sheet)s, %(period)s")
            % {"n": len(joined), "sheet": other.sheet.name, "period": periods.parse(other.period_code).label},
            link=reverse("indicators:round", args=[other.pk]),
        )


class _Cell(NamedTuple):
    """One cell of a report as it stands: what was handed in last, and what counts so far."""

    pk: int
    report_id: int
    cell_id: int
    state: str
    step: int
    submission_id: int
    value: int | None
    counted: int | None


def _standing(found: Sequence[Report]) -> list[_Cell]:
    """Every cell of the reports, in one query: what waits, what it changes and what becomes of the report."""
    rows = Standing.objects.filter(report__in=[one.pk for one in found]).order_by("report_id", "cell_id")
    names = ("pk", "report_id", "cell_id", "state", "step", "current__submission_id", "current__value")
    return [_Cell(*row) for row in rows.values_list(*names, "accepted__value")]


def waiting_at(step: Step, found: Sequence[Report]) -> QuerySet[Standing]:
    """Cells of the reports that wait for the step: handed in for the first, accepted one step before for the others."""
    reports = [one.pk for one in found]
    return Standing.objects.filter(report__in=reports, state=_state_before(step), step=step.order - 1)


def _state_before(step: Step) -> CellState:
    return CellState.SUBMITTED if step.order == 1 else CellState.ACCEPTED


def _effects_of_acceptance(found: Sequence[Report], waiting: Sequence[_Cell], at: datetime) -> list[Effect]:
    series, reports = ledger.report_series(), {report.pk: report for report in found}
    changes = [(cell, ledger.difference(cell.counted, cell.value)) for cell in waiting]
    return [
        _effect(series.pk, reports[cell.report_id], cell.cell_id, change, cell.submission_id, at)
        for cell, change in changes
        if change is not None
    ]


def _effect(
    series: str, report: Report, cell_id: int, change: tuple[int, int], submission_id: int, at: datetime
) -> Effect:
    return Effect(
        series_id=series,
        unit_id=report.unit_id,
        period_code=report.period_code,
        cell_id=cell_id,
        value_delta=change[0],
        present_delta=change[1],
        submission_id=submission_id,
        at=at,
    )


def _state_after(step: Step) -> CellState:
    """What a cell is after a step: in a locked round the last step locks it at once."""
    locks = step.round.locked_at is not None and step.round.steps.count() == step.order
    return CellState.LOCKED if locks else CellState.ACCEPTED


def _settle_all(found: Sequence[Report], cells: Iterable[tuple[int, str, int]]) -> None:
    """As `settle`, for many reports whose (report, state, step) of each cell is known; they are brought along."""
    mine: dict[int, list[tuple[str, int]]] = {}
    for report_id, state, step in cells:
        mine.setdefault(report_id, []).append((state, step))
    alike: dict[tuple[str, int], list[int]] = {}
    for report in found:
        report.state, report.step = states.derive(mine.get(report.pk, ()), drafts=False)
        report.version += 1
        alike.setdefault((report.state, report.step), []).append(report.pk)
    for (state, step), keys in alike.items():
        Report.objects.filter(pk__in=keys).update(state=state, step=step, version=F("version") + 1)


# Return


def return_report(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_id: int,
    reason: str,
    cells: Sequence[int] | None = None,
    due_on: date | None = None,
    seen: int | None = None,
) -> Report:
    """Send the whole report, or some cells, back with a reason. What was accepted stays in force.

    Who handed in on time is not late for having it returned: the unit gets a new day, two working days on by default.
    """
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="report.return", subject=report, unit_id=report.unit_id, reason=reason) as entry:
        people.require(by, "figure.return", report.answering_id, on)
        report = locked_report(report_id, for_update=True)
        _check_judges(by, report, on)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        check_seen([report], None if seen is None else {report.pk: seen}, on)
        if report.round.locked_at is not None and (report.reopened_until is None or report.reopened_until < on):
            raise refusals.Locked()
        chosen = Standing.objects.filter(report=report, state__in=[CellState.SUBMITTED, CellState.ACCEPTED])
        if cells is not None:
            chosen = chosen.filter(cell__in=list(cells))
            if chosen.count() != len(set(cells)):
                raise refusals.NothingToReturn(unit=orgs.name(report.unit_id, on))
        returned = send_back(report, chosen, reason, by=by, at=at, on=on, due_on=due_on, whole=cells is None)
        _tell_unit(report, by, at, _("Returned: %(sheet)s, %(period)s"), reason)
        entry.data["cells"] = returned
    report.refresh_from_db()
    return report


def send_back(
    report: Report,
    chosen: QuerySet[Standing],
    reason: str,
    *,
    by: Actor,
    at: datetime,
    on: date,
    due_on: date | None = None,
    whole: bool = False,
) -> list[int]:
    """Mark cells as sent back, with the reason and a new day; their last accepted values stay in force."""
    returned = sorted(chosen.values_list("cell_id", flat=True))
    if not returned:
        raise refusals.NothingToReturn(unit=orgs.name(report.unit_id, on))
    Standing.objects.filter(report=report, cell__in=returned).update(state=CellState.RETURNED, step=0)
    rows = [None] if whole else returned
    Return.objects.bulk_create(
        Return(report=report, cell_id=cell, reason=reason.strip(), **signed(by, at)) for cell in rows
    )
    again = due_on or calendar.add_working_days(on, DAYS_TO_CORRECT, calendar.vietnam(on.year))
    Report.objects.filter(pk=report.pk).update(due_on=max(again, report.due_on))
    settle(report)
    return returned


def return_reports(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_ids: Sequence[int],
    reason: str,
    due_on: date | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[Report]:
    """Send several reports back whole with one reason: all of them or none."""
    with writing(by=by, at=at, verb="report.return_many", reason=reason) as entry:
        entry.data["reports"] = list(report_ids)
        return [
            return_report(
                by=by,
                at=at,
                on=on,
                report_id=report_id,
                reason=reason,
                due_on=due_on,
                seen=None if seen is None else seen.get(report_id, -1),
            )
            for report_id in report_ids
        ]


def _tell_unit(report: Report, by: Actor, at: datetime, subject: str, body: str) -> None:
    period = periods.parse(report.period_code).label
    notices.send(
        by=by,
        at=at,
        to_unit=report.answering_id,
        verb_of_receiver="figure.type",
        subject=subject % {"sheet": report.sheet.name, "period": period},
        body=body,
        link=reverse("indicators:report", args=[report.pk]),
    )


# Withdraw, re-open


def withdraw(
    *, by: Actor, at: datetime, on: date, report_id: int, reason: str, cells: Sequence[int] | None = None
) -> Report:
    """Take accepted figures out of every total, with a reason: the only verb that does."""
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="report.withdraw", subject=report, unit_id=report.unit_id, reason=reason) as entry:
        people.require(by, "figure.withdraw", report.answering_id, on)
        report = locked_report(report_id, for_update=True)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        chosen = Standing.objects.filter(report=report, accepted__isnull=False)
        if cells is not None:
            chosen = chosen.filter(cell__in=list(cells))
        rows = list(chosen.select_related("report", "accepted"))
        if not rows:
            raise refusals.NothingToWithdraw(unit=orgs.name(report.unit_id, on))
        ledger.append(entry, _effects_of_withdrawal(rows, at))
        gone = [row.pk for row in rows if row.current_id == row.accepted_id]
        Standing.objects.filter(pk__in=gone).update(state=CellState.WITHDRAWN, step=0)
        Standing.objects.filter(pk__in=[row.pk for row in rows]).update(accepted=None, accepted_step=0)
        settle(report)
        _tell_unit(report, by, at, _("Figures withdrawn: %(sheet)s, %(period)s"), reason)
        entry.data["cells"] = sorted(row.cell_id for row in rows)
    report.refresh_from_db()
    return report


def _effects_of_withdrawal(rows: Sequence[Standing], at: datetime) -> list[Effect]:
    series = ledger.report_series()
    effects = []
    for row in rows:
        change = ledger.difference(row.accepted.value if row.accepted else None, None)
        if change is not None and row.accepted is not None:
            effects.append(_effect(series.pk, row.report, row.cell_id, change, row.accepted.submission_id, at))
    return effects


def reopen(*, by: Actor, at: datetime, on: date, report_id: int, until: date, reason: str) -> Report:
    """Let one unit hand in corrections after locking, until a day; the others stay locked."""
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="report.reopen", subject=report, unit_id=report.unit_id, reason=reason) as entry:
        people.require(by, "round.open", line.keeper(report.round, on), on)
        report = locked_report(report_id, for_update=True)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        if report.round.locked_at is None:
            raise refusals.NotLocked()
        if until < on:
            raise refusals.ReopenInPast()
        if report.duty_id is None:
            report.duty_id = line.answering([report.unit_id], on).get(report.unit_id)
        again = {"reopened_until": until, "due_on": max(until, report.due_on), "duty_id": report.duty_id}
        Report.objects.filter(pk=report.pk).update(**again)
        _tell_unit(report, by, at, _("Re-opened for corrections: %(sheet)s, %(period)s"), reason)
        entry.data["until"] = until
    report.refresh_from_db()
    return report


# Sign off


def sign_off(
    *,
    by: Actor,
    at: datetime,
    on: date,
    round_id: int,
    step: int,
    unit_id: int,
    seen: Mapping[int, int] | None = None,
    reason: str = "",
) -> SignOff:
    """Close a step for a unit: accept what stands before it and record who is missing, with a reason if any is.

    With `seen`, a report that has come in or changed since the page was shown is refused rather than waved through.
    """
    round = Round.objects.select_related("sheet").get(pk=round_id)
    with writing(by=by, at=at, verb="round.sign_off", subject=round, unit_id=unit_id, reason=reason) as entry:
        row = _step(round_id, step)
        mine = _reports_of_carrier(by, round, row, unit_id, on)
        ready = set(waiting_at(row, mine).order_by().values_list("report_id", flat=True))
        passing = [report for report in mine if report.pk in ready]
        check_seen(passing, seen, on)
        if passing:
            accept(by=by, at=at, on=on, report_ids=[one.pk for one in passing], step=step, seen=seen)
        missing = [one for one in Report.objects.filter(pk__in=[r.pk for r in mine]) if not is_through(one, step)]
        if missing and not reason.strip():
            raise refusals.MissingUnits(n=len(missing))
        made = SignOff.objects.create(
            round=round,
            step=step,
            unit_id=unit_id,
            accepted=len(passing),
            expected=len(mine),
            missing=missing_rows(missing, on),
            reason=reason.strip(),
            **signed(by, at),
        )
        entry.data |= {"step": step, "missing": [one.unit_id for one in missing]}
    return made


def _reports_of_carrier(by: Actor, round: Round, step: Step, unit_id: int, on: date) -> list[Report]:
    reports = list(Report.objects.select_for_update(of=("self",)).filter(round=round).order_by("pk"))
    units = [report.unit_id for report in reports]
    rights = line.Rights(by, units, on)
    carrying, mine = rights.carriers.of(step, round), rights.passable(step, round)
    found = [report for report in reports if carrying[report.unit_id] == unit_id and report.unit_id in mine]
    if not found:
        raise refusals.NothingToSignOff()
    return found


# Checks


def check_seen(found: Sequence[Report], seen: Mapping[int, int] | None, on: date) -> None:
    """A stale page must not decide over what its reader has not seen."""
    if seen is None:
        return
    for report in found:
        if seen.get(report.pk) != report.version:
            raise refusals.ChangedSinceShown(unit=orgs.name(report.unit_id, on))


def _check_step(by: Actor, found: Sequence[Report], step: Step, on: date) -> None:
    allowed = line.Rights(by, [report.unit_id for report in found], on).passable(step, step.round)
    for report in found:
        if report.unit_id not in allowed:
            people.require(by, step.verb, report.answering_id, on)
            raise refusals.NotYourStep(step=step.name, unit=orgs.name(report.unit_id, on))


def _check_judges(by: Actor, report: Report, on: date) -> None:
    """Whoever returns a report carries out one of its steps."""
    if not line.my_steps(by, report.round, [report.unit_id], on):
        raise refusals.NotYourStep(step=_("Return"), unit=orgs.name(report.unit_id, on))


def _locked_reports(report_ids: Sequence[int]) -> list[Report]:
    """The reports in a fixed order, held to the end of the transaction, so that two bulk verbs cannot deadlock."""
    wanted = sorted(set(report_ids))
    rows = Report.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = list(rows)
    for missing in sorted(set(wanted) - {report.pk for report in found}):
        raise refusals.UnknownReport(report=missing)
    return found


def _step(round_id: int, order: int) -> Step:
    found = Step.objects.select_related("round").filter(round=round_id, order=order).first()
    if found is None:
        raise refusals.UnknownStep(step=order)
    return found
