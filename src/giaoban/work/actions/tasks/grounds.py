"""On what ground one unit gives another a task: the relation of the day (decision 0005)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from giaoban.orgs import queries as orgs
from giaoban.work.models import Relation

# On what ground a unit gives another a task, the strongest first (decision 0005).
GROUNDS = (
    (orgs.MANAGEMENT, Relation.ASSIGN),
    (orgs.PARTY, Relation.ASSIGN),
    (orgs.PROFESSIONAL, Relation.GUIDE),
)


def ground(assigner: int, lead: int, on: date) -> str:
    """What one unit may do to another: assign to those below, direct those it guides, ask all others."""
    return grounds(assigner, [lead], on)[lead]


def grounds(assigner: int, leads: Iterable[int], on: date) -> dict[int, str]:
    """The ground for each of many, in one question a hierarchy."""
    wanted = dict.fromkeys(leads)
    found = {lead: Relation.ASSIGN.value for lead in wanted if lead == assigner}
    for hierarchy, relation in GROUNDS:
        left = [lead for lead in wanted if lead not in found]
        if left:
            below = orgs.descendants(assigner, hierarchy, on).filter(unit_id__in=left)
            found.update(dict.fromkeys(below, relation.value))
    return {lead: found.get(lead, Relation.ASK.value) for lead in wanted}
