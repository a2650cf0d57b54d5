"""giaoban ask: the value of indicators for units and periods, on a map."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
from giaoban.analytics.queries import Answer, AreaAnswer, Map
from giaoban.core import period
from giaoban.core.numbers import MISSING
from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import sort_key
from giaoban.orgs import queries as orgs


class BadMap(Refused):
    sentence = sentence("“%(text)s” is not a map; write as-was, today or a day such as 2025-07-01.")
    field = "map"


class UnknownHierarchy(Refused):
    sentence = sentence("There is no hierarchy with the code “%(code)s”.")
    field = "hierarchy"


class NotOfAreas(Refused):
    sentence = sentence("Comparable areas are asked whole: without --where and --children.")
    field = "areas"


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
        parser.add_argument("--hierarchy", default=orgs.TERRITORY, help="hệ đơn vị: TERRITORY (mặc định), MANAGEMENT …")
        parser.add_argument(
            "--where",
            nargs="+",
            default=[],
            metavar="ATTRIBUTE:VALUE",
            help="chỉ số liệu của đơn vị mang thuộc tính vào ngày của bản đồ, như zone:III",
        )
        parser.add_argument(
            "--areas",
            metavar="LEVEL",
            help="hỏi các vùng so sánh được ghép từ đơn vị cấp này (province, commune, school) dưới các đơn vị ấy",
        )
        parser.add_argument("--against", choices=["previous", "last_year"], default="previous", help="kỳ để so sánh")
        parser.add_argument("--on", metavar="DAY", help="coi ngày này là hôm nay")
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answers = self._in_areas(options) if options["areas"] else self._answers(options)
        except Refused as refused:
            raise CommandError(_(refused.sentence) % refused.params) from refused
        if options["json"]:
            self.stdout.write(json.dumps([as_json(answer) for answer in answers], ensure_ascii=False, indent=1))
        elif options["areas"]:
            self._print_areas(answers)
        else:
            self._print(answers)

    def _in_areas(self, options: dict[str, Any]) -> list[AreaAnswer]:
        """The areas below each unit that have stood from the first period's data day to the last one's."""
        if options["where"] or options["children"]:
            raise NotOfAreas()
        today = date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        periods, hierarchy = period.parse_many(options["periods"]), known_hierarchy(options["hierarchy"])
        days = sorted(each.data_day for each in periods)
        found = {
            area.number: area
            for unit in naming.units(options["units"], list(dict.fromkeys([days[-1], today])))
            for area in queries.areas(options["areas"], days[0], days[-1], under=unit, hierarchy=hierarchy)
        }
        asked = (options["indicators"], found.values(), periods)
        return queries.ask_areas(*asked, on=today, series=options["series"], hierarchy=hierarchy)

    def _print_areas(self, answers: list[AreaAnswer]) -> None:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in (_("Indicator"), _("Area"), _("Period")):
            table.add_column(heading)
        for heading in (_("Value"), _("Have reported")):
            table.add_column(heading, justify="right")
        for answer in answers:
            table.add_row(
                answer.indicator,
                ", ".join(_called(answer.area.last, answer.area.end)),
                answer.period.label,
                _about(answer.estimated) + answer.text,
                f"{answer.reported}/{answer.expected}",
            )
        self._console().print(table)

    def _answers(self, options: dict[str, Any]) -> list[Answer]:
        today = date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        chosen, periods = read_map(options["map"]), period.parse_many(options["periods"])
        days = _days(chosen, periods, today)
        units = naming.units(options["units"], days)
        if options["children"]:
            units = [below for unit in units for below in _children(unit, days, options["hierarchy"])]
        return queries.ask(
            options["indicators"],
            units,
            periods,
            on=today,
            map=chosen,
            series=options["series"],
            hierarchy=known_hierarchy(options["hierarchy"]),
            against=options["against"],
            where=naming.conditions(options["where"]),
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
        console = self._console()
        console.print(table)
        if any(answer.estimated or answer.previous_estimated for answer in answers):
            console.print(_("≈ holds a figure of a unit divided since, shared out by estimate."))

    def _console(self) -> Console:
        return Console(file=cast("IO[str]", self.stdout._out), width=None if self.stdout.isatty() else 200)


def _called(units: Iterable[int], on: date) -> list[str]:
    return sorted(orgs.names(units, on).values(), key=sort_key)


def read_map(text: str) -> Map:
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


def known_hierarchy(code: str) -> str:
    if not orgs.hierarchies().filter(code=code).exists():
        raise UnknownHierarchy(code=code)
    return code


def _children(unit: int, days: list[date], hierarchy: str) -> list[int]:
    below = (list(orgs.children(unit, hierarchy, day).values_list("unit_id", flat=True)) for day in days)
    return next((found for found in below if found), [])


def _about(estimated: bool) -> str:
    return "≈ " if estimated else ""


def _signed(answer: Answer, difference: Any) -> str:
    if difference is None:
        return MISSING
    return ("+" if difference > 0 else "-" if difference < 0 else "") + answer.write_difference(difference)


def as_json(answer: Answer | AreaAnswer) -> dict[str, Any]:
    """Exact numbers as "a/b" or whole; printed ones as people read them."""
    if isinstance(answer, AreaAnswer):
        return _area_json(answer)
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


def _area_json(answer: AreaAnswer) -> dict[str, Any]:
    return {
        "indicator": answer.indicator,
        "area": answer.area.number,
        "units_first": list(answer.area.first),
        "units_last": list(answer.area.last),
        "names_last": _called(answer.area.last, answer.area.end),
        "period": answer.period.code,
        "value": _exact(answer.value),
        "printed": answer.text,
        "numerator": _exact(answer.numerator),
        "denominator": _exact(answer.denominator),
        "reported": answer.reported,
        "expected": answer.expected,
        "estimated": answer.estimated,
        "day": answer.day.isoformat(),
        "formula_version": answer.formula_version.isoformat() if answer.formula_version else None,
    }


def _exact(value: Fraction | None) -> str | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else str(value)
