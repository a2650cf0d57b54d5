"""giaoban report FORM --unit … --period … --out FILE.docx: write an official report to a file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.analytics import naming
from giaoban.core import period as periods
from giaoban.core.refusal import Refused, sentence
from giaoban.journal.actor import SYSTEM
from giaoban.people.refusals import sentences
from giaoban.reports import actions, kinds
from giaoban.work import queries as work
from giaoban.work.models import Meeting, MeetingState


class NoMeeting(Refused):
    """The unit held no meeting with conclusions in the period."""

    sentence = sentence("The unit held no meeting with conclusions in %(period)s.")
    field = "period"


class Command(BaseCommand):
    help = "Viết báo cáo theo thể thức Nghị định 30/2020/NĐ-CP ra tệp DOCX: so-ket, ket-luan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("form", metavar="FORM", help=", ".join(kinds.FORMS))
        parser.add_argument("--unit", required=True, help="mã, tên (không cần dấu) hoặc id:SỐ")
        parser.add_argument("--period", required=True, help="kỳ báo cáo, ví dụ 2025-2026.HK1")
        parser.add_argument("--meeting", type=int, help="số của cuộc họp; mặc định cuộc họp cuối cùng trong kỳ")
        parser.add_argument("--out", required=True, type=Path, help="tệp DOCX sẽ ghi")
        parser.add_argument("--on", type=date.fromisoformat, help="coi ngày này là hôm nay (2026-01-29)")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if not out.resolve().parent.is_dir():
            raise CommandError(_("There is no folder %(folder)s.") % {"folder": out.resolve().parent})
        try:
            written = self._write(options)
        except Refused as refused:
            raise CommandError("\n".join(sentences(refused))) from refused
        out.write_bytes(written.content)
        self.stdout.write(f"{out}: {written.document.kind} {written.document.subject}")

    def _write(self, options: dict[str, Any]) -> actions.Written:
        kind = kinds.form(options["form"])
        today = options["on"] or timezone.localdate()
        period = periods.parse(options["period"])
        unit = naming.unit(options["unit"], [min(period.data_day, today), today])
        meeting = None
        if kind.of_meeting:
            meeting = options["meeting"] or self._last_meeting(unit, period, today).pk
        return actions.write(
            by=SYSTEM,
            at=timezone.make_aware(datetime.combine(today, time(12, 0))),
            form=kind.code,
            unit_id=unit,
            period_code=period.code,
            meeting_id=meeting,
        )

    def _last_meeting(self, unit: int, period: periods.Period, today: date) -> Meeting:
        held = work.meetings(SYSTEM, today, unit_id=unit).filter(
            state__in=(MeetingState.HELD, MeetingState.CONCLUDED), conclusions__isnull=False
        )
        inside = held.filter(starts_at__date__gte=period.start, starts_at__date__lt=period.end)
        found = (inside | held.filter(period_code=period.code)).order_by("-starts_at", "-pk").first()
        if found is None:
            raise NoMeeting(period=period.label)
        return found
