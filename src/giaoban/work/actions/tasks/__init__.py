"""Verbs on tasks: assigning is the assigner's, reporting the lead's, confirming and extending the assigner's again."""

from giaoban.work.actions.tasks.assigning import assign, bind
from giaoban.work.actions.tasks.confirming import confirm_all
from giaoban.work.actions.tasks.cycles import open_cycles
from giaoban.work.actions.tasks.deciding import call_off, confirm, record_event, send_back
from giaoban.work.actions.tasks.doing import answer_as_partner, propose_done, report_progress, take_up
from giaoban.work.actions.tasks.drafting import (
    add_version,
    ask_comments,
    comment,
    issue_draft,
    submit_draft,
    take_over,
)
from giaoban.work.actions.tasks.extending import ask_extension, decide_extension
from giaoban.work.actions.tasks.grounds import ground, grounds
from giaoban.work.actions.tasks.handing import hand_down
from giaoban.work.actions.tasks.new import NewTask, read_due, shorten
from giaoban.work.actions.tasks.replying import reply_to_request
from giaoban.work.actions.tasks.rhythm import set_rhythm, write_report
from giaoban.work.actions.tasks.telling import remind

__all__ = [
    "NewTask",
    "add_version",
    "answer_as_partner",
    "ask_comments",
    "ask_extension",
    "assign",
    "bind",
    "call_off",
    "comment",
    "confirm",
    "confirm_all",
    "decide_extension",
    "ground",
    "grounds",
    "hand_down",
    "issue_draft",
    "open_cycles",
    "propose_done",
    "read_due",
    "record_event",
    "remind",
    "reply_to_request",
    "report_progress",
    "send_back",
    "set_rhythm",
    "shorten",
    "submit_draft",
    "take_over",
    "take_up",
    "write_report",
]
