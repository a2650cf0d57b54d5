"""Meetings, conclusions, tasks and what was said about them."""

from giaoban.work.models.checkin import CheckIn
from giaoban.work.models.difficulties import Difficulty, Saying
from giaoban.work.models.guests import Guest
from giaoban.work.models.meetings import (
    AgendaItem,
    Conclusion,
    Contribution,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
)
from giaoban.work.models.minutes import Correction, NoticeText, Wording
from giaoban.work.models.programme import (
    Adoption,
    ProgrammeItem,
)
from giaoban.work.models.requests import Reply, Request
from giaoban.work.models.tasks import (
    DueKind,
    Evidence,
    Extension,
    Partner,
    Passage,
    Progress,
    Relation,
    Task,
)
from giaoban.work.models.training import Session
from giaoban.work.models.week import (
    Attendant,
    Engagement,
    Facility,
    Week,
)

__all__ = [
    "Adoption",
    "AgendaItem",
    "Attendant",
    "CheckIn",
    "Conclusion",
    "Contribution",
    "Correction",
    "Difficulty",
    "DueKind",
    "Engagement",
    "Evidence",
    "Extension",
    "Facility",
    "Guest",
    "Invitation",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "NoticeText",
    "Partner",
    "Passage",
    "ProgrammeItem",
    "Progress",
    "Relation",
    "Reply",
    "Request",
    "Saying",
    "Session",
    "Task",
    "Week",
    "Wording",
]
