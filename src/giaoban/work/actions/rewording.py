"""When a conclusion is reworded its tasks take the new words; each diary keeps the old ones beside them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.work.actions.tasks import shorten
from giaoban.work.models import Conclusion, Progress, Task

BECAME = "\n→ "  # between the words that stood before and those that stand now


def follow_wording(*, by: Actor, at: datetime, conclusion: Conclusion, before: str) -> list[Task]:
    """Tasks that said the conclusion word for word say it anew; leads for whom it binds already are told."""
    whole = Task.objects.filter(conclusion=conclusion, text=before)
    tasks = list(Task.objects.filter(Q(pk__in=whole) | Q(parent__in=whole), text=before).order_by("pk"))
    tasks = [task for task in tasks if task.confirmed_at is None and task.called_off_at is None]
    for task in tasks:
        if task.title == shorten(before):
            task.title = shorten(conclusion.text)
        task.text = conclusion.text
        task.fold = fold(" ".join([task.title, task.text, task.group, task.deliverable]))
    Task.objects.bulk_update(tasks, ["title", "text", "fold"], batch_size=500)
    who = f"{by.name}, {by.title}" if by.title else by.name
    Progress.objects.bulk_create(
        Progress(
            task=task,
            kind=Progress.Kind.REWORDED,
            at=at,
            by=who[:200],
            unit_id=by.unit_id,
            text=f"{before}{BECAME}{conclusion.text}",
        )
        for task in tasks
    )
    for task in tasks:
        if task.binds_on is not None and not task.has_parts:
            notices.send(
                by=by,
                at=at,
                to_position=task.officer_id,
                to_unit=None if task.officer_id else task.lead_id,
                verb_of_receiver="task.report",
                subject=f"Nội dung nhiệm vụ được sửa: {task.title}",
                body=f"Trước: {before}\nNay: {conclusion.text}",
                link=task.get_absolute_url(),
            )
    return tasks
