"""The draft of a document for another's signature: its versions, comments, submission and issue, on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import Circle, below, ids
from giaoban.documents.serving import download
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions, queries
from giaoban.work.actions.tasks.drafting import may_issue
from giaoban.work.forms import ReasonForm
from giaoban.work.forms_tasks import AskCommentsForm, CommentForm, IssueForm, SubmitForm, TakeOverForm, VersionForm
from giaoban.work.models import DraftComment, Drafting
from giaoban.work.queries import drafting as drafts
from giaoban.work.views.tasks.stages import stages


def _find(request: HttpRequest, task_id: int) -> Drafting:
    try:
        return drafts.draft(request.actor, task_id, request.today)
    except Drafting.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def draft(request: HttpRequest, task_id: int) -> HttpResponse:
    """Where the draft stands, its versions, what units said, and my next step."""
    return _page(request, _find(request, task_id))


@signed_in
@require_GET
def version(request: HttpRequest, task_id: int, no: int) -> HttpResponse:
    found = _find(request, task_id).versions.filter(no=no).first()
    if found is None:
        raise Http404
    return download(found.file_name, documents.kept_content(found.file_name, found.file_hash))


def _page(
    request: HttpRequest, found: Drafting, forms: dict[str, BaseForm] | None = None, status: int = 200
) -> HttpResponse:
    on, task = request.today, found.task
    comments = list(found.comments.select_related("version"))
    names = queries.names(
        [task.lead_id, task.assigned_by_id, found.issuer_id, *(each.unit_id for each in comments)], on
    )
    mine = next((each for each in reversed(comments) if each.unit_id == request.actor.unit_id), None)
    circle = _circle(request, found)
    context = {
        "draft": found,
        "task": task,
        "whole": queries.visible_tasks(request.actor, on).filter(pk=task.pk).exists(),
        "stages": stages(found, comments),
        "versions": list(found.versions.all())[::-1],
        "comments": [
            {"comment": each, "unit": names.get(each.unit_id, ""), "late": _late(each, on)} for each in comments
        ],
        "answered": sum(each.answered_at is not None for each in comments),
        "unanswered": sum(each.answered_at is None for each in comments),
        "lead": names.get(task.lead_id or 0, ""),
        "assigner": names.get(task.assigned_by_id, ""),
        "issuer": names.get(found.issuer_id, ""),
        "mine": mine,
        "can": _allowed(request, found, mine),
        "offered": list(circle.offered),
        "version_form": VersionForm(auto_id="version_%s"),
        "ask_form": AskCommentsForm(circle=circle, auto_id="ask_%s"),
        "comment_form": CommentForm(auto_id="comment_%s"),
        "submit_form": SubmitForm(auto_id="submit_%s"),
        "issue_form": IssueForm(auto_id="issue_%s"),
        "back_form": ReasonForm(auto_id="back_%s"),
        **(forms or {}),
    }
    return render(request, "work/task/draft.html", context, status=status)


def _late(comment: DraftComment, on: Any) -> int:
    return max(0, (on - comment.due_on).days) if comment.answered_at is None else 0


def _circle(request: HttpRequest, found: Drafting) -> Circle:
    near = found.issuer_id
    return Circle(request.today, near, below(near, request.today))


def _allowed(request: HttpRequest, found: Drafting, mine: DraftComment | None) -> dict[str, bool]:
    actor, on, task = request.actor, request.today, found.task
    going = task.confirmed_at is None and task.called_off_at is None and task.binds_on is not None
    leads = task.lead_id is not None and (
        task.officer_id == actor.position_id or people.may(actor, "task.report", task.lead_id, on)
    )
    at_work = going and leads and found.submitted_at is None
    confirms = any(people.may(actor, "task.confirm", unit, on) for unit in (task.assigned_by_id, found.issuer_id))
    return {
        "write": at_work,
        "ask": at_work and found.versions.exists(),
        "submit": at_work and found.versions.exists(),
        "comment": going
        and mine is not None
        and mine.answered_at is None
        and people.may(actor, "task.report", actor.unit_id, on),
        "issue": going and found.submitted_at is not None and may_issue(actor, found, task, on),
        "back": going and found.submitted_at is not None and confirms,
    }


Verb = Callable[[HttpRequest, Drafting, dict[str, Any]], object]


def _signed(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.now}


def _version(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    upload = data["file"]
    file = (upload.name, upload.read())
    actions.add_version(**_signed(request), task=found.task, file=file, note=data["note"])


def _ask(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    units = ids(data["units"])
    actions.ask_comments(**_signed(request), task=found.task, unit_ids=units, due_on=data["due_on"])


def _comment(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    actions.comment(
        **_signed(request),
        task=found.task,
        unit_id=request.actor.unit_id,
        agrees=data["answer"] == "agree",
        text=data["text"],
    )


def _take_over(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    comment = found.comments.filter(pk=data["comment"]).first()
    if comment is None:
        raise Http404
    actions.take_over(**_signed(request), comment=comment, reply=data["reply"])


def _submit(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    actions.submit_draft(**_signed(request), task=found.task, text=data["text"])


def _issue(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    document = documents.cited(request.actor, data["document"], None, request.today)
    if document is None:
        raise actions.UnknownDocument(symbol=data["document"])
    actions.issue_draft(**_signed(request), task=found.task, document=document)


def _back(request: HttpRequest, found: Drafting, data: dict[str, Any]) -> None:
    actions.send_back(**_signed(request), task=found.task, reason=data["reason"])


VERBS: dict[str, tuple[str, type[BaseForm], Verb]] = {
    "ban-moi": ("version_form", VersionForm, _version),
    "lay-y-kien": ("ask_form", AskCommentsForm, _ask),
    "y-kien": ("comment_form", CommentForm, _comment),
    "tiep-thu": ("over_form", TakeOverForm, _take_over),
    "trinh": ("submit_form", SubmitForm, _submit),
    "ban-hanh": ("issue_form", IssueForm, _issue),
    "tra-lai": ("back_form", ReasonForm, _back),
}


@signed_in
@require_POST
def act(request: HttpRequest, task_id: int, verb: str) -> HttpResponse:
    """One step of the draft; a refusal stands at its field, with nothing that was typed lost."""
    found = _find(request, task_id)
    if verb not in VERBS:
        raise Http404
    name, kind, do = VERBS[verb]
    more = {"circle": _circle(request, found)} if kind is AskCommentsForm else {}
    form = kind(request.POST, request.FILES, **more)
    if form.is_valid():
        try:
            do(request, found, form.cleaned_data)  # type: ignore[attr-defined]
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:draft", task_id=task_id)
    return _page(request, found, {name: form}, 422)
