"""Rounds seen from those who asked: who has answered, who is late, what needs a look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.text import sort_key
from giaoban.indicators.models import (
    Draft,
    Joining,
    Reminder,
    Report,
    Return,
    Round,
    SheetLine,
    SignOff,
    Standing,
    Step,
)
from giaoban.indicators.models.collection import CellState, ReportState
from giaoban.indicators.queries import behalf, copies, line
from giaoban.indicators.queries.findings import Finding
from giaoban.indicators.queries.states import NOT_HANDED_IN, OWING, THROUGH, is_past, past_due
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people


@dataclass(frozen=True)
class Progress:
    """How far a round is."""

    expected: int
    submitted: int  # handed in and nothing returned
    accepted: int  # through step 1 or further
    finished: int  # through the last step
    returned: int
    late: int  # past its day, those below included
    again: int  # handed in once, sent back, and not handed in again by the day given


@dataclass(frozen=True)
class Row:
    """One unit in the review table."""

    report: Report
    name: str
    group: str  # the unit above it, where a round spans several
    step: int  # the next step of the report; 0 when nothing waits
    mine: bool  # whether that step is the reader's
    late: bool
    days_late: int
    handed_in_late: bool
    filled: int
    asked: int
    findings: list[Finding] = field(default_factory=list)
    reminded_on: date | None = None
    asked_by: str = ""  # who asked, where the unit answers in a round of the other line (one answer serves both)
    copy: str = ""  # how its signed copy stands: "", missing, outdated, received
    behalf: str = ""  # of figures entered on its behalf: "", waiting, confirmed, objected

    @property
    def again(self) -> bool:
        """Whether what the unit owes is a correction: it had handed in, and something was sent back."""
        return self.report.state == ReportState.RETURNED

    @property
    def attention(self) -> tuple[int, ...]:
        """What an officer should look at first: warnings that wait, then plain waiting, late, returned, the rest."""
        waiting = self.mine and self.step > 0
        if waiting and self.findings:
            rank = 0
        elif waiting:
            rank = 1
        elif self.late:
            rank = 2
        elif self.again:
            rank = 3
        elif self.report.state in (ReportState.EMPTY, ReportState.DRAFT):
            rank = 4
        else:
            rank = 5
        return rank, -self.report.weight, -self.days_late

    @property
    def pick(self) -> str:
        """What a tick in this row stands for: the report, the version shown, the step it waits for."""
        return f"{self.report.pk}-{self.report.version}-{self.step}"

    @property
    def others(self) -> int:
        return max(0, len(self.findings) - 1)

    @property
    def worst(self) -> Finding | None:
        return self.findings[0] if self.findings else None


JUDGING = {"figure.check", "figure.approve"}

# Which rounds


def visible_units(actor: Actor, on: date) -> QuerySet[int]:
    """Units whose reports the actor may see before they are approved."""
    return people.units_where(actor, "figure.follow", on)


def visible_reports(actor: Actor, on: date) -> QuerySet[Report]:
    """Reports the actor may see, by the rights of today over the tree of today or of the report's data day.

    Who leads the province today may read what a unit of a dissolved district handed in.
    """
    if actor.is_system:
        return Report.objects.all()
    seen = visible_units(actor, on)
    found = Q(unit__in=seen) | Q(duty__in=seen)
    # Units that have ended are in no tree of today: look once for each earlier data day that has such units.
    gone = Report.objects.exclude(unit__snapshots__start__lte=on, unit__snapshots__end__gt=on)
    for day in gone.order_by().values_list("round__data_day", flat=True).distinct():
        then = people.units_where(actor, "figure.follow", on, tree_day=day)
        found |= Q(round__data_day=day, unit__in=then)
    return Report.objects.filter(found)


def answered_by(units: Any) -> Q:
    """Reports for which one of these units answers."""
    return Q(duty__isnull=True, unit__in=units) | Q(duty__in=units)


def rounds_for(actor: Actor, on: date) -> QuerySet[Round]:
    """Rounds the actor asked for or judges: those of units below, the newest first."""
    if actor.is_system:
        return Round.objects.select_related("sheet")
    touching = visible_reports(actor, on).filter(round=OuterRef("pk"))
    opened = people.units_where(actor, "round.open", on)
    return Round.objects.filter(Q(opener__in=opened) | Exists(touching)).select_related("sheet")


def round_for(actor: Actor, round_id: int, on: date) -> Round:
    """The round, if the actor may see it; Round.DoesNotExist otherwise."""
    return rounds_for(actor, on).select_related("document", "hierarchy").get(pk=round_id)


def follows_others(actor: Actor, on: date) -> bool:
    """Whether the actor looks after reports of other units: the list of rounds is for them."""
    if actor.is_system:
        return True
    verbs = people.verbs_held(actor, on)
    return bool(verbs & {"round.open", "round.remind", "figure.check", "figure.approve"}) or (
        "figure.follow" in verbs and "figure.type" not in verbs and "figure.submit" not in verbs
    )


# How far


def late(round_id: int, on: date, at: datetime | None = None) -> QuerySet[Report]:
    """Reports past their due time of which the unit still owes something; with `at`, also past the hour of the day."""
    return (
        Report.objects.filter(past_due(on, at), NOT_HANDED_IN, round=round_id, round__locked_at__isnull=True)
        .select_related("unit")
        .order_by("due_on", "unit")
    )


def reports_of(round_id: int) -> QuerySet[Report]:
    """What answers the round: its own reports, and those of a round of the other line that it joined."""
    return Report.objects.filter(asked_in(round_id))


def asked_in(round_id: int) -> Q:
    """`reports_of` as a condition; rounds that joined none, nearly all, are found by their own index alone."""
    joined = list(Joining.objects.filter(round=round_id).values_list("report_id", flat=True))
    return Q(round=round_id) | Q(pk__in=joined) if joined else Q(round=round_id)


def progress(round_id: int, on: date, at: datetime | None = None) -> Progress:
    """How far the whole round is."""
    return progress_of(reports_of(round_id), on, at)


def progress_of(reports: QuerySet[Report], on: date, at: datetime | None = None) -> Progress:
    """How far some reports are, each along the line of its own round."""
    last = Step.objects.filter(round=OuterRef("round")).order_by("-order").values("order")[:1]
    through = Q(state__in=THROUGH)
    sent_back = Q(state=ReportState.RETURNED)
    past = past_due(on, at) & Q(round__locked_at__isnull=True)
    counted = reports.annotate(last=Subquery(last)).aggregate(
        expected=Count("id"),
        submitted=Count("id", filter=~NOT_HANDED_IN),
        accepted=Count("id", filter=through),
        finished=Count("id", filter=through & Q(step__gte=F("last"))),
        returned=Count("id", filter=sent_back),
        late=Count("id", filter=NOT_HANDED_IN & past),
        again=Count("id", filter=sent_back & past),
    )
    return Progress(**counted)


def progress_of_many(actor: Actor, rounds: list[Round], on: date, at: datetime | None = None) -> dict[int, Progress]:
    """Progress of several rounds over the reports the actor sees, in two queries."""
    found: dict[int, Counter[str]] = {one.pk: Counter() for one in rounds}
    seen = visible_reports(actor, on)
    last = Step.objects.filter(round=OuterRef("round")).order_by("-order").values("order")[:1]
    names = ("state", "step", "last", "due_on", "due_time", "round__locked_at")
    own = seen.filter(round__in=rounds).annotate(last=Subquery(last)).values_list("round_id", *names)
    joined = seen.filter(joinings__round__in=rounds).annotate(last=Subquery(last))
    joined = joined.values_list("joinings__round_id", *names)
    for round_id, state, step, end, due_on, due_time, locked_at in [*own, *joined]:
        count = found.get(round_id)
        if count is None:
            continue
        count["expected"] += 1
        count["submitted"] += state not in OWING
        count["accepted"] += state in THROUGH
        count["finished"] += state in THROUGH and step >= (end or 0)
        count["returned"] += state == ReportState.RETURNED
        past = locked_at is None and is_past(due_on, due_time, on, at)
        count["late"] += state in OWING and past
        count["again"] += state == ReportState.RETURNED and past
    return {pk: Progress(*(count[name] for name in COUNTED)) for pk, count in found.items()}


COUNTED = ("expected", "submitted", "accepted", "finished", "returned", "late", "again")


# The review table


def review(actor: Actor, round_id: int, on: date, at: datetime | None = None) -> list[Row]:
    """Every report of the round the actor may see, what needs attention first; those it joined come with them."""
    round = round_for(actor, round_id, on)
    reports = list(visible_reports(actor, on).filter(asked_in(round.pk)).select_related("round"))
    units = [report.unit_id for report in reports]
    mine = line.my_steps(actor, round, units, on)
    joined = [report for report in reports if report.round_id != round.pk]
    names = orgs.names([*units, *(report.round.opener_id for report in joined)], on)
    groups = _groups(round, units, on)
    filled, asked = _filled(round, joined), asked_by_unit(round, units)
    waiting = _waiting_steps(round)
    reminded = dict(Reminder.objects.filter(report__round=round).order_by("day").values_list("report_id", "day"))
    signed = copies.states_of(round, reports)
    entered = behalf.states_of(round)
    rows = [
        Row(
            report=report,
            name=names[report.unit_id],
            group=groups.get(report.unit_id, ""),
            step=waiting.get(report.pk, 0),
            mine=report.unit_id in mine.get(waiting.get(report.pk, 0), ()),
            late=is_late(report, report.round, on, at),
            days_late=max(0, (on - report.due_on).days),
            handed_in_late=handed_in_late(report, report.round),
            filled=filled.get(report.pk, 0),
            asked=asked.get(report.unit_id, 0),
            findings=[Finding.from_kept(one) for one in report.findings],
            reminded_on=reminded.get(report.pk),
            asked_by=names[report.round.opener_id] if report.round_id != round.pk else "",
            copy=signed.get(report.pk, ""),
            behalf=entered.get(report.pk, ""),
        )
        for report in reports
    ]
    return sorted(rows, key=lambda row: (row.attention, sort_key(row.name)))


def is_late(report: Report, round: Round, on: date, at: datetime | None = None) -> bool:
    return report.state in OWING and round.locked_at is None and is_past(report.due_on, report.due_time, on, at)


def handed_in_late(report: Report, round: Round) -> bool:
    """Whether the first handing-in came after the due time the round, or its cluster, had."""
    if report.first_submitted_at is None:
        return False
    moment = localtime(report.first_submitted_at)
    return is_past(report.first_due_on or round.due_on, report.due_time, moment.date(), moment)


def _waiting_steps(round: Round) -> dict[int, int]:
    """For each report the lowest step one of its cells waits for; reports with nothing waiting are absent."""
    return {report: step for report, _unit, step in _waiting([round]).get(round.pk, [])}


def _waiting(rounds: list[Round]) -> dict[int, list[tuple[int, int, int]]]:
    """{round: [(report, unit, step it waits for)]}, in one query. In a locked round only re-opened reports wait."""
    last = dict(Step.objects.filter(round__in=rounds).values_list("round_id").annotate(n=Count("id")).order_by())
    rows = (
        Standing.objects.filter(report__round__in=rounds, state__in=[CellState.SUBMITTED, CellState.ACCEPTED])
        .filter(Q(report__round__locked_at__isnull=True) | Q(report__reopened_until__isnull=False))
        .order_by()
        .values_list("report__round_id", "report_id", "report__unit_id", "step")
        .distinct()
    )
    lowest: dict[tuple[int, int, int], int] = {}
    for round_id, report, unit, step in rows:
        key = round_id, report, unit
        if step < last[round_id]:
            lowest[key] = min(lowest.get(key, step), step)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for (round_id, report, unit), step in sorted(lowest.items()):
        found.setdefault(round_id, []).append((report, unit, step + 1))
    return found


def waiting_step(report: Report) -> int:
    """The lowest step one of the report's cells waits for; 0 when nothing waits."""
    last = Step.objects.filter(round=report.round_id).count()
    steps = Standing.objects.filter(
        report=report, state__in=[CellState.SUBMITTED, CellState.ACCEPTED], step__lt=last
    ).values_list("step", flat=True)
    return min(steps, default=-1) + 1


