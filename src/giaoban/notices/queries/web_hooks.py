"""The web hooks of the units whose settings an actor manages."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from giaoban.journal.actor import Actor
from giaoban.notices import refusals
from giaoban.notices.models import Delivery, DeliveryState, Hook
from giaoban.people.queries import units_where

RIGHT = "settings.manage"


def hooks(actor: Actor, on: date) -> QuerySet[Hook]:
    """With how many of their deliveries wait (`waiting`) and how many were given up (`failed`)."""
    return (
        Hook.objects.filter(unit_id__in=units_where(actor, RIGHT, on), closed_at__isnull=True)
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
            failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
        )
        .order_by("unit_id", "pk")
    )


def hook_for(actor: Actor, hook_id: int, on: date) -> Hook:
    found = Hook.objects.filter(pk=hook_id, unit_id__in=units_where(actor, RIGHT, on)).first()
    if found is None:
        raise refusals.UnknownHook()
    return found


def deliveries(hook: Hook, state: str = "") -> QuerySet[Delivery]:
    """The newest first."""
    found = hook.deliveries.order_by("-pk")
    return found.filter(state=state) if state in DeliveryState.values else found
