"""What is done on a meeting's page: each form does one verb and draws its section again (without script, the page)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import ids
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions
from giaoban.work.actions import agenda
from giaoban.work.forms import (
    AnswerForm,
    AttendanceForm,
    ConclusionForm,
    ContributionForm,
    InviteForm,
    ItemForm,
    RewordForm,
    TaskForm,
)
from giaoban.work.models import Conclusion, Invitation, Meeting
from giaoban.work.refusals import ChangedMeanwhile
from giaoban.work.views.meetings import circle_of, find, page


def _act(
    request: HttpRequest,
    meeting: Meeting,
    section: str,
    name: str,
    form: BaseForm,
    verb: Callable[[dict[str, Any]], object],
    fields: dict[str, str] | None = None,
) -> HttpResponse:
    """Do the verb with what was sent; then the section anew, or what is wrong with the form."""
    if form.is_valid():
        try:
            verb(form.cleaned_data)  # type: ignore[attr-defined]
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, fields)
        else:
            return _drawn(request, meeting, section)
    wrong = {name: form, "wrong": name}
    if request.htmx:
        return page(request, meeting, forms=wrong, template=f"work/meeting/{section}.html")
    return page(request, meeting, forms=wrong, status=422)


def _drawn(request: HttpRequest, meeting: Meeting, section: str) -> HttpResponse:
    fresh = find(request, meeting.pk)
    if request.htmx:
        return page(request, fresh, template=f"work/meeting/{section}.html")
    return redirect(f"{fresh.get_absolute_url()}#{section}")


@signed_in
@require_POST
def add_item(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    form = ItemForm(request.POST, circle=circle_of(request, meeting))

    def verb(data: dict[str, Any]) -> None:
        units = ids(data["presenter_unit"])
        document = None
        if data["document"]:
            document = documents.cited(request.actor, data["document"], None, request.today)
            if document is None:
                raise actions.UnknownDocument(symbol=data["document"])
        actions.add_item(
            by=request.actor,
            at=request.now,
            meeting=meeting,
            title=data["title"],
            kind=data["kind"],
            presenter=data["presenter"],
            presenter_unit_id=units[0] if units else None,
            minutes=data["minutes"],
            document=document,
            link=data["link"],
        )

    return _act(request, meeting, "agenda", "item_form", form, verb)


@signed_in
@require_POST
def remove_item(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    item = meeting.agenda.filter(pk=item_id).first()
    if item is None:
        raise Http404
    actions.remove_item(by=request.actor, at=request.now, item=item)
    return _drawn(request, meeting, "agenda")


@signed_in
@require_POST
def move_item(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """One place up or down."""
    meeting = find(request, meeting_id)
    item = meeting.agenda.filter(pk=item_id).first()
    if item is None:
        raise Http404
    agenda.move_item(by=request.actor, at=request.now, item=item, up=request.POST.get("len") == "1")
    return _drawn(request, meeting, "agenda")


@signed_in
@require_POST
def invite(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    form = InviteForm(request.POST, circle=circle_of(request, meeting))

    def verb(data: dict[str, Any]) -> None:
        actions.invite(
            by=request.actor,
            at=request.now,
            meeting=meeting,
            unit_ids=ids(data["units"]),
            observer=data["observer"],
            person=data["person"],
            heads=data["heads"],
        )

    return _act(request, meeting, "invited", "invite_form", form, verb)


@signed_in
@require_POST
def uninvite(request: HttpRequest, meeting_id: int, invitation_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.uninvite(by=request.actor, at=request.now, invitation=_invitation(meeting, invitation_id))
    return _drawn(request, meeting, "invited")


@signed_in
@require_POST
def send_invitations(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.send_invitations(by=request.actor, at=request.now, meeting=meeting)
    return redirect(meeting)


@signed_in
@require_POST
def answer(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The acting unit answers its invitation."""
    meeting = find(request, meeting_id)
    invitation = meeting.invitations.filter(unit_id=request.actor.unit_id).first()
    if invitation is None:
        raise Http404
    form = AnswerForm(request.POST)

    def verb(data: dict[str, Any]) -> None:
        actions.answer_invitation(by=request.actor, at=request.now, invitation=invitation, **data)

    return _act(request, meeting, "answer", "answer_form", form, verb)


@signed_in
@require_POST
def open_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.open_meeting(by=request.actor, at=request.now, meeting=meeting)
    return redirect(meeting)


