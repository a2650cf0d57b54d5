"""Pages of tasks: the table, giving one, one task with its verbs, the export."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.documents.naming import Circle, below
from giaoban.documents.serving import download
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.models import Position
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Moment, Tab
from giaoban.work import actions, clarity, dues, limits, queries
from giaoban.work.forms import (
    AssignForm,
    DecisionForm,
    DoneForm,
    EventForm,
    ExtensionForm,
    OfficerForm,
    PartnerForm,
    ProgressForm,
    ReasonForm,
    TaskFilterForm,
    WordsForm,
)
from giaoban.work.marking import excerpt
from giaoban.work.models import DueKind, Evidence, Extension, Progress, Relation, Task
from giaoban.work.states import Counts, days_late
from giaoban.work.views.meetings import due_words, hosts_of
from giaoban.work.views.rows import look_of, state_tiles, task_rows

PAGE = 40
VIEWS = {"": "mine", "don-vi": "unit", "giao": "given", "tat-ca": "all"}
SORTS = {"han": "due_on", "-han": "-due_on", "muc": "percent", "-muc": "-percent", "moi": "-assigned_at"}


def find(request: HttpRequest, task_id: int) -> Task:
    try:
        return queries.task(request.actor, task_id, request.today)
    except Task.DoesNotExist:
        raise Http404 from None


def _first_view(request: HttpRequest) -> str:
    """Who leads a unit opens on what they gave; others on their own work."""
    held = people.verbs_held(request.actor, request.today)
    return "giao" if "task.confirm" in held else "" if "task.report" in held else "tat-ca"


class Asked:
    """What the address of the table asks for: a view and filters."""

    def __init__(self, request: HttpRequest) -> None:
        actor, on = request.actor, request.today
        self.view = request.GET.get("xem") if request.GET.get("xem") in VIEWS else _first_view(request)
        base = queries.tasks_for(actor, on, view=VIEWS[self.view])
        self.leads = queries.leads(base, on)
        self.form = TaskFilterForm(request.GET or None, units=self.leads)
        chosen = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        self.document = _number(request, "van-ban")
        self.meeting = _number(request, "hop")
        self.whole = _number(request, "goc")
        self.state = chosen.get("trang_thai", "")
        narrowed: dict[str, Any] = {
            "unit_id": int(chosen["don_vi"]) if chosen.get("don_vi") else None,
            "document_id": self.document,
            "meeting_id": self.meeting,
            "parent_id": self.whole,
            "due_from": chosen.get("tu"),
            "due_to": chosen.get("den"),
            "text": chosen.get("q", ""),
        }
        self.filtered = bool(self.state or any(narrowed.values()))
        self.all_states = queries.tasks_for(actor, on, view=VIEWS[self.view], **narrowed)
        shown = queries.tasks_for(actor, on, view=VIEWS[self.view], state=self.state, **narrowed)
        self.shown = shown.prefetch_related("partners").order_by(*_order(request.GET.get("xep", "")))


def _order(asked: str) -> list[Any]:
    from django.db.models import F

    if asked in SORTS:
        name = SORTS[asked]
        column = F(name.lstrip("-"))
        return [column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True), "pk"]
    return [F("completed_on").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"]


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() else None


@signed_in
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """The table of tasks: mine, my unit's, those we gave, all I may see; counted by the four states."""
    on = request.today
    asked = Asked(request)
    page = Paginator(asked.shown, PAGE).get_page(request.GET.get("trang"))
    counts = queries.counts(asked.all_states, on)
    by_unit = request.GET.get("bang") == "don-vi"
    context = {
        "asked": asked,
        "form": asked.form,
        "page": page,
        "rows": task_rows(page, on),
        "counts": counts,
        "states": _tiles(request, counts, asked.state),
        "buckets": [each for each in queries.overdue_buckets(asked.all_states, on) if each[2]],
        "by_unit": queries.counts_by_lead(asked.all_states, on) if by_unit else None,
        "waiting": queries.waiting_for(request.actor, on).count(),
        "may_assign": bool(people.acts_for(request.actor, "task.assign", on)),
        "tabs": _tabs(asked.view),
        "narrowed_to": _narrowed_to(request, asked),
        "warning_days": limits.warning_days(),
        "shows_lead": asked.view != "",
    }
    return render(request, "work/tasks.html", context)


def _tabs(view: str) -> list[Tab]:
    address = reverse("work:tasks")
    labels = {"": _("Mine"), "don-vi": _("My unit’s"), "giao": _("Given by us"), "tat-ca": _("All I may see")}
    return [Tab(label, f"{address}?xem={code}", current=code == view) for code, label in labels.items()]


