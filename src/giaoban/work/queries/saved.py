"""Saved views: one's own in the unit one acts in, and those colleagues there share."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from giaoban.journal.actor import Actor
from giaoban.work.models import SavedView


def views_of(actor: Actor) -> QuerySet[SavedView]:
    """What stands in the list of a person: theirs first, then the shared ones, by name."""
    here = SavedView.objects.filter(unit_id=actor.unit_id)
    return here.filter(Q(account_id=actor.account_id) | Q(shared=True)).select_related("account")


def first_of(actor: Actor) -> SavedView | None:
    """The view the person begins with in the position they act in, as long as they may see it."""
    mine = views_of(actor).filter(firsts__account_id=actor.account_id, firsts__position_id=actor.position_id)
    return mine.first()
