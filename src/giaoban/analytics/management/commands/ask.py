"""giaoban ask: the value of indicators for units and periods, on a map."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from giaoban.analytics import naming, queries
from giaoban.analytics.queries import Answer, Map
from giaoban.core import period
from giaoban.core.numbers import MISSING
from giaoban.core.refusal import Refused, sentence
from giaoban.orgs import queries as orgs


class BadMap(Refused):
    sentence = sentence("“%(text)s” is not a map; write as-was, today or a day such as 2025-07-01.")
    field = "map"


class Command(BaseCommand):
    help = "Trả lời một chỉ tiêu: giá trị, kế hoạch, so với kế hoạch, kỳ trước, số đơn vị đã báo cáo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("indicators", nargs="+", metavar="INDICATOR", help="mã chỉ tiêu")
        parser.add_argument(
            "--units",
            nargs="+",
            required=True,
            metavar="UNIT",
            help="mã, tên (không cần dấu) hoặc id:SỐ; cách nhau bằng dấu phẩy",
        )
        parser.add_argument(
            "--children", action="store_true", help="hỏi các đơn vị trực thuộc thay cho chính các đơn vị ấy"
        )
        parser.add_argument("--periods", required=True, help="2025-2026.HK1, 2016 hoặc một dãy 2010:2016")
        parser.add_argument("--map", default="as-was", help="as-was (mặc định), today hoặc một ngày 2025-07-01")
        parser.add_argument("--series", default="report", help="report (mặc định) hoặc nguồn khác như gso")
        parser.add_argument("--against", choices=["previous", "last_year"], default="previous", help="kỳ để so sánh")
        parser.add_argument("--on", metavar="DAY", help="coi ngày này là hôm nay")
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answers = self._answers(options)
        except Refused as refused:
            raise CommandError(_(refused.sentence) % refused.params) from refused
        if options["json"]:
            self.stdout.write(json.dumps([as_json(answer) for answer in answers], ensure_ascii=False, indent=1))
        else:
            self._print(answers)

    def _answers(self, options: dict[str, Any]) -> list[Answer]:
        today = date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        chosen, periods = _map(options["map"]), period.parse_many(options["periods"])
        days = _days(chosen, periods, today)
        units = naming.units(options["units"], days)
        if options["children"]:
            units = [below for unit in units for below in _children(unit, days)]
        return queries.ask(
            options["indicators"],
            units,
            periods,
            on=today,
            map=chosen,
            series=options["series"],
            against=options["against"],
        )

    def _print(self, answers: list[Answer]) -> None:
        planned = any(answer.target is not None for answer in answers)
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in (_("Indicator"), _("Unit"), _("Period")):
            table.add_column(heading)
        plan = (_("Target"), _("Gap")) if planned else ()
        for heading in (_("Value"), *plan, _("Before"), _("Up or down"), _("Have reported")):
            table.add_column(heading, justify="right")
        for answer in answers:
            table.add_row(
                answer.indicator,
                orgs.name(answer.unit_id, answer.day),
                answer.period.label,
                _about(answer.estimated) + answer.text,
                *((answer.write(answer.target), _signed(answer, answer.gap)) if planned else ()),
                _about(answer.previous_estimated) + answer.write(answer.previous),
                _signed(answer, answer.change),
                f"{answer.reported}/{answer.expected}",
            )
        console = Console(file=cast("IO[str]", self.stdout._out), width=None if self.stdout.isatty() else 200)
        console.print(table)
        if any(answer.estimated or answer.previous_estimated for answer in answers):
            console.print(_("≈ holds a figure of a unit divided since, shared out by estimate."))


def _map(text: str) -> Map:
    known = {"as-was": queries.AS_WAS, "as_was": queries.AS_WAS, "today": queries.TODAY}
    try:
        return known.get(text) or date.fromisoformat(text)
    except ValueError:
        raise BadMap(text=text) from None


def _days(chosen: Map, periods: list[period.Period], today: date) -> list[date]:
    """On which days units are looked up: those of the map, the newest first, then today."""
    if isinstance(chosen, date):
        return [chosen]
    data_days = sorted({each.data_day for each in periods}, reverse=True) if chosen == queries.AS_WAS else []
    return list(dict.fromkeys([*data_days, today]))


def _children(unit: int, days: list[date]) -> list[int]:
    below = (list(orgs.children(unit, orgs.TERRITORY, day).values_list("unit_id", flat=True)) for day in days)
    return next((found for found in below if found), [])


def _about(estimated: bool) -> str:
    return "≈ " if estimated else ""


def _signed(answer: Answer, difference: Any) -> str:
    if difference is None:
        return MISSING
    return ("+" if difference > 0 else "-" if difference < 0 else "") + answer.write_difference(difference)


def as_json(answer: Answer) -> dict[str, Any]:
    """Exact numbers as "a/b" or whole; printed ones as people read them."""
    return {
        "indicator": answer.indicator,
        "unit": answer.unit_id,
        "unit_name": orgs.name(answer.unit_id, answer.day),
        "period": answer.period.code,
        "value": _exact(answer.value),
        "printed": answer.text,
        "numerator": _exact(answer.numerator),
        "denominator": _exact(answer.denominator),
        "target": _exact(answer.target),
        "target_period": answer.target_period,
        "gap": None if answer.gap is None else str(answer.gap),
        "previous": _exact(answer.previous),
        "previous_estimated": answer.previous_estimated,
        "previous_period": answer.previous_period.code if answer.previous_period else None,
        "change": None if answer.change is None else str(answer.change),
        "reported": answer.reported,
        "expected": answer.expected,
        "steps": {str(step): n for step, n in answer.steps.items()},
        "estimated": answer.estimated,
        "map": answer.map if isinstance(answer.map, str) else answer.map.isoformat(),
        "day": answer.day.isoformat(),
        "formula_version": answer.formula_version.isoformat() if answer.formula_version else None,
    }


def _exact(value: Fraction | None) -> str | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else str(value)
