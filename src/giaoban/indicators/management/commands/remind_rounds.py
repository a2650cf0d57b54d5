"""giaoban remind_rounds: remind before due days and tell the level above after them; run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from giaoban.indicators import actions
from giaoban.indicators.actions.reminding import reminded_text
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions as notices
from giaoban.people.middleware import now


class Command(BaseCommand):
    help = "Remind units before their due day and tell the level above of late ones; harmless when run again."

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        told = actions.remind_rounds(by=SYSTEM, at=at, on=timezone.localdate(at))
        notices.send_waiting_mail(by=SYSTEM, at=at)
        self.stdout.write(reminded_text(told))
