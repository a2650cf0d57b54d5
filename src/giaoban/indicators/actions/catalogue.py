"""Define and publish what is counted. All idempotent by code: loading the catalogue again writes what differs.

These verbs shape what every unit sees, so outside the system itself they need `sheet.manage` (`target.set` for
targets) at the acting unit.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.core.text import fold, nfc
from giaoban.documents.models import Document
from giaoban.indicators import refusals
from giaoban.indicators.actions import editions
from giaoban.indicators.models import (
    Cell,
    Dimension,
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
from giaoban.indicators.queries import texts as published
from giaoban.indicators.queries.bounds import LAST, LAST_YEAR, read_checks
from giaoban.indicators.queries.findings import PERIOD
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Kind
from giaoban.people import queries as people

CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MEMBER_CODE = re.compile(r"[A-Za-z0-9_.\-]+")
LONGEST_CODE = 60


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
    """A closed list; members {code: name} in their order. New members of a dimension in use make new cells.

    A member once published stays: figures may lie under it. One that is left out keeps its place at the end.
    """
    with writing(by=by, at=at, verb="dimension.define", data={"dimension": code, "members": dict(members)}) as entry:
        editions.require(by, at, published.DIMENSION, code)
        _checked(code, CODE)
        if code == PERIOD:
            raise refusals.PeriodReserved()
        _named(name)
        for member, words in members.items():
            _checked(member, MEMBER_CODE, field="members")
            _named(words, field="members")
        editions.keep_before(at=at, kind=published.DIMENSION, code=code)
        found, _made = Dimension.objects.update_or_create(code=code, defaults={"name": nfc(name)})
        kept = {one.code: one.name for one in found.members.all() if one.code not in members}
        for order, (member, words) in enumerate({**members, **kept}.items(), start=1):
            Member.objects.update_or_create(dimension=found, code=member, defaults={"name": nfc(words), "order": order})
        made = sum(_publish_cells(element) for element in found.elements.all())
        entry.data["cells"] = made
        entry.skip = not editions.record(by=by, at=at, kind=published.DIMENSION, code=code) and not made
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
    code_system: str = "",
    dimensions: Sequence[str] = (),
) -> Element:
    """Publish an element: each combination of members of its dimensions becomes a cell with a permanent number.

    Texts may be corrected later; the dimensions may not, and the meaning of the number not once there are figures.
    """
    with writing(by=by, at=at, verb="element.define", data={"element": code}) as entry:
        editions.require(by, at, published.ELEMENT, code)
        _checked(code, CODE)
        _named(name)
        wanted = _dimensions(dimensions)
        texts = {"name": nfc(name), "group": nfc(group), "definition": nfc(definition), "source": nfc(source)}
        texts |= _official(name, code, official_code, code_system)
        meaning = {"unit": nfc(unit), "stock": stock, "over_units": over_units, "scale": scale}
        found = Element.objects.select_for_update().filter(pk=code).first()
        if found is None:
            _named(unit, field="unit")
            found = Element.objects.create(code=code, **texts, **meaning)
            found.dimensions.set(wanted)
        else:
            editions.keep_before(at=at, kind=published.ELEMENT, code=code)
            _keep_meaning(found, wanted, meaning)
            entry.skip = not _correct(found, texts | meaning)
        entry.data["cells"] = _publish_cells(found)
        entry.skip = entry.skip and not entry.data["cells"]
        editions.record(by=by, at=at, kind=published.ELEMENT, code=code)
    return found


def _official(name: str, code: str, official_code: str, code_system: str) -> dict[str, Any]:
    """The official code, whose it is, and by what the text is found."""
    if official_code.strip() and not code_system.strip():
        raise refusals.CodeSystemNeeded(code=official_code.strip())
    found = {"official_code": nfc(official_code).strip(), "code_system": nfc(code_system).strip()}
    return found | {"fold": fold(f"{name} {code} {official_code} {code_system}")[:400]}


def _keep_meaning(element: Element, wanted: list[Dimension], meaning: Mapping[str, Any]) -> None:
    if {one.code for one in element.dimensions.all()} != {one.code for one in wanted}:
        raise refusals.DimensionsFixed(element=element.name)
    changed = [field for field, value in meaning.items() if getattr(element, field) != value]
    if changed and asking.has_figures(element.code):
        raise refusals.MeaningFixed(element=element.name, field=changed[0])


def retire_element(*, by: Actor, at: datetime, code: str, reason: str) -> None:
    """No new sheet may ask it. Sheets that ask it go on, and what was reported stays."""
    _turn(Element, published.ELEMENT, by=by, at=at, code=code, reason=reason, verb="element.retire", retired=True)


def restore_element(*, by: Actor, at: datetime, code: str, reason: str) -> None:
    """It may be asked again."""
    _turn(Element, published.ELEMENT, by=by, at=at, code=code, reason=reason, verb="element.restore", retired=False)


def retire_indicator(*, by: Actor, at: datetime, code: str, reason: str) -> None:
    """It is no longer offered; what was computed by it can be computed again."""
    _turn(Indicator, published.INDICATOR, by=by, at=at, code=code, reason=reason, verb="indicator.retire", retired=True)


def restore_indicator(*, by: Actor, at: datetime, code: str, reason: str) -> None:
    """It is offered again."""
    _turn(
        Indicator, published.INDICATOR, by=by, at=at, code=code, reason=reason, verb="indicator.restore", retired=False
    )


def _turn(
    table: type[Element] | type[Indicator], kind: str, *, by: Actor, at: datetime, code: str, reason: str, verb: str,
    retired: bool,
) -> None:  # fmt: skip
    with writing(by=by, at=at, verb=verb, reason=reason, data={kind: code}) as entry:
        editions.require(by, at, kind, code)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        found = table.objects.select_for_update().filter(pk=code).first()
        if found is None:
            raise refusals.UnknownText(code=code)
        editions.keep_before(at=at, kind=kind, code=code)
        entry.skip = not _correct(found, {"retired": retired})
        editions.record(by=by, at=at, kind=kind, code=code, reason=reason)


def _publish_cells(element: Element) -> int:
    """A cell for each combination that has none yet; how many were made. Labels follow the names."""
    dimensions = list(element.dimensions.order_by("code").prefetch_related("members"))
    known = {cell.key: cell for cell in element.cells.all()}
    made, renamed = [], []
    for combination in itertools.product(*(dimension.members.all() for dimension in dimensions)):
        members = {member.dimension_id: member.code for member in combination}
        key = cell_key(element.code, members)
        label = _label(element.name, [member.name for member in combination])
        if key not in known:
            made.append(Cell(element=element, key=key, members=members, label=label))
        elif known[key].label != label:
            known[key].label = label
            renamed.append(known[key])
    Cell.objects.bulk_create(made)
    Cell.objects.bulk_update(renamed, ["label"], batch_size=500)
    return len(made)


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
    code_system: str = "",
    formula_source: str | None = None,
) -> Indicator:
    """Publish an indicator with its first formula (or correct its texts; the formula changes by `add_formula`)."""
    with writing(by=by, at=at, verb="indicator.define", data={"indicator": code}) as entry:
        editions.require(by, at, published.INDICATOR, code)
        _checked(code, CODE)
        _named(name)
        _named(unit, field="unit")
        texts = {"name": nfc(name), "unit": nfc(unit), "places": places, "direction": direction, "group": nfc(group)}
        texts |= {"definition": nfc(definition), "source": nfc(source)}
        texts |= _official(name, code, official_code, code_system)
        found = Indicator.objects.select_for_update().filter(pk=code).first()
        if found is None:
            found = Indicator.objects.create(code=code, **texts)
        else:
            editions.keep_before(at=at, kind=published.INDICATOR, code=code)
            if found.unit != texts["unit"] and found.targets.exists():
                raise refusals.UnitFixed(indicator=found.name)
            entry.skip = not _correct(found, texts)
        given = source if formula_source is None else formula_source
        _put_formula(by=by, at=at, indicator=code, start=start, expression=expression, source=given)
        editions.record(by=by, at=at, kind=published.INDICATOR, code=code)
    return found


def add_formula(
    *, by: Actor, at: datetime, indicator: str, start: date, expression: str, source: str = ""
) -> FormulaVersion:
    """A formula from a day on. A version already published is never rewritten: past reports stay recomputable."""
    editions.require(by, at, published.INDICATOR, indicator)
    if not Indicator.objects.filter(pk=indicator).exists():
        raise refusals.UnknownText(code=indicator)
    return _put_formula(by=by, at=at, indicator=indicator, start=start, expression=expression, source=source)


def _put_formula(
    *, by: Actor, at: datetime, indicator: str, start: date, expression: str, source: str
) -> FormulaVersion:
    with writing(by=by, at=at, verb="formula.add", data={"indicator": indicator, "start": start}) as entry:
        tree = amount_of(expression)
        found = FormulaVersion.objects.filter(indicator=indicator, start=start).first()
        if found is None:
            made = FormulaVersion.objects.create(
                indicator_id=indicator,
                start=start,
                expression=expression.strip(),
                tree=language.to_json(tree),
                source=source,
            )
            editions.record(by=by, at=at, kind=published.INDICATOR, code=indicator)
            return made
        if found.tree != language.to_json(tree):
            raise refusals.FormulaExists(indicator=indicator, start=f"{start:%d/%m/%Y}")
        entry.skip = True
    return found


def amount_of(expression: str) -> language.Expression:
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
    checks: Mapping[str, Any] | None = None,
    supersedes: str = "",
) -> Sheet:
    """Publish a sheet, or publish it anew while no round has used it. All faults of its lines are named at once.

    A sheet that supersedes another takes its cells over: the other is retired in the same step. Rounds opened with it
    go on; new rounds are opened with this one.
    """
    with writing(by=by, at=at, verb="sheet.publish", data={"sheet": code, "lines": len(lines)}) as entry:
        editions.require(by, at, published.SHEET, code)
        _checked(code, CODE)
        _named(name)
        asked = _kinds(kinds)
        texts = {"name": nfc(name), "source": nfc(source), "retired": False}
        read_checks(checks or {})
        texts |= {"change_percent": change_percent, "change_least": change_least, "checks": dict(checks or {})}
        texts["supersedes_id"] = _superseded(supersedes, code)
        found = Sheet.objects.select_for_update().filter(pk=code).first()
        if found is not None:
            editions.keep_before(at=at, kind=published.SHEET, code=code)
        if found is not None and not found.retired and _as_published(found) == _as_specified(lines, rules):
            entry.skip = not _correct(found, texts)
            found.kinds.set(asked)
            entry.skip = not editions.record(by=by, at=at, kind=published.SHEET, code=code) and entry.skip
            return found
        if found is not None and found.rounds.exists():
            raise refusals.SheetInUse(sheet=found.name)
        if supersedes and not Sheet.objects.filter(pk=supersedes, retired=True).exists():
            reason = _("The sheet “%(sheet)s” takes its place.") % {"sheet": nfc(name)}
            retire_sheet(by=by, at=at, code=supersedes, reason=reason)
        sheet, _made = Sheet.objects.update_or_create(code=code, defaults=texts)
        sheet.kinds.set(asked)
        sheet.lines.all().delete()
        sheet.rules.all().delete()
        _fill_sheet(sheet, lines, rules)
        editions.record(by=by, at=at, kind=published.SHEET, code=code)
    return sheet


def _superseded(code: str, by_sheet: str) -> str | None:
    if not code:
        return None
    if code == by_sheet or not Sheet.objects.filter(pk=code).exists():
        raise refusals.UnknownSheet(code=code, field="supersedes")
    return code


def _fill_sheet(sheet: Sheet, lines: Sequence[LineSpec], rules: Sequence[RuleSpec]) -> None:
    """Its lines and rules, or every fault of both, each naming its line or rule."""
    made, faults = _checked_lines(sheet, lines, rules, [sheet.pk])
    if faults:
        raise Invalid(faults)
    SheetLine.objects.bulk_create(made)
    SheetRule.objects.bulk_create(
        SheetRule(
            sheet=sheet,
            order=order,
            expression=rule.expression,
            tree=language.to_json(language.parse(rule.expression)),
            sentence=rule.sentence,
            severity=rule.severity,
        )
        for order, rule in enumerate(rules, start=1)
    )


def sheet_faults(
    *, code: str, lines: Sequence[LineSpec], rules: Sequence[RuleSpec], supersedes: str = ""
) -> list[Refused]:
    """What publishing would refuse, each fault with its line or rule; writes nothing."""
    return _checked_lines(Sheet(code=code), lines, rules, [code, supersedes])[1]


def _checked_lines(
    sheet: Sheet, lines: Sequence[LineSpec], rules: Sequence[RuleSpec], besides: Sequence[str]
) -> tuple[list[SheetLine], list[Refused]]:
    made, faults = _make_lines(sheet, lines, besides)
    cells = [line.cell for line in made if line.cell is not None]
    for line in made:
        if line.expression:
            faults += _faults_of(line.expression, cells, truth=False, field=f"lines.{line.order}", words=line.label)
    for order, rule in enumerate(rules, start=1):
        field = f"rules.{order}"
        faults += _faults_of(rule.expression, cells, truth=True, field=field, words=rule.sentence)
        if not rule.sentence.strip():
            faults.append(refusals.SentenceNeeded(rule=order, field=field))
    return made, faults


def _make_lines(
    sheet: Sheet, lines: Sequence[LineSpec], besides: Sequence[str]
) -> tuple[list[SheetLine], list[Refused]]:
    faults: list[Refused] = []
    made: list[SheetLine] = []
    if not any(line.cell and line.owns for line in lines):
        faults.append(refusals.NoLines())
    keys = [_canonical(line.cell) for line in lines]
    by_key = {cell.key: cell for cell in Cell.objects.filter(key__in=keys).select_related("element")}
    owners = {cell: owner.name for cell, owner in asking.owner_sheets([c.pk for c in by_key.values()], besides).items()}
    known = set(Kind.objects.values_list("pk", flat=True))
    seen: dict[str, int] = {}
    for order, (spec, key) in enumerate(zip(lines, keys, strict=True), start=1):
        cell, field = by_key.get(key), f"lines.{order}"
        if not spec.cell and not spec.expression.strip():
            faults.append(refusals.LineEmpty(line=order, field=field))
        elif spec.cell and cell is None:
            faults.append(refusals.UnknownName(name=spec.cell, field=field))
        elif cell is not None and key in seen:
            faults.append(refusals.CellTwice(cell=cell.label, line=seen[key], field=field))
        elif cell is not None and spec.owns and cell.pk in owners:
            faults.append(refusals.CellOwned(cell=cell.label, sheet=owners[cell.pk], field=field))
        elif cell is not None and spec.owns and cell.element.retired:
            faults.append(refusals.ElementRetired(element=cell.element.name, field=field))
        else:
            made.append(_line(sheet, order, spec, cell))
        seen.setdefault(key, order)
        faults += [refusals.UnknownKind(code=code, field=field) for code in spec.kinds if code not in known]
    return made, faults


def _faults_of(expression: str, cells: Sequence[Cell], *, truth: bool, field: str, words: str) -> list[Refused]:
    """What is wrong with a formula on a sheet; none when it can be computed from the sheet's cells."""
    try:
        tree = language.parse(expression)
        if language.is_truth(tree) != truth:
            raise (refusals.NoCondition if truth else refusals.NoAmount)(expression=expression)
        _on_sheet(tree, cells, words or expression)
    except Refused as refused:
        refused.field = field
        return [refused]
    return []


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


