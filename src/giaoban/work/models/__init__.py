"""Meetings, conclusions, tasks and what was said about them."""

from giaoban.work.models.meetings import (
    AgendaItem,
    Conclusion,
    Contribution,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
)
from giaoban.work.models.tasks import (
    DueKind,
    Evidence,
    Extension,
    Partner,
    Progress,
    Relation,
    Task,
)

__all__ = [
    "AgendaItem",
    "Conclusion",
    "Contribution",
    "DueKind",
    "Evidence",
    "Extension",
    "Invitation",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "Partner",
    "Progress",
    "Relation",
    "Task",
]