def _here(request: HttpRequest, **changes: str) -> str:
    """This address with some filters changed."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"


def _tiles(request: HttpRequest, counts: Counts, chosen: str) -> list[dict[str, Any]]:
    """The states with their share of all; a press narrows the table to one, a second press widens it again."""
    return [
        {**tile, "current": chosen == code, "href": _here(request, trang_thai="" if chosen == code else code, trang="")}
        for code, tile in state_tiles(counts)
    ]


def _narrowed_to(request: HttpRequest, asked: Asked) -> list[str]:
    """In words what the address narrows to beyond the form: a document, a meeting, a task given to many."""
    said = []
    if asked.document is not None:
        found = documents.for_actor(request.actor, request.today).filter(pk=asked.document).first()
        said.append(_("From the document %(name)s") % {"name": found.label if found else asked.document})
    if asked.meeting is not None:
        meeting = queries.meetings_for(request.actor, request.today).filter(pk=asked.meeting).first()
        said.append(_("From the meeting %(name)s") % {"name": meeting.title if meeting else asked.meeting})
    if asked.whole is not None:
        whole = queries.visible_tasks(request.actor, request.today).filter(pk=asked.whole).first()
        said.append(_("Parts of the task %(name)s") % {"name": whole.title if whole else asked.whole})
    return said


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows the address asks for, as CSV that a spreadsheet opens in Vietnamese."""
    on = request.today
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="nhiem-vu-{on:%Y-%m-%d}.csv"'
    lines = csv.writer(response)
    lines.writerow(
        [
            _("No."),
            _("Task"),
            _("Lead unit"),
            _("Partner units"),
            _("Deliverable"),
            _("Due, in words"),
            _("Day due"),
            _("First due day"),
            _("State"),
            _("Days late"),
            _("Done, %"),
            _("Completed on"),
            _("Source"),
        ]
    )
    asked = Asked(request)
    for number, row in enumerate(task_rows(asked.shown, on), start=1):
        task = row.task
        cells = [
            number,
            task.title,
            row.lead,
            "; ".join(row.partners),
            task.deliverable,
            task.due_text,
            _day(task.due_on),
            _day(task.first_due_on),
            str(row.word or _state_word(row.look)),
            row.late or "",
            task.percent,
            _day(task.completed_on),
            task.document.label if task.document else "",
        ]
        lines.writerow([_harmless(cell) for cell in cells])
    return response


def _state_word(look: str) -> str:
    from giaoban.ui.looks import look as find_look

    return str(find_look(look).word)


