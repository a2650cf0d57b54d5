"""giaoban import_tasks FILE --by USERNAME --document … --dry-run: an annex becomes tasks, as on /viec/nhap/."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.analytics import naming
from giaoban.core.refusal import Refused, sentence
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.people.models import Account
from giaoban.people.refusals import sentences
from giaoban.work.exchange import taking
from giaoban.work.exchange.taking import Source


class Nobody(Refused):
    """No seat of this account may give tasks."""

    sentence = sentence("%(name)s holds no position that may assign tasks for this unit on %(day)s.")


class Command(BaseCommand):
    help = "Nhập phụ lục phân công nhiệm vụ (XLSX, DOCX) thành nhiệm vụ; --dry-run chỉ nói sẽ làm gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp XLSX hoặc DOCX")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="tài khoản đứng tên giao việc")
        parser.add_argument("--document", default="", help="số, ký hiệu văn bản giao việc đã vào sổ")
        parser.add_argument("--unit", default="", help="đơn vị giao: mã, tên (không cần dấu) hoặc id:SỐ")
        parser.add_argument("--dry-run", action="store_true", help="thử, không ghi gì")
        parser.add_argument("--on", type=date.fromisoformat, help="coi ngày này là hôm nay (2026-01-29)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": path})
        on = options["on"] or timezone.localdate()
        at = timezone.make_aware(datetime.combine(on, time(12, 0))) if options["on"] else timezone.now()
        try:
            unit = naming.unit(options["unit"], [on]) if options["unit"] else None
            by, unit_id = _actor(options["by"], unit, on)
            document = taking.document_numbered(by, options["document"], on)
            given: dict[str, Any] = {
                "by": by,
                "at": at,
                "name": path.name,
                "content": path.read_bytes(),
                "source": Source(unit_id, document),
            }
            trial = taking.tried(**given)
            made = [] if options["dry_run"] or not trial.new else taking.take_in(**given)
        except Refused as refused:
            raise CommandError("\n".join(sentences(refused))) from refused
        for row in trial.rows:
            for fault in row.faults:
                where = f"{row.line.sheet} {fault.at}".strip()
                self.stderr.write(f"{where}: {fault.words}")
        counts = {
            "new": len(trial.new),
            "known": len(trial.known),
            "faults": sum(bool(row.faults) for row in trial.rows),
        }
        self.stdout.write(_("%(new)s new, %(known)s tasks already, %(faults)s with a fault.") % counts)
        if made:
            self.stdout.write(_("%(n)s tasks assigned.") % {"n": len(made)})


def _actor(username: str, unit_id: int | None, on: date) -> tuple[Actor, int]:
    """The account in the first of its seats that may give tasks for the unit."""
    account = Account.objects.filter(username=username, is_active=True).first()
    for holding in people.positions_of(account, on) if account else ():
        actor = people.actor(account, holding.position_id, on)
        units = people.acts_for(actor, "task.assign", on)
        if units and (unit_id is None or people.may(actor, "task.assign", unit_id, on)):
            return actor, units[0] if unit_id is None else unit_id
    raise Nobody(name=username, day=on.strftime("%d/%m/%Y"))
