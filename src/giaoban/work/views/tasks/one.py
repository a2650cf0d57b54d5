"""One task: what was said, where it stands, what has been done, and what I can do now."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.documents.serving import download
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.models import Position
from giaoban.ui.parts import Moment
from giaoban.work import clarity, queries
from giaoban.work.forms import (
    DecisionForm,
    DoneForm,
    EventForm,
    ExtensionForm,
    OfficerForm,
    PartnerForm,
    ProgressForm,
    ReasonForm,
    WordsForm,
)
from giaoban.work.marking import excerpt
from giaoban.work.models import Drafting, DueKind, Evidence, Progress, Relation, Task, TaskReply
from giaoban.work.queries import handing, linked
from giaoban.work.states import days_late
from giaoban.work.views.rows import look_of, task_rows
from giaoban.work.views.tasks.beside import beside
from giaoban.work.views.tasks.finding import day_of, find


@signed_in
@require_GET
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: what was said, where it stands, what has been done, and what I can do now."""
    return page(request, find(request, task_id))


def page(request: HttpRequest, found: Task, *, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    return render(request, "work/task.html", {**context_of(request, found), **(forms or {})}, status=status)


def context_of(request: HttpRequest, found: Task) -> dict[str, Any]:
    actor, on = request.actor, request.today
    can = allowed(request, found)
    partners = list(found.partners.all())
    extensions = list(found.extensions.all())
    waiting = next((each for each in extensions if each.granted is None), None)
    names = queries.names(
        [found.lead_id, found.assigned_by_id, *(each.unit_id for each in partners), *_said_by(found)], on
    )
    parts = list(queries.parts_of(found).prefetch_related("partners")) if found.has_parts else []
    document = _document(request, found)
    first = handing.first_of(found)
    look, word = look_of(found, on)
    if look == "proposed" and Drafting.objects.filter(task=found).exists():
        word = _("Submitted for signature")
    return {
        "task": found,
        "look": look,
        "word": word,
        "can": can,
        "lead": names.get(found.lead_id, "") if found.lead_id else found.group,
        "assigner": names.get(found.assigned_by_id, ""),
        "partners": [(each, names.get(each.unit_id, ""), each.days_late(on)) for each in partners],
        "own_part": next((each for each in partners if each.unit_id == actor.unit_id), None),
        "late": days_late(found.dates, on),
        "late_first": _late_first(found, on),
        "extensions": extensions,
        "waiting": waiting,
        "diary": _diary(found, names),
        "evidence": linked.evidence_of(found),
        "points": clarity.points(found),
        "unclear": len(clarity.unclear(found)),
        "parts": task_rows(parts, on),
        "counts": queries.roll_up(found, on) if found.has_parts else None,
        "whole_percent": queries.progress(found) if found.has_parts else None,
        "document": document,
        "excerpts": [
            excerpt(document.text, start, end)
            for of, start, end in queries.passages(first)
            if document and of == document.pk
        ],
        "top": queries.top_of(first).pk,
        "is_asked": found.relation == Relation.ASK,
        "is_event": found.due_kind == DueKind.EVENT and found.due_on is None,
        **beside(request, found, can),
        "progress_form": ProgressForm(
            auto_id="progress_%s", initial={"percent": found.percent}, evidence=replaceable(found)
        ),
        "done_form": DoneForm(auto_id="done_%s", evidence=replaceable(found)),
        "confirm_form": WordsForm(auto_id="confirm_%s"),
        "back_form": ReasonForm(auto_id="back_%s"),
        "remind_form": WordsForm(auto_id="remind_%s"),
        "off_form": ReasonForm(auto_id="off_%s"),
        "extension_form": ExtensionForm(auto_id="ext_%s"),
        "decision_form": DecisionForm(auto_id="dec_%s", initial={"to_on": waiting.to_on if waiting else None}),
        "event_form": EventForm(auto_id="event_%s"),
        "partner_form": PartnerForm(auto_id="part_%s"),
        "officer_form": OfficerForm(
            positions=positions(found), initial={"officer": found.officer_id, "leader": found.leader}
        ),
        "wrong": "",
    }


def allowed(request: HttpRequest, found: Task) -> dict[str, bool]:
    """Which verbs to offer; each asks for the right again."""
    actor, on = request.actor, request.today
    going = found.binds_on is not None and found.confirmed_at is None and found.called_off_at is None
    single = going and not found.has_parts
    leads = found.lead_id is not None and (
        found.officer_id == actor.position_id or people.may(actor, "task.report", found.lead_id, on)
    )
    hands_out = found.lead_id is not None and people.may(actor, "task.assign", found.lead_id, on)
    gives = people.may(actor, "task.assign", found.assigned_by_id, on)
    confirms = people.may(actor, "task.confirm", found.assigned_by_id, on)
    proposed = found.proposed_at is not None
    drafts = Drafting.objects.filter(task=found).exists()
    replied = TaskReply.objects.filter(task=found).exists()
    partner = found.partners.filter(unit_id=actor.unit_id).exists()
    return {
        "progress": single and leads and not proposed,
        "done": single and leads and not proposed and not drafts,
        "take_up": single and (leads or hands_out),
        "extension": single
        and leads
        and not proposed
        and found.due_on is not None
        and on < found.due_on
        and queries.open_extension(found) is None,
        "confirm": single and confirms and proposed and not drafts,
        "hand_down": single and hands_out and not proposed,
        "report": single and leads and not proposed,
        "rhythm": going and gives and found.due_kind != DueKind.RECURRING,
        "reply": single and leads and found.relation == Relation.ASK and not replied,
        "confirm_all": found.has_parts and confirms,
        "decide": single and people.may(actor, "task.extend", found.assigned_by_id, on),
        "remind": single and gives and not proposed,
        "event": going and gives and found.due_kind == DueKind.EVENT,
        "partner": single and partner and people.may(actor, "task.report", actor.unit_id, on),
        "call_off": going and confirms,
    }


def replaceable(found: Task) -> Any:
    """Evidence of which a later version may be given: whatever was not replaced yet."""
    return Evidence.objects.filter(progress__task=found, replaced_by__isnull=True).select_related("document")


def _said_by(found: Task) -> list[int]:
    return [each for each in found.diary.values_list("unit_id", flat=True) if each]


def _document(request: HttpRequest, found: Task) -> Document | None:
    """The document the task comes from, if this actor may read it; of one handed down, that of the first task."""
    document_id = found.document_id or handing.first_of(found).document_id
    if document_id is None:
        return None
    return documents.for_actor(request.actor, request.today).filter(pk=document_id).first()


def _late_first(found: Task, on: Any) -> int:
    """Days late against the first date, beside the state on the extended one (decision "Tasks")."""
    if found.first_due_on is None or found.first_due_on == found.due_on:
        return 0
    return days_late(type(found.dates)(found.first_due_on, found.completed_on), on)


SHARES = (Progress.Kind.NOTE, Progress.Kind.REPORT)
TONES = {
    Progress.Kind.NOTE: ("info", "pencil"),
    Progress.Kind.TAKEN_UP: ("info", "user-check"),
    Progress.Kind.PASSED_ON: ("info", "arrow-right-left"),
    Progress.Kind.REWORDED: ("info", "pencil"),
    Progress.Kind.PROPOSED: ("info", "hourglass"),
    Progress.Kind.CONFIRMED: ("good", "badge-check"),
    Progress.Kind.SENT_BACK: ("warn", "undo-2"),
    Progress.Kind.REMINDED: ("warn", "bell-ring"),
    Progress.Kind.EVENT: ("info", "calendar-check"),
    Progress.Kind.CALLED_OFF: ("quiet", "circle-x"),
    Progress.Kind.DRAFTED: ("info", "file-text"),
    Progress.Kind.COMMENTING: ("info", "message-square"),
    Progress.Kind.SUBMITTED: ("info", "hourglass"),
    Progress.Kind.ISSUED: ("good", "badge-check"),
    Progress.Kind.HANDED: ("info", "corner-down-right"),
    Progress.Kind.REPORT: ("info", "clipboard-list"),
    Progress.Kind.DUTY: ("info", "calendar-clock"),
    Progress.Kind.REPLIED: ("info", "message-square"),
}


def _diary(found: Task, names: dict[int, str]) -> list[Moment]:
    """The latest first: the giving, notes, decisions, extensions."""
    moments = []
    for each in found.diary.all():
        tone, icon = TONES[Progress.Kind(each.kind)]
        share = f" ({each.percent}%)" if each.percent is not None and each.kind in SHARES else ""
        unit = names.get(each.unit_id, "") if each.unit_id else ""
        who = f"{each.by} · {unit}" if unit else each.by
        moments.append(Moment(each.at, f"{each.get_kind_display()}{share}", who, each.text, tone, icon))
    for each in found.extensions.all():
        asked = _("Asked for time until %(day)s") % {"day": day_of(each.to_on)}
        moments.append(Moment(each.asked_at, asked, each.asked_by, each.reason, "warn", "calendar-clock"))
        if each.decided_at is not None:
            word = (
                _("Time granted until %(day)s") % {"day": day_of(each.granted_on)}
                if each.granted
                else _("More time refused")
            )
            moments.append(
                Moment(each.decided_at, word, each.decided_by, each.answer, "good" if each.granted else "warn", "gavel")
            )
    moments.append(Moment(found.assigned_at, _("Task given"), names.get(found.assigned_by_id, ""), "", "quiet", "flag"))
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def positions(found: Task) -> Any:
    """Positions of the lead unit and of the offices right below it."""
    if found.lead_id is None:
        return Position.objects.none()
    return Position.objects.filter(unit_id=found.lead_id)


@signed_in
@require_GET
def evidence(request: HttpRequest, task_id: int, evidence_id: int) -> HttpResponse:
    found = find(request, task_id)
    proof = Evidence.objects.filter(pk=evidence_id, progress__task=found).exclude(file_hash="").first()
    if proof is None:
        raise Http404
    return download(proof.file_name, documents.kept_content(proof.file_name, proof.file_hash))
