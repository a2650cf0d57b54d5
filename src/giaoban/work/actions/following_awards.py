"""When a unit ends: what it put forward and did not decide goes to who answers for it; what it gave stays its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from giaoban.work.models import Award


def pass_awards(answering: Mapping[int, int]) -> list[list[int]]:
    """Rows [commendation, giver before] of those that still wait for a decision."""
    waiting = Award.objects.filter(unit__in=list(answering), state=Award.State.PROPOSED).order_by("pk")
    passed = [[each.pk, each.unit_id] for each in waiting]
    for key, unit in passed:
        Award.objects.filter(pk=key).update(unit=answering[unit])
    return passed


def take_awards_back(rows: Sequence[Sequence[int]]) -> None:
    for key, unit in rows:
        Award.objects.filter(pk=key).update(unit=unit)
