"""giaoban import_gso: the statistics office's figures by province into the series "gso"; safe to run again."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from giaoban.core.refusal import Invalid, Refused
from giaoban.indicators import loading
from giaoban.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Nạp số liệu niên giám thống kê theo tỉnh (chạy lại không tạo trùng)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="tệp CSV cùng dạng; mặc định số liệu đi kèm sản phẩm")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        if file is not None and not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        with Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task(_("Statistics"), total=None)
            try:
                written = loading.import_gso(
                    by=SYSTEM,
                    at=timezone.now(),
                    file=file,
                    progress=lambda done, of: bar.update(task, completed=done, total=of),
                )
            except Invalid as invalid:
                raise CommandError("\n".join(_(fault.sentence) % fault.params for fault in invalid.faults)) from invalid
            except Refused as refused:
                raise CommandError(_(refused.sentence) % refused.params) from refused
        self.stdout.write(_("%(count)s figures written.") % {"count": written})
