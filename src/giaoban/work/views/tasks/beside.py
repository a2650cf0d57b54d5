"""What stands beside a task on its page: the draft, those it was handed to, its reports, its answer, its figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core import period
from giaoban.indicators.models import Target
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import queries
from giaoban.work.forms_tasks import CycleReportForm, ReplyForm, RhythmForm
from giaoban.work.models import Task, TaskReply
from giaoban.work.queries import drafting, handing, rhythm
from giaoban.work.views.rows import task_rows
from giaoban.work.views.tasks.stages import stages


def beside(request: HttpRequest, found: Task, can: dict[str, bool]) -> dict[str, Any]:
    on = request.today
    draft = drafting.draft_of(found)
    reports = [] if found.has_parts else rhythm.reports_of(found, on)
    open_reports = [each for each in reversed(reports) if each.report is None]
    return {
        "draft": draft,
        "stages": stages(draft) if draft else [],
        **_handed(request, found),
        "duty": getattr(found, "report_duty", None),
        "reports": reports,
        "open_reports": open_reports,
        "report_form": CycleReportForm(
            auto_id="report_%s", initial={"due_on": open_reports[0].due_on if open_reports else None}
        ),
        "rhythm_form": RhythmForm(auto_id="rhythm_%s", initial={"report": _words(found)}),
        "reply": TaskReply.objects.filter(task=found).first(),
        "reply_form": ReplyForm(auto_id="reply_%s"),
        "figure": figure_of(request, found),
    }


def _words(found: Task) -> str:
    duty = getattr(found, "report_duty", None)
    return duty.words if duty is not None and duty.stopped_on is None else ""


def _handed(request: HttpRequest, found: Task) -> dict[str, Any]:
    """The first assigner's deadline above, and those below with how far they are."""
    on = request.today
    above = handing.chain(found)
    names = queries.names([each.assigned_by_id for each in above], on)
    seen = set(
        queries.visible_tasks(request.actor, on).filter(pk__in=[each.pk for each in above]).values_list("pk", flat=True)
    )
    children = list(handing.handed_down(found).prefetch_related("partners")) if found.lead_id else []
    later = {each.pk for each in handing.later_than(found, children)}
    return {
        "above": [(each, names.get(each.assigned_by_id, ""), each.pk in seen) for each in above],
        "later_than_above": bool(above) and bool(handing.later_than(above[-1], [found])),
        "children": [(row, row.task.pk in later) for row in task_rows(children, on)],
        "rolled": handing.rolled_up(found, on) if children else None,
    }


@dataclass(frozen=True)
class FigureBeside:
    """The indicator's figure and its plan, as they are printed."""

    answer: Answer
    unit: str

    @property
    def said(self) -> str:
        return self.answer.write(self.answer.value)

    @property
    def plan(self) -> str:
        return self.answer.write(self.answer.target)


def figure_of(request: HttpRequest, found: Task) -> FigureBeside | None:
    """The indicator beside its plan: of the lead unit, or where that has no target of its own, of the assigner.

    The period is that of the unit's newest target up to the task's due day. Only where the actor may see its figures.
    """
    if found.indicator_id is None:
        return None
    on = request.today
    units = [each for each in dict.fromkeys([found.lead_id, found.assigned_by_id]) if each is not None]
    seen = people.in_sight(request.actor, "figure.view", units, on, on)
    targets = Target.objects.filter(indicator=found.indicator_id, withdrawn=False)
    for unit in units:
        codes = set(targets.filter(unit=unit).values_list("period_code", flat=True)) if unit in seen else set()
        chosen = _nearest(codes, found.due_on or on)
        if chosen is not None:
            (answer,) = analytics.ask([found.indicator_id], [unit], [chosen], on=on, steps=False)
            return FigureBeside(answer, orgs.body_name(unit, on))
    return None


def _nearest(codes: set[str], day: date) -> period.Period | None:
    """The last period whose figures' day is not after the day; else the first to come."""
    known = sorted((period.parse(each) for each in codes), key=lambda each: (each.cutoff, each.code))
    past = [each for each in known if each.cutoff <= day]
    return past[-1] if past else known[0] if known else None
