"""Questions about difficulties: what is open, how often each was said, and what is the same."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Difficulty, Meeting
from giaoban.work.queries.names import within


def difficulties_for(actor: Actor, on: date) -> QuerySet[Difficulty]:
    """Difficulties of the actor's units, and those they deal with; with how often and when last each was said."""
    found = Difficulty.objects.annotate(times=Count("sayings"), last_said=Max("sayings__at")).order_by("-times", "pk")
    if actor.is_system:
        return found
    units = people.units_where(actor, "meeting.view", on)
    return found.filter(within("unit_id", units) | within("host_id", units))


def difficulty(actor: Actor, difficulty_id: int, on: date) -> Difficulty:
    """One difficulty; Difficulty.DoesNotExist when it is not there or not for this actor."""
    return difficulties_for(actor, on).select_related("task").get(pk=difficulty_id)


def difficulties(actor: Actor, on: date, *, closed: bool = False, text: str = "") -> QuerySet[Difficulty]:
    """The list, what was said most often first."""
    found = difficulties_for(actor, on).filter(closed_at__isnull=not closed).select_related("task")
    for word in fold(text).split():
        found = found.filter(Q(fold__contains=word))
    return found


def open_difficulties(meeting: Meeting) -> QuerySet[Difficulty]:
    """What the host has not closed yet, shown in its next meeting; said before the meeting or in it."""
    found = Difficulty.objects.filter(host_id=meeting.unit_id, closed_at__isnull=True)
    return found.annotate(times=Count("sayings"), last_said=Max("sayings__at")).order_by("-times", "pk")
