"""giaoban load_catalogue: the shipped elements, indicators and sheets into the database; safe to run again."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from giaoban.core.refusal import Refused
from giaoban.indicators import loading
from giaoban.journal.actor import SYSTEM


class Command(BaseCommand):
    help = "Nạp danh mục chỉ tiêu và biểu mẫu đi kèm sản phẩm (chạy lại không tạo trùng)."

    def handle(self, *args: Any, **options: Any) -> None:
        with Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task(_("Catalogue"), total=None)
            try:
                loaded = loading.load_catalogue(
                    by=SYSTEM,
                    at=timezone.now(),
                    progress=lambda done, of: bar.update(task, completed=done, total=of),
                )
            except Refused as refused:
                raise CommandError(_(refused.sentence) % refused.params) from refused
        self.stdout.write(
            _("%(elements)s elements, %(indicators)s indicators, %(sheets)s sheets loaded.") % vars(loaded)
        )