def _filled(round: Round, joined: list[Report]) -> dict[int, int]:
    """Cells with a figure, handed in or typed: counted by the database, put right where somebody is typing."""
    wanted = Q(report__round=round) | Q(report__in=[report.pk for report in joined])
    handed = Standing.objects.filter(wanted, current__value__isnull=False)
    counted = Counter(dict(handed.order_by().values_list("report").annotate(n=Count("id"))))
    typed = list(Draft.objects.filter(wanted).values_list("report_id", "cell_id", "value"))
    typing = {report for report, _cell, _value in typed}
    before = set(handed.filter(report__in=typing).values_list("report_id", "cell_id"))
    for report, cell, value in typed:
        counted[report] += (value is not None) - ((report, cell) in before)
    return dict(counted)


def asked_by_unit(round: Round, unit_ids: list[int]) -> dict[int, int]:
    """How many cells each unit is asked, by its kind on the data day."""
    lines = list(SheetLine.objects.filter(sheet=round.sheet_id, owns=True).values_list("kinds", flat=True))
    snapshots = orgs.snapshots(unit_ids, round.data_day)
    by_kind: dict[str, int] = {}
    for snapshot in snapshots.values():
        if snapshot.kind_id not in by_kind:
            by_kind[snapshot.kind_id] = sum(not kinds or snapshot.kind_id in kinds for kinds in lines)
    return {unit: by_kind[snapshot.kind_id] for unit, snapshot in snapshots.items()}


