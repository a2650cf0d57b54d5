"""When a unit ends: sites at its office, papers it owes, learners it named; and who looks at a list it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.work.models import Guest, Invitation, MeetingState, Paper, Site

Row = list[Any]  # [name of the table, row, unit before]
_TABLES: dict[str, tuple[Any, str]] = {
    "sites": (Site, "unit_id"),
    "papers": (Paper, "presenter_unit_id"),
    "learners": (Guest, "unit_id"),
}


def pass_gathering(whole: Mapping[int, int]) -> list[Row]:
    """Of meetings still to be held all of it goes to the unit that took the place of the whole of the old one."""
    passed: list[Row] = []
    for name, (model, field) in _TABLES.items():
        rows = model.objects.filter(**{f"{field}__in": list(whole)}, meeting__state=MeetingState.PLANNED)
        for one in rows.order_by("pk"):
            unit = getattr(one, field)
            passed.append([name, one.pk, unit])
            model.objects.filter(pk=one.pk).update(**{field: whole[unit]})
    return passed


def take_gathering_back(rows: Iterable[Row]) -> None:
    for name, key, unit in rows:
        model, field = _TABLES[name]
        model.objects.filter(pk=key).update(**{field: unit})


def tell_hosts(by: Actor, at: datetime, ended: Sequence[int]) -> list[int]:
    """No one unit took the place of these: who invited one to a meeting still to be held looks at the list anew.

    Gives the messages, to be recalled if the reform is undone.
    """
    told: list[int] = []
    rows = Invitation.objects.filter(unit__in=list(ended), meeting__state=MeetingState.PLANNED)
    for one in rows.select_related("meeting").order_by("pk"):
        name = orgs.name(one.unit_id, timezone.localdate(at))
        sent = notices.send(
            by=by,
            at=at,
            to_unit=one.meeting.unit_id,
            verb_of_receiver="meeting.plan",
            subject=f"Đơn vị được mời không còn: {name}",
            body=f"{one.meeting.title}. Xem lại danh sách mời.",
            link=f"{one.meeting.get_absolute_url()}#invited",
        )
        told += [message.pk for message in sent]
    return told
