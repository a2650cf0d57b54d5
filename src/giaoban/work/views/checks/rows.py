"""Lines, units and findings of checks as rows of a table: names, states, who meets whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.journal.actor import Actor
from giaoban.work import check_rules
from giaoban.work.models import CheckMember, CheckPlan, CheckTarget, CheckVisit, Finding, PlannedCheck
from giaoban.work.queries import checks as queries
from giaoban.work.queries import names as names_of
from giaoban.work.queries.checks import Overlap
from giaoban.work.views.rows import look_of

State = CheckVisit.State
LOOKS = {
    CheckPlan.State.DRAFT: ("draft", ""),
    CheckPlan.State.APPROVED: ("accepted", ""),
    CheckPlan.State.ISSUED: ("binding", ""),
    State.DECIDED: ("planned", gettext_lazy("Decided")),
    State.OPEN: ("held", gettext_lazy("Under way")),
    State.PRESENTED: ("waiting", gettext_lazy("Minutes wait for the unit")),
    State.SIGNED: ("checked", gettext_lazy("Minutes signed")),
    State.CONCLUDED: ("concluded", gettext_lazy("Results announced")),
    State.CALLED_OFF: ("ended", gettext_lazy("Called off")),
}


@dataclass(frozen=True)
class Met:
    """One overlap in words: with whom, on what, when."""

    overlap: Overlap
    unit: str
    host: str


@dataclass(frozen=True)
class MetLine:
    """A line of another plan, or of another office, and the units at which it meets ours."""

    met: Met
    units: list[str]

    @property
    def more(self) -> int:
        return max(len(self.units) - SHOWN, 0)


SHOWN = 2  # units named of those at which two lines meet


@dataclass(frozen=True)
class LineRow:
    line: PlannedCheck
    units: list[str]
    lead: str
    head: CheckMember | None
    look: tuple[str, str]
    overlaps: list[Met] = field(default_factory=list)
    gone: int = 0

    @property
    def topic(self) -> str:
        return check_rules.topic(self.line.topic)

    @property
    def meets(self) -> list[MetLine]:
        """The overlaps, one for each line met, however many units they share."""
        found: dict[int, MetLine] = {}
        for each in self.overlaps:
            found.setdefault(each.overlap.other.planned_id, MetLine(each, [])).units.append(each.unit)
        return list(found.values())


@dataclass(frozen=True)
class TargetRow:
    target: CheckTarget
    unit: str
    host: str
    look: tuple[str, str]
    visit: CheckVisit | None

    @property
    def topic(self) -> str:
        return check_rules.topic(self.target.planned.topic)


@dataclass(frozen=True)
class FindingRow:
    finding: Finding
    unit: str
    host: str
    look: tuple[str, str]
    again: int = 0

    @property
    def topic(self) -> str:
        return check_rules.topic(self.finding.topic)


def line_rows(lines: Sequence[PlannedCheck], on: date) -> list[LineRow]:
    """Lines of one plan with the names of all units in one query, and whom they meet."""
    met = queries.overlaps([line for line in lines if line.dropped_at is None])
    units = {target.unit_id for line in lines for target in line.targets.all()} | {line.lead_id for line in lines}
    units |= {each.host_id for some in met.values() for each in some}
    names = names_of(units, on)
    return [
        LineRow(
            line=line,
            units=[names.get(each.unit_id, "") for each in _standing(line)],
            lead=names.get(line.lead_id, ""),
            head=next((each for each in line.members.all() if each.head), None),
            look=_line_look(line, on),
            overlaps=[
                Met(each, names.get(target.unit_id, ""), names.get(each.host_id, ""))
                for target in line.targets.all()
                for each in met.get(target.pk, ())
            ],
            gone=len(queries.gone(line.targets.all(), on)) if line.dropped_at is None else 0,
        )
        for line in lines
    ]


def target_rows(targets: Sequence[CheckTarget], actor: Actor, on: date) -> list[TargetRow]:
    names = names_of([unit for each in targets for unit in (each.unit_id, each.planned.plan.unit_id)], on)
    return [
        TargetRow(
            target=each,
            unit=names.get(each.unit_id, ""),
            host=names.get(each.planned.plan.unit_id, ""),
            look=_target_look(each),
            visit=visit_of(each),
        )
        for each in targets
    ]


def finding_rows(findings: Sequence[Finding], on: date) -> list[FindingRow]:
    names = names_of([unit for each in findings for unit in (each.visit.unit_id, each.visit.host_id)], on)
    again = queries.again(findings)
    return [
        FindingRow(
            finding=each,
            unit=names.get(each.visit.unit_id, ""),
            host=names.get(each.visit.host_id, ""),
            look=finding_look(each, on),
            again=again.get(each.pk, 0),
        )
        for each in findings
    ]


def finding_look(found: Finding, on: date) -> tuple[str, str]:
    """How far a finding is: its task's state, or its explanation's."""
    if found.kind == Finding.Kind.STRENGTH:
        return "", ""
    if found.accepted:
        return "confirmed", _("Explanation accepted")
    if found.task is not None and found.task.called_off_at is None:
        return look_of(found.task, on)
    if found.explained_at is not None and found.accepted is None:
        return "waiting", _("Explanation waits for an answer")
    return "open", _("No task yet")


def visit_of(target: CheckTarget) -> CheckVisit | None:
    """The check of a unit of a line, once it is decided (prefetched)."""
    return target.visit if hasattr(target, "visit") else None


def _standing(line: PlannedCheck) -> list[CheckTarget]:
    return [each for each in line.targets.all() if each.dropped_at is None and each.joined_id is None]


def _line_look(line: PlannedCheck, on: date) -> tuple[str, str]:
    if line.dropped_at is not None:
        return "ended", _("Dropped")
    visits = [visit for each in _standing(line) if (visit := visit_of(each)) is not None]
    if visits:
        order = [State.DECIDED, State.OPEN, State.PRESENTED, State.SIGNED, State.CONCLUDED]
        least = min((each.state for each in visits if each.state in order), key=order.index, default=State.CALLED_OFF)
        code, word = LOOKS[State(least)]
        return code, str(word)
    if line.ends_on < on:
        return "late", _("Not done in its time")
    return "planned", _("By the plan") if line.form == PlannedCheck.Form.PLANNED else _("Unplanned")


def _target_look(target: CheckTarget) -> tuple[str, str]:
    if target.dropped_at is not None or target.planned.dropped_at is not None:
        return "ended", _("Dropped")
    if target.joined_id is not None:
        return "ended", _("Goes with another team")
    visit = visit_of(target)
    if visit is None:
        return "planned", ""
    code, word = LOOKS[State(visit.state)]
    return code, str(word)
