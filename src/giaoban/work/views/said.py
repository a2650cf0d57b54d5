"""What becomes of an entry of the discussion: a request, a difficulty, or a corrected entry."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work.actions import difficulties, minutes, requests
from giaoban.work.forms_requests import CorrectionForm, DifficultySaidForm, FromSaidForm
from giaoban.work.models import Contribution, Meeting
from giaoban.work.queries.difficulties import open_difficulties
from giaoban.work.views.meetings import find, page


def _entry(request: HttpRequest, meeting_id: int, contribution_id: int) -> tuple[Meeting, Contribution]:
    meeting = find(request, meeting_id)
    found = meeting.contributions.filter(pk=contribution_id).first()
    if found is None:
        raise Http404
    return meeting, found


def _do(request: HttpRequest, meeting: Meeting, form: forms.Form, verb: Callable[[], object]) -> HttpResponse:
    """The verb; then the discussion, or the page that says what is wrong."""
    if form.is_valid():
        try:
            verb()
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(f"{meeting.get_absolute_url()}#discussion")
    return page(request, meeting, forms={"wrong": "entry_form", "entry_form": form}, status=422)


@signed_in
@require_POST
def make_request(request: HttpRequest, meeting_id: int, contribution_id: int) -> HttpResponse:
    meeting, said = _entry(request, meeting_id, contribution_id)
    form = FromSaidForm(request.POST)

    def verb() -> None:
        due_on = form.cleaned_data["due_on"]
        requests.make_from_said(by=request.actor, at=request.now, contribution=said, due_on=due_on)

    return _do(request, meeting, form, verb)


@signed_in
@require_POST
def note_difficulty(request: HttpRequest, meeting_id: int, contribution_id: int) -> HttpResponse:
    meeting, said = _entry(request, meeting_id, contribution_id)
    form = DifficultySaidForm(request.POST, same=open_difficulties(meeting))

    def verb() -> None:
        difficulties.note_said(by=request.actor, at=request.now, contribution=said, **form.cleaned_data)

    return _do(request, meeting, form, verb)


@signed_in
@require_POST
def correct(request: HttpRequest, meeting_id: int, contribution_id: int) -> HttpResponse:
    meeting, said = _entry(request, meeting_id, contribution_id)
    form = CorrectionForm(request.POST)

    def verb() -> None:
        minutes.correct_contribution(by=request.actor, at=request.now, contribution=said, **form.cleaned_data)

    return _do(request, meeting, form, verb)
