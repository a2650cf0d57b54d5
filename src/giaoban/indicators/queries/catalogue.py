"""What is counted and how indicators are computed, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.text import fold
from giaoban.indicators.models import Cell, Element, FormulaVersion, Indicator, Sheet, SheetLine, Target


def indicator(code: str) -> Indicator:
    """The indicator, or Indicator.DoesNotExist."""
    return Indicator.objects.get(code=code)


def indicators(text: str = "") -> QuerySet[Indicator]:
    """All indicators, or those whose name or code holds every word, without accents."""
    found = Indicator.objects.all()
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def element(code: str) -> Element:
    return Element.objects.get(code=code)


def elements(text: str = "") -> QuerySet[Element]:
    found = Element.objects.all()
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def cell(key: str) -> Cell:
    """The cell of a key such as "bo_hoc[gioi=nu,lop=6]" (members in any order); Cell.DoesNotExist when unknown."""
    parsed = language.parse(key)
    if not isinstance(parsed, language.Name):
        raise Cell.DoesNotExist(key)
    return Cell.objects.select_related("element").get(key=parsed.key)


def cells_of(name: str) -> list[Cell]:
    """The cells a name in an expression stands for; dimensions left out are summed over.

    "bo_hoc" is every cell of the element, "bo_hoc[lop=6]" those of grade 6, both sexes.
    """
    parsed = language.parse(name)
    if not isinstance(parsed, language.Name):
        return []
    wanted = dict(parsed.members).items()
    return [one for one in Cell.objects.filter(element_id=parsed.element) if wanted <= one.members.items()]


def cells_of_names(names: Iterable[str]) -> dict[str, list[Cell]]:
    """`cells_of` for many names in one query."""
    parsed = {name: language.parse(name) for name in names}
    found: dict[str, list[Cell]] = {}
    rows = Cell.objects.filter(element__in={one.element for one in parsed.values() if isinstance(one, language.Name)})
    for one in rows.select_related("element"):
        found.setdefault(one.element_id, []).append(one)
    return {
        name: [one for one in found.get(node.element, []) if dict(node.members).items() <= one.members.items()]
        for name, node in parsed.items()
        if isinstance(node, language.Name)
    }


def formula(indicator: str, on: date) -> FormulaVersion | None:
    """The formula in force on a day; None before the first."""
    return FormulaVersion.objects.filter(indicator_id=indicator, start__lte=on).order_by("-start").first()


def formulas(on: date, indicators: Iterable[str] | None = None) -> dict[str, FormulaVersion]:
    """The formulas in force on a day, of all indicators or of some, in one query."""
    found = FormulaVersion.objects.filter(start__lte=on).order_by("start")
    if indicators is not None:
        found = found.filter(indicator__in=list(indicators))
    return {version.indicator_id: version for version in found}


def formula_versions(indicators: Iterable[str]) -> dict[str, list[FormulaVersion]]:
    """Every formula each indicator has had, the oldest first, in one query; only those that have any."""
    found: dict[str, list[FormulaVersion]] = {}
    for version in FormulaVersion.objects.filter(indicator__in=list(indicators)).order_by("start"):
        found.setdefault(version.indicator_id, []).append(version)
    return found


def target(indicator: str, unit_id: int, period_code: str) -> Target | None:
    """What is asked of the unit in the period: the newest row, None when withdrawn or never set."""
    return targets([indicator], [unit_id], [period_code]).get((indicator, unit_id, period_code))


def targets(
    indicators: Iterable[str], unit_ids: Iterable[int], period_codes: Iterable[str]
) -> dict[tuple[str, int, str], Target]:
    """The same for many, in one query: {(indicator, unit, period): target}."""
    rows = Target.objects.filter(
        indicator__in=list(indicators), unit__in=list(unit_ids), period_code__in=list(period_codes)
    ).order_by("no")
    newest = {(row.indicator_id, row.unit_id, row.period_code): row for row in rows}
    return {key: row for key, row in newest.items() if not row.withdrawn}


def target_history(indicator: str, unit_id: int, period_code: str) -> QuerySet[Target]:
    """Every version of one target, the newest first."""
    return Target.objects.filter(indicator=indicator, unit=unit_id, period_code=period_code).order_by("-no")


def targets_of(indicator: str) -> QuerySet[Target]:
    """The targets of an indicator that hold, each in its newest version."""
    newest = (
        Target.objects.filter(indicator=indicator)
        .values("indicator", "unit", "period_code")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    return (
        Target.objects.filter(pk__in=newest, withdrawn=False)
        .select_related("document")
        .order_by("-period_code", "unit")
    )


def plan_periods(period: periods.Period) -> list[periods.Period]:
    """Where a plan for this period may be written: the period itself, then the year it belongs to."""
    wider: list[periods.Period] = [period]
    if period.kind in periods.SCHOOL_KINDS:
        wider.append(periods.parse(period.code.partition(".")[0]))
    elif period.kind is not periods.Kind.CALENDAR_YEAR:
        wider += [periods.report_year(period.last_day.year), periods.calendar_year(period.last_day.year)]
    return list(dict.fromkeys(wider))


def sheet(code: str) -> Sheet:
    """The sheet, or Sheet.DoesNotExist."""
    return Sheet.objects.get(code=code)


def sheets(*, retired: bool = False) -> QuerySet[Sheet]:
    """Sheets in use, or all."""
    return Sheet.objects.all() if retired else Sheet.objects.filter(retired=False)


def lines_of(sheet: Sheet) -> list[SheetLine]:
    return list(sheet.lines.select_related("cell__element"))


def sheets_asking(element: str) -> QuerySet[Sheet]:
    """Sheets on which some cell of the element stands."""
    return Sheet.objects.filter(lines__cell__element=element).distinct()


def uses_of(element: str, on: date) -> list[Indicator]:
    """Indicators whose formula in force reads the element."""
    reading = [
        code
        for code, version in formulas(on).items()
        if any(node.element == element for node in language.name_nodes(language.from_json(version.tree)))
    ]
    return list(Indicator.objects.filter(code__in=reading))
