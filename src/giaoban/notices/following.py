"""When units and positions pass on, what waits unread for them goes along, and so do their connections.

A calendar feed belongs to a person and is computed when asked: it needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices.models import Hook, Message
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import succession

Record = dict[str, Any]


def follow(*, by: Actor, at: datetime, change: Change, seats: Mapping[int, int]) -> Record:
    """Unread messages: to the position that took the place of theirs ({old: new}), or to the unit theirs became."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    told = succession(change)
    whole = told.whole
    record: Record = {"positions": [], "units": [], "hooks": [], "paused": []}
    with writing(by=by, at=at, verb="notice.follow", subject=change) as entry:
        unread = Message.objects.filter(read_at__isnull=True).order_by("pk")
        record["positions"] = _rows(unread.filter(position__in=list(seats)).values_list("pk", "position_id"))
        waiting = unread.filter(position__isnull=True, account__isnull=True, unit__in=list(whole))
        record["units"] = _rows(waiting.values_list("pk", "unit_id"))
        _write("position_id", [(key, seats[old]) for key, old in record["positions"]])
        _write("unit_id", [(key, whole[old]) for key, old in record["units"]])
        entry.data["messages"] = len(record["positions"]) + len(record["units"])
        _follow_hooks(record, whole, told.ended, at)
        entry.data["hooks"] = len(record["hooks"]) + len(record["paused"])
        entry.skip = not entry.data["messages"] + entry.data["hooks"]
    return record


def _follow_hooks(record: Record, whole: Mapping[int, int], ended: Iterable[int], at: datetime) -> None:
    """A connection goes to the unit its unit became; of one that was divided or closed it pauses until somebody ends
    it or connects the new units."""
    ending = Hook.objects.filter(unit__in=list(ended), closed_at__isnull=True).order_by("pk")
    record["hooks"] = _rows(ending.filter(unit__in=list(whole)).values_list("pk", "unit_id"))
    for key, old in record["hooks"]:
        Hook.objects.filter(pk=key).update(unit=whole[old])
    left = ending.exclude(unit__in=[*whole, *whole.values()]).filter(paused_at__isnull=True)
    record["paused"] = list(left.values_list("pk", flat=True))
    Hook.objects.filter(pk__in=record["paused"]).update(paused_at=at, pause_reason=_("The unit was divided or closed."))


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    """Messages wait again where they waited."""
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    with writing(by=by, at=at, verb="notice.take_back", subject=change) as entry:
        for record in reversed(records):
            _write("position_id", record["positions"])
            _write("unit_id", record["units"])
            for key, unit in record.get("hooks", []):
                Hook.objects.filter(pk=key).update(unit=unit)
            Hook.objects.filter(pk__in=record.get("paused", [])).update(paused_at=None, pause_reason="")
        entry.skip = not any(any(record.values()) for record in records)


def _rows(pairs: Iterable[Sequence[int]]) -> list[list[int]]:
    return [list(pair) for pair in pairs]


def _write(name: str, rows: Iterable[Sequence[int]]) -> None:
    """Messages with one receiver in one statement."""
    found: dict[int, list[int]] = {}
    for key, receiver in rows:
        found.setdefault(receiver, []).append(key)
    for receiver, keys in found.items():
        Message.objects.filter(pk__in=keys).update(**{name: receiver})
