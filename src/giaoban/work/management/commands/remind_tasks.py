"""giaoban remind_tasks: remind of tasks and tell the sides above of late ones; run it every morning."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions as notices
from giaoban.people.middleware import now
from giaoban.work import actions


class Command(BaseCommand):
    help = "Remind of tasks in one message each and tell the sides above of late ones; harmless when run again."

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        told = actions.remind_tasks(by=SYSTEM, at=at)
        letters = notices.release_mail(by=SYSTEM, at=at)
        notices.send_waiting_mail(by=SYSTEM, at=at)
        self.stdout.write(
            _("%(lists)s lists told, %(passed)s tasks newly overdue, %(letters)s gathered letters.")
            % {"lists": told.lists, "passed": told.passed, "letters": letters}
        )
