"""Everything a document asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from giaoban.documents.models import Addressee, Document
from giaoban.documents.queries import Part, lines
from giaoban.indicators.models import Round, Target
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import (
    AgendaItem,
    Meeting,
    PlannedCheck,
    Task,
)
from giaoban.work.queries.checks import checked
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
    checks: list[PlannedCheck]
    receipts: Part  # units that confirmed the document, of those it was sent to
    plans_due: int  # of those, units that must issue a plan of their own
    counts: Counts

    @property
    def nothing(self) -> bool:
        return not (self.tasks or self.targets or self.rounds or self.meetings or self.checks or self.receipts.of)


def asked_by(actor: Actor, document: Document, on: date) -> Asked:
    """Tasks, targets, reporting rounds, meetings and checks that name this document, in whatever register its line
    stands: the same paper reaching a unit by two lines asks once. And what it asks of those it was sent to."""
    own = [each.pk for each in lines([document])]
    mine = visible_tasks(actor, on).filter(document__in=own, called_off_at__isnull=True)
    tops = mine.filter(parent__isnull=True).order_by(Coalesce("start", Value(0)), "pk")
    seen = people.units_where(actor, "figure.view", on)
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"), document__in=own)
    sent = Addressee.objects.filter(document__in=own).aggregate(
        all=Count("pk"),
        got=Count("pk", filter=Q(received_at__isnull=False)),
        must=Count("pk", filter=Q(must_issue=True)),
    )
    return Asked(
        tasks=list(tops),
        targets=list(
            Target.objects.filter(document__in=own, unit_id__in=seen, withdrawn=False).select_related("indicator")[:200]
        ),
        rounds=list(Round.objects.filter(document__in=own, opener_id__in=seen).select_related("sheet")),
        meetings=list(meetings_for(actor, on).filter(Q(notice__in=own) | Exists(items))),
        checks=list(
            PlannedCheck.objects.filter(
                basis__in=own, dropped_at__isnull=True, pk__in=checked(actor, on).values("planned_id")
            )
        ),
        receipts=Part(sent["got"], sent["all"]),
        plans_due=sent["must"],
        counts=counts(mine.filter(counted(on)), on),
    )
