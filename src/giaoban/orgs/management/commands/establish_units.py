"""giaoban establish_units FILE --on DAY: found the units of a CSV table, all or none."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions
from giaoban.orgs.refusals import Spoken


class Command(BaseCommand):
    help = "Thành lập các đơn vị trong một bảng CSV (nhận tất cả hoặc không nhận dòng nào)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp CSV mã UTF-8, xem docs/guide/don-vi.md")
        parser.add_argument("--on", type=date.fromisoformat, required=True, help="ngày thành lập, ví dụ 2025-07-01")

    def handle(self, *args: Any, file: Path, on: date, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            made = actions.establish_from_table(by=SYSTEM, at=timezone.now(), on=on, content=content)
        except Invalid as refused:
            raise CommandError("\n".join(str(Spoken(fault)) for fault in refused.faults)) from refused
        except Refused as refused:
            raise CommandError(str(Spoken(refused))) from refused
        self.stdout.write(gettext("%(count)s units established.") % {"count": len(made)})
