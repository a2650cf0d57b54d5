"""Verbs on checks: planning the year, the team, the check itself, and what puts its findings right."""

from giaoban.work.actions.checks.planning import (
    approve_plan,
    change_line,
    drop_line,
    drop_target,
    hand_target_on,
    issue_plan,
    move_line,
    plan_line,
)
from giaoban.work.actions.checks.remedies import conclude_check, explain, give_task, judge
from giaoban.work.actions.checks.team import add_member, answer_join, offer_join, remove_member
from giaoban.work.actions.checks.visiting import (
    ask_paper,
    close_unsigned,
    decide,
    give_paper,
    note_finding,
    open_visit,
    present_minutes,
    remove_finding,
    sign_minutes,
    take_minutes_back,
    write_minutes,
)

__all__ = [
    "add_member",
    "answer_join",
    "approve_plan",
    "ask_paper",
    "change_line",
    "close_unsigned",
    "conclude_check",
    "decide",
    "drop_line",
    "drop_target",
    "explain",
    "give_paper",
    "give_task",
    "hand_target_on",
    "issue_plan",
    "judge",
    "move_line",
    "note_finding",
    "offer_join",
    "open_visit",
    "plan_line",
    "present_minutes",
    "remove_finding",
    "remove_member",
    "sign_minutes",
    "take_minutes_back",
    "write_minutes",
]
