"""Questions about single cells of a report and their answers: who may take part, what was said, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from giaoban.indicators.models import Remark, Report, Step
from giaoban.indicators.queries import line, rounds
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

UNIT, ABOVE = "unit", "above"


def side_of(actor: Actor, report: Report, on: date) -> str:
    """Whose part the actor takes: the reporting unit's, that of those who judge it, or "" for neither."""
    if any(people.may(actor, verb, report.answering_id, on) for verb in ("figure.type", "figure.submit")):
        return UNIT
    if line.my_steps(actor, report.round, [report.unit_id], on):
        return ABOVE
    return ""


def judged_by(report: Report, on: date) -> tuple[int | None, str]:
    """(the unit that carries out the step the report waits for, the right of that step); the first step before that."""
    order = rounds.waiting_step(report) or 1
    step = Step.objects.filter(round=report.round_id, order=order).first()
    if step is None:
        return None, ""
    carrier = line.Carriers([report.unit_id], on).of(step, report.round)[report.unit_id]
    return carrier, step.verb


@dataclass(frozen=True)
class Thread:
    """What was said about one cell, the oldest first."""

    cell_id: int
    lines: Sequence[Remark]

    @property
    def waiting(self) -> list[Remark]:
        return [one for one in self.lines if one.asks and one.answered_by_id is None]

    @property
    def asked(self) -> str:
        """The last question that nobody has answered, in the words of who asked."""
        return self.waiting[-1].text if self.waiting else ""


def threads(report: Report) -> dict[int, Thread]:
    """{cell: its thread}."""
    found: dict[int, list[Remark]] = {}
    for one in Remark.objects.filter(report=report).order_by("at", "pk"):
        found.setdefault(one.cell_id, []).append(one)
    return {cell: Thread(cell, lines) for cell, lines in found.items()}


def waiting_in(report: Report) -> list[Remark]:
    """Questions of the report that nobody has answered, the oldest first."""
    rows = Remark.objects.filter(report=report, asks=True, answered_by__isnull=True)
    return list(rows.select_related("cell").order_by("at", "pk"))
