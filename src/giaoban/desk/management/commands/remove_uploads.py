"""giaoban remove_uploads: remove files handed up that are dealt with and old; to be run once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from giaoban.intake import actions as intake
from giaoban.jobs import registry
from giaoban.journal.actor import SYSTEM
from giaoban.workbooks import actions as workbooks


class Command(BaseCommand):
    help = "Xóa tệp sổ tính và bảng đã nộp, đã xử lý xong và đã cũ (chạy mỗi ngày một lần)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=settings.KEEP_UPLOADS, help="giữ bao nhiêu ngày")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {"by": SYSTEM, "at": registry.clock(), "days": max(1, options["days"])}
        gone = workbooks.remove_uploads(**given) + intake.remove_files(**given)
        self.stdout.write(f"Đã xóa {gone} tệp.")