def _day(day: Any) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _harmless(cell: Any) -> Any:
    """A spreadsheet takes text that starts with = + - @ for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


@signed_in
@require_GET
def due_means(request: HttpRequest) -> HttpResponse:
    """Beside the field while typing: which day the words mean."""
    words = request.GET.get("due", "")
    if not words.strip():
        return HttpResponse("")
    try:
        due = dues.read(words, request.today)
    except dues.BadDue:
        return render(request, "work/due_means.html", {"bad": True})
    return render(
        request,
        "work/due_means.html",
        {"due": due, "kind": DueKind(due.kind).label, "past": due.on and due.on < request.today},
    )


@signed_in
def assign(request: HttpRequest) -> HttpResponse:
    """Give a task, by hand or from a passage of a document (?van-ban=&tu=&den=)."""
    on = request.today
    hosts, unit = hosts_of(request, "task.assign")
    document, start, end = _passage(request)
    passage = document.text[start:end] if document and start is not None else ""
    circle = Circle(on, unit, below(unit, on))
    first = {"unit": unit, "text": " ".join(passage.split())}
    form = AssignForm(request.POST or None, circle=circle, hosts=hosts, initial=first)
    if request.method == "POST" and form.is_valid():
        new = form.new_task(form.cleaned_data["text"], title=form.cleaned_data["title"])
        try:
            made = actions.assign(
                by=request.actor, at=request.now, unit_id=unit, task=new, document=document, start=start, end=end
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            messages.success(request, _("Given: %(title)s") % {"title": made.title})
            return redirect(document.get_absolute_url() if document else made.get_absolute_url())
    context = {
        "form": form,
        "offered": list(circle.offered),
        "due_words": due_words(request),
        "document": document,
        "excerpt": excerpt(document.text, start, end) if document and start is not None and end is not None else None,
        "unit_name": orgs.body_name(unit, on),
    }
    return render(request, "work/assign.html", context, status=422 if form.errors else 200)


def _passage(request: HttpRequest) -> tuple[Document | None, int | None, int | None]:
    """The document and offsets that the address names; a wrong address is not found."""
    document_id = _number(request, "van-ban")
    if document_id is None:
        return None, None, None
    document = documents.for_actor(request.actor, request.today).filter(pk=document_id).first()
    if document is None:
        raise Http404
    start, end = _number(request, "tu"), _number(request, "den")
    if start is None or end is None or not start < end <= len(document.text):
        return document, None, None
    return document, start, end


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
    look, word = look_of(found, on)
    return {
        "task": found,
        "look": look,
        "word": word,
        "can": can,
        "lead": names.get(found.lead_id, "") if found.lead_id else found.group,
        "assigner": names.get(found.assigned_by_id, ""),
        "partners": [(each, names.get(each.unit_id, "")) for each in partners],
        "own_part": next((each for each in partners if each.unit_id == actor.unit_id), None),
        "late": days_late(found.dates, on),
        "late_first": _late_first(found, on),
        "extensions": extensions,
        "waiting": waiting,
        "diary": _diary(found, names),
        "evidence": list(Evidence.objects.filter(progress__task=found).select_related("document", "progress")),
        "points": clarity.points(found),
        "unclear": len(clarity.unclear(found)),
        "parts": task_rows(parts, on),
        "counts": queries.roll_up(found, on) if found.has_parts else None,
        "whole_percent": queries.progress(found) if found.has_parts else None,
        "document": document,
        "excerpts": [
            excerpt(document.text, start, end)
            for of, start, end in queries.passages(found)
            if document and of == document.pk
        ],
        "top": queries.top_of(found).pk,
        "is_asked": found.relation == Relation.ASK,
        "is_event": found.due_kind == DueKind.EVENT and found.due_on is None,
        "progress_form": ProgressForm(auto_id="progress_%s", initial={"percent": found.percent}),
        "done_form": DoneForm(auto_id="done_%s"),
        "confirm_form": WordsForm(auto_id="confirm_%s"),
        "back_form": ReasonForm(auto_id="back_%s"),
        "remind_form": WordsForm(auto_id="remind_%s"),
        "off_form": ReasonForm(auto_id="off_%s"),
        "extension_form": ExtensionForm(auto_id="ext_%s"),
        "decision_form": DecisionForm(auto_id="dec_%s", initial={"to_on": waiting.to_on if waiting else None}),
        "event_form": EventForm(auto_id="event_%s"),
        "partner_form": PartnerForm(auto_id="part_%s"),
        "officer_form": OfficerForm(positions=_positions(found), initial={"officer": found.officer_id}),
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
    partner = found.partners.filter(unit_id=actor.unit_id).exists()
    return {
        "progress": single and leads and not proposed,
        "done": single and leads and not proposed,
        "take_up": single and (leads or hands_out),
        "extension": single
        and leads
        and not proposed
        and found.due_on is not None
        and on < found.due_on
        and queries.open_extension(found) is None,
        "confirm": single and confirms and proposed,
        "decide": single and people.may(actor, "task.extend", found.assigned_by_id, on),
        "remind": single and gives and not proposed,
        "event": going and gives and found.due_kind == DueKind.EVENT,
        "partner": single and partner and people.may(actor, "task.report", actor.unit_id, on),
        "call_off": going and confirms,
    }


def _said_by(found: Task) -> list[int]:
    return [each for each in found.diary.values_list("unit_id", flat=True) if each]


def _document(request: HttpRequest, found: Task) -> Document | None:
    """The document the task comes from, if this actor may read it."""
    if found.document_id is None:
        return None
    return documents.for_actor(request.actor, request.today).filter(pk=found.document_id).first()


def _late_first(found: Task, on: Any) -> int:
    """Days late against the first date, beside the state on the extended one (decision "Tasks")."""
    if found.first_due_on is None or found.first_due_on == found.due_on:
        return 0
    return days_late(type(found.dates)(found.first_due_on, found.completed_on), on)


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
}


def _diary(found: Task, names: dict[int, str]) -> list[Moment]:
    """The latest first: the giving, notes, decisions, extensions."""
    moments = []
    for each in found.diary.all():
        tone, icon = TONES[Progress.Kind(each.kind)]
        share = f" ({each.percent}%)" if each.percent is not None and each.kind == Progress.Kind.NOTE else ""
        unit = names.get(each.unit_id, "") if each.unit_id else ""
        who = f"{each.by} · {unit}" if unit else each.by
        moments.append(Moment(each.at, f"{each.get_kind_display()}{share}", who, each.text, tone, icon))
    for each in found.extensions.all():
        asked = _("Asked for time until %(day)s") % {"day": _day(each.to_on)}
        moments.append(Moment(each.asked_at, asked, each.asked_by, each.reason, "warn", "calendar-clock"))
        if each.decided_at is not None:
            word = (
                _("Time granted until %(day)s") % {"day": _day(each.granted_on)}
                if each.granted
                else _("More time refused")
            )
            moments.append(
                Moment(each.decided_at, word, each.decided_by, each.answer, "good" if each.granted else "warn", "gavel")
            )
    moments.append(Moment(found.assigned_at, _("Given"), names.get(found.assigned_by_id, ""), "", "quiet", "flag"))
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _positions(found: Task) -> Any:
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


# One door for the verbs on a task: each has its form and what it calls.

Verb = Callable[[HttpRequest, Task, dict[str, Any]], object]


def _attachments(request: HttpRequest, data: dict[str, Any]) -> dict[str, Any]:
    upload = data.get("file")
    return {
        "text": data["text"],
        "evidence_document": _cited(request, data["document"]),
        "file": (upload.name, upload.read()) if upload else None,
    }


def _cited(request: HttpRequest, symbol: str) -> Document | None:
    if not symbol.strip():
        return None
    found = documents.cited(request.actor, symbol, None, request.today)
    if found is None:
        raise actions.UnknownDocument(symbol=symbol)
    return found


def _signed(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.now}


def _note(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.report_progress(**_signed(request), task=found, percent=data["percent"], **_attachments(request, data))


def _done(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.propose_done(**_signed(request), task=found, **_attachments(request, data))


def _confirm(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.confirm(**_signed(request), task=found, text=data["text"])


def _back(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.send_back(**_signed(request), task=found, reason=data["reason"])


def _ask(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.ask_extension(**_signed(request), task=found, **data)


def _decide(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    waiting = _waiting(found)
    granted = request.POST.get("decision") == "grant"
    actions.decide_extension(
        **_signed(request),
        extension=waiting,
        granted=granted,
        answer=data["answer"],
        to_on=data["to_on"] if granted else None,
    )


def _waiting(found: Task) -> Extension:
    waiting = queries.open_extension(found)
    if waiting is None:
        raise Http404
    return waiting


def _remind(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.remind(**_signed(request), task=found, text=data["text"])


def _off(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.call_off(**_signed(request), task=found, reason=data["reason"])


def _event(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.record_event(
        **_signed(request),
        task=found,
        due_on=data["due_on"],
        text=data["text"],
        document=_cited(request, data["document"]),
    )


def _part(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.answer_as_partner(**_signed(request), task=found, unit_id=request.actor.unit_id, answer=data["answer"])


def _take_up(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    officer = data["officer"]
    actions.take_up(**_signed(request), task=found, officer_id=officer.pk if officer else None)


VERBS: dict[str, tuple[str, type[BaseForm], Verb]] = {
    "tien-do": ("progress_form", ProgressForm, _note),
    "hoan-thanh": ("done_form", DoneForm, _done),
    "xac-nhan": ("confirm_form", WordsForm, _confirm),
    "tra-lai": ("back_form", ReasonForm, _back),
    "gia-han": ("extension_form", ExtensionForm, _ask),
    "quyet-dinh": ("decision_form", DecisionForm, _decide),
    "nhac": ("remind_form", WordsForm, _remind),
    "thoi-giao": ("off_form", ReasonForm, _off),
    "su-kien": ("event_form", EventForm, _event),
    "phoi-hop": ("partner_form", PartnerForm, _part),
    "nhan": ("officer_form", OfficerForm, _take_up),
}


@signed_in
@require_POST
def act(request: HttpRequest, task_id: int, verb: str) -> HttpResponse:
    """Do one verb on a task; a refusal stands at its field, with nothing that was typed lost."""
    found = find(request, task_id)
    if verb not in VERBS:
        raise Http404
    name, kind, do = VERBS[verb]
    more = {"positions": _positions(found)} if kind is OfficerForm else {}
    form = kind(request.POST, request.FILES, **more)
    if form.is_valid():
        try:
            do(request, found, form.cleaned_data)  # type: ignore[attr-defined]
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return page(request, found, forms={name: form, "wrong": name}, status=422)
