"""A sheet being built as its page shows it: each line with its words, who else asks it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from giaoban.core import formula as language
from giaoban.core.refusal import Refused
from giaoban.indicators import drafting
from giaoban.indicators.models import Cell, Sheet, SheetDraft
from giaoban.indicators.queries import catalogue, reading
from giaoban.orgs.models import Kind


@dataclass(frozen=True)
class BuiltLine:
    """One line with what its maker needs to know of it."""

    id: int
    order: int
    section: str
    cell: Cell | None
    cell_key: str
    expression: str
    words: str
    said: str  # of a total: the formula in words
    unit: str
    help: str
    level: int
    required: bool
    kinds: tuple[str, ...]
    owner: Sheet | None  # the sheet that asks this cell: here it is only shown
    unfilled: tuple[str, ...] = ()  # names of the kinds asked here that the other sheet does not ask
    faults: tuple[Refused, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether a unit types it on this sheet."""
        return bool(self.cell_key) and self.owner is None


@dataclass(frozen=True)
class BuiltRule:
    id: int
    order: int
    expression: str
    said: str
    sentence: str
    severity: str
    faults: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class BuiltSection:
    name: str
    lines: tuple[BuiltLine, ...]
    first: bool
    last: bool


@dataclass(frozen=True)
class Built:
    draft: SheetDraft
    sections: tuple[BuiltSection, ...]
    rules: tuple[BuiltRule, ...]
    faults: tuple[Refused, ...] = ()  # of the sheet as a whole
    labels: Mapping[int, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[BuiltLine]:
        return [line for section in self.sections for line in section.lines]

    @property
    def wrong(self) -> int:
        """How many lines and rules have to be put right."""
        return sum(bool(one.faults) for one in [*self.lines, *self.rules]) + len(self.faults)

    @property
    def typed(self) -> int:
        return sum(line.typed for line in self.lines)

    @property
    def shown(self) -> int:
        return sum(line.owner is not None for line in self.lines)


def besides(draft: SheetDraft) -> list[str]:
    """Sheets whose cells are free for this one: itself as published, and the one whose place it takes."""
    return [code for code in (draft.code, draft.sheet_id, draft.supersedes_id) if code]


def cells_of(draft: SheetDraft) -> dict[str, Cell]:
    keys = [line["cell"] for line in draft.data["lines"] if line["cell"]]
    return {cell.key: cell for cell in Cell.objects.filter(key__in=keys).select_related("element")}


def shown_keys(draft: SheetDraft) -> set[str]:
    """Cells on the draft that another sheet asks."""
    by_key = cells_of(draft)
    owners = catalogue.owner_sheets([cell.pk for cell in by_key.values()], besides(draft))
    return {key for key, cell in by_key.items() if cell.pk in owners}


def row_of(draft: SheetDraft) -> dict[str, Any]:
    """The sheet as it would be published."""
    return drafting.as_row(draft.data, draft.code, draft.supersedes_id or "", shown_keys(draft).__contains__)


def built(draft: SheetDraft, faults: Sequence[Refused]) -> Built:
    """The draft as its page shows it; `faults` are what publishing would refuse."""
    data = draft.data
    by_key = cells_of(draft)
    owners = catalogue.owner_sheets([cell.pk for cell in by_key.values()], besides(draft))
    labels = {by_key[one["cell"]].pk: one["label"] for one in data["lines"] if one["label"] and one["cell"] in by_key}
    names = catalogue.cells_of_names(_names(data))
    kind_names = dict(Kind.objects.values_list("code", "name"))
    asked = _asked_kinds(list(owners.values()))
    at_place: dict[str, list[Refused]] = {}
    for fault in faults:
        at_place.setdefault(fault.field or "", []).append(fault)
    lines = []
    for order, one in enumerate(data["lines"], start=1):
        cell = by_key.get(one["cell"])
        owner = owners.get(cell.pk) if cell else None
        kinds = tuple(one["kinds"])
        lines.append(
            BuiltLine(
                id=one["id"],
                order=order,
                section=one["section"],
                cell=cell,
                cell_key=one["cell"],
                expression=one["expression"],
                words=one["label"] or (cell.label if cell else one["cell"] or one["expression"]),
                said=_said(one["expression"], names, labels),
                unit=one["unit"] or (cell.element.unit if cell else ""),
                help=one["help"],
                level=one["level"],
                required=one["required"],
                kinds=kinds,
                owner=owner,
                unfilled=tuple(
                    kind_names.get(kind, kind) for kind in _unfilled(owner, cell, kinds or data["kinds"], asked)
                ),
                faults=tuple(at_place.pop(f"lines.{order}", ())),
            )
        )
    rules = tuple(
        BuiltRule(
            id=one["id"],
            order=order,
            expression=one["expression"],
            said=_said(one["expression"], names, labels),
            sentence=one["sentence"],
            severity=one["severity"],
            faults=tuple(at_place.pop(f"rules.{order}", ())),
        )
        for order, one in enumerate(data["rules"], start=1)
    )
    sections = data["sections"]
    return Built(
        draft=draft,
        sections=tuple(
            BuiltSection(
                name,
                tuple(line for line in lines if line.section == name),
                first=place == 0,
                last=place == len(sections) - 1,
            )
            for place, name in enumerate(sections)
        ),
        rules=rules,
        faults=tuple(fault for left in at_place.values() for fault in left),
        labels=labels,
    )


def _names(data: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for one in [*data["lines"], *data["rules"]]:
        try:
            tree = language.parse(one["expression"])
            found |= {reading.without_period(node) for node in language.name_nodes(tree)}
        except language.BadFormula:
            continue
    return found


def _said(expression: str, names: reading.Cells, labels: Mapping[int, str]) -> str:
    """In words; empty where it is no formula, which the faults say."""
    if not expression:
        return ""
    try:
        return reading.reading(expression, names, labels)
    except language.BadFormula:
        return ""


def _asked_kinds(sheets: Sequence[Sheet]) -> dict[tuple[str, int], set[str]]:
    """{(sheet, cell): kinds of unit asked it} of the sheets that own a cell shown here."""
    found: dict[tuple[str, int], set[str]] = {}
    for sheet in Sheet.objects.filter(pk__in={one.pk for one in sheets}).prefetch_related("kinds", "lines"):
        kinds = {kind.code for kind in sheet.kinds.all()}
        for line in sheet.lines.all():
            if line.cell_id and line.owns:
                found[sheet.pk, line.cell_id] = set(line.kinds) or kinds
    return found


def _unfilled(
    owner: Sheet | None, cell: Cell | None, kinds: Sequence[str], asked: Mapping[tuple[str, int], set[str]]
) -> tuple[str, ...]:
    if owner is None or cell is None:
        return ()
    known = asked.get((owner.pk, cell.pk), set())
    return tuple(kind for kind in kinds if known and kind not in known)


@dataclass(frozen=True)
class Suggestion:
    """A rule the lines themselves suggest."""

    expression: str
    said: str
    sentence: str


def suggested(found: Built) -> list[Suggestion]:
    """Parts do not exceed their whole: for each line, the lines below it marked "of which", if no rule says so yet."""
    known = {one.expression.replace(" ", "") for one in found.rules}
    names = {line.cell_key: [line.cell] for line in found.lines if line.cell is not None}
    suggestions = []
    for section in found.sections:
        whole: BuiltLine | None = None
        for line in section.lines:
            if line.level == 0 or whole is None:
                whole = line if line.cell is not None and line.level == 0 else None
            elif line.cell is not None and whole.cell is not None and line.level == whole.level + 1:
                if line.unit != whole.unit:
                    continue
                expression = f"{line.cell_key} <= {whole.cell_key}"
                if expression.replace(" ", "") not in known:
                    said = reading.reading(expression, names, found.labels)
                    suggestions.append(Suggestion(expression, said, f"{said}."))
    return suggestions
