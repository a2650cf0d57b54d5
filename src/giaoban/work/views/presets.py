"""What the page of planning begins with: nothing, a preset, or a former meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from giaoban.work import queries
from giaoban.work.models import Meeting
from giaoban.work.queries.presets import PlannedItem, initial_like, initial_of, items_like, presets

FORMER = 20


@dataclass(frozen=True)
class Start:
    initial: dict[str, Any] = field(default_factory=dict)
    preset: str = ""
    items: tuple[PlannedItem, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)


def start_of(request: HttpRequest, unit_id: int, offered: Iterable[str]) -> Start:
    """As the address or the form asks; a former meeting only where the actor sees it and the unit held it."""
    given = request.POST or request.GET
    former = queries.meetings(request.actor, request.today, unit_id=unit_id).order_by("-starts_at", "-pk")
    context = {"presets": list(presets().values()), "former": list(former[:FORMER]), "unit": unit_id}
    preset = presets().get(given.get("mau", ""))
    if preset is not None:
        initial = initial_of(preset, request.today, offered)
        return Start(initial, preset.code, preset.items, context | {"preset": preset.code, "items": preset.items})
    like = _former(former, given.get("nhu", ""))
    if like is not None:
        day = request.today
        names = queries.names([each.unit_id for each in like.invitations.all()], day)
        items = items_like(like)
        return Start(initial_like(like, names), like.preset, items, context | {"like": like.pk, "items": items})
    return Start(context=context)


def _former(former: Any, key: str) -> Meeting | None:
    found = former.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 12 else None
    assert found is None or isinstance(found, Meeting)
    return found
