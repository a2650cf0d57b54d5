"""giaoban follow_reforms: let open work go on with the successors where a planned reform's day has come; run daily."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.journal.actor import SYSTEM
from giaoban.people.middleware import now
from giaoban.reforms import actions, queries


class Command(BaseCommand):
    help = "Pass open work on where the day of a planned reform has come; harmless when run again the same day."

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        due = list(queries.to_follow(timezone.localdate(at)))
        for reform in due:
            actions.follow(by=SYSTEM, at=at, reform=reform)
        self.stdout.write(_("%(n)s planned reorganisations came into force.") % {"n": len(due)})
