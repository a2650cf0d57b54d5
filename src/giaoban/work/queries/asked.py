"""Everything a document asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from giaoban.documents.models import Document
from giaoban.indicators.models import Round, Target
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import (
    AgendaItem,
    Meeting,
    Task,
)
from giaoban.work.queries.meetings import meetings_for
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import counts, visible_tasks
from giaoban.work.states import Counts


@dataclass(frozen=True)
class Asked:
    """What follows from one document in this system, as far as the actor may see it."""

    tasks: list[Task]
    targets: list[Target]
    rounds: list[Round]
    meetings: list[Meeting]
    counts: Counts

    @property
    def nothing(self) -> bool:
        return not (self.tasks or self.targets or self.rounds or self.meetings)


def asked_by(actor: Actor, document: Document, on: date) -> Asked:
    """Tasks, targets, reporting rounds and meetings that name this document."""
    mine = visible_tasks(actor, on).filter(document=document, called_off_at__isnull=True)
    tops = mine.filter(parent__isnull=True).order_by(Coalesce("start", Value(0)), "pk")
    seen = people.units_where(actor, "figure.view", on)
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"), document=document)
    return Asked(
        tasks=list(tops),
        targets=list(
            Target.objects.filter(document=document, unit_id__in=seen, withdrawn=False).select_related("indicator")[
                :200
            ]
        ),
        rounds=list(Round.objects.filter(document=document, opener_id__in=seen).select_related("sheet")),
        meetings=list(meetings_for(actor, on).filter(Q(notice=document) | Exists(items))),
        counts=counts(mine.filter(counted(on)), on),
    )
