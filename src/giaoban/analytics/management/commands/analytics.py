"""giaoban analytics: look after the columnar copy of the ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from giaoban.analytics import upkeep


class Command(BaseCommand):
    help = "Bản sao dạng cột của sổ số liệu: gộp phần mới (compact), dựng lại (rebuild), đối chiếu (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=["compact", "rebuild", "verify"],
            help="compact: gộp các dòng mới; rebuild: dựng lại từ sổ; verify: đối chiếu với sổ",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "verify":
            self._verify()
            return
        manifest = upkeep.compact() if options["what"] == "compact" else upkeep.rebuild()
        self.stdout.write(
            _("%(parts)s periods are in the columnar copy, up to line %(sealed)s of the ledger.")
            % {"parts": len(manifest.parts), "sealed": manifest.sealed}
        )

    def _verify(self) -> None:
        wrong = upkeep.verify()
        for key in wrong[:20]:
            self.stderr.write(" ".join(map(str, key)))
        if wrong:
            raise CommandError(
                _("%(n)s keys differ from the ledger; run: giaoban analytics rebuild") % {"n": len(wrong)}
            )
        self.stdout.write(_("The columnar copy agrees with the ledger."))
