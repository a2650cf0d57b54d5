"""A report as a page to fill in: what `files.workbook` writes, from what the report asks and holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.timezone import localtime

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.files import workbook
from giaoban.indicators.models import Cell, Report, SheetLine, SheetRule
from giaoban.indicators.models.catalogue import Severity
from giaoban.indicators.queries import reports as queries
from giaoban.indicators.queries.bounds import PERIOD_BEFORE, Bound, Bounds
from giaoban.indicators.queries.findings import by_element, environment, rules_here
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs

Resolved = dict[str, list[int]]


def book(reports: Sequence[Report], by: Actor, at: datetime, on: date) -> workbook.Book:
    """One workbook for these reports of one round; those of many units in the order of their names."""
    first = reports[0]
    names = orgs.names([one.unit_id for one in reports], on)
    pages, against = [], ""
    for one in reports:
        page, told = _page(one, names.get(one.unit_id, f"#{one.unit_id}"))
        pages.append(page)
        against = against or told
    return workbook.Book(
        title=first.sheet.name,
        round=first.round_id,
        made=f"{localtime(at):%d/%m/%Y %H:%M}, {by.name}",
        pages=pages,
        before="Kỳ trước" if against == PERIOD_BEFORE else "Cùng kỳ năm trước",
    )


def _page(report: Report, name: str) -> tuple[workbook.Page, str]:
    rows = queries.asked(report)
    held = queries.held(report)
    values = queries.shown_values(report, rows, held)
    bounds = Bounds(report, rows)
    other, against = bounds.compared_with
    period = periods.parse(report.period_code)
    plans = {key: plan for key, (plan, _said) in queries.plans_of(report, period).items()}
    cells = [row.cell for row in rows if row.cell_id]
    usual = bounds.all()
    lines = [_line(row, cells, values, held, bounds.before, plans, usual) for row in rows]
    rules = [
        workbook.Rule(expression, resolved(expression, cells), rule.sentence, rule.severity == Severity.HARD)
        for rule, expression in rules_here(rules_of(report.sheet_id), by_element(cells), bounds.earlier)
    ]
    due = f"{report.due_on:%d/%m/%Y}" + (f" {report.due_time:%H:%M}" if report.due_time else "")
    page = workbook.Page(
        report=report.pk, tab=name, title=report.sheet.name, unit=name, period=period.label, due=due,
        version=report.draft_version, lines=lines, rules=rules,
    )  # fmt: skip
    return page, against if other else ""


def rules_of(sheet: str) -> list[SheetRule]:
    return list(SheetRule.objects.filter(sheet=sheet))


def _line(
    row: SheetLine,
    cells: Sequence[Cell],
    values: dict[int, int | None],
    held: queries.Held,
    before: dict[int, int],
    plans: dict[str, Fraction],
    usual: dict[int, list[Bound]],
) -> workbook.Line:
    common: dict[str, Any] = {"label": row.words, "level": row.level, "section": row.section, "help": row.help}
    if row.cell_id:
        scale = row.cell.element.scale
        return workbook.Line(
            **common,
            unit=row.unit or row.cell.element.unit,
            key=row.cell_id if row.owns else 0,
            shown=0 if row.owns else row.cell_id,
            scale=scale,
            required=row.required,
            value=printed(values.get(row.cell_id), scale),
            note=held.note(row.cell_id) if row.owns else "",
            before=printed(before.get(row.cell_id), scale),
            plan=plans.get(row.cell.key),
            usual=tuple(_usual(one) for one in usual.get(row.cell_id, ())),
        )
    expression = language.parse(row.expression)
    sums = queries.plain_sum(expression, cells)
    return workbook.Line(
        **common,
        unit=row.unit,
        value=_total(expression, sums, cells, values),
        before=_total(expression, sums, cells, before),
        plan=plans.get(language.to_text(expression)),
        sums=sums,
        expression=expression,
        names=resolved(expression, cells),
    )


def _usual(bound: Bound) -> workbook.Usual:
    return workbook.Usual(printed(bound.low, bound.scale), printed(bound.high, bound.scale), bound.words)


def _total(
    expression: language.Expression, sums: Sequence[int], cells: Sequence[Cell], values: dict[int, Any]
) -> Fraction | None:
    if sums:
        known = [values[cell] for cell in sums if values.get(cell) is not None]
        return Fraction(sum(known)) if known else None
    return language.amount(expression, environment(expression, cells, values))


def resolved(expression: language.Expression, cells: Iterable[Cell]) -> Resolved:
    """For each name of the expression the numbers of the cells it adds up on this sheet."""
    found: Resolved = {}
    for name in language.name_nodes(expression):
        wanted = dict(name.members).items()
        found[name.key] = [
            cell.pk for cell in cells if cell.element_id == name.element and wanted <= cell.members.items()
        ]
    return found


def printed(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-scale)