def _on_sheet(tree: language.Expression, cells: Sequence[Cell], words: str) -> None:
    periods_known = (None, LAST_YEAR, LAST) if language.is_truth(tree) else (None,)
    for node in language.name_nodes(tree):
        wanted = dict(node.members)
        known = wanted.pop(PERIOD, None) in periods_known
        if not known or not any(c.element_id == node.element and wanted.items() <= c.members.items() for c in cells):
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
        editions.require(by, at, published.SHEET, code)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        editions.keep_before(at=at, kind=published.SHEET, code=code)
        if not Sheet.objects.filter(pk=code).update(retired=True):
            raise refusals.UnknownSheet(code=code)
        SheetLine.objects.filter(sheet=code).update(retired=True)
        editions.record(by=by, at=at, kind=published.SHEET, code=code, reason=reason)


# Shared checks


def _may_manage(by: Actor, at: datetime) -> None:
    if not asking.may_manage(by, localdate(at)):
        raise NotAllowed()


def _checked(code: str, pattern: re.Pattern[str], field: str = "code") -> None:
    if not pattern.fullmatch(code) or len(code) > LONGEST_CODE:
        raise refusals.BadCode(code=code, field=field)


def _named(words: str, field: str = "name") -> None:
    if not words.strip():
        raise refusals.NameNeeded(field=field)


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
    try:
        node = language.parse(key)
    except language.BadFormula:
        return key
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
