"""giaoban repeat_quick_rounds: ask anew what is to be asked every working day; to be run once each morning."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from giaoban.jobs import registry
from giaoban.journal.actor import SYSTEM
from giaoban.quick import actions


class Command(BaseCommand):
    help = "Mở lại các đợt hỏi nhanh lặp hằng ngày (chạy mỗi sáng ngày làm việc)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = registry.clock()
        made = actions.repeat_due(by=SYSTEM, at=now, on=timezone.localdate(now))
        self.stdout.write(f"Đã mở {len(made)} đợt hỏi nhanh.")
