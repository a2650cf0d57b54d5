"""How far the tasks of each document are, for the tree of a cascade."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q

from giaoban.journal.actor import Actor
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import visible_tasks


def done_of_documents(actor: Actor, documents: Collection[int], on: date) -> dict[int, tuple[int, int]]:
    """{document: (done by the day, all that count)} of the tasks the actor may see, in one query."""
    rows = (
        visible_tasks(actor, on)
        .filter(counted(on), document__in=list(documents))
        .order_by()
        .values("document_id")
        .annotate(given=Count("pk", distinct=True), done=Count("pk", distinct=True, filter=Q(completed_on__lte=on)))
    )
    return {row["document_id"]: (row["done"], row["given"]) for row in rows}
