"""The programme of a training by day and session, who attended, and to whom the certificate is due."""

from __future__ import annotations

from itertools import groupby

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.ui.widgets import MomentInput
from giaoban.work.actions import training as actions
from giaoban.work.models import CheckIn, MeetingState
from giaoban.work.queries.training import learners
from giaoban.work.views.meetings import find


class SessionForm(forms.Form):
    subject = forms.CharField(label=_("Subject of the session"), max_length=300)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput())
    teacher = forms.CharField(label=_("Speaker"), max_length=200, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)


class NeedForm(forms.Form):
    topic = forms.CharField(
        label=_("Topic of the training"),
        max_length=200,
        required=False,
        help_text=_("Trainings on one topic are looked at together. Empty: the title."),
    )
    needed = forms.IntegerField(
        label=_("Sessions needed for the certificate"),
        required=False,
        min_value=1,
        help_text=_("Empty: all of them."),
    )


@signed_in
def programme(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Those invited read the programme; who runs the meeting also changes it and sees everybody's attendance."""
    meeting = find(request, meeting_id)
    runs = people.may(request.actor, "meeting.plan", meeting.unit_id, request.today)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_session(by=request.actor, at=request.now, meeting=meeting, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:sessions", meeting.pk)
    sessions = list(meeting.sessions.all())
    came: dict[int, int] = {}
    for session in CheckIn.objects.filter(meeting=meeting, session__isnull=False).values_list("session_id", flat=True):
        came[session] = came.get(session, 0) + 1
    rows = [(each, came.get(each.pk, 0)) for each in sessions]
    found = learners(meeting, timezone.localdate(meeting.starts_at)) if runs else []
    context = {
        "meeting": meeting,
        "runs": runs,
        "changes": runs and meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "days": [(day, list(of)) for day, of in groupby(rows, key=lambda row: timezone.localdate(row[0].starts_at))],
        "sessions": sessions,
        "due": [each for each in found if each.due],
        "lacking": [each for each in found if not each.due],
        "learners": found,
        "form": form,
        "need_form": NeedForm(initial={"needed": meeting.sessions_needed, "topic": meeting.topic}),
    }
    return render(request, "work/training.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def need(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    form = NeedForm(request.POST)
    if form.is_valid():
        try:
            actions.need_sessions(by=request.actor, at=request.now, meeting=meeting, needed=form.cleaned_data["needed"])
            if form.cleaned_data["topic"] != meeting.topic:
                actions.set_topic(by=request.actor, at=request.now, meeting=meeting, topic=form.cleaned_data["topic"])
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, " ".join(sentences(refused)))
    return redirect("work:sessions", meeting.pk)


@signed_in
@require_POST
def remove(request: HttpRequest, meeting_id: int, session_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    session = meeting.sessions.filter(pk=session_id).first()
    if session is None:
        raise Http404
    try:
        actions.remove_session(by=request.actor, at=request.now, session=session)
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect("work:sessions", meeting.pk)
