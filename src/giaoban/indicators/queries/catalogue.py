"""What is counted and how indicators are computed, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.text import fold
from giaoban.indicators.models import (
    REPORT_SERIES,
    Cell,
    Dimension,
    Draft,
    Edition,
    Effect,
    Element,
    FormulaVersion,
    Indicator,
    Revision,
    Series,
    Sheet,
    SheetDraft,
    SheetLine,
    Target,
)
from giaoban.indicators.queries import texts
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

COMMON_LEVELS = ("country", "province")  # whose offices change what came with the product


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


# Whose it is, and what it was


def may_manage(actor: Actor, on: date) -> bool:
    """Whether the actor shapes the catalogue at all: runs sheets at the acting unit."""
    return actor.is_system or (actor.unit_id is not None and people.may(actor, "sheet.manage", actor.unit_id, on))


def may_change(actor: Actor, kind: str, code: str, on: date) -> bool:
    """Whether the actor may change this text; what has no edition yet is open to all who manage sheets.

    A unit's own text is changed by those who manage sheets there. What came with the product is common to the
    province: its offices change it, a commune makes its own beside it.
    """
    if actor.is_system:
        return True
    if not may_manage(actor, on):
        return False
    first = Edition.objects.filter(kind=kind, code=code).order_by("no").values_list("unit_id", flat=True)[:1]
    owners = list(first)
    if not owners:
        return not _exists(kind, code) or _common(actor, on)
    if owners[0] is None:
        return _common(actor, on)
    return people.may(actor, "sheet.manage", owners[0], on)


def _common(actor: Actor, on: date) -> bool:
    here = orgs.snapshot(actor.unit_id, on) if actor.unit_id is not None else None
    return here is not None and here.kind.level in COMMON_LEVELS


def _exists(kind: str, code: str) -> bool:
    tables = {texts.ELEMENT: Element, texts.INDICATOR: Indicator, texts.DIMENSION: Dimension, texts.SHEET: Sheet}
    return tables[kind].objects.filter(pk=code).exists()


def editions(kind: str, code: str) -> list[Edition]:
    """Every edition of a text, the newest first."""
    return list(Edition.objects.filter(kind=kind, code=code).order_by("-no"))


def has_figures(element: str) -> bool:
    """Whether anybody has typed, handed in or taken in a figure of the element: its meaning then stands."""
    of = {"cell__element": element}
    return any(table.objects.filter(**of).exists() for table in (Effect, Revision, Draft))


def owner_sheets(cell_ids: Iterable[int], besides: Iterable[str] = ()) -> dict[int, Sheet]:
    """{cell: the live sheet that asks it}, leaving some sheets out of account."""
    rows = SheetLine.objects.filter(cell__in=list(cell_ids), owns=True, retired=False).exclude(
        sheet__in=[code for code in besides if code]
    )
    return {row.cell_id: row.sheet for row in rows.select_related("sheet")}


def held_elsewhere(cell_ids: Iterable[int]) -> list[Series]:
    """Other systems whose figures for these cells have been taken in: what they hold need not be asked."""
    numbers = list(cell_ids)
    holding = Effect.objects.filter(series=OuterRef("pk"), cell__in=numbers)
    return list(Series.objects.exclude(pk=REPORT_SERIES).filter(Exists(holding)))


def sheet_drafts(actor: Actor, on: date) -> QuerySet[SheetDraft]:
    """The sheets being built which the actor may work on."""
    found = SheetDraft.objects.select_related("sheet", "supersedes")
    return found if actor.is_system else found.filter(unit__in=people.units_where(actor, "sheet.manage", on))


def sheet_draft(actor: Actor, draft_id: int, on: date) -> SheetDraft:
    """The draft, or SheetDraft.DoesNotExist where it is none of the actor's."""
    return sheet_drafts(actor, on).get(pk=draft_id)


def listed_elements(
    text: str = "", *, group: str = "", unit: str = "", system: str = "", dimension: str = "", state: str = "",
    asked: str = "",
) -> QuerySet[Element]:  # fmt: skip
    """Elements by every filter of the catalogue's page."""
    found = _narrowed(elements(text), group=group, unit=unit, system=system, state=state)
    if dimension:
        found = found.filter(dimensions=dimension)
    if asked:
        lines = SheetLine.objects.filter(cell__element=OuterRef("pk"), owns=True, retired=False)
        found = found.filter(Exists(lines) if asked == "yes" else ~Exists(lines))
    return found.prefetch_related("dimensions").order_by("group", "code")


def listed_indicators(
    text: str = "", *, group: str = "", unit: str = "", system: str = "", state: str = ""
) -> QuerySet[Indicator]:
    return _narrowed(indicators(text), group=group, unit=unit, system=system, state=state).order_by("group", "code")


def _narrowed(found: QuerySet, *, group: str, unit: str, system: str, state: str) -> QuerySet:  # type: ignore[type-arg]
    wanted = Q()
    for name, value in (("group", group), ("unit", unit), ("code_system", system)):
        if value:
            wanted &= Q(**{name: value})
    if state != "all":
        wanted &= Q(retired=state == "retired")
    return found.filter(wanted)


def known_values(table: type[Element] | type[Indicator], field: str) -> list[str]:
    """The groups, units or code systems in use, for choosing and for completing."""
    return list(table.objects.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct())
