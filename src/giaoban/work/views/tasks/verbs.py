"""One door for the verbs on a task: each has its form and what it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions, queries
from giaoban.work.forms import (
    DecisionForm,
    DoneForm,
    EventForm,
    EvidenceForm,
    ExtensionForm,
    OfficerForm,
    PartnerForm,
    ProgressForm,
    ReasonForm,
    WordsForm,
)
from giaoban.work.forms_tasks import CycleReportForm, ReplyForm, RhythmForm
from giaoban.work.models import Extension, Task
from giaoban.work.views.tasks.finding import find
from giaoban.work.views.tasks.one import page, positions, replaceable

Verb = Callable[[HttpRequest, Task, dict[str, Any]], object]


def _attachments(request: HttpRequest, data: dict[str, Any]) -> dict[str, Any]:
    upload = data.get("file")
    return {
        "text": data["text"],
        "evidence_document": _cited(request, data["document"]),
        "file": (upload.name, upload.read()) if upload else None,
        **({"replaces": data["replaces"].pk} if data.get("replaces") else {}),
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
    actions.take_up(**_signed(request), task=found, officer_id=officer.pk if officer else None, leader=data["leader"])


def _cycle_report(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    said = {"due_on": data["due_on"], "percent": data["percent"], **_attachments(request, data)}
    said.pop("replaces", None)
    actions.write_report(**_signed(request), task=found, **said)


def _rhythm(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    actions.set_rhythm(**_signed(request), task=found, words=data["report"])


def _reply(request: HttpRequest, found: Task, data: dict[str, Any]) -> None:
    accepted = data["answer"] == "yes"
    actions.reply_to_request(**_signed(request), task=found, accepted=accepted, text=data["text"])


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
    "bao-cao": ("report_form", CycleReportForm, _cycle_report),
    "che-do": ("rhythm_form", RhythmForm, _rhythm),
    "tra-loi": ("reply_form", ReplyForm, _reply),
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
    more: dict[str, Any] = {"positions": positions(found)} if kind is OfficerForm else {}
    if issubclass(kind, EvidenceForm):
        more["evidence"] = replaceable(found)
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
