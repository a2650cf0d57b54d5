"""Define and publish what is counted. All idempotent by code: loading the catalogue again writes what differs.

These verbs shape what every unit sees, so outside the system itself they need `sheet.manage` (`target.set` for
targets) at the acting unit.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.core.text import fold, nfc
from giaoban.documents.models import Document
from giaoban.indicators import refusals
from giaoban.indicators.models import (
    Cell,
    Dimension,
    Effect,
    Element,
    FormulaVersion,
    Indicator,
    Member,
    Series,
    Sheet,
    SheetLine,
    SheetRule,
    Target,
)
from giaoban.indicators.models.catalogue import OverUnits
from giaoban.indicators.queries import catalogue as asking
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Kind
from giaoban.people import queries as people

CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MEMBER_CODE = re.compile(r"[A-Za-z0-9_.\-]+")


@dataclass(frozen=True)
class LineSpec:
    """One line of a sheet: `cell` is a cell key ("bo_hoc[lop=6]"), or `expression` makes a computed total."""

    cell: str = ""
    expression: str = ""
    label: str = ""
    section: str = ""
    unit: str = ""
    help: str = ""
    level: int = 0
    owns: bool = True
    required: bool = True
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleSpec:
    """A relation between cells, with the sentence shown when it does not hold."""

    expression: str
    sentence: str
    severity: str = "hard"  # or "warning"


# Series, dimensions, elements


def define_series(*, by: Actor, at: datetime, code: str, name: str, source: str = "") -> Series:
    """Name a source of figures."""
    with writing(by=by, at=at, verb="series.define", data={"series": code}) as entry:
        _may_manage(by, at)
        _checked(code, CODE)
        found, made = Series.objects.update_or_create(code=code, defaults={"name": name, "source": source})
        entry.skip = not made
    return found


def define_dimension(*, by: Actor, at: datetime, code: str, name: str, members: Mapping[str, str]) -> Dimension:
    """A closed list; members {code: name} in their order. New members of a dimension in use make new cells."""
    with writing(by=by, at=at, verb="dimension.define", data={"dimension": code, "members": dict(members)}):
        _may_manage(by, at)
        _checked(code, CODE)
        found, _ = Dimension.objects.update_or_create(code=code, defaults={"name": name})
        for order, (member, words) in enumerate(members.items(), start=1):
            _checked(member, MEMBER_CODE)
            Member.objects.update_or_create(dimension=found, code=member, defaults={"name": words, "order": order})
        for element in found.elements.all():
            _publish_cells(element)
    return found


def add_member(*, by: Actor, at: datetime, dimension: str, code: str, name: str) -> None:
    """One more member of a dimension; elements split by it get cells for it."""
    found = Dimension.objects.filter(pk=dimension).first()
    if found is None:
        raise refusals.UnknownDimension(code=dimension)
    members = {one.code: one.name for one in found.members.all()}
    define_dimension(by=by, at=at, code=dimension, name=found.name, members={**members, code: name})


def define_element(
    *,
    by: Actor,
    at: datetime,
    code: str,
    name: str,
    unit: str,
    stock: bool,
    over_units: str = "sum",
    scale: int = 0,
    group: str = "",
    definition: str = "",
    source: str = "",
    official_code: str = "",
    dimensions: Sequence[str] = (),
) -> Element:
    """Publish an element: each combination of members of its dimensions becomes a cell with a permanent number.

    Texts may be corrected later; the dimensions may not, and the meaning of the number not once there are figures.
    """
    with writing(by=by, at=at, verb="element.define", data={"element": code}) as entry:
        _may_manage(by, at)
        _checked(code, CODE)
        wanted = _dimensions(dimensions)
        texts = {"name": nfc(name), "group": group, "definition": definition, "source": source}
        texts |= {"official_code": official_code, "fold": fold(f"{name} {code} {official_code}")[:400]}
        meaning = {"unit": unit, "stock": stock, "over_units": over_units, "scale": scale}
        found = Element.objects.filter(pk=code).first()
        if found is None:
            found = Element.objects.create(code=code, **texts, **meaning)
            found.dimensions.set(wanted)
        else:
            _keep_meaning(found, wanted, meaning)
            entry.skip = not _correct(found, texts | meaning)
        entry.data["cells"] = _publish_cells(found)
        entry.skip = entry.skip and not entry.data["cells"]
    return found


def _keep_meaning(element: Element, wanted: list[Dimension], meaning: Mapping[str, Any]) -> None:
    if {one.code for one in element.dimensions.all()} != {one.code for one in wanted}:
        raise refusals.DimensionsFixed(element=element.name)
    changed = any(getattr(element, field) != value for field, value in meaning.items())
    if changed and Effect.objects.filter(cell__element=element).exists():
        raise refusals.MeaningFixed(element=element.name)


def _publish_cells(element: Element) -> int:
    """A cell for each combination that has none yet; how many were made. Labels follow the names."""
    dimensions = list(element.dimensions.order_by("code").prefetch_related("members"))
    known = {cell.key: cell for cell in element.cells.all()}
    made = 0
    for combination in itertools.product(*(dimension.members.all() for dimension in dimensions)):
        members = {member.dimension_id: member.code for member in combination}
        key = cell_key(element.code, members)
        label = _label(element.name, [member.name for member in combination])
        if key not in known:
            Cell.objects.create(element=element, key=key, members=members, label=label)
            made += 1
        elif known[key].label != label:
            Cell.objects.filter(pk=known[key].pk).update(label=label)
    return made


def cell_key(element: str, members: Mapping[str, str]) -> str:
    """The one spelling of a cell: dimensions in order."""
    return language.Name(element, tuple(sorted(members.items()))).key


def _label(name: str, members: list[str]) -> str:
    return f"{name} – {', '.join(members)}"[:400] if members else name


# Indicators, formulas, targets


def define_indicator(
    *,
    by: Actor,
    at: datetime,
    code: str,
    name: str,
    unit: str,
    expression: str,
    start: date,
    places: int = 2,
    direction: str = "none",
    group: str = "",
    definition: str = "",
    source: str = "",
    official_code: str = "",
) -> Indicator:
    """Publish an indicator with its first formula (or correct its texts; the formula changes by `add_formula`)."""
    with writing(by=by, at=at, verb="indicator.define", data={"indicator": code}) as entry:
        _may_manage(by, at)
        _checked(code, CODE)
        texts = {"name": nfc(name), "unit": unit, "places": places, "direction": direction, "group": group}
        texts |= {"definition": definition, "source": source, "official_code": official_code}
        texts["fold"] = fold(f"{name} {code} {official_code}")[:400]
        found = Indicator.objects.filter(pk=code).first()
        if found is None:
            found = Indicator.objects.create(code=code, **texts)
        else:
            entry.skip = not _correct(found, texts)
        add_formula(by=by, at=at, indicator=code, start=start, expression=expression, source=source)
    return found


def add_formula(
    *, by: Actor, at: datetime, indicator: str, start: date, expression: str, source: str = ""
) -> FormulaVersion:
    """A formula from a day on. A version already published is never rewritten: past reports stay recomputable."""
    with writing(by=by, at=at, verb="formula.add", data={"indicator": indicator, "start": start}) as entry:
        _may_manage(by, at)
        tree = _amount(expression)
        found = FormulaVersion.objects.filter(indicator=indicator, start=start).first()
        if found is None:
            return FormulaVersion.objects.create(
                indicator_id=indicator,
                start=start,
                expression=expression.strip(),
                tree=language.to_json(tree),
                source=source,
            )
        if found.tree != language.to_json(tree):
            raise refusals.FormulaExists(indicator=indicator, start=f"{start:%d/%m/%Y}")
        entry.skip = True
    return found


def _amount(expression: str) -> language.Expression:
    """The parsed formula: a number over published cells that can be added up."""
    tree = language.parse(expression)
    if language.is_truth(tree):
        raise refusals.NoAmount(expression=expression)
    cells = _known_cells(tree)
    for node in language.name_nodes(tree):
        element = cells[node.key][0].element
        if element.over_units == OverUnits.NONE and not isinstance(tree, language.Name):
            raise refusals.NeverRolledUp(name=element.name)
    return tree


def _known_cells(tree: language.Expression) -> dict[str, list[Cell]]:
    cells = asking.cells_of_names(language.names(tree))
    for node in language.name_nodes(tree):
        if not cells.get(node.key):
            raise refusals.UnknownName(name=node.key)
    return cells


def set_target(
    *,
    by: Actor,
    at: datetime,
    indicator: str,
    unit_id: int,
    period_code: str,
    value: Fraction | int,
    document: Document | None = None,
    sentence: str = "",
) -> Target:
    """Ask a value of a unit in a period (46 % is Fraction(46, 100)); the same value again writes nothing."""
    with writing(by=by, at=at, verb="target.set", unit_id=unit_id) as entry:
        people.require(by, "target.set", unit_id, localdate(at))
        code = periods.parse(period_code).code
        exact = Fraction(value)
        newest = asking.target(indicator, unit_id, code)
        if newest and (newest.value, newest.document_id, newest.sentence) == (exact, _pk(document), sentence):
            entry.skip = True
            return newest
        entry.subject = made = Target.objects.create(
            indicator_id=indicator,
            unit_id=unit_id,
            period_code=code,
            no=_next_no(indicator, unit_id, code),
            numerator=exact.numerator,
            denominator=exact.denominator,
            document=document,
            sentence=sentence,
        )
        entry.data |= {"indicator": indicator, "period": code, "value": str(exact), "document": _pk(document)}
    return made


def withdraw_target(*, by: Actor, at: datetime, indicator: str, unit_id: int, period_code: str, reason: str) -> None:
    """The target no longer holds; its versions stay."""
    with writing(by=by, at=at, verb="target.withdraw", unit_id=unit_id, reason=reason) as entry:
        people.require(by, "target.set", unit_id, localdate(at))
        if not reason.strip():
            raise refusals.ReasonNeeded()
        newest = asking.target(indicator, unit_id, periods.parse(period_code).code)
        if newest is None:
            raise refusals.NoTarget()
        entry.subject = Target.objects.create(
            indicator_id=indicator,
            unit_id=unit_id,
            period_code=newest.period_code,
            no=newest.no + 1,
            numerator=newest.numerator,
            denominator=newest.denominator,
            document=newest.document,
            sentence=newest.sentence,
            withdrawn=True,
        )


def _next_no(indicator: str, unit_id: int, period_code: str) -> int:
    rows = Target.objects.filter(indicator=indicator, unit=unit_id, period_code=period_code)
    return (rows.aggregate(no=Max("no"))["no"] or 0) + 1


# Sheets


def publish_sheet(
    *,
    by: Actor,
    at: datetime,
    code: str,
    name: str,
    kinds: Sequence[str],
    lines: Sequence[LineSpec],
    rules: Sequence[RuleSpec] = (),
    source: str = "",
    change_percent: int = 30,
    change_least: int = 5,
) -> Sheet:
    """Publish a sheet, or publish it anew while no round has used it. All faults of its lines are named at once."""
    with writing(by=by, at=at, verb="sheet.publish", data={"sheet": code, "lines": len(lines)}) as entry:
        _may_manage(by, at)
        _checked(code, CODE)
        texts = {"name": nfc(name), "source": source, "retired": False}
        texts |= {"change_percent": change_percent, "change_least": change_least}
        found = Sheet.objects.filter(pk=code).first()
        if found is not None and _as_published(found) == _as_specified(lines, rules):
            entry.skip = not _correct(found, texts)
            found.kinds.set(_kinds(kinds))
            return found
        if found is not None and found.rounds.exists():
            raise refusals.SheetInUse(sheet=found.name)
        sheet, _ = Sheet.objects.update_or_create(code=code, defaults=texts)
        sheet.kinds.set(_kinds(kinds))
        sheet.lines.all().delete()
        sheet.rules.all().delete()
        cells = _make_lines(sheet, lines)
        _make_rules(sheet, rules, cells)
    return sheet


def _make_lines(sheet: Sheet, lines: Sequence[LineSpec]) -> list[Cell]:
    if not any(line.cell and line.owns for line in lines):
        raise refusals.NoLines()
    faults: list[Refused] = []
    made: list[SheetLine] = []
    by_key = {cell.key: cell for cell in Cell.objects.filter(key__in=[_canonical(line.cell) for line in lines])}
    owners = _owners(by_key.values(), sheet)
    for order, spec in enumerate(lines, start=1):
        cell = by_key.get(_canonical(spec.cell))
        if spec.cell and cell is None:
            faults.append(refusals.UnknownName(name=spec.cell, field=f"lines.{order}"))
        elif cell is not None and spec.owns and cell.pk in owners:
            faults.append(refusals.CellOwned(cell=cell.label, sheet=owners[cell.pk], field=f"lines.{order}"))
        else:
            made.append(_line(sheet, order, spec, cell))
    if faults:
        raise Invalid(faults)
    SheetLine.objects.bulk_create(made)
    cells = [line.cell for line in made if line.cell is not None]
    for line in made:
        if line.expression:
            _amount_on_sheet(line.expression, cells)
    return cells


def _line(sheet: Sheet, order: int, spec: LineSpec, cell: Cell | None) -> SheetLine:
    return SheetLine(
        sheet=sheet,
        order=order,
        section=spec.section,
        cell=cell,
        expression="" if cell else spec.expression,
        label=spec.label,
        unit=spec.unit,
        help=spec.help,
        level=spec.level,
        owns=spec.owns and cell is not None,
        required=spec.required,
        kinds=list(spec.kinds),
    )


def _owners(cells: Iterable[Cell], sheet: Sheet) -> dict[int, str]:
    rows = SheetLine.objects.filter(cell__in=[cell.pk for cell in cells], owns=True, retired=False)
    return dict(rows.exclude(sheet=sheet).values_list("cell_id", "sheet__name"))


def _amount_on_sheet(expression: str, cells: Sequence[Cell]) -> None:
    tree = language.parse(expression)
    if language.is_truth(tree):
        raise refusals.NoAmount(expression=expression)
    _on_sheet(tree, cells, expression)


def _make_rules(sheet: Sheet, rules: Sequence[RuleSpec], cells: Sequence[Cell]) -> None:
    for order, spec in enumerate(rules, start=1):
        tree = language.parse(spec.expression)
        if not language.is_truth(tree):
            raise refusals.NoCondition(expression=spec.expression)
        _on_sheet(tree, cells, spec.sentence)
        SheetRule.objects.create(
            sheet=sheet,
            order=order,
            expression=spec.expression,
            tree=language.to_json(tree),
            sentence=spec.sentence,
            severity=spec.severity,
        )


def _on_sheet(tree: language.Expression, cells: Sequence[Cell], words: str) -> None:
    for node in language.name_nodes(tree):
        wanted = dict(node.members).items()
        if not any(cell.element_id == node.element and wanted <= cell.members.items() for cell in cells):
            raise refusals.NotInSheet(sentence=words, name=node.key)


def _as_specified(lines: Sequence[LineSpec], rules: Sequence[RuleSpec]) -> list[tuple[Any, ...]]:
    """What makes a sheet the same sheet: its lines and rules, in order."""
    rows: list[tuple[Any, ...]] = [
        (_canonical(one.cell), "" if one.cell else one.expression, one.label, one.section, one.unit, one.help,
         one.level, one.owns and bool(one.cell), one.required, tuple(one.kinds))
        for one in lines
    ]  # fmt: skip
    return rows + [(rule.expression, rule.sentence, rule.severity) for rule in rules]


def _as_published(sheet: Sheet) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (one.cell.key if one.cell else "", one.expression, one.label, one.section, one.unit, one.help,
         one.level, one.owns, one.required, tuple(one.kinds))
        for one in asking.lines_of(sheet)
    ]  # fmt: skip
    return rows + [(rule.expression, rule.sentence, rule.severity) for rule in sheet.rules.all()]


def retire_sheet(*, by: Actor, at: datetime, code: str, reason: str) -> None:
    """No new round may use it; another sheet may own its cells."""
    with writing(by=by, at=at, verb="sheet.retire", reason=reason, data={"sheet": code}):
        _may_manage(by, at)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        if not Sheet.objects.filter(pk=code).update(retired=True):
            raise refusals.UnknownSheet(code=code)
        SheetLine.objects.filter(sheet=code).update(retired=True)


# Shared checks


def _may_manage(by: Actor, at: datetime) -> None:
    if by.is_system:
        return
    if by.unit_id is None or not people.may(by, "sheet.manage", by.unit_id, localdate(at)):
        raise NotAllowed()


def _checked(code: str, pattern: re.Pattern[str]) -> None:
    if not pattern.fullmatch(code):
        raise refusals.BadCode(code=code)


def _dimensions(codes: Sequence[str]) -> list[Dimension]:
    found = {one.code: one for one in Dimension.objects.filter(pk__in=codes)}
    for code in codes:
        if code not in found:
            raise refusals.UnknownDimension(code=code)
    return [found[code] for code in codes]


def _kinds(codes: Sequence[str]) -> list[Kind]:
    found = {one.code: one for one in Kind.objects.filter(pk__in=codes)}
    for code in codes:
        if code not in found:
            raise refusals.UnknownKind(code=code)
    return [found[code] for code in codes]


def _canonical(key: str) -> str:
    """A cell key with its dimensions in order; other text as it is."""
    if not key:
        return ""
    node = language.parse(key)
    return node.key if isinstance(node, language.Name) else key


def _correct(row: Any, texts: Mapping[str, Any]) -> bool:
    """Write the fields that differ; whether any did."""
    changed = {field: value for field, value in texts.items() if getattr(row, field) != value}
    if changed:
        type(row).objects.filter(pk=row.pk).update(**changed)
        for field, value in changed.items():
            setattr(row, field, value)
    return bool(changed)


def _pk(document: Document | None) -> int | None:
    return None if document is None else document.pk
