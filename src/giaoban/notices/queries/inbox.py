"""What waits in the inbox of a position."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from giaoban.core.refusal import NotAllowed, sentence
from giaoban.journal.actor import Actor
from giaoban.notices.models import Message
from giaoban.people.models import Grant
from giaoban.people.queries import valid_on
from giaoban.people.roles import VERBS


class UnknownMessage(NotAllowed):
    sentence = sentence("There is no such message in your inbox.")


def inbox(actor: Actor, on: date = date.max) -> QuerySet[Message]:
    """Messages to the acting position, to the account, and to units where the position now holds the verb they need.

    Without a day, only grants without an end count for the last.
    """
    mine = Q(position_id=actor.position_id) | Q(account_id=actor.account_id)
    for unit, verbs in _verbs_by_unit(actor, on).items():
        mine |= Q(position__isnull=True, account__isnull=True, unit_id=unit, verb__in=verbs)
    return Message.objects.filter(mine)


def unread_count(actor: Actor, on: date = date.max) -> int:
    return inbox(actor, on).filter(read_at__isnull=True).count()


def message(actor: Actor, message_id: int, on: date = date.max) -> Message:
    found = inbox(actor, on).filter(pk=message_id).first()
    if found is None:
        raise UnknownMessage()
    return found


def _verbs_by_unit(actor: Actor, on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for unit, role in Grant.objects.filter(valid_on(on), position_id=actor.position_id).values_list("unit_id", "role"):
        found.setdefault(unit, []).extend(code for code, verb in VERBS.items() if role in verb.roles)
    return found
