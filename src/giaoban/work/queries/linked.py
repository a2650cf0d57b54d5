"""What a task hangs together with beyond its sentence and conclusion: the figure it moves, what proves it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from giaoban.documents.models import Document
from giaoban.journal.actor import Actor
from giaoban.work.models import Evidence, Task
from giaoban.work.queries.tasks import visible_tasks


def tasks_of_indicator(actor: Actor, code: str, on: date) -> QuerySet[Task]:
    """Whole tasks that are to move an indicator, those standing; the earliest day first."""
    return (
        visible_tasks(actor, on)
        .filter(indicator_id=code, parent__isnull=True, called_off_at__isnull=True)
        .order_by("due_on", "pk")
    )


def tasks_proved_by(actor: Actor, document: Document, on: date) -> QuerySet[Task]:
    """Tasks in whose diary a document stands as evidence: a report, a plan, the product itself."""
    proved = Evidence.objects.filter(document=document).values("progress__task")
    return visible_tasks(actor, on).filter(pk__in=proved).order_by("due_on", "pk")


def evidence_of(task: Task) -> list[list[Evidence]]:
    """What proves a task: of each piece its versions, the newest first."""
    rows = list(Evidence.objects.filter(progress__task=task).select_related("document", "progress").order_by("pk"))
    by_id = {each.pk: each for each in rows}
    replaced = {each.replaces_id for each in rows}
    lines = []
    for newest in rows:
        if newest.pk in replaced:
            continue
        line, one = [], newest
        while one is not None:
            line.append(one)
            one = by_id.get(one.replaces_id)  # type: ignore[assignment,arg-type]
        lines.append(line)
    return lines[::-1]
