"""giaoban deliver_hooks: tell other systems of what happened; `giaoban work` does the same every minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.notices import hooking


class Command(BaseCommand):
    help = "Collect the events behind each hook and send what is due; harmless when run again or at the same time."

    def handle(self, *args: Any, **options: Any) -> None:
        collected = hooking.collect(timezone.now())
        sent = hooking.deliver(timezone.now)
        self.stdout.write(_("%(collected)s events collected, %(sent)s taken.") % {"collected": collected, "sent": sent})
