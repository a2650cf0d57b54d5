"""Questions about requests: what my units asked, what they have to answer, what waits too long."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Meeting, Request
from giaoban.work.queries.names import within

VIEWS = ("to-answer", "mine", "overdue", "closed")
State = Request.State


def requests_for(actor: Actor, on: date) -> QuerySet[Request]:
    """Requests of the actor's units and to them."""
    if actor.is_system:
        return Request.objects.all()
    units = people.units_where(actor, "meeting.view", on)
    return Request.objects.filter(within("unit_id", units) | within("to_id", units))


def request(actor: Actor, request_id: int, on: date) -> Request:
    """One request; Request.DoesNotExist when it is not there or not for this actor."""
    return requests_for(actor, on).select_related("meeting", "document").get(pk=request_id)


def requests(actor: Actor, on: date, *, view: str, text: str = "") -> QuerySet[Request]:
    """The list: to be answered by the actor's own units, asked by them, late, or closed."""
    found = requests_for(actor, on).select_related("meeting", "document").filter(_view(actor, view, on))
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def _view(actor: Actor, view: str, on: date) -> Q:
    if view == "closed":
        return Q(closed_at__isnull=False)
    if view == "overdue":
        return overdue(on)
    if view == "mine":
        return Q(closed_at__isnull=True, unit_id__in=people.acts_for(actor, "request.make", on))
    return Q(state=State.OPEN, to_id__in=people.acts_for(actor, "request.answer", on))


def overdue(on: date) -> Q:
    """Its day has passed without an answer."""
    return Q(state=State.OPEN, due_on__lt=on)


def request_counts(actor: Actor, on: date) -> dict[str, int]:
    """How many each list has, for its tab."""
    return {view: requests_for(actor, on).filter(_view(actor, view, on)).count() for view in VIEWS[:3]}


def requests_at(meeting: Meeting) -> QuerySet[Request]:
    """Requests that the host has to answer: those on this agenda, said in this meeting, or waiting otherwise."""
    here = Q(meeting=meeting) | Q(carried__meeting=meeting)
    waiting = Q(to_id=meeting.unit_id, state__in=[State.OPEN, State.ANSWERED])
    return Request.objects.filter(here | waiting).distinct().order_by("-times", "made_at", "pk")