@signed_in
@require_POST
def close_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.close_meeting(by=request.actor, at=request.now, meeting=meeting)
    return redirect(meeting)


@signed_in
@require_POST
def attendance(request: HttpRequest, meeting_id: int, invitation_id: int) -> HttpResponse:
    """One line of the attendance list; the note names the substitute, or says why somebody is absent."""
    meeting = find(request, meeting_id)
    invitation = _invitation(meeting, invitation_id)
    form = AttendanceForm(request.POST)

    def verb(data: dict[str, Any]) -> None:
        substitute = data["attendance"] == Invitation.Attendance.SUBSTITUTE
        actions.take_attendance(
            by=request.actor,
            at=request.now,
            invitation=invitation,
            attendance=data["attendance"],
            substitute=data["note"] if substitute else "",
            reason="" if substitute else data["note"],
        )

    response = _act(
        request, meeting, "invited", "attendance_form", form, verb, {"substitute": "note", "reason": "note"}
    )
    return response


@signed_in
@require_POST
def all_present(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.all_present(by=request.actor, at=request.now, meeting=meeting)
    return _drawn(request, meeting, "invited")


@signed_in
@require_POST
def contribute(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    form = ContributionForm(request.POST, circle=circle_of(request, meeting), items=meeting.agenda.all())

    def verb(data: dict[str, Any]) -> None:
        units = ids(data["unit"])
        actions.add_contribution(
            by=request.actor,
            at=request.now,
            meeting=meeting,
            text=data["text"],
            unit_id=units[0] if units else None,
            person=data["person"],
            kind=data["kind"],
            item=data["item"],
            reason=data["reason"],
        )

    return _act(request, meeting, "discussion", "said_form", form, verb)


@signed_in
@require_POST
def conclude(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A conclusion with its task in one step."""
    meeting = find(request, meeting_id)
    form = ConclusionForm(request.POST, circle=circle_of(request, meeting))

    def verb(data: dict[str, Any]) -> None:
        actions.conclude(
            by=request.actor,
            at=request.now,
            meeting=meeting,
            text=data["text"],
            heading=form.heading(),
            tasks=form.tasks(),
        )

    return _act(request, meeting, "conclusions", "conclusion_form", form, verb)


@signed_in
@require_POST
def reword(request: HttpRequest, meeting_id: int, conclusion_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    conclusion = _conclusion(meeting, conclusion_id)

    form = RewordForm(request.POST)

    def verb(data: dict[str, Any]) -> None:
        try:
            actions.amend_conclusion(by=request.actor, at=request.now, conclusion=conclusion, **data)
        except ChangedMeanwhile:
            conclusion.refresh_from_db()
            form.at = conclusion.pk  # type: ignore[attr-defined]
            form.began = conclusion.wordings.filter(version=data["version"]).first()  # type: ignore[attr-defined]
            form.stands = conclusion.wordings.get(version=conclusion.version)  # type: ignore[attr-defined]
            raise

    return _act(request, meeting, "conclusions", "reword_form", form, verb)


@signed_in
@require_POST
def remove_conclusion(request: HttpRequest, meeting_id: int, conclusion_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    actions.remove_conclusion(by=request.actor, at=request.now, conclusion=_conclusion(meeting, conclusion_id))
    return _drawn(request, meeting, "conclusions")


@signed_in
@require_POST
def add_task(request: HttpRequest, meeting_id: int, conclusion_id: int) -> HttpResponse:
    """One more task of a conclusion: another lead, another day."""
    meeting = find(request, meeting_id)
    conclusion = _conclusion(meeting, conclusion_id)
    form = TaskForm(request.POST, circle=circle_of(request, meeting), auto_id=f"c{conclusion.pk}_%s")
    form.at = conclusion.pk  # type: ignore[attr-defined]

    def verb(data: dict[str, Any]) -> None:
        actions.assign(
            by=request.actor,
            at=request.now,
            unit_id=meeting.unit_id,
            task=form.new_task(conclusion.text),
            conclusion=conclusion,
        )

    return _act(request, meeting, "conclusions", "task_form", form, verb)


def _invitation(meeting: Meeting, invitation_id: int) -> Invitation:
    found = meeting.invitations.filter(pk=invitation_id).first()
    if found is None:
        raise Http404
    return found


def _conclusion(meeting: Meeting, conclusion_id: int) -> Conclusion:
    found = meeting.conclusions.filter(pk=conclusion_id).first()
    if found is None:
        raise Http404
    return found
