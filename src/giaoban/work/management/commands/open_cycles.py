"""giaoban open_cycles: make the tasks of recurring work whose period has begun; run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from giaoban.journal.actor import SYSTEM
from giaoban.people.middleware import now
from giaoban.work import actions


class Command(BaseCommand):
    help = "Make the tasks of recurring work whose period has begun; harmless when run again the same day."

    def handle(self, *args: Any, **options: Any) -> None:
        made = actions.open_cycles(by=SYSTEM, at=now())
        self.stdout.write(_("%(n)s recurring tasks began a new period.") % {"n": made})