def _groups(round: Round, units: list[int], on: date) -> dict[int, str]:
    """The commune of each school, where the round spans more than one."""
    above = line.parents(orgs.TERRITORY, units, on)
    if len(set(above.values())) < 2:
        return {}
    names = orgs.names(set(above.values()), on)
    return {unit: names[parent] for unit, parent in above.items()}


# What waits


def waiting_for(actor: Actor, on: date) -> int:
    """How many things in this room wait for the actor: reports due from them, or to be judged by them."""
    return due_count(actor, on) + len(judging(actor, on))


def due_count(actor: Actor, on: date) -> int:
    """Reports the actor's units still owe."""
    if actor.is_system:
        return 0
    units = people.units_where(actor, "figure.type", on).union(people.units_where(actor, "figure.submit", on))
    ids = {row["descendant_id"] for row in units}
    found = Report.objects.filter(answered_by(ids), NOT_HANDED_IN)
    return found.filter(round__opens_on__lte=on, round__locked_at__isnull=True).count()


def judging(actor: Actor, on: date) -> list[tuple[Round, int]]:
    """Reports that wait for the actor's step: (round, report id)."""
    if actor.is_system or not people.verbs_held(actor, on) & JUDGING:
        return []
    rounds = list(rounds_for(actor, on).prefetch_related("steps"))
    waiting = _waiting(rounds)
    rights = line.Rights(actor, {unit for rows in waiting.values() for _report, unit, _step in rows}, on)
    found: list[tuple[Round, int]] = []
    for round in rounds:
        rows = waiting.get(round.pk, [])
        mine = rights.steps(round, {unit for _report, unit, _step in rows}) if rows else {}
        found += [(round, report) for report, unit, step in rows if unit in mine.get(step, ())]
    return found


