"""Questions about drafts: who may read one, who is asked for comments, what is late."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from giaoban.documents.models import Document
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import DraftComment, Drafting, Task
from giaoban.work.queries.names import within
from giaoban.work.queries.tasks import visible_tasks


def draft(actor: Actor, task_id: int, on: date) -> Drafting:
    """The draft of a task, for the task's parties, the unit that signs and the units asked for comments.

    Drafting.DoesNotExist when there is none for this actor. Who is only asked to comment sees the draft, not the task.
    """
    found = Drafting.objects.filter(pk=task_id, task__binds_on__lte=on).select_related("task", "document")
    if actor.is_system:
        return found.get()
    units = people.units_where(actor, "task.view", on)
    asked = DraftComment.objects.filter(within("unit_id", units))
    mine = Q(pk__in=visible_tasks(actor, on).filter(pk=task_id).values("pk")) | Q(pk__in=asked.values("drafting"))
    return found.get(mine | within("issuer_id", units))


def draft_of(task: Task) -> Drafting | None:
    return Drafting.objects.filter(task=task).select_related("document").first()


def product_of(actor: Actor, document: Document, on: date) -> Task | None:
    """The task out of which a document came, if the actor sees it."""
    return visible_tasks(actor, on).filter(drafting__document=document).first()


def open_comments(on: date) -> QuerySet[DraftComment]:
    """Comments asked for and not given, while the draft is still being written; the earliest day first."""
    return (
        DraftComment.objects.filter(
            answered_at__isnull=True,
            drafting__document__isnull=True,
            drafting__task__called_off_at__isnull=True,
            drafting__task__binds_on__lte=on,
        )
        .select_related("drafting__task", "version")
        .order_by("due_on", "pk")
    )


def comments_asked_of(actor: Actor, on: date) -> QuerySet[DraftComment]:
    """What the actor's unit is asked to comment on and may answer."""
    return open_comments(on).filter(unit_id__in=people.acts_for(actor, "task.report", on))
