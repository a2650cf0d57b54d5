"""When a unit ends: who comments on drafts instead of it, and whose signature a draft waits for.

Tasks handed down and reports by rhythm need nothing of their own: both hang on the task, which goes to the heir.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from giaoban.work.models import DraftComment, Drafting

Row = list[Any]


def pass_drafts(hosts: Mapping[int, int]) -> list[Row]:
    """Rows [what, key, unit before]. An heir that drafts itself or was asked already is not asked twice."""
    found: list[Row] = []
    open_ones = DraftComment.objects.filter(answered_at__isnull=True, drafting__document__isnull=True)
    asked = set(open_ones.values_list("drafting", "unit"))
    for each in open_ones.filter(unit__in=list(hosts)).select_related("drafting__task").order_by("pk"):
        heir = hosts[each.unit_id]
        if (each.drafting_id, heir) in asked or each.drafting.task.lead_id == heir:
            continue
        asked.add((each.drafting_id, heir))
        found.append(["comment", each.pk, each.unit_id])
        DraftComment.objects.filter(pk=each.pk).update(unit=heir)
    for draft in Drafting.objects.filter(document__isnull=True, issuer__in=list(hosts)).order_by("pk"):
        found.append(["issuer", draft.pk, draft.issuer_id])
        Drafting.objects.filter(pk=draft.pk).update(issuer=hosts[draft.issuer_id])
    return found


def take_drafts_back(rows: Sequence[Row]) -> None:
    for what, key, unit in rows:
        if what == "comment":
            DraftComment.objects.filter(pk=key).update(unit=unit)
        else:
            Drafting.objects.filter(pk=key).update(issuer=unit)
