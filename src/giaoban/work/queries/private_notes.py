"""A person's own notes. There is no question here that answers for anybody but the person who asks."""

from __future__ import annotations

from django.db.models import QuerySet

from giaoban.journal.actor import Actor
from giaoban.work.models import Meeting, PrivateNote


def mine(actor: Actor) -> QuerySet[PrivateNote]:
    """All of them, in every office the person held; nobody's for the system and for one without an account."""
    if actor.account_id is None:
        return PrivateNote.objects.none()
    found = PrivateNote.objects.filter(account_id=actor.account_id)
    return found.select_related("meeting", "item", "paper", "request")


def on_meeting(actor: Actor, meeting: Meeting) -> list[PrivateNote]:
    """Those on a meeting, its items and its papers, in the order they were written."""
    return list(mine(actor).filter(meeting=meeting))


def note(actor: Actor, note_id: int) -> PrivateNote:
    """One of them; PrivateNote.DoesNotExist for anybody else's."""
    return mine(actor).get(pk=note_id)
