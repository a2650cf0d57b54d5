"""When a unit ends: its people's saved views go on in the unit that it became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from giaoban.work.models import FirstView, SavedView

Row = list[Any]


def pass_views(whole: Mapping[int, int], seats: Mapping[int, int]) -> list[Row]:
    """Rows [what, key, before] of all that went along: the views of the unit, and with which one a seat begins."""
    found: list[Row] = []
    for view in SavedView.objects.filter(unit__in=list(whole)).order_by("pk"):
        heir = whole[view.unit_id]
        if not SavedView.objects.filter(account=view.account_id, unit=heir, name=view.name).exists():
            found.append(["view", view.pk, view.unit_id])
            SavedView.objects.filter(pk=view.pk).update(unit=heir)
    for first in FirstView.objects.filter(position__in=list(seats)).order_by("pk"):
        seat = seats[first.position_id]
        if not FirstView.objects.filter(account=first.account_id, position=seat).exists():
            found.append(["first", first.pk, first.position_id])
            FirstView.objects.filter(pk=first.pk).update(position=seat)
    return found


def take_views_back(rows: Sequence[Row]) -> None:
    """Where they stood before the change that was undone; what was dropped since stays dropped."""
    for what, key, before in reversed(rows):
        if what == "view":
            SavedView.objects.filter(pk=key).update(unit=before)
        else:
            FirstView.objects.filter(pk=key).update(position=before)
