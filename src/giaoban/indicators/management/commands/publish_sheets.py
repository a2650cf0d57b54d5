"""giaoban publish_sheets: publish the sheets whose day has come. Run once a day, before the offices open."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.indicators.actions.building import publish_due
from giaoban.people.refusals import sentences


class Command(BaseCommand):
    help = "Ban hành các biểu mẫu đã hẹn ngày (chạy mỗi ngày một lần; chạy lại không hại gì)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        done, left = publish_due(at=now, on=timezone.localdate(now))
        for sheet in done:
            self.stdout.write(_("Published: %(sheet)s") % {"sheet": sheet.name})
        for draft, refused in left:
            self.stderr.write(f"{draft}: {' '.join(sentences(refused))}")
