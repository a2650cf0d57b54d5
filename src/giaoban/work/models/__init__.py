"""Meetings, conclusions, tasks and what was said about them."""

from giaoban.work.models.awards import Award, AwardChange
from giaoban.work.models.certificates import Certificate
from giaoban.work.models.checkin import CheckIn
from giaoban.work.models.checks import (
    CheckJoin,
    CheckMember,
    CheckMove,
    CheckPaper,
    CheckPlan,
    CheckTarget,
    CheckVisit,
    Finding,
    PlannedCheck,
)
from giaoban.work.models.difficulties import Difficulty, Saying
from giaoban.work.models.drafting import DraftComment, Drafting, DraftVersion
from giaoban.work.models.guests import Guest
from giaoban.work.models.kept_minutes import MinutesCopy
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
from giaoban.work.models.papers import Paper, PaperReading, PaperVersion
from giaoban.work.models.private_notes import PrivateNote
from giaoban.work.models.programme import (
    Adoption,
    ProgrammeItem,
)
from giaoban.work.models.requests import Reply, Request
from giaoban.work.models.rhythm import CycleReport, ReportDuty
from giaoban.work.models.saved import FirstView, SavedView
from giaoban.work.models.sites import Site, SiteCheck
from giaoban.work.models.tables import TableKind, TableLayout, TableRow
from giaoban.work.models.tasks import (
    DueKind,
    Evidence,
    Extension,
    Partner,
    Passage,
    Progress,
    Relation,
    Task,
    TaskReply,
)
from giaoban.work.models.training import Session
from giaoban.work.models.votes import Motion, Voter
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
    "Award",
    "AwardChange",
    "Certificate",
    "CheckIn",
    "CheckJoin",
    "CheckMember",
    "CheckMove",
    "CheckPaper",
    "CheckPlan",
    "CheckTarget",
    "CheckVisit",
    "Conclusion",
    "Contribution",
    "Correction",
    "CycleReport",
    "Difficulty",
    "DraftComment",
    "DraftVersion",
    "Drafting",
    "DueKind",
    "Engagement",
    "Evidence",
    "Extension",
    "Facility",
    "Finding",
    "FirstView",
    "Guest",
    "Invitation",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "MinutesCopy",
    "Motion",
    "NoticeText",
    "Paper",
    "PaperReading",
    "PaperVersion",
    "Partner",
    "Passage",
    "PlannedCheck",
    "PrivateNote",
    "ProgrammeItem",
    "Progress",
    "Relation",
    "Reply",
    "ReportDuty",
    "Request",
    "SavedView",
    "Saying",
    "Session",
    "Site",
    "SiteCheck",
    "TableKind",
    "TableLayout",
    "TableRow",
    "Task",
    "TaskReply",
    "Voter",
    "Week",
    "Wording",
]
