"""When units and positions pass on, what waits unread for them goes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices.models import Message
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import succession

Record = dict[str, Any]


def follow(*, by: Actor, at: datetime, change: Change, seats: Mapping[int, int]) -> Record:
    """Unread messages: to the position that took the place of theirs ({old: new}), or to the unit theirs became."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    whole = succession(change).whole
    record: Record = {"positions": [], "units": []}
    with writing(by=by, at=at, verb="notice.follow", subject=change) as entry:
        unread = Message.objects.filter(read_at__isnull=True).order_by("pk")
        record["positions"] = _rows(unread.filter(position__in=list(seats)).values_list("pk", "position_id"))
        waiting = unread.filter(position__isnull=True, account__isnull=True, unit__in=list(whole))
        record["units"] = _rows(waiting.values_list("pk", "unit_id"))
        _write("position_id", [(key, seats[old]) for key, old in record["positions"]])
        _write("unit_id", [(key, whole[old]) for key, old in record["units"]])
        entry.data["messages"] = len(record["positions"]) + len(record["units"])
        entry.skip = not entry.data["messages"]
    return record


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    """Messages wait again where they waited."""
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    with writing(by=by, at=at, verb="notice.take_back", subject=change) as entry:
        for record in reversed(records):
            _write("position_id", record["positions"])
            _write("unit_id", record["units"])
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
