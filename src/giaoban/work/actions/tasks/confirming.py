"""Confirming many parts of one task with one word: in as many statements for two thousand schools as for two."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals_tasks
from giaoban.work.actions.tasks.telling import name_of, tell, tell_above
from giaoban.work.models import Extension, Progress, Task

AT_ONCE = 500


def confirm_all(*, by: Actor, at: datetime, whole: Task, part_ids: Iterable[int], text: str = "") -> list[Task]:
    """Confirm the chosen parts of a task given to many; all of them or none, each with its own day of completion.

    A part that was taken back or confirmed meanwhile refuses the lot, so that nobody confirms what they did not see.
    """
    with writing(by=by, at=at, verb="task.confirm_all", subject=whole, unit_id=whole.assigned_by_id) as entry:
        people.require(by, "task.confirm", whole.assigned_by_id, timezone.localdate(at))
        parts = _chosen(whole, list(dict.fromkeys(part_ids)), at)
        for part in parts:
            assert part.proposed_at is not None
            part.confirmed_at, part.completed_on = at, timezone.localdate(part.proposed_at)
        Task.objects.bulk_update(parts, ["confirmed_at", "completed_on"], batch_size=AT_ONCE)
        who, words = name_of(by), text.strip()
        Progress.objects.bulk_create(
            (
                Progress(task=part, kind=Progress.Kind.CONFIRMED, at=at, by=who, unit_id=by.unit_id, text=words)
                for part in parts
            ),
            batch_size=AT_ONCE,
        )
        Extension.objects.filter(task__in=[part.pk for part in parts], granted__isnull=True).update(
            granted=False, decided_at=at, decided_by=by.name
        )
        _tell_all(by, at, whole, parts)
        tell_above(by, at, parts[0])
        entry.data["parts"] = [part.pk for part in parts]
    return parts


def _chosen(whole: Task, wanted: list[int], at: datetime) -> list[Task]:
    """The chosen parts, locked; refuses when one of them is not waiting."""
    if not wanted:
        raise refusals_tasks.NothingChosen()
    below = Q(parent=whole) | Q(parent__parent=whole)
    mine = Task.objects.filter(below, pk__in=wanted, has_parts=False)
    parts = list(Task.objects.select_for_update().filter(pk__in=mine.values("pk")).order_by("pk"))
    gone = [each for each in parts if each.proposed_at is None or each.confirmed_at or each.called_off_at]
    if len(parts) != len(wanted) or gone:
        unit = orgs.name(gone[0].lead_id or 0, timezone.localdate(at)) if gone else ""
        raise refusals_tasks.NotProposedAll(count=len(gone) or len(wanted) - len(parts), unit=unit or "–")
    return parts


def _tell_all(by: Actor, at: datetime, whole: Task, parts: list[Task]) -> None:
    """One message to the units, which find their part on the page of the whole; officers by their own."""
    for part in parts:
        if part.officer_id is not None:
            tell(by, at, part, "Đã xác nhận hoàn thành")
    units = sorted({part.lead_id for part in parts if part.officer_id is None and part.lead_id})
    if units:
        notices.send(
            by=by,
            at=at,
            to_units=units,
            verb_of_receiver="task.report",
            subject=f"Đã xác nhận hoàn thành: {whole.title}",
            link=whole.get_absolute_url(),
        )
