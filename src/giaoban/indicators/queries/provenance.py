"""Where a number comes from: the cells of one unit with everything that ever happened to them.

Answers are for those who may look at the unit's figures. Who handed in and who approved is told to those who may follow
its reports; others learn that it was done, and when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from giaoban.indicators.models import (
    REPORT_SERIES,
    Acceptance,
    Cell,
    Effect,
    OnBehalf,
    Report,
    Return,
    Revision,
    Series,
    Standing,
    Step,
    Taken,
)
from giaoban.indicators.models.collection import Signed
from giaoban.indicators.queries.findings import shown
from giaoban.indicators.queries.reports import who
from giaoban.journal.actor import Actor
from giaoban.people import queries as people


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a cell."""

    at: datetime
    what: str
    """submitted, returned, accepted, behalf, confirmed, objected, counted, replaced, withdrawn, taken"""
    who: str = ""
    value: str = ""
    text: str = ""
    step: str = ""
    no: int = 0


@dataclass(frozen=True)
class Held:
    """One cell of one unit: what counts, where it stands, and its history, the newest first."""

    cell_id: int
    label: str
    unit: str
    value: int | None
    text: str
    scale: int
    report: Report | None
    state: str
    step: int
    history: tuple[Moment, ...] = ()

    @property
    def earlier(self) -> list[str]:
        """Every other value that was ever handed in, the newest first."""
        given = [one.value for one in self.history if one.what == "submitted" and one.value]
        return [value for place, value in enumerate(given) if value != self.text or place]


@dataclass
class Story:
    """What is known of the cells of one unit in one period."""

    unit_id: int
    period_code: str
    cells: list[Held] = field(default_factory=list)
    named: bool = False
    """Whether names are told to who asks."""


def story(
    actor: Actor,
    unit_id: int,
    period_code: str,
    cell_ids: Sequence[int],
    on: date,
    *,
    series: str = REPORT_SERIES,
    day: date | None = None,
) -> Story:
    """Every cell asked, with its past. Nothing where the actor may not look at figures of the unit."""
    if not people.in_sight(actor, "figure.view", [unit_id], on, day or on):
        return Story(unit_id, period_code)
    named = unit_id in people.in_sight(actor, "figure.follow", [unit_id], on, day or on)
    cells = {one.pk: one for one in Cell.objects.filter(pk__in=list(cell_ids)).select_related("element")}
    effects = _effects(unit_id, period_code, cells, series)
    found = Story(unit_id, period_code, named=named)
    standings = _standings(unit_id, period_code, cells) if series == REPORT_SERIES else {}
    reports = {one.report_id: one.report for one in standings.values()}
    past = _Past(reports.values(), cells, named)
    for pk in cell_ids:
        cell, standing, lines = cells[pk], standings.get(pk), effects[pk]
        counted = sum(line.present_delta for line in lines) > 0
        value = sum(line.value_delta for line in lines) if counted else None
        moments = [*past.of(standing), *_counted(lines, cell, series)]
        found.cells.append(
            Held(
                cell_id=pk,
                label=cell.label,
                unit=cell.element.unit,
                value=value,
                text="" if value is None else shown(value, cell.element.scale),
                scale=cell.element.scale,
                report=standing.report if standing else None,
                state=standing.state if standing else "",
                step=standing.accepted_step if standing else 0,
                history=tuple(sorted(moments, key=lambda one: (one.at, ORDER.index(one.what)), reverse=True)),
            )
        )
    return found


ORDER = (
    "taken",
    "submitted",
    "behalf",
    "confirmed",
    "objected",
    "returned",
    "accepted",
    "counted",
    "replaced",
    "withdrawn",
)


def _effects(unit_id: int, period_code: str, cells: Iterable[int], series: str) -> Mapping[int, list[Effect]]:
    found: dict[int, list[Effect]] = defaultdict(list)
    rows = Effect.objects.filter(series=series, unit=unit_id, period_code=period_code, cell__in=list(cells))
    for one in rows.order_by("seq"):
        found[one.cell_id].append(one)
    return found


def _counted(lines: Sequence[Effect], cell: Cell, series: str) -> list[Moment]:
    """What each line of the ledger did: from then on the value counted, another did, or none."""
    total, moments = 0, []
    for line in lines:
        total += line.value_delta
        what = "withdrawn" if line.present_delta < 0 else "counted" if line.present_delta > 0 else "replaced"
        if series != REPORT_SERIES and what == "counted":
            what = "taken"
        value = "" if what == "withdrawn" else shown(total, cell.element.scale)
        moments.append(Moment(line.at, what, value=value, no=line.seq))
    return moments


