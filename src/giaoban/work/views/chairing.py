"""The chair's screen of a session, and what only the chair does: bind at once, approve the notice's text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions, queries, shorthand
from giaoban.work.forms_chair import LineForm
from giaoban.work.models import Conclusion, Meeting, MeetingState, NoticeText, Task
from giaoban.work.queries import chair
from giaoban.work.queries.difficulties import open_difficulties
from giaoban.work.queries.requests import requests_at
from giaoban.work.views.meetings import circle_of, find, state_of
from giaoban.work.views.requests import look_of
from giaoban.work.views.rows import task_rows
from giaoban.work.wording import notice_text

SHOWN = 15


def _concluded(request: HttpRequest, meeting_id: int) -> Meeting:
    """The meeting, for those who type its conclusions."""
    meeting = find(request, meeting_id)
    may = [
        people.may(request.actor, each, meeting.unit_id, request.today) for each in ("meeting.plan", "meeting.conclude")
    ]
    if not any(may) and meeting.chair_position_id != request.actor.position_id:
        raise PermissionDenied
    return meeting


@signed_in
@require_GET
def screen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Last time's conclusions, figures off plan, what units ask, and the conclusions of today as they are typed."""
    meeting = _concluded(request, meeting_id)
    return _page(request, meeting, LineForm(items=meeting.agenda.all()))


def _page(
    request: HttpRequest, meeting: Meeting, form: LineForm, template: str = "", status: int = 200
) -> HttpResponse:
    on = request.today
    conclusions = list(meeting.conclusions.all())
    rows = task_rows(
        Task.objects.filter(conclusion__in=conclusions, parent__isnull=True).prefetch_related("partners"), on
    )
    said = list(requests_at(meeting)[:SHOWN])
    hard = list(open_difficulties(meeting)[:SHOWN])
    circle = circle_of(request, meeting)
    names = queries.names([*(each.unit_id for each in said), *(each.unit_id for each in hard)], on)
    look, word = state_of(meeting)
    context = {
        "meeting": meeting,
        "look": look,
        "word": word,
        "live": meeting.state == MeetingState.HELD,
        "former": chair.former_conclusions(meeting, on),
        "said": [(each, names.get(each.unit_id, ""), look_of(each, request)) for each in said],
        "hard": [(each, names.get(each.unit_id, "")) for each in hard],
        "conclusions": [(each, [row for row in rows if row.task.conclusion_id == each.pk]) for each in conclusions],
        "form": form,
        "offered": list(circle.offered),
        "chairs": _chairs(request, meeting),
        "approved": NoticeText.objects.filter(meeting=meeting, lapsed_at__isnull=True).first(),
        "notice": notice_text(meeting) if conclusions else "",
    }
    return render(request, template or "work/chair/screen.html", context, status=status)


def _chairs(request: HttpRequest, meeting: Meeting) -> bool:
    seat = meeting.chair_position_id is not None and meeting.chair_position_id == request.actor.position_id
    return seat or people.may(request.actor, "meeting.conclude", meeting.unit_id, request.today)


@signed_in
@require_GET
def understood(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What the line means so far: who leads, with whom, until when."""
    meeting = _concluded(request, meeting_id)
    line = shorthand.read(request.GET.get("line", ""), circle_of(request, meeting), request.today)
    return render(request, "work/chair/understood.html", {"line": line, "names": _names(line, request)})


def _names(line: shorthand.Line, request: HttpRequest) -> list[str]:
    """The units of a group, so that nobody is given a task unseen."""
    units = line.lead.unit_ids if line.lead and line.lead.group else ()
    return sorted(queries.names(units, request.today).values())


@signed_in
@require_POST
def conclude(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One line becomes a numbered conclusion and its task."""
    meeting = _concluded(request, meeting_id)
    form = LineForm(request.POST, items=meeting.agenda.all())
    if form.is_valid():
        line = shorthand.read(form.cleaned_data["line"], circle_of(request, meeting), request.today)
        for fault in line.unknown:
            form.add_error("line", fault)
        if "due" in line.asks:
            form.add_error("line", _("A task needs a due time: write # and the day."))
        if "lead" in line.asks:
            form.add_error("line", _("Who leads it? Write @ and the unit."))
        if form.is_valid():
            given: dict[str, Any] = {
                "text": line.text,
                "heading": line.heading,
                "tasks": line.tasks(),
                "item": form.cleaned_data["item"],
            }
            try:
                made = actions.conclude(by=request.actor, at=request.now, meeting=meeting, **given)
                if form.cleaned_data["at_once"]:
                    actions.bind_now(by=request.actor, at=request.now, conclusion=made)
            except NotAllowed:
                raise
            except Refused as refused:
                add_to(form, refused, {"text": "line", "lead": "line", "due": "line", "partners": "line"})
            else:
                if request.htmx:
                    return _page(
                        request,
                        find(request, meeting.pk),
                        LineForm(items=meeting.agenda.all(), auto=True),
                        "work/chair/live.html",
                    )
                return redirect("work:chair", meeting.pk)
    if request.htmx:
        return _page(request, meeting, form, "work/chair/live.html")
    return _page(request, meeting, form, status=422)


@signed_in
@require_GET
def figures(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Indicators off plan, drawn apart: the screen does not wait for them."""
    meeting = _concluded(request, meeting_id)
    rows = chair.off_plan(request.actor, meeting, request.today)
    names = queries.names([each.answer.unit_id for each in rows], request.today)
    context = {"rows": [(each, names.get(each.answer.unit_id, "")) for each in rows], "meeting": meeting}
    template = "work/chair/figures.html" if request.htmx else "work/chair/figures_page.html"
    return render(request, template, context)


@signed_in
@require_POST
def bind(request: HttpRequest, meeting_id: int, conclusion_id: int) -> HttpResponse:
    """The chair says it binds at once."""
    meeting = find(request, meeting_id)
    conclusion = Conclusion.objects.filter(meeting=meeting, pk=conclusion_id).first()
    if conclusion is None:
        raise Http404
    actions.bind_now(by=request.actor, at=request.now, conclusion=conclusion)
    return redirect("work:chair", meeting.pk)


@signed_in
@require_POST
def approve(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The chair approves the text; the chief of office signs it."""
    meeting = find(request, meeting_id)
    actions.approve_notice_text(by=request.actor, at=request.now, meeting=meeting, text=request.POST.get("text", ""))
    who = orgs.body_name(meeting.unit_id, request.today)
    messages.success(request, _("The text is approved. The chief of office of %(unit)s signs it.") % {"unit": who})
    return redirect(meeting)