# Its history


@dataclass(frozen=True)
class RoundLine:
    """One step of a round as the page shows it."""

    step: Step
    sign_offs: tuple[SignOff, ...]


def steps_of_round(round: Round) -> list[RoundLine]:
    signed = list(SignOff.objects.filter(round=round).select_related("unit").order_by("at"))
    return [RoundLine(step, tuple(one for one in signed if one.step == step.order)) for step in round.steps.all()]


def locking_of(round: Round) -> SignOff | None:
    """Who locked the round, and with whom missing."""
    return SignOff.objects.filter(round=round, step=0).order_by("-at").first()


def returns_of(round: Round) -> QuerySet[Return]:
    return Return.objects.filter(report__round=round).select_related("report", "cell").order_by("-at")


def period_of(round: Round) -> Period:
    return periods.parse(round.period_code)


# Rounds opened together, and what a reader is in one


def batch_of(actor: Actor, round: Round, on: date) -> list[Round]:
    """The rounds opened with this one, a line each, in the order they were opened; [] when it stands alone."""
    if not round.batch:
        return []
    return list(rounds_for(actor, on).filter(batch=round.batch).order_by("pk"))


def looks_on(actor: Actor, round: Round, on: date) -> bool:
    """Whether the reader only follows: their units are asked along a line that does not pass through them."""
    if actor.is_system or round.opener_id in people.own_units(actor, on):
        return False
    units = visible_reports(actor, on).filter(round=round).values_list("unit_id", flat=True)[:50]
    return not line.my_steps(actor, round, units, on)