def _standings(unit_id: int, period_code: str, cells: Iterable[int]) -> dict[int, Standing]:
    rows = Standing.objects.filter(report__unit=unit_id, report__period_code=period_code, cell__in=list(cells))
    rows = rows.select_related("report__round", "report__sheet", "cell__element", "current", "accepted")
    return {one.cell_id: one for one in rows}


class _Past:
    """What happened to some reports, read once for all their cells."""

    def __init__(self, reports: Iterable[Report], cells: Mapping[int, Cell], named: bool) -> None:
        ids, self.cells, self.named = [one.pk for one in reports], cells, named
        self.revisions: dict[tuple[int, int], list[Revision]] = defaultdict(list)
        rows = Revision.objects.filter(submission__report__in=ids, cell__in=list(cells))
        for one in rows.select_related("submission"):
            self.revisions[one.submission.report_id, one.cell_id].append(one)
        self.returns: dict[int, list[Return]] = defaultdict(list)
        for back in Return.objects.filter(Q(cell__in=list(cells)) | Q(cell__isnull=True), report__in=ids):
            self.returns[back.report_id].append(back)
        self.acceptances: dict[int, list[Acceptance]] = defaultdict(list)
        for passed in Acceptance.objects.filter(report__in=ids):
            self.acceptances[passed.report_id].append(passed)
        steps = Step.objects.filter(round__reports__in=ids).distinct()
        self.steps = {(one.round_id, one.order): one.name for one in steps}
        taken = Taken.objects.filter(report__in=ids, cell__in=list(cells)).select_related("series")
        self.taken = {(one.report_id, one.cell_id): one for one in taken}
        behalf = OnBehalf.objects.filter(submission__report__in=ids).select_related("submission")
        self.behalf = {one.submission_id: one for one in behalf}

    def who(self, row: Signed) -> str:
        return who(row) if self.named else ""

    def of(self, standing: Standing | None) -> list[Moment]:
        """Handing-in, returns and acceptances of one cell; what came before it was first handed in is not its own."""
        if standing is None:
            return []
        report, scale = standing.report, standing.cell.element.scale
        given = self.revisions[report.pk, standing.cell_id]
        moments = [moment for one in given for moment in self._handing_in(one, scale)]
        first = min((one.submission.at for one in given), default=None)
        taken = self.taken.get((report.pk, standing.cell_id))
        if taken is not None:
            moments.append(
                Moment(
                    taken.at, "taken", value=shown(taken.value, scale), text=f"{taken.series} ({taken.day:%d/%m/%Y})"
                )
            )
        for back in self.returns[report.pk]:
            if back.cell_id in (None, standing.cell_id) and first and back.at >= first:
                moments.append(Moment(back.at, "returned", self.who(back), text=back.reason))
        for passed in self.acceptances[report.pk]:
            if first and passed.at >= first and self._passed(standing.cell_id, report.pk, passed):
                step = self.steps.get((report.round_id, passed.step), "")
                moments.append(Moment(passed.at, "accepted", self.who(passed), step=step, no=passed.step))
        return moments

    def _passed(self, cell: int, report: int, passed: Acceptance) -> bool:
        """A cell that stood returned when the report was accepted did not pass with it."""
        events = [(one.submission.at, True) for one in self.revisions[report, cell]]
        events += [(one.at, False) for one in self.returns[report] if one.cell_id == cell]
        before = sorted(one for one in events if one[0] <= passed.at)
        return bool(before) and before[-1][1]

    def _handing_in(self, one: Revision, scale: int) -> list[Moment]:
        value = "" if one.value is None else shown(one.value, scale)
        told = Moment(
            one.submission.at, "submitted", self.who(one.submission), value, one.explanation, no=one.submission.no
        )
        found = [told]
        if one.submission_id in self.behalf:
            mark = self.behalf[one.submission_id]
            found.append(Moment(one.submission.at, "behalf", text=mark.source))
            name = f"{mark.confirmed_name}, {mark.confirmed_title}".strip(", ") if self.named else ""
            if mark.confirmed_at:
                found.append(Moment(mark.confirmed_at, "confirmed", name))
            if mark.objected_at:
                found.append(Moment(mark.objected_at, "objected", name, text=mark.objection))
        return found


def series_name(code: str) -> str:
    return Series.objects.filter(code=code).values_list("name", flat=True).first() or code
