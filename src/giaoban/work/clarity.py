""" "6 rõ": is it clear who, what, whose responsibility, by what authority, until when, and with what result?

Every variant in use (meetings_and_tasks.md §6) is satisfied by the same fields; what is missing is shown and never
blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from giaoban.work.models import Task


@dataclass(frozen=True)
class Point:
    """One "rõ" and whether the task has it."""

    name: str | Promise
    met: bool
    missing: str | Promise


def points(task: Task) -> list[Point]:
    """The six points of one task, in the usual order."""
    return [
        Point(_("Person"), task.officer_id is not None or task.has_parts, _("the lead unit has not named an officer")),
        Point(_("The work"), bool(task.text.strip()), _("no description")),
        Point(_("Responsibility"), task.lead_id is not None or task.has_parts, _("no lead unit")),
        Point(_("Authority"), task.assigned_position_id is not None, _("assigned by the system, not by a position")),
        Point(_("Time"), task.due_on is not None or bool(task.cycle), _("no due day can be computed from its words")),
        Point(_("Result"), bool(task.deliverable), _("no deliverable is named")),
    ]


def unclear(task: Task) -> list[Point]:
    return [point for point in points(task) if not point.met]
