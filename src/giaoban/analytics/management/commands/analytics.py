"""giaoban analytics: look after the columnar copy of the ledger."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from giaoban.analytics import upkeep
from giaoban.analytics.store import Manifest


class Command(BaseCommand):
    help = (
        "Bản sao dạng cột của sổ số liệu: gộp phần mới (compact), gộp thường xuyên (keep), dựng lại (rebuild), "
        "đối chiếu (verify)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=["compact", "keep", "rebuild", "verify"],
            help="compact: gộp các dòng mới; keep: gộp thường xuyên cho đến khi dừng; rebuild: dựng lại từ sổ; "
            "verify: đối chiếu với sổ",
        )
        parser.add_argument("--every", type=float, default=10.0, help="keep: số giây giữa hai lần xem (mặc định 10)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "verify":
            self._verify()
        elif options["what"] == "keep":
            self._keep(options["every"])
        else:
            self._say(upkeep.compact() if options["what"] == "compact" else upkeep.rebuild())

    def _keep(self, every: float) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        for manifest in upkeep.keep(every, stop):
            self._say(manifest)

    def _say(self, manifest: Manifest) -> None:
        self.stdout.write(
            _("%(parts)s periods are in the columnar copy, up to line %(sealed)s of the ledger.")
            % {"parts": len({period for held in manifest.parts.values() for period in held}), "sealed": manifest.sealed}
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
