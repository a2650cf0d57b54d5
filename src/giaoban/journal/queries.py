"""Questions about what was done."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from giaoban.journal.actions import digest
from giaoban.journal.models import Event


def history(subject: models.Model) -> QuerySet[Event]:
    """Everything done to one object, latest first."""
    return Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("-seq")


def events(*, unit_ids: list[int] | None = None, verb: str = "") -> QuerySet[Event]:
    """The journal, latest first, of some units or of one verb ("round." takes all verbs on rounds)."""
    found = Event.objects.order_by("-seq")
    if unit_ids is not None:
        found = found.filter(unit_id__in=unit_ids)
    if verb:
        found = found.filter(verb__startswith=verb) if verb.endswith(".") else found.filter(verb=verb)
    return found


def broken_link() -> Event | None:
    """The first event whose hash does not follow from its content and the event before it; None when whole."""
    previous = ""
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        if event.previous_hash != previous or digest(event) != event.hash:
            return event
        previous = event.hash
    return None
