"""Pages of votes: all of a meeting, and one: given on a phone or counted by the secretary, then its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work.actions import votes as actions
from giaoban.work.forms_votes import CancelVoteForm, CountForm, MotionForm
from giaoban.work.models import Meeting, MeetingState, Motion, Voter
from giaoban.work.queries import names as names_of
from giaoban.work.queries import votes as queries
from giaoban.work.views.meetings import find

LOOKS = {
    Motion.State.OPEN: "held",
    Motion.State.CARRIED: "confirmed",
    Motion.State.REJECTED: "late",
    Motion.State.CANCELLED: "ended",
}


@signed_in
def motions(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What was and is voted on; who runs the meeting puts the next motion to the vote."""
    meeting = find(request, meeting_id)
    runs = _runs(request, meeting)
    form = MotionForm(request.POST or None, items=meeting.agenda.all())
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.put_to_vote(by=request.actor, at=request.now, meeting=meeting, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(made)
    found = list(queries.motions(request.actor, meeting, request.today))
    voted = queries.voted_counts(found)
    context = {
        "meeting": meeting,
        "rows": [_row(each, voted[each.pk]) for each in found],
        "may_put": runs and meeting.state == MeetingState.HELD and meeting.closed_at is None,
        "form": form,
    }
    return render(request, "work/votes/list.html", context, status=422 if form.errors else 200)


def _runs(request: HttpRequest, meeting: Meeting) -> bool:
    return any(people.may(request.actor, verb, meeting.unit_id, request.today) for verb in actions.RUNS)


def _row(each: Motion, voted: tuple[int, int]) -> dict[str, Any]:
    ended = each.state in (Motion.State.CARRIED, Motion.State.REJECTED)
    return {
        "motion": each,
        "look": LOOKS[Motion.State(each.state)],
        "voted": voted,
        "words": queries.result_words(each) if ended else "",
    }


def _find(request: HttpRequest, meeting: Meeting, motion_id: int) -> Motion:
    try:
        return queries.motion(request.actor, meeting, motion_id, request.today)
    except Motion.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def motion(request: HttpRequest, meeting_id: int, motion_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    return _page(request, meeting, _find(request, meeting, motion_id))


def _page(
    request: HttpRequest, meeting: Meeting, found: Motion, forms: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    mine = queries.my_vote(request.actor, found, request.today)
    voters = list(found.voters.select_related("invitation"))
    names = names_of([each.unit_id for each in voters], request.today)
    threshold = queries.thresholds().get(found.threshold)
    opened = found.state == Motion.State.OPEN
    context = {
        "meeting": meeting,
        "found": found,
        "look": LOOKS[Motion.State(found.state)],
        "opened": opened,
        "threshold": threshold.name if threshold else "",
        "lines": [] if opened or found.state == Motion.State.CANCELLED else queries.result(found),
        "words": _row(found, (0, 0))["words"],
        "voters": [(each, names.get(each.unit_id, ""), queries.is_here(each)) for each in voters],
        "voted": sum(each.voted for each in voters),
        "here": sum(queries.is_here(each) for each in voters),
        "shows_choice": found.way == Motion.Way.PHONE and not opened,
        "mine": mine if found.way != Motion.Way.HANDS else None,
        "mine_here": mine is not None and queries.is_here(mine),
        "choices": [(code, label) for code, label in Voter.Choice.choices if code],
        "runs": _runs(request, meeting) and opened,
        "count_form": CountForm(),
        "cancel_form": CancelVoteForm(auto_id="cancel_%s"),
    }
    return render(request, "work/votes/one.html", {**context, **(forms or {})}, status=status)


@signed_in
@require_POST
def give(request: HttpRequest, meeting_id: int, motion_id: int) -> HttpResponse:
    """One's own vote."""
    meeting = find(request, meeting_id)
    found = _find(request, meeting, motion_id)
    choice = request.POST.get("choice", "")
    if choice not in (Voter.Choice.FOR, Voter.Choice.AGAINST, Voter.Choice.ABSTAIN):
        return _page(request, meeting, found, {"wrong": [_("Choose one of the three.")]}, status=422)
    try:
        actions.give_vote(by=request.actor, at=request.now, motion=found, choice=choice)
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, meeting, found, {"wrong": sentences(refused)}, status=422)
    return redirect(found)


@signed_in
@require_POST
def close(request: HttpRequest, meeting_id: int, motion_id: int) -> HttpResponse:
    """The count of hands, or the end of the votes given."""
    meeting = find(request, meeting_id)
    found = _find(request, meeting, motion_id)
    hands = found.way == Motion.Way.HANDS
    form: forms.Form = CountForm(request.POST) if hands else forms.Form(request.POST)

    def verb(data: dict[str, Any]) -> None:
        actions.close_vote(by=request.actor, at=request.now, motion=found, **data)

    return _do(request, meeting, found, "count_form", form, verb)


@signed_in
@require_POST
def cancel(request: HttpRequest, meeting_id: int, motion_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    found = _find(request, meeting, motion_id)

    def verb(data: dict[str, Any]) -> None:
        actions.cancel_vote(by=request.actor, at=request.now, motion=found, reason=data["reason"])

    return _do(request, meeting, found, "cancel_form", CancelVoteForm(request.POST, auto_id="cancel_%s"), verb)


def _do(
    request: HttpRequest,
    meeting: Meeting,
    found: Motion,
    name: str,
    form: forms.Form,
    verb: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    if form.is_valid():
        try:
            verb(form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return _page(request, meeting, _find(request, meeting, found.pk), {name: form}, status=422)
