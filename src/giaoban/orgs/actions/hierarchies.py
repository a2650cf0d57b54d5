"""Any number of hierarchies: what people link units for beside territory, management, profession and Party."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import refusals, rights
from giaoban.orgs.derived import rebuild_closure
from giaoban.orgs.engine.spelled import name_faults
from giaoban.orgs.models import COUNTRY_ID, Hierarchy

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,19}\Z")


def name_hierarchy(*, by: Actor, at: datetime, code: str, name: str, help: str = "") -> Hierarchy:
    """Another purpose for which units stand under one another: school clusters, inspection groups.

    Every verb and every roll-up takes it from then on by its code.
    """
    with writing(by=by, at=at, verb="unit.name_hierarchy", unit_id=COUNTRY_ID) as entry:
        rights.require(by, "unit.manage", COUNTRY_ID, at=at, on=timezone.localdate(at))
        if not CODE.match(code):
            raise refusals.BadHierarchyCode(code=code)
        for fault in name_faults(name):
            raise fault
        if there := Hierarchy.objects.filter(pk=code).first():
            raise refusals.HierarchyThere(hierarchy=code, name=there.name)
        last = Hierarchy.objects.aggregate(last=Max("order"))["last"] or 0
        found = Hierarchy.objects.create(
            code=code, name=nfc(name).strip()[:120], help=nfc(help).strip()[:300], order=last + 1
        )
        rebuild_closure()  # in it every unit stands, so far alone
        entry.data.update(code=code, name=found.name)
    return found
